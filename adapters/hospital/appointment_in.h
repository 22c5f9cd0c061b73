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
  // StatusUpdate: S12, S13, S14 scheduled; S26 no-show; S15, S17 cancelled where the lifecycle lets us (a no-show that is given up, a
  // cancellation that was asked for). SecureMessage: S15, S17 otherwise, because the appointment is off and the referral is not.
  schemas::Payload payload;
  std::vector<hl7::Fault> faults;  // empty: good
};
struct AppointmentOptions {
  std::string utc_offset, next_action;
  base::Instant now;
};
Appointment appointment_from(const hl7::Message& m, schemas::Phase phase, const AppointmentOptions& options);

}  // namespace adapters::hospital
