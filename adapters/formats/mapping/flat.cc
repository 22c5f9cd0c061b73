#include "adapters/formats/mapping/flat.h"

#include <algorithm>
#include <unordered_set>

namespace adapters::formats::mapping {
namespace {

constexpr std::size_t kMaxPlaces = 100000;
constexpr unsigned kMaxHops = 8;

std::string without_first_places(std::string_view path) {
  std::string out(path);
  for (auto at = out.find("[1]"); at != out.npos; at = out.find("[1]", at)) out.erase(at, 3);
  return out;
}

}  // namespace

void Flat::leaf(std::string path, std::string text) {
  if (!at_.emplace(path, leaves_.size()).second) return;
  std::ranges::replace(text, kBetween, ' ');
  leaves_.emplace_back(std::move(path), std::move(text));
}

std::string Flat::place(const std::string& list, std::size_t nth) const {
  if (!from_zero_ && nth == 0) return list;
  return list + "[" + std::to_string(from_zero_ ? nth : nth + 1) + "]";
}

std::size_t Flat::size(const std::string& list) const {
  const auto it = lists_.find(resolved(list));
  return it != lists_.end() ? it->second : from_zero_ ? 0 : 1;
}

std::string Flat::resolved(std::string_view path) const {
  std::string out = from_zero_ ? std::string(path) : without_first_places(path);
  if (references_.empty()) return out;
  for (unsigned hop = 0; hop < kMaxHops; ++hop) {
    bool moved = false;
    for (auto slash = out.find('/'); slash != out.npos && !moved; slash = out.find('/', slash + 1)) {
      const auto it = references_.find(out.substr(0, slash));
      if (it == references_.end()) continue;
      out = it->second + out.substr(slash);
      moved = true;
    }
    if (!moved) return out;
  }
  return out;
}

std::vector<std::string> Flat::expanded(std::string_view path) const {
  std::vector<std::string> done = {""};
  for (std::string_view rest = path;;) {
    const auto open = rest.find("[]");
    for (auto& p : done) p += rest.substr(0, open);
    if (open == rest.npos) return done;
    std::vector<std::string> next;
    for (const auto& p : done)
      for (std::size_t i = 0, n = size(p); i < n && next.size() < kMaxPlaces; ++i) next.push_back(place(p, i));
    done = std::move(next);
    rest.remove_prefix(open + 2);
  }
}

const std::string* Flat::at(const std::string& resolved_path) const {
  const auto it = at_.find(resolved_path);
  return it == at_.end() ? nullptr : &leaves_[it->second].second;
}

std::optional<std::string> Flat::text(std::string_view path, const std::string& prefix) const {
  std::vector<std::string> texts;
  bool any = false;
  for (const auto& one : expanded(prefix + std::string(path))) {
    const std::string* found = at(resolved(one));
    any = any || found != nullptr;
    texts.push_back(found == nullptr ? "" : *found);
  }
  return any ? std::optional(between(texts)) : std::nullopt;
}

std::vector<std::string> Flat::places(std::string_view path, const std::string& prefix) const {
  std::vector<std::string> out;
  for (const auto& one : expanded(prefix + std::string(path))) {
    const std::string real = resolved(one);
    if (at(real) != nullptr && real.starts_with(prefix)) out.push_back(real.substr(prefix.size()));
  }
  return out;
}

Record record_of(const std::shared_ptr<const Flat>& flat, std::string where, const Part& part) {
  Record out;
  out.where = std::move(where);
  const std::string prefix = part.prefix;
  for (std::size_t i = part.first; i < std::min(part.last, flat->leaves().size()); ++i)
    if (const auto& path = flat->leaves()[i].first; path.starts_with(prefix)) out.paths.push_back(path.substr(prefix.size()));
  out.text = [flat, prefix](std::string_view path) { return flat->text(path, prefix); };
  out.places = [flat, prefix](std::string_view path) { return flat->places(path, prefix); };
  return out;
}

std::vector<std::string> paths_of(const std::vector<Record>& records) {
  std::vector<std::string> out;
  std::unordered_set<std::string_view> seen;
  for (const Record& r : records)
    for (const auto& path : r.paths)
      if (seen.insert(path).second) out.push_back(path);
  return out;
}

std::string between(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : std::string(1, kBetween)) + texts[i];
  return out;
}

}  // namespace adapters::formats::mapping
