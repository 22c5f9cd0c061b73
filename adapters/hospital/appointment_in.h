// SIU -> what it means in the life of a referral that we were asked for. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/hospital/header.h"
#include "schemas/lifecycle.h"
#include "schemas/model.h"

namespace adapters::hospital {

struct Appointment {
  // StatusUpdate: S12 to S14, and S18 to S22 (a service or resource of it changed), scheduled; S26 no-show; S15 to S17 cancelled where the lifecycle lets us (a no-show that is given up, a
  // cancellation that was asked for). SecureMessage: S15 to S17 otherwise, because the appointment is off and the referral is not.
  schemas::Payload payload;
  std::vector<hl7::Fault> faults;  // empty: good
};
struct AppointmentOptions {
  std::string utc_offset, next_action;
  base::Instant now;
};
Appointment appointment_from(const hl7::Message& m, schemas::Phase phase, const AppointmentOptions& options);

// SCH-11.4, TQ1-7 or the start of a service, place or person, as ISO 8601; "" if none is there. `offset` as for iso_time.
std::string appointment_start(const hl7::Message& m, const std::string& offset, bool required, std::vector<hl7::Fault>& faults);

}  // namespace adapters::hospital
