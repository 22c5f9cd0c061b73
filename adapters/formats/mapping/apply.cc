// One record through a mapping.
#include <algorithm>
#include <set>

#include "adapters/formats/mapping/mapping.h"
#include "adapters/formats/mapping/values.h"

namespace adapters::formats::mapping {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

// A line end inside a value is one character, whatever the source has.
std::string with_lines(std::string text) {
  for (auto at = text.find("\r\n"); at != text.npos; at = text.find("\r\n", at)) text.erase(at, 1);
  std::ranges::replace(text, '\r', '\n');
  return text;
}

bool plural(std::string_view path) { return path.find("[]") != path.npos; }

std::vector<std::string> cut(std::string_view text, std::string_view at) {
  std::vector<std::string> out;
  for (;;) {
    const auto end = at.empty() ? text.npos : text.find(at);
    out.push_back(trimmed(text.substr(0, end)));
    if (end == text.npos) return out;
    text.remove_prefix(end + at.size());
  }
}

std::string joined(const std::vector<std::string>& texts, const std::string& join) {
  std::string out;
  for (const auto& t : texts)
    if (!t.empty()) out += (out.empty() ? "" : join) + t;
  return out;
}

bool one_for_each(const Target& to) { return to.element.find("[*]") != to.element.npos; }

// The texts that the field is made of, each for an element of its own if it goes into a list. An empty one keeps its place.
std::vector<std::string> texts_of(const Field& f, const Source& source) {
  std::vector<std::string> each;
  for (const auto& path : f.from) {
    const auto text = source(path);
    auto parts = plural(path) ? cut(text.value_or(""), std::string_view(&kBetween, 1)) : std::vector{trimmed(text.value_or(""))};
    for (auto& part : parts) part = with_lines(std::move(part));
    const bool spread = f.from.size() == 1 && plural(path) && (f.to.repeats || one_for_each(f.to));
    if (spread) return parts;
    each.push_back(joined(parts, f.join));
  }
  return {joined(each, f.join)};
}

// The target in the nth element: "[*]" names one for each text of a source that has several.
Target nth_of(Target to, std::size_t n) {
  const std::string word = std::to_string(n);
  for (Step& s : to.steps)
    if (s.word == "*") s.word = word;
  for (auto at = to.element.find("[*]"); at != to.element.npos; at = to.element.find("[*]")) to.element.replace(at + 1, 1, word);
  return to;
}

// What the field makes of one text; empty: nothing.
base::Result<std::string> made(const Field& f, std::string text) {
  if (!f.words.empty()) {
    const auto it = f.words.find(text);
    if (it == f.words.end() && !f.other)
      return base::malformed("a value that map does not list", "", "add it to map, or say with other what the rest becomes");
    text = it == f.words.end() ? *f.other : it->second;
  }
  if (text.empty()) return text;
  if (f.time) {
    TRY_ASSIGN(text, iso(text, *f.time));
  }
  TRY(check_value(f.takes, text));
  return text;
}

class Filler {
 public:
  Filler(const Mapping& m, const Source& source, schemas::Body& body, std::vector<base::Error>& faults,
         std::vector<base::Error>* warnings)
      : mapping_(m), source_(source), body_(body), faults_(faults), warnings_(warnings) {}

  void run() {
    for (const Field& f : mapping_.fields)
      if (!f.from.empty()) from_source(f);
    // Constants and defaults complete an element that the source has begun; they do not begin one.
    for (const Field& f : mapping_.fields) {
      const std::string& word = f.from.empty() ? f.value : f.fallback;
      if (word.empty()) continue;
      for (const std::size_t n : begun(f))
        if (!filled_.contains({&f, n})) set(f, word, n);
    }
  }

 private:
  // The elements that the field may complete; of what is no list there is one.
  [[nodiscard]] std::set<std::size_t> begun(const Field& f) const {
    if (one_for_each(f.to)) {
      const auto it = rows_.find(f.to.element);
      return it == rows_.end() ? std::set<std::size_t>() : it->second;
    }
    if (!f.to.element.empty() && !elements_.contains(f.to.element)) return {};
    return {0};
  }

