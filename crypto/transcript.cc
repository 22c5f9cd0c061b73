// GRP1, HDR1 and BST1, written and read by offset (docs/spec/envelope.md section 2).
#include "crypto/transcript.h"

#include <algorithm>

#include "crypto/internal/layout.h"

namespace crypto {
using namespace internal;
namespace {

constexpr auto kBatchLabel = label<32>("SFH1/batch");

Slot read_slot(View v) {
  const Get get(v);
  Slot s;
  s.recipient = get.bytes<16>(0);
  s.epoch = get.num<std::uint32_t>(16);
  s.epoch_kid = get.bytes<8>(24);
  s.pair_seq = get.num<std::uint64_t>(32);
  s.prev_group_leaf = get.bytes<32>(40);
  s.wrapped = get.bytes<48>(72);
  return s;
}

// Chained or broadcast in every respect, as far as the slots and flags tell; sorted; none for the sender.
base::Status check_slots(const Grp1& g) {
  const bool broadcast = g.broadcast();
  if (!broadcast && g.slots.size() != 1) return wrong("a chained group has exactly one slot", "GRP1");
  if (broadcast && g.flags != 0) return wrong("a broadcast cannot restart a chain", "GRP1 flags");
  if (!broadcast && g.slots[0].pair_seq > UINT64_MAX - g.n_msgs) return wrong("the pair chain would overflow", "GRP1 slot");
  if ((g.flags & Grp1::kChainRestart) != 0 && !base::all_zero(g.slots[0].prev_group_leaf)) {
    return wrong("a restarted chain has no previous group", "GRP1 slot");
  }
  for (std::size_t i = 0; i < g.slots.size(); ++i) {
    const Slot& s = g.slots[i];
    if (s.recipient == g.sender) return wrong("a slot for the sender itself", "GRP1 slot");
    if (i > 0 && !(g.slots[i - 1].recipient < s.recipient))
      return wrong("slots are not sorted by recipient, or one is double", "GRP1 slot");
    if (broadcast && (s.pair_seq != 0 || !base::all_zero(s.prev_group_leaf)))
      return wrong("a broadcast has no place in a pair chain", "GRP1 slot");
  }
  return {};
}

}  // namespace

const Slot* Grp1::slot_of(const Id& recipient) const {
  const auto it = std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.recipient == recipient; });
  return it == slots.end() ? nullptr : &*it;
}

base::Bytes encode(const Grp1& g) {
  CHECK(g.slots.size() <= kMaxSlots);
  base::Bytes out(kGrpPrefix + kSlotSize * g.slots.size());
  Put put(out.data());
  put.bytes(0, base::view("SFG1"));
  put.num(4, g.suite);
  put.num(6, static_cast<std::uint16_t>(g.slots.size()));
  put.num(8, g.n_msgs);
  put.num(12, g.flags);
  put.bytes(16, g.sender);
  put.bytes(32, g.sender_cert);
  put.bytes(64, g.ephemeral);
  put.num(96, g.batch_seq);
  put.num(104, g.group_no);
  for (std::size_t j = 0; j < g.slots.size(); ++j) {
    const Slot& s = g.slots[j];
    Put at(out.data() + kGrpPrefix + kSlotSize * j);
    at.bytes(0, s.recipient);
    at.num(16, s.epoch);
    at.bytes(24, s.epoch_kid);
    at.num(32, s.pair_seq);
    at.bytes(40, s.prev_group_leaf);
    at.bytes(72, s.wrapped);
  }
  return out;
}

base::Result<Grp1> parse_grp1(View v) {
  if (v.size() < kGrpPrefix || !starts_with(v, base::view("SFG1"))) return wrong("not a group header", "GRP1");
  const Get get(v);
  Grp1 g;
  g.suite = get.num<std::uint16_t>(4);
  TRY(check_suite(g.suite, "GRP1"));
  const std::size_t n_slots = get.num<std::uint16_t>(6);
  g.n_msgs = get.num<std::uint32_t>(8);
  g.flags = get.num<std::uint32_t>(12);
  if (n_slots > kMaxSlots || g.n_msgs > kMaxMessages)
    return base::Error{base::Kind::kTooLarge, "too many slots or messages in a group", "GRP1"};
  if (n_slots == 0 || g.n_msgs == 0) return wrong("a group without slots or messages", "GRP1");
  if (v.size() != kGrpPrefix + kSlotSize * n_slots) return wrong("the length does not fit the number of slots", "GRP1");
  if ((g.flags & ~Grp1::kChainRestart) != 0 || !get.zero(108, 4)) return wrong("undefined flags or reserved bytes are set", "GRP1");
  g.sender = get.bytes<16>(16);
  g.sender_cert = get.bytes<32>(32);
  g.ephemeral = get.bytes<32>(64);
  g.batch_seq = get.num<std::uint64_t>(96);
  g.group_no = get.num<std::uint32_t>(104);
  g.slots.reserve(n_slots);
  for (std::size_t j = 0; j < n_slots; ++j) {
    const View slot = v.subspan(kGrpPrefix + kSlotSize * j, kSlotSize);
    if (!base::all_zero(slot.subspan(20, 4)) || !base::all_zero(slot.subspan(120, 8))) return wrong("reserved bytes are set", "GRP1 slot");
    g.slots.push_back(read_slot(slot));
  }
  TRY(check_slots(g));
  return g;
}

