// Two groups that claim one place in a chain (protocol 4.2 step 6): both are kept with their log proofs, and what they prove can be judged
// by anybody who has the log's key and the sender's (protocol 6, "Evidence"). No store, no clock.
#pragma once

#include "adapters/agent/keep/store.h"
#include "crypto/note.h"

namespace adapters::agent::mail {

struct Conflict {
  base::Bytes first, second;  // DELIVER frames; `first` is empty if it is no longer held
};
base::Bytes pack(const Conflict& c);
std::optional<Conflict> unpack_conflict(base::View v);
// The frame of the received group with this leaf, if it is still kept.
std::optional<base::Bytes> received_frame(keep::Tx& tx, const base::Hash& leaf);

enum class Guilty { kNobody, kHub, kSender };
struct Finding {
  Guilty who = Guilty::kNobody;
  std::string words;
};
// kSender: two signed batches with one number. kHub: it logged two groups for one place, or two batches after one. kNobody: what does not
// hold together, is one and the same, or does not collide.
Finding judge_conflict(const Conflict& c, const crypto::VerifierKey& log, const crypto::PublicKey& sender);

}  // namespace adapters::agent::mail
