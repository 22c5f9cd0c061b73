// The fixed layouts, written and read by offset (docs/spec/envelope.md sections 2-5, audit.md), and the labelled hashes over them.
#include "crypto/transcript.h"

#include <algorithm>

#include "crypto/merkle.h"

namespace crypto {
namespace {

using base::Byte;
using base::View;

// Puts fields at fixed offsets of a zeroed buffer.
class Put {
 public:
  explicit Put(Byte* p) : p_(p) {}
  void bytes(std::size_t at, View v) { std::memcpy(p_ + at, v.data(), v.size()); }
  template <class T>
  void num(std::size_t at, T v) {
    base::store_le(p_ + at, v);
  }

 private:
  Byte* p_;
};

// Reads fields of a buffer whose length has been checked.
class Get {
 public:
  explicit Get(View v) : v_(v) {}
  template <std::size_t N>
  [[nodiscard]] base::Fixed<N> bytes(std::size_t at) const {
    return base::fixed<N>(v_.subspan(at, N));
  }
  template <class T>
  [[nodiscard]] T num(std::size_t at) const {
    return base::load_le<T>(v_.data() + at);
  }
  [[nodiscard]] bool zero(std::size_t at, std::size_t n) const { return base::all_zero(v_.subspan(at, n)); }

 private:
  View v_;
};

template <std::size_t N>
constexpr base::Fixed<N> label(std::string_view s) {
  base::Fixed<N> out{};
  for (std::size_t i = 0; i < s.size(); ++i) out[i] = static_cast<Byte>(s[i]);
  return out;
}
constexpr auto kBatchLabel = label<32>("SFH1/batch");
constexpr auto kReceiptLabel = label<32>("SFH1/receipt");
constexpr auto kKidLabel = label<16>("SFH1/epoch-kid");
constexpr auto kGrpCtxLabel = label<16>("SFH1/grp-ctx");
constexpr auto kCommitLabel = label<16>("SFH1/key-commit");
constexpr auto kMsgLeafLabel = label<16>("SFH1/msg-leaf");
constexpr auto kGrpLeafLabel = label<16>("SFH1/grp-leaf");

bool starts_with(View v, View magic) { return base::equal(v.first(magic.size()), magic); }

base::Error wrong(const char* what, const char* where) { return base::malformed(what, where); }

base::Status check_suite(std::uint16_t suite, const char* where) {
  if (suite == kSuite1) return {};
  return base::Error{base::Kind::kUnsupported, "unknown suite", where, "update this program"};
}

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
    if (i > 0 && !(g.slots[i - 1].recipient < s.recipient)) return wrong("slots are not sorted by recipient, or one is double", "GRP1 slot");
    if (broadcast && (s.pair_seq != 0 || !base::all_zero(s.prev_group_leaf))) return wrong("a broadcast has no place in a pair chain", "GRP1 slot");
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
  if (n_slots > kMaxSlots || g.n_msgs > kMaxMessages) return base::Error{base::Kind::kTooLarge, "too many slots or messages in a group", "GRP1"};
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

base::Fixed<184> encode(const Rcp1& r) {
  base::Fixed<184> out{};
  Put put(out.data());
  put.bytes(0, kReceiptLabel);
  put.num(32, r.suite);
  put.num(34, r.status);
  put.num(36, r.n_failed);
  put.bytes(40, r.recipient);
  put.bytes(56, r.recipient_cert);
  put.bytes(88, r.sender);
  put.num(104, r.upto_pair_seq);
  put.bytes(112, r.group_leaf);
  put.num(144, r.time.ms);
  put.bytes(152, r.ref_leaf);
  return out;
}

base::Result<Rcp1> parse_rcp1(View v) {
  if (v.size() != 184 || !starts_with(v, kReceiptLabel)) return wrong("not a receipt", "RCP1");
  const Get get(v);
  Rcp1 r;
  r.suite = get.num<std::uint16_t>(32);
  TRY(check_suite(r.suite, "RCP1"));
  r.status = get.num<std::uint16_t>(34);
  r.n_failed = get.num<std::uint32_t>(36);
  r.recipient = get.bytes<16>(40);
  r.recipient_cert = get.bytes<32>(56);
  r.sender = get.bytes<16>(88);
  r.upto_pair_seq = get.num<std::uint64_t>(104);
  r.group_leaf = get.bytes<32>(112);
  r.time.ms = get.num<std::uint64_t>(144);
  r.ref_leaf = get.bytes<32>(152);
  const bool about_group = r.status == 5 || r.status == 6;
  if (r.status != 1 && r.status != 2 && !about_group) return wrong("unknown receipt status", "RCP1");
  if (r.status == 2 ? r.upto_pair_seq != 0 || r.n_failed != 0 : r.upto_pair_seq == 0) return wrong("counters do not fit the status", "RCP1");
  if (about_group && !base::all_zero(r.ref_leaf)) return wrong("only delivered and read receipts carry a reference", "RCP1");
  if (r.status == 2 && base::all_zero(r.ref_leaf)) return wrong("a read receipt names its message", "RCP1");
  return r;
}

base::Fixed<112> encode(const Ent1& e) {
  base::Fixed<112> out{};
  Put put(out.data());
  put.bytes(0, base::view("SFE1"));
  out[4] = e.type;
  out[5] = 1;
  put.num(6, e.flags);
  put.num(8, e.hub_time.ms);
  put.num(16, e.count);
  put.num(24, e.dir_seq);
  put.bytes(32, e.subject);
  put.bytes(64, e.container);
  return out;
}

base::Result<Ent1> parse_ent1(View v) {
  if (v.size() != 112 || !starts_with(v, base::view("SFE1"))) return wrong("not a log entry", "ENT1");
  if (v[5] != 1) return base::Error{base::Kind::kUnsupported, "unknown version of a log entry", "ENT1", "update this program"};
  const Get get(v);
  Ent1 e;
  e.type = v[4];
  e.flags = get.num<std::uint16_t>(6);
  e.hub_time.ms = get.num<std::uint64_t>(8);
  e.count = get.num<std::uint32_t>(16);
  e.dir_seq = get.num<std::uint64_t>(24);
  e.subject = get.bytes<32>(32);
  e.container = get.bytes<32>(64);
  const bool accept = e.type == 1;
  if (e.type == 0 || e.type > 9) return wrong("unknown entry type", "ENT1");
  if ((e.flags & ~(accept ? Ent1::kLate : 0)) != 0) return wrong("undefined flags are set", "ENT1");
  if (!get.zero(20, 4) || !get.zero(96, 16)) return wrong("reserved bytes are set", "ENT1");
  if (accept ? e.count == 0 || e.count > kMaxMessages : e.count != 0) return wrong("the count does not fit the entry type", "ENT1");
  return e;
}

Hash group_context(View grp) { return sha256({kGrpCtxLabel, grp}); }

Hash key_commitment(View message_key) { return sha256({kCommitLabel, message_key}); }

Hash message_leaf(const Hash& gctx, std::uint32_t i, View hdr, const Hash& commit, const Hash& ct_hash) {
  CHECK(hdr.size() == 128);
  Byte buf[1 + 16 + 32 + 4 + 128 + 32 + 32] = {0};
  Put put(buf);
  put.bytes(1, kMsgLeafLabel);
  put.bytes(17, gctx);
  put.num(49, i);
  put.bytes(53, hdr);
  put.bytes(181, commit);
  put.bytes(213, ct_hash);
  return sha256(buf);
}

Hash group_leaf(const Hash& gctx, std::uint32_t n_msgs, const Hash& group_root) {
  Byte buf[1 + 16 + 32 + 4 + 32] = {0};
  Put put(buf);
  put.bytes(1, kGrpLeafLabel);
  put.bytes(17, gctx);
  put.num(49, n_msgs);
  put.bytes(53, group_root);
  return sha256(buf);
}

Hash batch_hash(View bst, View sig) { return sha256({bst, sig}); }

Hash hub_id(std::string_view origin) { return sha256({base::view(origin), base::view("\n")}); }

base::Fixed<8> epoch_kid(const PublicKey& epoch_key) { return base::fixed<8>(View(sha256({kKidLabel, epoch_key})).first(8)); }

}  // namespace crypto
