// Two groups that claim one place in a chain (protocol 4.2 step 6), as anybody can judge them who has the log's keys and the sender's (protocol 6,
// "Evidence"). No store, no clock.
#pragma once

#include <span>

#include "crypto/note.h"

namespace schemas {

struct Conflict {
  base::Bytes first, second;  // DELIVER frames; `first` is empty if it is no longer held
};
enum class Guilty { kNobody, kHub, kSender };
struct Finding {
  Guilty who = Guilty::kNobody;
  std::string words;
  base::Id sender{};  // of both, unless it is kNobody
};
// `logs`: every key that the log has had. kSender: two signed batches with one number. kHub: it logged two groups for one place, or two batches
// after one. kNobody: what does not hold together, is one and the same, or does not collide.
Finding judge_conflict(const Conflict& c, std::span<const crypto::VerifierKey> logs, const crypto::PublicKey& sender);

}  // namespace schemas
