// A SecureMessage as MDM^T02 with its attachments in OBX ED, its withdrawal as MDM^T11, and a StatusUpdate as OSU^O51 where the hospital
// asked with OMG^O19. As referral_out.h; pure, thread-safe.
#pragma once

#include "adapters/hospital/referral_out.h"

namespace adapters::hospital {

std::string document_out(const Outgoing& o, const schemas::SecureMessage& m, const Standing& standing);
std::string withdrawal_out(const Outgoing& o, const base::Id& document, const Standing& standing);
// In the delimiters and the character set of the order.
std::string osu_from(const schemas::StatusUpdate& u, const formats::hl7v2::Message& order, const base::Id& msg_id, const base::Id& thread_id);

}  // namespace adapters::hospital
