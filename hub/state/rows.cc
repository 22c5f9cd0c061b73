// The tables' bytes. See rows.h.
#include "hub/state/rows.h"

#include <algorithm>

namespace hub::state {
namespace {

// Writes or reads one field after the other; both sides of a row use the same order.
class Put {
 public:
  explicit Put(base::Byte* p) : p_(p) {}
  template <class T>
  Put& num(T v) {
    base::store_le(p_, v);
    p_ += sizeof(T);
    return *this;
  }
  template <class T>
  Put& big(T v) {
    base::store_be(p_, v);
    p_ += sizeof(T);
    return *this;
  }
  Put& bytes(base::View v) {
    p_ = std::ranges::copy(v, p_).out;
    return *this;
  }

 private:
  base::Byte* p_;
};

class Take {
 public:
  explicit Take(base::View v) : p_(v.data()) {}
  template <class T>
  Take& num(T& out) {
    out = base::load_le<T>(p_);
    p_ += sizeof(T);
    return *this;
  }
  Take& hash(base::Hash& out) {
    std::memcpy(out.data(), p_, out.size());
    p_ += out.size();
    return *this;
  }

 private:
  const base::Byte* p_;
};

constexpr std::size_t kStateRowFixed = 4 + 8 + 8 + 32 + 4 + 8 + 4;

}  // namespace

base::Fixed<8> key(std::uint64_t a) {
  base::Fixed<8> k;
  Put(k.data()).big(a);
  return k;
}
base::Fixed<12> key(std::uint32_t a, std::uint64_t b) {
  base::Fixed<12> k;
  Put(k.data()).big(a).big(b);
  return k;
}
base::Fixed<16> key(std::uint64_t a, std::uint64_t b) {
  base::Fixed<16> k;
  Put(k.data()).big(a).big(b);
  return k;
}
base::Fixed<16> key(std::uint32_t a, std::uint32_t b, std::uint64_t c) {
  base::Fixed<16> k;
  Put(k.data()).big(a).big(b).big(c);
  return k;
}
base::Fixed<20> key(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint64_t d) {
  base::Fixed<20> k;
  Put(k.data()).big(a).big(b).big(c).big(d);
  return k;
}
base::Fixed<32> key(const base::Id& a, const base::Id& b) {
  base::Fixed<32> k;
  Put(k.data()).bytes(a).bytes(b);
  return k;
}
base::Fixed<8> node_key(unsigned level, std::uint64_t index) { return key((static_cast<std::uint64_t>(level) << 56) | index); }

base::Fixed<64> encode(const AgentRow& r) {
  base::Fixed<64> out;
  Put(out.data()).num(r.no).num(r.batch_seq).bytes(r.batch_hash).num(r.batch_first).num(r.batch_n).num(r.waiting);
  return out;
}
std::optional<AgentRow> parse_agent_row(base::View v) {
  if (v.size() != 64) return std::nullopt;
  AgentRow r;
  Take(v).num(r.no).num(r.batch_seq).hash(r.batch_hash).num(r.batch_first).num(r.batch_n).num(r.waiting);
  return r;
}

base::Fixed<68> encode(const PairRow& r) {
  base::Fixed<68> out;
  Put(out.data()).num(r.chain).num(r.upto).bytes(r.leaf).num(r.index).num(r.serial).num(r.waiting);
  return out;
}
std::optional<PairRow> parse_pair_row(base::View v) {
  if (v.size() != 68) return std::nullopt;
  PairRow r;
  Take(v).num(r.chain).num(r.upto).hash(r.leaf).num(r.index).num(r.serial).num(r.waiting);
  return r;
}

base::Fixed<24> encode(const ChainRow& r) {
  base::Fixed<24> out;
  Put(out.data()).num(r.index).num(r.delivered).num(r.failed);
  return out;
}
std::optional<ChainRow> parse_chain_row(base::View v) {
  if (v.size() != 24) return std::nullopt;
  ChainRow r;
  Take(v).num(r.index).num(r.delivered).num(r.failed);
  return r;
}

base::Fixed<84> encode(const AckRow& r) {
  base::Fixed<84> out;
  Put(out.data()).num(r.first).num(r.n).num(r.hub_time).bytes(r.batch_hash).bytes(r.bst_hash);
  return out;
}
std::optional<AckRow> parse_ack_row(base::View v) {
  if (v.size() != 84) return std::nullopt;
  AckRow r;
  Take(v).num(r.first).num(r.n).num(r.hub_time).hash(r.batch_hash).hash(r.bst_hash);
  return r;
}

base::Fixed<9> encode(const InboxRow& r) {
  base::Fixed<9> out;
  Put(out.data()).num(r.expires).num(r.flags);
  return out;
}
std::optional<InboxRow> parse_inbox_row(base::View v) {
  if (v.size() != 9) return std::nullopt;
  InboxRow r;
  Take(v).num(r.expires).num(r.flags);
  return r;
}

base::Bytes encode(const StateRow& r) {
  base::Bytes out(kStateRowFixed + r.edge.size() * 32);
  Put put(out.data());
  put.bytes(base::view("SFS1")).num(r.size).num(r.hub_time).bytes(r.hub_subject).num(r.agents).num(r.checkpoints);
  put.num(static_cast<std::uint32_t>(r.edge.size()));
  for (const base::Hash& h : r.edge) put.bytes(h);
  return out;
}
std::optional<StateRow> parse_state_row(base::View v) {
  if (v.size() < kStateRowFixed || base::text(v.first(4)) != "SFS1") return std::nullopt;
  StateRow r;
  std::uint32_t n = 0;
  Take take(v.subspan(4));
  take.num(r.size).num(r.hub_time).hash(r.hub_subject).num(r.agents).num(r.checkpoints).num(n);
  if (n > 64 || v.size() != kStateRowFixed + n * 32) return std::nullopt;
  r.edge.resize(n);
  for (base::Hash& h : r.edge) take.hash(h);
  return r;
}

std::uint64_t GroupView::largest_expiry() const {
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < n_msgs(); ++i) most = std::max(most, expires(i));
  return most;
}

std::optional<GroupView> parse_group_row(base::View v) {
  if (v.size() < kGroupRowPrefix + 112 || v[4] > 1 || v[5] != 0) return std::nullopt;
  GroupView g;
  g.chain = base::load_le<std::uint32_t>(v.data());
  g.erased = v[4] != 0;
  const std::size_t path = std::size_t{base::load_le<std::uint16_t>(v.data() + 6)} * 32;
  g.bst = v.subspan(8, 216);
  g.sig = v.subspan(224, 64);
  if (v.size() < kGroupRowPrefix + path + 112) return std::nullopt;
  g.path = v.subspan(kGroupRowPrefix, path);
  g.grp = v.subspan(kGroupRowPrefix + path);
  const std::size_t grp = 112 + std::size_t{128} * g.n_slots();
  const std::size_t messages = GroupView::kPerMessage * g.n_msgs();
  if (g.n_slots() == 0 || g.n_slots() > crypto::kMaxSlots || g.n_msgs() == 0 || g.n_msgs() > crypto::kMaxMessages ||
      g.grp.size() != grp + messages)
    return std::nullopt;
  g.messages = g.grp.subspan(grp);
  g.grp = g.grp.first(grp);
  return g;
}

}  // namespace hub::state
