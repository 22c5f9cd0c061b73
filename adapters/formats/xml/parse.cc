// The one place that knows pugixml. Encoding, size and forbidden characters are settled before it sees the bytes; it keeps a document type
// as a node, so that one can be refused.
#include <algorithm>
#include <deque>
#include <optional>
#include <pugixml.hpp>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/xml/xml.h"

namespace adapters::formats::xml {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
constexpr std::string_view kXml = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kSpaces = " \t\r\n";

Error at_line(Kind kind, std::string what, unsigned line, std::string mend = {}) {
  return {kind, std::move(what), "line " + std::to_string(line), std::move(mend)};
}

unsigned line_of(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<unsigned>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())), '\n'));
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// The encoding that the XML declaration names; "" if there is none.
std::string declared(std::string_view text) {
  if (!text.starts_with("<?xml")) return {};
  const std::string_view head = text.substr(0, text.find("?>"));
  const std::size_t at = head.find("encoding");
  const std::size_t open = at == head.npos ? head.npos : head.find_first_of("\"'", at);
  if (open == head.npos) return {};
  return lower(head.substr(open + 1, head.find(head[open], open + 1) - open - 1));
}

base::Result<std::string> utf8(std::string_view bytes) {
  const bool little = bytes.starts_with("\xFF\xFE") || bytes.starts_with(std::string_view("<\0", 2));
  const bool big = bytes.starts_with("\xFE\xFF") || bytes.starts_with(std::string_view("\0<", 2));
  std::string out;
  if (little || big) {
    TRY_ASSIGN(out, hl7v2::to_utf8(bytes, little ? "UTF-16LE" : "UTF-16BE"));
  } else {
    out = bytes;
  }
  if (out.starts_with("\xEF\xBB\xBF")) out.erase(0, 3);
  const std::string name = declared(out);
  for (const std::string_view single : {"iso-8859-1", "windows-1252"})
    if (name == single && !little && !big && !bytes.starts_with("\xEF\xBB\xBF")) return hl7v2::to_utf8(out, name == "iso-8859-1" ? "ISO-8859-1" : "WINDOWS-1252");
  const bool says_16 = name.starts_with("utf-16"),
             fits = little || big ? name.empty() || says_16 : name.empty() || name == "utf-8" || name == "us-ascii";
  if (!fits)
    return at_line(Kind::kUnsupported, "the document is not in the encoding it names, or that encoding is not read", 1,
                   "write it in UTF-8");
  return out;
}

// XML 1.0 section 2.2, below space.
constexpr auto forbidden = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n'; };

base::Status check_text(std::string_view text, const Limits& limits) {
  const auto bad = std::find_if(text.begin(), text.end(), forbidden);
  if (bad != text.end())
    return at_line(Kind::kMalformed, "a control character", line_of(text, static_cast<std::size_t>(bad - text.begin())));
  if (!hl7v2::valid_utf8(text))
    return at_line(Kind::kMalformed, "the bytes are not UTF-8", 1, "write the document in UTF-8 or UTF-16 and say so");
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '<')) > 2 * limits.elements)
    return at_line(Kind::kTooLarge, "more elements than are read", 1, "split the file");
  return {};
}

// What the views of a tree point into.
struct Text {
  pugi::xml_document document;
  std::deque<std::string> joined;  // texts that stood in several pieces
};

