// The embedded files are ours and were tested: one that does not parse is a bug, not an input.
#include "schemas/policy/controls.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "schemas/internal/embedded.h"
#include "schemas/internal/toml.h"

namespace schemas::policy {
namespace {

using internal::Toml;

std::string text_of(const Toml& table, std::string_view key) {
  const Toml* at = table.find(key);
  CHECK(at != nullptr && at->type == Toml::Type::kText);
  return at->text;
}

std::vector<std::string> texts_of(const Toml& table, std::string_view key) {
  std::vector<std::string> out;
  if (const Toml* at = table.find(key)) std::ranges::transform(at->items, std::back_inserter(out), &Toml::text);
  return out;
}

ControlProfile read(const Toml& file) {
  ControlProfile out{text_of(file, "id"), text_of(file, "title"), text_of(file, "edition"), text_of(file, "verify"), {}};
  const Toml* rows = file.find("control");
  if (rows == nullptr) return out;
  for (const Toml& row : rows->items)
    out.controls.push_back({text_of(row, "id"), text_of(row, "title"), text_of(row, "parameter"), text_of(row, "here"),
                            text_of(row, "words"), texts_of(row, "shown_by")});
  return out;
}

// A profile with a base has its controls too, but for those that it goes without.
void take_base(ControlProfile& profile, const Toml& file, const std::vector<ControlProfile>& all) {
  if (file.find("base") == nullptr) return;
  const auto base = std::ranges::find(all, text_of(file, "base"), &ControlProfile::id);
  CHECK(base != all.end());
  const auto without = texts_of(file, "without");
  for (const Control& c : base->controls)
    if (std::ranges::find(without, c.id) == without.end()) profile.controls.push_back(c);
}

std::vector<ControlProfile> read_all() {
  std::vector<Toml> files;
  std::vector<ControlProfile> out;
  for (const auto& file : internal::control_files()) {
    auto toml = internal::parse_toml(file.text, std::string(file.name));
    CHECK(toml.ok());
    files.push_back(std::move(toml).value());
    out.push_back(read(files.back()));
  }
  const auto whole = out;
  for (std::size_t i = 0; i < files.size(); ++i) take_base(out[i], files[i], whole);
  return out;
}

}  // namespace

std::span<const ControlProfile> control_profiles() {
  static const std::vector<ControlProfile> profiles = read_all();
  return profiles;
}

const ControlProfile* control_profile(std::string_view id) {
  const auto all = control_profiles();
  const auto it = std::ranges::find(all, id, &ControlProfile::id);
  return it == all.end() ? nullptr : &*it;
}

}  // namespace schemas::policy
