// Rules that no policy can take away (domain brief section 4), each with its citation. A state pack may add stricter ones.
#pragma once

#include <span>

#include "schemas/policy/policy.h"

namespace schemas::policy {

std::span<const LabelRule> statute_rules();  // packs/US.toml: S-P2-LE, S-P2-CONSENT, S-PSYCH, S-CJI, ...

// A state's data pack (schemas/policy/packs/*.toml, shipped with the program): holds and rules of its own.
struct HoldForm {
  std::string form, words, cite;  // "M-1"
  std::uint32_t hours = 72;
  bool excludes_weekends = false;  // Saturdays, Sundays and the calendar's holidays do not count
};
struct StatePack {
  std::string id, state, verify;  // verify: what has to happen before anyone relies on it, "with counsel"
  std::vector<HoldForm> forms;
  std::vector<LabelRule> rules;  // stricter wins: only denials and consents
  std::uint32_t minor_consent_age = 0;
};
const StatePack* state_pack(std::string_view id);  // nullptr: not shipped
std::vector<std::string> state_packs();

// When an involuntary hold that began at `start` ends. nullopt: the form is not in the pack.
std::optional<base::Instant> hold_ends(const StatePack& pack, std::string_view form, base::Instant start, const Calendar& calendar);

}  // namespace schemas::policy
