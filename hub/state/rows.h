// The rows of the hub's tables: keys (big-endian) and values (little-endian), as docs/spec/audit.md prints them. All values.
// A parse_* gives nullopt for a row that this program cannot have written.
#pragma once

#include "crypto/merkle.h"
#include "crypto/transcript.h"
#include "hub/state/kv.h"

namespace hub::state {

inline constexpr std::uint32_t kStoreVersion = 1;
inline constexpr std::uint64_t kKeepCheckpoints = 1000;
inline constexpr std::uint64_t kKeepAcksMs = 30 * base::kDay;
inline constexpr std::uint64_t kKeepDeliveredMs = 7 * base::kDay;  // ciphertext after delivery

base::Fixed<8> key(std::uint64_t a);
base::Fixed<12> key(std::uint32_t a, std::uint64_t b);
base::Fixed<16> key(std::uint64_t a, std::uint64_t b);                                    // kDue
base::Fixed<16> key(std::uint32_t a, std::uint32_t b, std::uint64_t c);                   // kPairRcpt
base::Fixed<20> key(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint64_t d);  // kChain
base::Fixed<32> key(const base::Id& a, const base::Id& b);                                // kPair
base::Fixed<8> node_key(unsigned level, std::uint64_t index);

struct AgentRow {  // 64 B
  std::uint32_t no = 0;
  std::uint64_t batch_seq = 0;  // last accepted batch
  base::Hash batch_hash{};
  std::uint64_t batch_first = 0;
  std::uint32_t batch_n = 0;
  std::uint64_t waiting = 0;  // rows in this agent's mailbox
};
struct PairRow {            // 68 B
  std::uint32_t chain = 0;  // rises with each restart
  std::uint64_t upto = 0;
  base::Hash leaf{};
  std::uint64_t index = 0;    // of that group
  std::uint64_t serial = 0;   // of the sender's certificate there
  std::uint64_t waiting = 0;  // of the recipient's mailbox, how much is this sender's
};
struct ChainRow {  // 24 B
  std::uint64_t index = 0;
  std::uint64_t delivered = 0;  // RECEIPT entry that covers it; 0: none
  std::uint64_t failed = 0;     // RECEIPT entry with status 5 or 6; 0: none
};
struct AckRow {  // 84 B
  std::uint64_t first = 0;
  std::uint32_t n = 0;
  std::uint64_t hub_time = 0;
  base::Hash batch_hash{}, bst_hash{};
};
struct InboxRow {             // 9 B
  std::uint64_t expires = 0;  // largest in the group
  std::uint8_t flags = 0;
  static constexpr std::uint8_t kBroadcast = 1, kTombstone = 2;
};
struct StateRow {  // kMeta "state"
  std::uint64_t size = 0, hub_time = 0;
  base::Hash hub_subject{};       // of the last type-4 entry
  std::uint32_t agents = 0;       // numbers given out
  std::uint64_t checkpoints = 0;  // rows in kCheckpoint
  std::vector<base::Hash> edge;
};
base::Fixed<64> encode(const AgentRow& r);
base::Fixed<68> encode(const PairRow& r);
base::Fixed<24> encode(const ChainRow& r);
base::Fixed<84> encode(const AckRow& r);
base::Fixed<9> encode(const InboxRow& r);
base::Bytes encode(const StateRow& r);
std::optional<AgentRow> parse_agent_row(base::View v);
std::optional<PairRow> parse_pair_row(base::View v);
std::optional<ChainRow> parse_chain_row(base::View v);
std::optional<AckRow> parse_ack_row(base::View v);
std::optional<InboxRow> parse_inbox_row(base::View v);
std::optional<StateRow> parse_state_row(base::View v);

// kGrpMeta: 0 u32 chain no | 4 u8 erased | 5 u8 0 | 6 u16 path hashes | 8 BST1 | 224 sig | 288 path | GRP1 | n_msgs x (HDR1 | C_i | mark)
// mark: the message leaf while the ciphertext is held; SHA-256(ct_i) after it was erased.
struct GroupView {  // into a row
  std::uint32_t chain = 0;
  bool erased = false;
  base::View bst, sig, path, grp, messages;
  static constexpr std::size_t kPerMessage = 128 + 32 + 32;
  [[nodiscard]] std::uint32_t n_msgs() const { return base::load_le<std::uint32_t>(grp.data() + 8); }
  [[nodiscard]] std::uint32_t n_slots() const { return base::load_le<std::uint16_t>(grp.data() + 6); }
  [[nodiscard]] std::uint32_t group_no() const { return base::load_le<std::uint32_t>(grp.data() + 104); }
  [[nodiscard]] base::Id sender() const { return base::fixed<16>(grp.subspan(16, 16)); }
  [[nodiscard]] base::Id recipient(std::size_t slot) const { return base::fixed<16>(grp.subspan(112 + 128 * slot, 16)); }
  [[nodiscard]] std::uint64_t pair_seq() const { return base::load_le<std::uint64_t>(grp.data() + 112 + 32); }  // 0: broadcast
  [[nodiscard]] base::View hdr(std::size_t i) const { return messages.subspan(i * kPerMessage, 128); }
  [[nodiscard]] base::View commit(std::size_t i) const { return messages.subspan(i * kPerMessage + 128, 32); }
  [[nodiscard]] base::View mark(std::size_t i) const { return messages.subspan(i * kPerMessage + 160, 32); }
  [[nodiscard]] std::uint32_t ct_len(std::size_t i) const { return base::load_le<std::uint32_t>(hdr(i).data() + 68); }
  [[nodiscard]] std::uint64_t expires(std::size_t i) const { return base::load_le<std::uint64_t>(hdr(i).data() + 48); }
  [[nodiscard]] std::uint64_t largest_expiry() const;
};
inline constexpr std::size_t kGroupRowPrefix = 8 + 216 + 64;
std::optional<GroupView> parse_group_row(base::View v);

// kLog: ENT1 || leaf hash
inline constexpr std::size_t kLogRow = 144;

}  // namespace hub::state
