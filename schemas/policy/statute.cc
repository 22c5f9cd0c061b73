// The embedded packs are ours and were tested: one that does not read is a bug, not an input.
#include "schemas/policy/statute.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "schemas/internal/embedded.h"
#include "schemas/policy/internal/read.h"
#include "schemas/policy/internal/words.h"

namespace schemas::policy {
namespace internal {
namespace {

void read(const Toml& t, HoldForm& form, Fault& fault) {
  Row r(t, "form", fault);
  r.text("form", form.form, Need::kRequired);
  r.text("words", form.words, Need::kRequired);
  r.text("cite", form.cite, Need::kRequired);
  r.number("hours", form.hours, 1, 240);
  r.flag("excludes_weekends", form.excludes_weekends);
  r.done();
}

StatePack read_pack(const schemas::internal::Embedded& file) {
  Fault fault{std::string(file.name), {}};
  const auto tree = schemas::internal::parse_toml(file.text, fault.file);
  CHECK(tree.ok());
  StatePack out;
  Row r(*tree, "pack", fault);
  r.text("id", out.id, Need::kRequired);
  r.text("state", out.state, Need::kRequired);
  r.text("verify", out.verify, Need::kRequired);
  r.number("minor_consent_age", out.minor_consent_age, 1, 18);
  if (const Toml* forms = r.list("form"))
    for (const auto& t : forms->items) read(t, out.forms.emplace_back(), fault);
  if (const Toml* rules = r.list("label_rule"))
    for (const auto& t : rules->items) read_label_rule(t, out.rules.emplace_back(), fault);
  r.done();
  CHECK(!fault.error);
  CHECK(std::ranges::none_of(out.rules, [](const LabelRule& rule) { return rule.decision == Verdict::kAllow || rule.cite.empty(); }));
  return out;
}

const std::vector<StatePack>& packs() {
  static const std::vector<StatePack> all = [] {
    std::vector<StatePack> out;
    std::ranges::transform(schemas::internal::pack_files(), std::back_inserter(out), read_pack);
    return out;
  }();
  return all;
}

}  // namespace
}  // namespace internal

std::span<const LabelRule> statute_rules() {
  static const auto federal = std::ranges::find(internal::packs(), "US", &StatePack::state);
  return federal->rules;
}

const StatePack* state_pack(std::string_view id) {
  const auto it = std::ranges::find(internal::packs(), id, &StatePack::id);
  return it == internal::packs().end() || it->state == "US" ? nullptr : &*it;
}

std::vector<std::string> state_packs() {
  std::vector<std::string> out;
  for (const auto& p : internal::packs())
    if (p.state != "US") out.push_back(p.id);
  return out;
}

}  // namespace schemas::policy
