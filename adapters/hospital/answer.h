// StatusUpdate -> RRI^I12 (RRI^I14 for a cancellation), in the delimiters and the character set of the hospital's own referral.
// The bytes depend on the update and the referral alone, so a retry repeats them exactly.
#pragma once

#include <string>
#include <vector>

#include "adapters/formats/hl7v2/message.h"
#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "schemas/model.h"

namespace adapters::hospital {

// MSH-10 of the answer: 20 characters made from the update's message id.
std::string control_id_for(const base::Id& msg_id);

// Table 0283: P pending, A accepted, R rejected, E expired.
std::string_view rf1_status(std::string_view status);

// Where a referral stands, as it is told.
struct Standing {
  std::string status, reason, reason_class, decide_by;
  base::Id thread_id{};
  std::int32_t esc_level = 0;
  std::vector<std::string> notes{};  // a line each
};
Standing standing_of(const schemas::StatusUpdate& u, const base::Id& thread_id);
// ZCR|status|thread|policy version|escalation|decide by
std::string zcr(const formats::hl7v2::Delimiters& d, const Standing& s);
// MSH of an answer to `in`: sender and receiver change places, its delimiters, version, processing id and character set stay. In UTF-8.
std::string reply_header(const formats::hl7v2::Message& in, std::string_view type, std::string_view event, std::string_view structure,
                         const std::string& control_id, base::Instant at, bool beyond_ascii);
// The time inside a message's id (UUIDv7), so that nothing depends on a clock.
base::Instant made_at(const base::Id& msg_id);

// RRI^event as an answer to `in`, a REF of the hospital's.
std::string rri(const formats::hl7v2::Message& in, std::string_view event, const Standing& s, const std::string& control_id, base::Instant at);
std::string rri_from(const schemas::StatusUpdate& update, const formats::hl7v2::Message& referral, const base::Id& msg_id,
                     const base::Id& thread_id);

}  // namespace adapters::hospital