  void from_source(const Field& f) {
    const auto texts = texts_of(f, source_);
    const auto faults = faults_.size();
    bool any = false;
    for (std::size_t n = 0; n < texts.size(); ++n) {
      for (const auto& part : cut(texts[n], f.split)) {
        if (part.empty()) continue;
        const auto value = made(f, part);
        if (const std::string words = f.time && warnings_ != nullptr ? doubt(part, *f.time) : ""; !words.empty())
          warnings_->push_back(base::malformed(words + " (" + f.to.path + ")", f.from.front(), "have the source write the offset"));
        if (!value.ok())
          fault(f, value.error());
        else if (!value->empty())
          any = true, set(f, *value, one_for_each(f.to) ? n : 0);
      }
    }
    if (f.required && faults_.size() == faults && !any) fault(f, base::malformed("a value is required", "", "fill it in at the source"));
  }

  void set(const Field& f, const std::string& value, std::size_t n) {
    const Target to = one_for_each(f.to) ? nth_of(f.to, n) : f.to;
    if (const std::string list = f.instead ? list_of(body_, to) : ""; !list.empty() && emptied_.insert(list).second) empty_list(body_, to);
    if (const auto done = put(body_, to, value, elements_); !done.ok()) return fault(f, done.error());
    filled_.insert({&f, n});
    rows_[f.to.element].insert(n);
    std::erase_if(body_.absent, [&](const schemas::Absent& a) { return f.to.path == a.field || f.to.path.ends_with("." + a.field); });
    auto* referral = std::get_if<schemas::Referral>(&body_.payload);
    auto& labels = referral != nullptr ? referral->labels : body_.labels;
    if (!f.label.empty() && std::ranges::find(labels, f.label) == labels.end()) labels.push_back(f.label);
  }

  void fault(const Field& f, const base::Error& e) {
    faults_.push_back({e.kind, e.what + " (" + f.to.path + ")", f.from.empty() ? f.to.path : f.from.front(), e.mend});
  }

  const Mapping& mapping_;
  const Source& source_;
  schemas::Body& body_;
  std::vector<base::Error>& faults_;
  std::vector<base::Error>* warnings_;
  Elements elements_;
  std::set<std::pair<const Field*, std::size_t>> filled_;
  std::map<std::string, std::set<std::size_t>> rows_;  // by the place of "[*]": elements that were begun
  std::set<std::string> emptied_;
};

}  // namespace

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpaces);
  return first == text.npos ? "" : std::string(text.substr(first, text.find_last_not_of(kSpaces) - first + 1));
}

std::vector<base::Error> unmapped(const Mapping& m, const std::vector<std::string>& paths) {
  std::vector<base::Error> out;
  for (const auto& path : paths)
    if (!m.known.contains(path)) out.push_back(base::malformed("unmapped column " + path, "", "map it or list it under ignore"));
  return out;
}

std::vector<std::string> read_paths(const Mapping& m) {
  std::vector<std::string> out;
  for (const Field& f : m.fields)
    for (const auto& path : f.from)
      if (std::ranges::find(out, path) == out.end()) out.push_back(path);
  return out;
}

std::vector<std::string> needed_paths(const Mapping& m) {
  auto out = read_paths(m);
  std::vector<std::string> more = {m.row_id, m.thread_by};
  for (const Only& o : m.only) more.push_back(o.from);
  for (const auto& path : more)
    if (!path.empty() && std::ranges::find(out, path) == out.end()) out.push_back(path);
  return out;
}

bool wanted(const Mapping& m, const Source& source) {
  return std::ranges::all_of(m.only,
                             [&](const Only& o) { return std::ranges::find(o.is, trimmed(source(o.from).value_or(""))) != o.is.end(); });
}

Mapped apply(const Mapping& m, const Source& source) {
  auto body = body_of(m.kind);
  if (!body.ok()) return {{}, {body.error()}};
  Mapped out{std::move(body).value(), {}};
  Filler(m, source, out.body, out.faults, &out.warnings).run();
  return out;
}

std::vector<base::Error> overlay(schemas::Body& body, const Mapping& m, const Record& record, std::vector<base::Error>* warnings) {
  std::vector<base::Error> faults;
  Filler(m, record.text, body, faults, warnings).run();
  return faults;
}

}  // namespace adapters::formats::mapping
