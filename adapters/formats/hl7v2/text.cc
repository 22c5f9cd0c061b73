#include "adapters/formats/hl7v2/text.h"

#include "crypto/base/bytes.h"

namespace adapters::formats::hl7v2 {
namespace {

// The text for one escape sequence (without its escape characters), or false to leave it alone.
bool expand(std::string_view code, const Delimiters& d, std::string& out) {
  if (code.size() == 1) {
    switch (code[0]) {
      case 'F': out += d.field; return true;
      case 'S': out += d.component; return true;
      case 'T': out += d.subcomponent; return true;
      case 'R': out += d.repetition; return true;
      case 'E': out += d.escape; return true;
      case 'P': out += d.truncation != '\0' ? d.truncation : '#'; return true;
      case 'H':
      case 'N': return true;
      default: return false;
    }
  }
  if (code == ".br") return out += '\n', true;
  if (code.size() >= 3 && code[0] == 'X') {
    const auto bytes = base::unhex(code.substr(1));
    if (!bytes) return false;
    out.append(base::text(*bytes));
    return true;
  }
  return false;
}

void escape_one(char c, const Delimiters& d, std::string& out) {
  if (c == '\0') c = ' ';  // an undeclared delimiter is '\0'
  char code = '\0';
  if (c == d.field) code = 'F';
  if (c == d.component) code = 'S';
  if (c == d.subcomponent) code = 'T';
  if (c == d.repetition) code = 'R';
  if (c == d.escape) code = 'E';
  if (c == d.truncation) code = 'P';
  if (code != '\0') {
    (out += d.escape) += code;
    out += d.escape;
  } else if (c == '\n') {
    ((out += d.escape) += ".br") += d.escape;
  } else if (c != '\r') {
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
}

void trim(std::string& text, char trailing) {
  while (!text.empty() && text.back() == trailing) text.pop_back();
}

}  // namespace

std::string unescape(std::string_view raw, const Delimiters& d) {
  if (d.escape == '\0' || raw.find(d.escape) == std::string_view::npos) return std::string(raw);
  std::string out;
  out.reserve(raw.size());
  std::size_t i = 0;
  while (i < raw.size()) {
    const std::size_t open = raw.find(d.escape, i);
    out.append(raw.substr(i, open - i));
    if (open == std::string_view::npos) break;
    const std::size_t close = raw.find(d.escape, open + 1);
    if (close == std::string_view::npos) {
      out.append(raw.substr(open));
      break;
    }
    if (expand(raw.substr(open + 1, close - open - 1), d, out)) {
      i = close + 1;
    } else {
      out += d.escape;
      i = open + 1;
    }
  }
  return out;
}

std::string escape(std::string_view text, const Delimiters& d) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) escape_one(c, d, out);
  return out;
}

std::string components(const Delimiters& d, std::initializer_list<std::string_view> parts) {
  std::string out;
  bool first = true;
  for (const std::string_view p : parts) {
    if (!first) out += d.component;
    out += escape(p, d);
    first = false;
  }
  trim(out, d.component);
  return out;
}

std::string segment(const Delimiters& d, std::string_view name, const std::vector<std::string>& fields) {
  std::string out(name);
  for (const std::string& f : fields) (out += d.field) += f;
  trim(out, d.field);
  return out;
}

std::string header(const Delimiters& d, std::vector<std::string> fields) {
  std::string encoding{d.component, d.repetition, d.escape, d.subcomponent};
  if (d.truncation != '\0') encoding += d.truncation;
  while (!encoding.empty() && encoding.back() == '\0') encoding.pop_back();
  fields.insert(fields.begin(), encoding);
  return segment(d, "MSH", fields);
}

std::string with_field(const std::string& segment_text, unsigned field, std::string_view raw, const Delimiters& d) {
  std::vector<std::string> parts;
  std::string_view rest(segment_text);
  for (;;) {
    const std::size_t at = rest.find(d.field);
    parts.emplace_back(rest.substr(0, at));
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + 1);
  }
  if (parts.size() <= field) parts.resize(field + 1);
  parts[field] = raw;
  std::string out = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) (out += d.field) += parts[i];
  return out;
}

}  // namespace adapters::formats::hl7v2
