// One record through a mapping.
#include <algorithm>

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

std::string gathered(const Field& f, const Source& source) {
  std::string out;
  for (const auto& path : f.from) {
    const auto text = source(path);
    const std::string part = text ? with_lines(trimmed(*text)) : "";
    if (!part.empty()) out += (out.empty() ? "" : f.join) + part;
  }
  return out;
}

std::vector<std::string> parts(const std::string& text, const std::string& split) {
  std::vector<std::string> out;
  for (std::string_view rest = text;;) {
    const auto end = split.empty() ? rest.npos : rest.find(split);
    if (std::string part = trimmed(rest.substr(0, end)); !part.empty()) out.push_back(std::move(part));
    if (end == rest.npos) return out;
    rest.remove_prefix(end + split.size());
  }
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
  Filler(const Mapping& m, const Source& source, Mapped& out) : mapping_(m), source_(source), out_(out) {}

  void run() {
    for (const Field& f : mapping_.fields)
      if (!f.from.empty()) from_source(f);
    // Constants and defaults complete an element that the source has begun; they do not begin one.
    for (const Field& f : mapping_.fields) {
      const std::string& word = f.from.empty() ? f.value : f.fallback;
      const bool begun = f.to.element.empty() || elements_.contains(f.to.element);
      if (!word.empty() && begun && std::ranges::find(filled_, &f) == filled_.end()) set(f, word);
    }
  }

 private:
  void from_source(const Field& f) {
    const std::string text = gathered(f, source_);
    const auto faults = out_.faults.size();
    for (auto& part : parts(text, f.split)) {
      const auto value = made(f, std::move(part));
      if (!value.ok())
        fault(f, value.error());
      else if (!value->empty())
        set(f, *value);
    }
    if (f.required && out_.faults.size() == faults && (filled_.empty() || filled_.back() != &f))
      fault(f, base::malformed("a value is required", "", "fill it in at the source"));
  }

  void set(const Field& f, const std::string& value) {
    if (const auto done = put(out_.body, f.to, value, elements_); !done.ok()) return fault(f, done.error());
    filled_.push_back(&f);
    auto* referral = std::get_if<schemas::Referral>(&out_.body.payload);
    auto& labels = referral != nullptr ? referral->labels : out_.body.labels;
    if (!f.label.empty() && std::ranges::find(labels, f.label) == labels.end()) labels.push_back(f.label);
  }

  void fault(const Field& f, const base::Error& e) {
    out_.faults.push_back({e.kind, e.what + " (" + f.to.path + ")", f.from.empty() ? f.to.path : f.from.front(), e.mend});
  }

  const Mapping& mapping_;
  const Source& source_;
  Mapped& out_;
  Elements elements_;
  std::vector<const Field*> filled_;
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
  Filler(m, source, out).run();
  return out;
}

}  // namespace adapters::formats::mapping
