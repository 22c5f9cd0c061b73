// Reading values out of a message, and writing it back. The splitting into segments is parse.cc.
#include "adapters/formats/hl7v2/message.h"

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/text.h"

namespace adapters::formats::hl7v2 {
namespace {

bool is_header(std::string_view name) { return name == "MSH" || name == "FHS" || name == "BHS"; }

// The nth (from 1) piece between `separator`s; the whole if there is no such separator declared and n is 1.
std::string_view piece(std::string_view text, char separator, unsigned n) {
  if (separator == '\0') return n == 1 ? text : std::string_view{};
  for (; n > 1; --n) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + 1);
  }
  return text.substr(0, text.find(separator));
}

std::string_view field_of(const Segment& s, unsigned n, const Delimiters& d) {
  const std::string_view text(s.text);
  if (!is_header(s.name())) return piece(text, d.field, n + 1);
  if (n == 1) return text.substr(3, 1);
  return piece(text, d.field, n);
}

}  // namespace

bool Message::envelope() const { return segments.size() == 1 && segments[0].name() != "MSH"; }

const Segment* Message::find(std::string_view name, unsigned nth) const {
  for (const Segment& s : segments) {
    if (s.name() == name && --nth == 0) return &s;
  }
  return nullptr;
}

std::vector<const Segment*> Message::all(std::string_view name) const {
  std::vector<const Segment*> out;
  for (const Segment& s : segments) {
    if (s.name() == name) out.push_back(&s);
  }
  return out;
}

std::string_view Message::raw(const Segment& s, Spot at) const {
  if (at.field == 0) return s.text;
  if (asked != nullptr && !segments.empty() && &s >= &segments.front() && &s <= &segments.back())
    asked->emplace(static_cast<std::size_t>(&s - &segments.front()), at.field);
  std::string_view text = field_of(s, at.field, delimiters);
  if (is_header(s.name()) && at.field <= 2) return text;
  text = piece(text, delimiters.repetition, at.repetition);
  if (at.component == 0) return text;
  text = piece(text, delimiters.component, at.component);
  return at.subcomponent == 0 ? text : piece(text, delimiters.subcomponent, at.subcomponent);
}

std::string Message::value(const Segment& s, Spot at) const {
  const std::string_view bytes = raw(s, at);
  if (is_header(s.name()) && at.field <= 2) return std::string(bytes);
  std::string plain = unescape(bytes, delimiters);
  if (ascii(plain)) return plain;
  auto text = to_utf8(plain, charset);  // parse() has checked the message; only a \X..\ escape can fail here
  return text.ok() ? std::move(text).value() : std::string("\xEF\xBF\xBD");
}

std::string Message::value(std::string_view path) const {
  const auto p = parse_path(path);
  if (!p.ok()) return {};
  unsigned nth = p->nth;
  for (const Segment& s : segments) {
    if (s.name() != p->segment) continue;
    if (!p->qualifier.empty() && value(s, {.field = 1, .component = 1}) != p->qualifier) continue;
    if (--nth == 0) return value(s, p->spot);
  }
  return {};
}

unsigned Message::repetitions(const Segment& s, unsigned field) const {
  const std::string_view text = field_of(s, field, delimiters);
  if (text.empty()) return 0;
  unsigned n = 1;
  for (const char c : text) n += c == delimiters.repetition && c != '\0' ? 1 : 0;
  return n;
}

std::string Message::place(const Segment& s, unsigned field, unsigned component) const {
  unsigned nth = 0;
  for (const Segment& other : segments) {
    if (other.name() == s.name()) ++nth;
    if (&other == &s) break;
  }
  std::string out = std::string(s.name()) + "[" + std::to_string(nth) + "]";
  if (field != 0) out += "-" + std::to_string(field);
  if (component != 0) out += "." + std::to_string(component);
  return out;
}

std::string render(const Message& message) {
  std::string out;
  for (const Segment& s : message.segments) (out += s.text) += s.end;
  return out;
}

std::string render(const File& file) {
  std::string out = file.prefix;
  for (const Message& m : file.parts) out += render(m);
  return out;
}

}  // namespace adapters::formats::hl7v2
