// What a log and its witnesses say to each other: the add-checkpoint body (C2SP tlog-witness), and who has cosigned a checkpoint, judged by
// the anchor's tlog-policy (C2SP tlog-policy: witness, group and quorum lines). Values and pure functions.
#pragma once

#include "crypto/certificate.h"
#include "crypto/note.h"

namespace crypto {

// The body of add-checkpoint: "old N", the consistency proof from N to the checkpoint (a base64 hash a line, at most 63), an empty line, the
// checkpoint note. Byte-exact both ways: text() of what was parsed is what was parsed.
struct AddCheckpoint {
  std::uint64_t old = 0;
  std::vector<Hash> proof;
  std::string checkpoint;  // whole note
  [[nodiscard]] std::string text() const;
};
base::Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);  // kMalformed, kTooLarge

struct Cosigned {
  std::vector<std::pair<std::string, base::Instant>> by;  // witness name and its time, in whole seconds; each witness once
  std::vector<std::string> names;                         // the anchor's own of them, as its witness lines name them, in their order
  bool quorum = false;                                    // never, where the anchor says `quorum none`
  base::Instant at{};                                     // the earliest of these times; {} without any
};
// Counts the cosignatures that hold, of the anchor's witnesses and of `more`.
Cosigned cosigned(const Anchor& anchor, const Note& checkpoint, std::span<const VerifierKey> more = {});
bool has_quorum_rule(const Anchor& anchor);  // the anchor names a quorum other than none
bool quorum_of(const Anchor& anchor, std::span<const std::string> witnesses);  // by their policy names (the first word of a witness line)

}  // namespace crypto
