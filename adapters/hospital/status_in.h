// What a hospital's system says about where a referral stands -> StatusUpdate: RRI^I12 to I14, OSU^O51 (IHE 360X), REF^I14 and OMG^O19 with
// CA. The whole status in ZCR-1 goes first; without it RF1-1 (table 0283), or ORC-1 (0119) and ORC-5 (0038), are read in the light of
// where the referral stands. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/hospital/header.h"
#include "schemas/lifecycle.h"
#include "schemas/model.h"

namespace adapters::hospital {

struct StatusOptions {
  std::string utc_offset, callback, next_action;
  base::Instant now;
};
struct Told {
  std::optional<schemas::StatusUpdate> update;  // nullopt without faults: it says what is known already
  std::vector<hl7::Fault> faults;
};
// `requester`: the referral is the hospital's own.
Told status_from(const hl7::Message& m, schemas::Phase phase, bool requester, const StatusOptions& options);

}  // namespace adapters::hospital
