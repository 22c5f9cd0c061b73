// The clinical half of a REF^I12: diagnoses, allergies, medications, observations, attached documents, labels.
#pragma once

#include "adapters/hospital/referral_in.h"

namespace adapters::hospital {

// `offset` as for iso_time. Faults are added to `out`.
void map_clinical(const hl7::Message& m, const MappingOptions& options, const std::string& offset, Mapped& out);

}  // namespace adapters::hospital
