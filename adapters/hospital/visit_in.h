// ADT -> EncounterNotification. Pure; thread-safe. A discharge is only told: that the referral is completed is for a person to say.
#pragma once

#include <vector>

#include "adapters/hospital/header.h"
#include "schemas/model.h"

namespace adapters::hospital {

struct Visit {
  schemas::EncounterNotification encounter;
  std::vector<hl7::Fault> faults;  // empty: good
};
// A01, A04 arrived (admitted: patient class I), A02, A09 transferred, A03 discharged (left: against advice), A06 admitted, A07, A10 arrived,
// A08 as the visit stands; A11 left, A12 as it stands and A13 admitted, with words that the earlier event was cancelled. `utc_offset` as in
// MappingOptions.
Visit visit_from(const hl7::Message& m, const std::string& utc_offset);

}  // namespace adapters::hospital
