// Witness: this agency's name under the log. It signs a checkpoint only after its own scan has passed every entry below it, after what it signs
// is on disk, and never a smaller or another tree (protocol sections 6 and 12). It also follows what the others have signed. One thread.
#pragma once

#include "adapters/agent/mail/office.h"
#include "adapters/agent/witness/judge.h"

namespace adapters::agent::witness {

// The newest checkpoint that enough witnesses signed, as this agent has checked it; empty: none yet.
std::string witnessed(keep::Tx& tx);
Signed signed_so_far(keep::Tx& tx);

class Witness {
 public:
  explicit Witness(mail::Office& office) : office_(office) {}

  // One round with the hub: what it asks is judged, signed and handed in; then what the others signed is taken over. Does nothing before
  // `every_ms` have passed since the last one.
  void round(hub::client::Client& hub, std::uint64_t every_ms);

  // Answers one request as a tlog-witness server does; on disk before it returns. 200: `words` are the cosignature lines.
  Judged answer(hub::client::Client& hub, std::string_view body);

  // Own mail that no quorum has signed for long: the words for people; empty: none, or no quorum is asked for.
  [[nodiscard]] std::string unwitnessed() const;

 private:
  void follow(hub::client::Client& hub);
  void convict(const std::string& words, const crypto::Checkpoint& theirs, std::string_view note);

  mail::Office& office_;
  base::Instant last_{};
};

}  // namespace adapters::agent::witness
