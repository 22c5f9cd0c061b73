// HL7 v2: a record a message. Leaves are written as fine as the message has them: PID-5.1 where field 5 has components, PID-7 where not.
#include <memory>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/message.h"
#include "adapters/formats/mapping/flat.h"
#include "adapters/formats/mapping/read_hl7v2.h"

namespace adapters::formats::mapping {
namespace {

namespace hl7 = hl7v2;

constexpr std::string_view kNothing = "\"\"";  // HL7's explicit nothing
constexpr std::size_t kMaxLeaves = 200000;

std::vector<std::string_view> pieces(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (separator != '\0') {
    const auto at = text.find(separator);
    if (at == text.npos) break;
    out.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  out.push_back(text);
  return out;
}

class Held {
 public:
  explicit Held(hl7::Message message) : message_(std::move(message)) {
    std::map<std::string, std::size_t> seen;
    for (const auto& s : message_.segments) {
      const std::string name(s.name());
      segment(s, flat_.place(name, seen[name]++));
    }
    for (const auto& [name, n] : seen) flat_.list(name, n);
  }

  [[nodiscard]] const Flat& flat() const { return flat_; }

  [[nodiscard]] std::optional<std::string> text(std::string_view path) const {
    std::vector<std::string> texts;
    bool any = false;
    for (const auto& one : flat_.expanded(plain(path))) {
      std::string value = message_.value(one);
      if (value == kNothing) value.clear();
      any = any || !value.empty();
      texts.push_back(std::move(value));
    }
    return any ? std::optional(between(texts)) : std::nullopt;
  }

  [[nodiscard]] std::vector<std::string> places(std::string_view path) const {
    std::vector<std::string> out;
    for (const auto& one : flat_.expanded(plain(path))) add_places(one, out);
    return out;
  }

 private:
  void segment(const hl7::Segment& s, const std::string& at) {
    const bool header = at == "MSH" || at == "FHS" || at == "BHS";
    const auto fields = pieces(s.text, message_.delimiters.field);
    for (std::size_t f = header ? 2 : 1; f < fields.size(); ++f) {
      const std::string path = at + "-" + std::to_string(header ? f + 1 : f);
      if (fields[f].empty()) continue;
      const auto repetitions = pieces(fields[f], message_.delimiters.repetition);
      if (repetitions.size() > 1) flat_.list(path, repetitions.size());
      for (std::size_t r = 0; r < repetitions.size(); ++r) parts(repetitions[r], flat_.place(path, r));
    }
  }
  void parts(std::string_view text, const std::string& path) {
    const auto components = pieces(text, message_.delimiters.component);
    for (std::size_t c = 0; c < components.size(); ++c) {
      const std::string at = components.size() == 1 ? path : path + "." + std::to_string(c + 1);
      const auto subs = pieces(components[c], message_.delimiters.subcomponent);
      for (std::size_t i = 0; i < subs.size(); ++i)
        leaf(subs[i], subs.size() == 1 ? at : (components.size() == 1 ? at + ".1" : at) + "." + std::to_string(i + 1));
    }
  }
  void leaf(std::string_view text, std::string path) {
    if (!text.empty() && text != kNothing && flat_.leaves().size() < kMaxLeaves) flat_.leaf(std::move(path), "");
  }

  // A qualifier as the place it stands for, and no [1]: "PRD[RT]-2" -> "PRD[2]-2".
  [[nodiscard]] std::string plain(std::string_view path) const {
    const auto close = path.find(']');
    const bool qualified = path.size() > 4 && path[3] == '[' && path[4] != ']' && (path[4] < '0' || path[4] > '9') && close != path.npos;
    if (!qualified) return flat_.resolved(path);
    const std::string name(path.substr(0, 3));
    const std::string_view wanted = path.substr(4, close - 4);
    std::size_t nth = 0;
    for (const auto& s : message_.segments) {
      if (s.name() != name) continue;
      if (message_.value(s, {.field = 1, .component = 1}) == wanted) return flat_.place(name, nth) + std::string(path.substr(close + 1));
      ++nth;
    }
    return std::string(path);
  }

  // The leaf itself, those below it, and the one above it of which it is all.
  void add_places(const std::string& path, std::vector<std::string>& out) const {
    for (const auto& [leaf, text] : flat_.leaves())
      if (leaf == path || leaf.starts_with(path + ".")) out.push_back(leaf);
    for (std::string above = path; above.ends_with(".1");) {
      above.erase(above.size() - 2);
      if (flat_.at(above) != nullptr) out.push_back(above);
    }
  }

  hl7::Message message_;
  Flat flat_{false};
};

}  // namespace

Record record_of(const hl7::Message& message) {
  const auto held = std::make_shared<const Held>(message);
  Record out;
  out.where = "message 1";
  for (const auto& [path, text] : held->flat().leaves()) out.paths.push_back(path);
  out.text = [held](std::string_view path) { return held->text(path); };
  out.places = [held](std::string_view path) { return held->places(path); };
  return out;
}

base::Result<Records> read_hl7v2(std::string_view bytes, const schemas::Config& config) {
  hl7::ParseOptions options;
  TRY_ASSIGN(const std::string charset, config.text("hl7v2.charset", ""));
  TRY_ASSIGN(options.default_charset, hl7::charset_named(charset));
  TRY_ASSIGN(const hl7::File file, hl7::parse_file(bytes, options));
  Records out;
  for (const hl7::Message& m : file.parts) {
    if (m.envelope()) continue;
    out.records.push_back(record_of(m));
    out.records.back().where = "message " + std::to_string(out.records.size());
  }
  out.paths = paths_of(out.records);
  return out;
}

}  // namespace adapters::formats::mapping
