// Rounds: one checkpoint at a time is offered to all witnesses, so that they sign the same tree however fast it grows (protocol section 6,
// "Quorum": not per commit). Cosignatures gather here until there are enough. Owned by the library's thread.
#pragma once

#include "crypto/directory.h"
#include "crypto/witness.h"
#include "hub/state/reader.h"

namespace hub::broker {

class Rounds {
 public:
  explicit Rounds(std::uint64_t round_ms) : round_ms_(round_ms) {}

  // What a witness that has signed `old` entries is asked next: an add-checkpoint body; empty: nothing that it has not signed. kMalformed: it
  // claims more than there is.
  base::Result<std::string> request(const state::Reader& reader, const crypto::Directory& directory, std::uint64_t old, std::uint64_t tick);

  struct Taken {
    std::uint64_t size = 0;
    crypto::Cosigned by;
    std::string note;     // the checkpoint with the lines of all so far
    bool enough = false;  // quorum, or one where the anchor asks for none
  };
  // A checkpoint with cosignature lines that hold: joined with those that came before. kBadSignature: not our checkpoint, or no line of a
  // witness. kNotFound: of a round that is over.
  base::Result<Taken> take(const crypto::Directory& directory, std::span<const crypto::VerifierKey> members, std::string_view note);

 private:
  struct Round {
    std::uint64_t began = 0;
    crypto::Checkpoint checkpoint;
    crypto::Note note;
  };
  const std::uint64_t round_ms_;
  std::vector<Round> rounds_;  // this one, and the one before: a slow witness is late by one
};

}  // namespace hub::broker
