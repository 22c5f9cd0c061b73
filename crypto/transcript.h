// The fixed binary layouts that are hashed and signed: GRP1, HDR1, BST1, RCP1, ENT1. Bytes: docs/spec/envelope.md and audit.md.
// All are values. encode() writes exactly the layout; parse_*() accepts exactly what encode() can write: every magic, reserved
// byte and undefined flag bit is checked, lengths are exact. parse never allocates more than its input is long.
// Rules between structures (bindings, chains) are not here but in batch.h.
#pragma once

#include "crypto/base/instant.h"
#include "crypto/base/result.h"
#include "crypto/keys.h"

namespace crypto {

using base::Hash;
using base::Id;

inline constexpr std::uint16_t kSuite1 = 0x0001;
inline constexpr std::size_t kMaxGroups = 256, kMaxSlots = 64, kMaxMessages = 1024, kMaxBody = 256 * 1024, kTag = 16;

struct Slot {  // 128 B
  Id recipient{};
  std::uint32_t epoch = 0;
  base::Fixed<8> epoch_kid{};
  std::uint64_t pair_seq = 0;  // of the group's first message; 0 in every slot of a broadcast
  Hash prev_group_leaf{};
  base::Fixed<48> wrapped{};
};

struct Grp1 {  // 112 B prefix + 128 B per slot
  std::uint16_t suite = kSuite1;
  std::uint32_t n_msgs = 0;
  std::uint32_t flags = 0;  // kChainRestart
  Id sender{};
  Hash sender_cert{};
  PublicKey ephemeral{};
  std::uint64_t batch_seq = 0;
  std::uint32_t group_no = 0;
  std::vector<Slot> slots;
  static constexpr std::uint32_t kChainRestart = 1;
  [[nodiscard]] bool broadcast() const { return !slots.empty() && slots[0].pair_seq == 0; }
  [[nodiscard]] const Slot* slot_of(const Id& recipient) const;
};
base::Bytes encode(const Grp1& g);
base::Result<Grp1> parse_grp1(base::View v);  // also: sorted, no duplicates, none for the sender; chained or broadcast in every respect (slots only)
inline constexpr std::size_t kGrpPrefix = 112, kSlotSize = 128;

struct Hdr1 {  // 128 B
  std::uint16_t suite = kSuite1;
  std::uint16_t kind = 0;  // schemas/registry.h
  Id msg_id{}, thread_id{};
  base::Instant created{}, expires{};
  std::uint32_t policy_version = 0;
  std::uint16_t purpose = 0;
  std::uint16_t flags = 0;
  std::uint32_t thread_seq = 0;
  std::uint32_t ct_len = 0;
  Hash thread_prev{};
  static constexpr std::uint16_t kDeliveredWanted = 1, kReadWanted = 2, kTest = 8;
};
base::Fixed<128> encode(const Hdr1& h);
base::Result<Hdr1> parse_hdr1(base::View v);
Hdr1 read_hdr1(base::View v);  // the fields of 128 bytes, no rule checked: for headers that open() will judge (protocol 4.2 step 8)

struct Bst1 {  // 216 B
  std::uint16_t suite = kSuite1;
  std::uint32_t n_groups = 0;
  Id sender{};
  Hash sender_cert{};
  std::uint64_t batch_seq = 0;
  base::Instant created{};
  Hash prev_batch{};
  Hash batch_root{};
  Hash hub_id{};
  std::uint64_t dir_seq = 0;
};
base::Fixed<216> encode(const Bst1& b);
base::Result<Bst1> parse_bst1(base::View v);

struct Rcp1 {  // 184 B
  std::uint16_t suite = kSuite1;
  std::uint16_t status = 0;  // 1 delivered, 2 read, 5 undecryptable, 6 expired-unread
  std::uint32_t n_failed = 0;
  Id recipient{};
  Hash recipient_cert{};
  Id sender{};
  std::uint64_t upto_pair_seq = 0;
  Hash group_leaf{};
  base::Instant time{};
  Hash ref_leaf{};
};
base::Fixed<184> encode(const Rcp1& r);
base::Result<Rcp1> parse_rcp1(base::View v);

struct Ent1 {  // 112 B
  std::uint8_t type = 0;  // schemas/registry.h: EntryType
  std::uint16_t flags = 0;
  base::Instant hub_time{};
  std::uint32_t count = 0;
  std::uint64_t dir_seq = 0;
  Hash subject{}, container{};
  static constexpr std::uint16_t kLate = 1;
};
base::Fixed<112> encode(const Ent1& e);
base::Result<Ent1> parse_ent1(base::View v);

// The hashes of protocol section 4.1. `grp` is the encoded GRP1 with all slots, `hdr` the encoded HDR1.
Hash group_context(base::View grp);                                                                                     // gctx
Hash key_commitment(base::View message_key);                                                                            // C_i
Hash message_leaf(const Hash& gctx, std::uint32_t i, base::View hdr, const Hash& commit, const Hash& ct_hash);          // msg_leaf_i
Hash group_leaf(const Hash& gctx, std::uint32_t n_msgs, const Hash& group_root);
Hash batch_hash(base::View bst, base::View sig);
Hash hub_id(std::string_view origin);
base::Fixed<8> epoch_kid(const PublicKey& epoch_key);

}  // namespace crypto
