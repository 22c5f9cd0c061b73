// Sealing and opening, protocol 4.1 and 4.2 step 8. Only agents link this; the hub must not (tests/lint proves it).
// Two verbs: seal() makes a finished, signed batch; open() gives the bodies of one delivered group, whole or not at all.
#pragma once

#include "crypto/batch.h"
#include "crypto/random.h"

namespace crypto {

struct Draft {            // one message before sealing
  Hdr1 hdr;               // suite, ct_len are filled in; everything else is the caller's
  base::Bytes body;       // encoded body, at most kMaxBody - 4 after padding rules; wiped by the caller
  // The message that this one answers lies in this same batch: (group, message) earlier in it. Overrides hdr.thread_prev.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> answers_in_batch;
};
struct Recipient {
  Id agent{};
  std::uint32_t epoch = 0;
  PublicKey epoch_key{};
  std::uint64_t pair_seq = 0;  // next position in the pair chain; 0 for a broadcast
  Hash prev_group_leaf{};
};
struct DraftGroup {
  std::vector<Recipient> to;  // one if chained; any order, seal() sorts
  std::vector<Draft> messages;
  bool chain_restart = false;
};
struct SealRequest {
  std::uint16_t suite = kSuite1;  // known here, and one that every recipient's epoch note names
  Id sender{};
  Hash sender_cert{};
  std::uint64_t batch_seq = 0;  // the caller guarantees: never used before by this sender at this hub
  base::Instant created{};
  Hash prev_batch{};
  Hash hub_id{};
  std::uint64_t dir_seq = 0;
  std::vector<DraftGroup> groups;
};
struct Hedge {            // RFC 8937: a repeated generator alone repeats no key
  const Secret<32>& secret;
  Random& random;
  std::uint64_t now_ns;
};

struct SealedMessage {
  base::Fixed<128> hdr{};
  Hash commit{};
  base::Bytes ct;
  Hash leaf{};
};
struct SealedGroup {
  base::Bytes grp;
  std::vector<SealedMessage> msgs;
  Hash leaf{};
};
struct SealedBatch {  // a value: finished bytes, to be persisted before the first send
  base::Fixed<216> bst{};
  Signature sig{};
  std::vector<SealedGroup> groups;
  Hash hash{};
  [[nodiscard]] BatchParts parts() const;  // views into this
};

// kUsage for a request that breaks a rule of protocol 4 (limits, forms), kTooLarge for a body over the limit.
base::Result<SealedBatch> seal(const SealRequest& request, const SignKey& sign, const Hedge& hedge);

// Opens one whole group that check_hashes() has accepted. All messages or none. kNotFound: no slot for `self`;
// kStale: tombstone; kBadSignature: wrong key, commitment, tag; kMalformed, kUnsupported, kTooLarge: header or padding rules. Bodies in message order.
base::Result<std::vector<base::Bytes>> open(const GroupParts& parts, const ParsedGroup& group, const Id& self, const BoxKey& epoch_key);

// Selective disclosure: the message keys K_i of a received group, whole or tombstone (protocol 4.3).
base::Result<std::vector<Secret<32>>> message_keys(const GroupParts& parts, const ParsedGroup& group, const Id& self, const BoxKey& epoch_key);
// Opens one ciphertext with a disclosed K_i; checks commitment, tag, padding. Needs no other secret (used by the offline verifier).
base::Result<base::Bytes> open_disclosed(const Hash& gctx, base::View hdr, const Hash& commit, base::View ct, base::View k_i);

}  // namespace crypto
