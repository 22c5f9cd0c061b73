// Policies and questions for the tests of the policy engine: Alder County, where apd is the police, ace the ambulances, stb the hospital,
// harbor the crisis centre and river a substance use program.
#pragma once

#include <stdexcept>
#include <string>

#include "schemas/policy/decide.h"
#include "schemas/policy/policy.h"
#include "tests/kit/files.h"

namespace policy_kit {

using schemas::MsgKind;
using schemas::Purpose;
using schemas::policy::Answer;
using schemas::policy::Ask;

inline const base::Instant kNow = *base::parse_rfc3339("2026-10-05T20:02:00Z");

inline std::string alder_text() { return kit::source_file("tests/unit/schemas_data/alder.toml"); }

inline schemas::policy::Policy parsed(const std::string& toml) {
  auto p = schemas::policy::parse_policy(toml);
  if (!p.ok()) throw std::runtime_error(p.error().message());
  return *p;
}
inline schemas::policy::Policy alder() { return parsed(alder_text()); }

// The county's text with one piece of it exchanged.
inline std::string alder_with(const std::string& old, const std::string& now) {
  auto text = alder_text();
  const auto at = text.find(old);
  if (at == std::string::npos) throw std::runtime_error("not in the county's policy: " + old);
  return text.replace(at, old.size(), now);
}

inline std::string kind_of_agency(const schemas::policy::Policy& p, const std::string& slug) {
  const auto* a = p.agency(slug);
  return a == nullptr ? slug : a->kind;
}
// `from` and `to`: slugs of the policy, or kinds.
inline Ask ask(const schemas::policy::Policy& p, const std::string& from, const std::string& to, MsgKind kind, const std::string& basis,
               std::vector<std::string> labels = {}, Purpose purpose = Purpose::kCrisis) {
  Ask a;
  a.from = from, a.to = to, a.from_kind = kind_of_agency(p, from), a.to_kind = kind_of_agency(p, to);
  a.kind = kind, a.purpose = purpose, a.basis = basis, a.labels = std::move(labels), a.now = kNow;
  return a;
}

// A written Part 2 consent from river to the hospital.
inline schemas::Consent consent() {
  schemas::Consent c;
  c.id = "C-1", c.discloser = "river", c.recipients = {"stb"}, c.scope = {"*"}, c.purposes = {"CRISIS", "TREAT"};
  c.granted_at = kNow.minus(base::kDay), c.expires = kNow.plus(base::kDay), c.method = "written", c.part2 = true;
  return c;
}
inline schemas::Emergency emergency() { return {"Dr. A", "St. Brigid", "Nurse B", "2026-10-05T20:00:00Z", "overdose"}; }

}  // namespace policy_kit