// A name's prefix and the rest.
std::pair<std::string_view, std::string_view> split(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == name.npos) return {"", name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

// The prefix that an attribute of this name declares, "" for the default one; nullopt: it declares none.
std::optional<std::string_view> declares(std::string_view name) {
  if (name == "xmlns") return "";
  if (name.starts_with("xmlns:")) return name.substr(6);
  return std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view source, const Limits& limits, Text& text)
      : source_(source), limits_(limits), text_(text), references_(source.find("&#") != source.npos) {}

  base::Result<Element> document() {
    pugi::xml_node root;
    for (const pugi::xml_node n : text_.document) {
      if (n.type() == pugi::node_doctype)
        return at_line(Kind::kUnsupported, "a document type declaration is not read", line(n), "leave the DOCTYPE out");
      if (n.type() != pugi::node_element) continue;
      if (root) return at_line(Kind::kMalformed, "a second root element", line(n));
      root = n;
    }
    if (!root) return at_line(Kind::kMalformed, "no root element", 1);
    Element out;
    TRY(element(root, 1, out));
    return out;
  }

 private:
  // Nodes come in document order, so each line break is counted once.
  unsigned line(const pugi::xml_node& n) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(n.offset_debug(), 0));
    for (; next_break_ < offset; next_break_ = source_.find('\n', next_break_ + 1)) ++line_;
    return line_;
  }

  base::Status declare(const pugi::xml_node& n, unsigned line) {
    std::size_t attributes = 0;
    for (const pugi::xml_attribute a : n.attributes()) {
      if (const auto prefix = declares(a.name())) spaces_.emplace_back(*prefix, a.value());
      if (++attributes > limits_.attributes || spaces_.size() > limits_.attributes) return at_line(Kind::kTooLarge, "more attributes than are read", line);
    }
    return {};
  }

  base::Result<std::string_view> space_of(std::string_view prefix, unsigned line) const {
    const auto last = std::find_if(spaces_.rbegin(), spaces_.rend(), [&](const auto& s) { return s.first == prefix; });
    if (last != spaces_.rend()) return last->second;
    if (prefix.empty()) return std::string_view();
    return at_line(Kind::kMalformed, "a prefix without a namespace", line);
  }

  base::Status attributes(const pugi::xml_node& n, Element& out) const {
    for (const pugi::xml_attribute a : n.attributes()) {
      if (declares(a.name())) continue;
      const auto [prefix, name] = split(a.name());
      Attribute made{{}, name, a.value()};
      if (!prefix.empty()) {
        TRY_ASSIGN(made.space, space_of(prefix, out.line));
      }
      if (!sound(made.value)) return at_line(Kind::kMalformed, "a character that XML does not have", out.line);
      for (const Attribute& other : out.attributes) {
        if (other.name == made.name && other.space == made.space) return at_line(Kind::kMalformed, "the same attribute twice", out.line);
      }
      if (made.space == kSchemaInstance && made.name == "nil") out.nil = made.value == "true" || made.value == "1";
      out.attributes.push_back(made);
    }
    return {};
  }

  // References such as &#1; bring in what the bytes themselves may not hold.
  bool sound(std::string_view value) const { return !references_ || (std::none_of(value.begin(), value.end(), forbidden) && hl7v2::valid_utf8(value)); }

  base::Status element(const pugi::xml_node& n, unsigned depth, Element& out) {
    out.line = line(n);
    if (depth > limits_.depth) return at_line(Kind::kTooLarge, "elements are nested too deep", out.line);
    if (++elements_ > limits_.elements) return at_line(Kind::kTooLarge, "more elements than are read", out.line, "split the file");
    const std::size_t outer = spaces_.size();
    TRY(declare(n, out.line));
    const auto [prefix, name] = split(n.name());
    if (name.empty()) return at_line(Kind::kMalformed, "an element without a name", out.line);
    TRY_ASSIGN(out.space, space_of(prefix, out.line));
    out.name = name;
    TRY(attributes(n, out));
    TRY(contents(n, depth, out));
    spaces_.resize(outer);
    return {};
  }

  base::Status contents(const pugi::xml_node& n, unsigned depth, Element& out) {
    out.children.reserve(static_cast<std::size_t>(std::count_if(n.begin(), n.end(), [](const auto& c) { return c.type() == pugi::node_element; })));
    std::string* joined = nullptr;
    for (const pugi::xml_node c : n) {
      if (c.type() == pugi::node_doctype)
        return at_line(Kind::kUnsupported, "a document type declaration is not read", out.line, "leave the DOCTYPE out");
      if (c.type() == pugi::node_element) {
        TRY(element(c, depth + 1, out.children.emplace_back()));
      }
      if (c.type() != pugi::node_pcdata && c.type() != pugi::node_cdata) continue;
      if (out.text.empty()) {
        out.text = c.value();
        continue;
      }
      if (joined == nullptr) joined = &text_.joined.emplace_back(out.text);
      out.text = joined->append(c.value());
    }
    if (!sound(out.text)) return at_line(Kind::kMalformed, "a character that XML does not have", out.line);
    out.text.remove_prefix(std::min(out.text.find_first_not_of(kSpaces), out.text.size()));
    out.text = out.text.substr(0, out.text.find_last_not_of(kSpaces) + 1);
    return {};
  }

  std::string_view source_;
  const Limits& limits_;
  Text& text_;
  bool references_;
  std::vector<std::pair<std::string_view, std::string_view>> spaces_{{"xml", kXml}};  // prefix, namespace: those that hold here, the innermost last
  std::size_t next_break_ = source_.find('\n'), elements_ = 0;
  unsigned line_ = 1;
};

}  // namespace

const Element* Element::child(std::string_view wanted) const {
  const auto it = std::find_if(children.begin(), children.end(), [&](const Element& e) { return e.name == wanted; });
  return it == children.end() ? nullptr : &*it;
}

std::string_view Element::attribute(std::string_view wanted) const {
  for (const Attribute& a : attributes) {
    if (a.name == wanted) return a.value;
  }
  return {};
}

base::Result<Document> parse(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes) return at_line(Kind::kTooLarge, "the document is over this reader's limit", 1, "split the file");
  const auto converted = utf8(bytes);
  if (!converted.ok()) return at_line(converted.error().kind, converted.error().what, 1, converted.error().mend);
  const std::string& source = *converted;
  TRY(check_text(source, limits));
  const auto text = std::make_shared<Text>();
  const auto verdict = text->document.load_buffer(source.data(), source.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!verdict)
    return at_line(Kind::kMalformed, "not well-formed XML: " + lower(verdict.description()),
                   line_of(source, static_cast<std::size_t>(std::max<std::ptrdiff_t>(verdict.offset, 0))));
  TRY_ASSIGN(Element root, Reader(source, limits, *text).document());
  return Document(text, std::move(root));
}

}  // namespace adapters::formats::xml
