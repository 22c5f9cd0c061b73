// StatusUpdate -> RRI^I12 (RRI^I14 for a cancellation), in the delimiters and the character set of the hospital's own referral.
// The bytes depend on the update and the referral alone, so a retry repeats them exactly.
#pragma once

#include <string>

#include "adapters/formats/hl7v2/message.h"
#include "crypto/base/bytes.h"
#include "schemas/model.h"

namespace adapters::hospital {

// MSH-10 of the answer: 20 characters made from the update's message id.
std::string control_id_for(const base::Id& msg_id);

// Table 0283: P pending, A accepted, R rejected, E expired.
std::string_view rf1_status(std::string_view status);

std::string rri_from(const schemas::StatusUpdate& update, const formats::hl7v2::Message& referral, const base::Id& msg_id,
                     const base::Id& thread_id);

}  // namespace adapters::hospital
