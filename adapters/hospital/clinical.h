// The clinical half of a REF^I12: diagnoses, allergies, medications, observations, attached documents, labels.
#pragma once

#include "adapters/hospital/referral_in.h"

namespace adapters::hospital {

// `offset` as for iso_time. Faults are added to `out`.
void map_clinical(const hl7::Message& m, const MappingOptions& options, const std::string& offset, Mapped& out);

// OBX-5 as a person reads it: the words of a coded value, several joined.
std::string observed_value(const hl7::Message& m, const hl7::Segment& obx);

}  // namespace adapters::hospital
