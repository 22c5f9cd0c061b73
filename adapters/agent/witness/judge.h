// What a witness answers to an add-checkpoint request: the state machine of protocol section 12, as a pure function. Statuses are those of
// C2SP tlog-witness.
#pragma once

#include "crypto/witness.h"

namespace adapters::agent::witness {

struct Signed {  // what this witness has put its name to: never less, never another tree
  std::string origin;
  std::uint64_t size = 0;
  base::Hash root{};
};

struct Judged {
  int status = 200;        // 200 sign it; 400 malformed; 403 not the log's word; 404 another log; 409 we have signed `own.size`; 422 the proof does not hold
  std::string words;
  bool convicts = false;   // the log signed something that cannot be true beside what was signed: evidence, no mail until people say so
  crypto::Checkpoint checkpoint{};  // of a request whose checkpoint is the log's
};
Judged judge(const Signed& own, const crypto::VerifierKey& log, const crypto::AddCheckpoint& request);

}  // namespace adapters::agent::witness