base::Fixed<128> encode(const Hdr1& h) {
  base::Fixed<128> out{};
  Put put(out.data());
  put.bytes(0, base::view("SFM1"));
  put.num(4, h.suite);
  put.num(6, h.kind);
  put.bytes(8, h.msg_id);
  put.bytes(24, h.thread_id);
  put.num(40, h.created.ms);
  put.num(48, h.expires.ms);
  put.num(56, h.policy_version);
  put.num(60, h.purpose);
  put.num(62, h.flags);
  put.num(64, h.thread_seq);
  put.num(68, h.ct_len);
  put.bytes(72, h.thread_prev);
  return out;
}

Hdr1 read_hdr1(View v) {
  CHECK(v.size() == 128);
  const Get get(v);
  Hdr1 h;
  h.suite = get.num<std::uint16_t>(4);
  h.kind = get.num<std::uint16_t>(6);
  h.msg_id = get.bytes<16>(8);
  h.thread_id = get.bytes<16>(24);
  h.created.ms = get.num<std::uint64_t>(40);
  h.expires.ms = get.num<std::uint64_t>(48);
  h.policy_version = get.num<std::uint32_t>(56);
  h.purpose = get.num<std::uint16_t>(60);
  h.flags = get.num<std::uint16_t>(62);
  h.thread_seq = get.num<std::uint32_t>(64);
  h.ct_len = get.num<std::uint32_t>(68);
  h.thread_prev = get.bytes<32>(72);
  return h;
}

base::Result<Hdr1> parse_hdr1(View v) {
  if (v.size() != 128 || !starts_with(v, base::view("SFM1"))) return wrong("not a message header", "HDR1");
  Hdr1 h = read_hdr1(v);
  TRY(check_suite(h.suite, "HDR1"));
  constexpr std::uint16_t known = Hdr1::kDeliveredWanted | Hdr1::kReadWanted | Hdr1::kTest;
  if ((h.flags & ~known) != 0 || !base::all_zero(v.subspan(104, 24))) return wrong("undefined flags or reserved bytes are set", "HDR1");
  return h;
}

base::Fixed<216> encode(const Bst1& b) {
  base::Fixed<216> out{};
  Put put(out.data());
  put.bytes(0, kBatchLabel);
  put.num(32, b.suite);
  put.num(36, b.n_groups);
  put.bytes(40, b.sender);
  put.bytes(56, b.sender_cert);
  put.num(88, b.batch_seq);
  put.num(96, b.created.ms);
  put.bytes(104, b.prev_batch);
  put.bytes(136, b.batch_root);
  put.bytes(168, b.hub_id);
  put.num(200, b.dir_seq);
  return out;
}

base::Result<Bst1> parse_bst1(View v) {
  if (v.size() != 216 || !starts_with(v, kBatchLabel)) return wrong("not a batch statement", "BST1");
  const Get get(v);
  Bst1 b;
  b.suite = get.num<std::uint16_t>(32);
  TRY(check_suite(b.suite, "BST1"));
  b.n_groups = get.num<std::uint32_t>(36);
  if (b.n_groups == 0) return wrong("a batch without groups", "BST1");
  if (b.n_groups > kMaxGroups) return base::Error{base::Kind::kTooLarge, "too many groups in a batch", "BST1"};
  if (!get.zero(34, 2) || !get.zero(208, 8)) return wrong("reserved bytes are set", "BST1");
  b.sender = get.bytes<16>(40);
  b.sender_cert = get.bytes<32>(56);
  b.batch_seq = get.num<std::uint64_t>(88);
  b.created.ms = get.num<std::uint64_t>(96);
  b.prev_batch = get.bytes<32>(104);
  b.batch_root = get.bytes<32>(136);
  b.hub_id = get.bytes<32>(168);
  b.dir_seq = get.num<std::uint64_t>(200);
  return b;
}

}  // namespace crypto
