// What a policy says to the hub: the matrix (parts of attachments go wherever the messages go that may name them) and expiry times of its signed note (decisions D1, D19). The hub sees kinds and parties
// only, so labels, bases and consents are left to the two ends.
#pragma once

#include "crypto/certificate.h"
#include "schemas/policy/policy.h"

namespace schemas::policy {

// The whole note, unsigned. kMalformed: a denial cuts a "*" of an allowing flow in part, which rows cannot say. kTooLarge: more rows
// than a signed note holds. parse_policy refuses both.
base::Result<crypto::PolicyNote> header_of(const Policy& policy);

}  // namespace schemas::policy
