// A batch as it lies in a frame (views into somebody else's buffer), and the checks that anyone can make without a key:
// forms and bindings, the signature, the hashes up to batch_root. Protocol 4.1 "Frames", 4.2 steps 1, 2, 4 (signature) and 5; 7.
// The stages are separate functions because the hub answers each with its own NACK code and in this order, cheapest first.
#pragma once

#include "crypto/transcript.h"

namespace crypto {

struct MessageParts {
  base::View hdr, commit;  // 128 B, 32 B
  base::View ct;           // the ciphertext; empty for a tombstone
  base::View ct_hash;      // 32 B for a tombstone; else empty
};
struct GroupParts {
  base::View grp;   // GRP1 with all slots
  base::View path;  // audit path in the batch tree; BATCH: empty
  std::vector<MessageParts> msgs;
};
struct BatchParts {
  base::View bst, sig;  // 216 B, 64 B
  std::vector<GroupParts> groups;
};

struct ParsedGroup {
  Grp1 grp;
  std::vector<Hdr1> hdrs;
  Hash gctx{};
  Hash leaf{};                     // set by check_hashes
  std::vector<Hash> msg_leaves;    // set by check_hashes
  bool tombstone = false;
  [[nodiscard]] std::uint64_t upto_pair_seq() const { return grp.slots[0].pair_seq + grp.n_msgs - 1; }
};
struct ParsedBatch {
  Bst1 bst;
  Hash hash{};  // batch_hash
  std::vector<ParsedGroup> groups;
};

enum class Frame { kBatch, kDeliver };

// Forms and bindings: exact lengths, magics, counts, sorted slots, chained/broadcast rules (kinds and flags of a broadcast
// included), suite/sender/cert/batch_seq equal in BST1 and GRP1, group_no == position (BATCH) or < n_groups (DELIVER: one group).
// Every HDR1 is checked for kBatch only. For kDeliver a bad HDR1 is the sender's doing: the chain advances and open() refuses
// the group (4.2 steps 7, 8), so here its fields are just read. Nothing is hashed but GRP1.
// Errors: kMalformed, kUnsupported (suite), kTooLarge.
base::Result<ParsedBatch> parse_batch(const BatchParts& parts, Frame frame);

// Ed25519 over BST1. kBadSignature. Call before any ciphertext is hashed.
base::Status check_signature(const BatchParts& parts, const PublicKey& sender_sign_key);

// Recomputes every leaf and root and fills leaf/msg_leaves. BATCH: all groups give batch_root. DELIVER: group + path do.
base::Status check_hashes(const BatchParts& parts, ParsedBatch& parsed, Frame frame);

// A broadcast carries capacity messages only, with no flag but test.
bool fits_broadcast(const Hdr1& h);
// The rules of one HDR1 with its ciphertext: parse_hdr1, the group's suite, ct_len exact and between 512 + 16 and kMaxBody + 16.
base::Result<Hdr1> check_header(base::View hdr, std::size_t ct_len, std::uint16_t suite);

std::size_t padded_size(std::size_t body_len);  // pad(4 + body_len) of protocol 4.1; 0 if over kMaxBody

}  // namespace crypto
