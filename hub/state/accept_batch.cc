// Writes an accepted batch: one ACCEPT entry, group record and mailbox row a group; chain, sender and resend rows. Protocol 12 "Hub
// commit".
#include <algorithm>

#include "hub/state/internal/machine.h"

namespace hub::state {
namespace {

constexpr std::uint64_t kLateMs = 10 * base::kMinute;

// The audit path of every leaf at once: the levels of the small tree are built a single time.
class SmallTree {
 public:
  explicit SmallTree(std::vector<base::Hash> leaves) {
    levels_.push_back(std::move(leaves));
    while (levels_.back().size() > 1) {
      const auto& below = levels_.back();
      std::vector<base::Hash> level;
      for (std::size_t i = 0; i < below.size(); i += 2)
        level.push_back(i + 1 < below.size() ? crypto::merkle_node(below[i], below[i + 1]) : below[i]);
      levels_.push_back(std::move(level));
    }
  }
  [[nodiscard]] std::vector<base::Hash> path(std::size_t index) const {
    std::vector<base::Hash> out;
    for (std::size_t l = 0; l + 1 < levels_.size(); ++l, index >>= 1) {
      if ((index ^ 1) < levels_[l].size()) out.push_back(levels_[l][index ^ 1]);
    }
    return out;
  }

 private:
  std::vector<std::vector<base::Hash>> levels_;
};

base::Status write_group(Kv& kv, std::uint64_t index, std::uint32_t chain, const crypto::BatchParts& parts, const crypto::GroupParts& group,
                         const crypto::ParsedGroup& parsed, const std::vector<base::Hash>& path) {
  const std::size_t n = group.msgs.size();
  TRY_ASSIGN(std::span<base::Byte> meta,
             kv.room(Table::kGrpMeta, key(index), kGroupRowPrefix + path.size() * 32 + group.grp.size() + n * GroupView::kPerMessage));
  base::Byte* p = meta.data();
  const auto put = [&p](base::View v) { p = std::ranges::copy(v, p).out; };
  base::Fixed<8> head{};
  base::store_le(head.data(), chain);
  base::store_le(head.data() + 6, static_cast<std::uint16_t>(path.size()));
  put(head);
  put(parts.bst);
  put(parts.sig);
  for (const base::Hash& h : path) put(h);
  put(group.grp);
  std::size_t ct_bytes = 0;
  for (std::size_t i = 0; i < n; ++i) {
    put(group.msgs[i].hdr);
    put(group.msgs[i].commit);
    put(parsed.msg_leaves[i]);
    ct_bytes += group.msgs[i].ct.size();
  }
  TRY_ASSIGN(std::span<base::Byte> cts, kv.room(Table::kGrpCt, key(index), ct_bytes));
  p = cts.data();
  for (const crypto::MessageParts& m : group.msgs) put(m.ct);
  return {};
}

// Advances the pair's chain and gives the chain number that the group stands in.
base::Result<std::uint32_t> advance_chain(Work& w, const crypto::ParsedGroup& g, std::uint64_t index, std::uint64_t serial) {
  const crypto::Slot& slot = g.grp.slots[0];
  const bool first = w.find_pair(g.grp.sender, slot.recipient) == nullptr;
  PairRow& p = w.pair(g.grp.sender, slot.recipient);
  if (!first && (g.grp.flags & crypto::Grp1::kChainRestart) != 0) ++p.chain;
  p.upto = g.upto_pair_seq();
  p.leaf = g.leaf;
  p.index = index;
  p.serial = serial;
  ++p.waiting;
  TRY(w.kv.put(Table::kChain, key(w.agent(g.grp.sender).no, w.agent(slot.recipient).no, p.chain, slot.pair_seq), encode(ChainRow{index})));
  return p.chain;
}

base::Status into_mailboxes(Work& w, const crypto::ParsedGroup& g, std::uint64_t index, Outcome& out) {
  InboxRow row;
  for (const crypto::Hdr1& h : g.hdrs) row.expires = std::max(row.expires, h.expires.ms);
  if (g.grp.broadcast()) row.flags = InboxRow::kBroadcast;
  for (const crypto::Slot& slot : g.grp.slots) {
    AgentRow& box = w.agent(slot.recipient);
    ++box.waiting;
    TRY(w.kv.put(Table::kInbox, key(box.no, index), encode(row)));
    out.deliveries.push_back({slot.recipient, index});
  }
  const base::Byte type = static_cast<base::Byte>(schemas::EntryType::kExpire);
  return w.kv.put(Table::kDue, key(row.expires, index), {&type, 1});
}

// Rows for idempotent resends are kept for 30 days; each new batch of a sender clears two old ones.
base::Status prune_acks(Work& w, std::uint32_t sender_no) {
  std::vector<base::Bytes> old;
  w.kv.scan(Table::kAck, key(sender_no, std::uint64_t{0}), [&](base::View k, base::View v) {
    const auto row = parse_ack_row(v);
    if (!row || base::load_be<std::uint32_t>(k.data()) != sender_no || w.hub_time.ms <= row->hub_time + kKeepAcksMs) return false;
    old.push_back(base::to_bytes(k));
    return old.size() < 2;
  });
  for (const base::Bytes& k : old) TRY(w.kv.erase(Table::kAck, k));
  return {};
}

}  // namespace

base::Status accept_batch(Work& w, const VerifiedBatch& batch, Outcome& out) {
  const crypto::Bst1& bst = batch.parsed.bst;
  const std::uint64_t serial = w.m.directory.cert(bst.sender_cert)->serial;
  const std::uint64_t first = w.size();
  w.agent(bst.sender);  // numbered before its recipients, whatever order a compiler evaluates arguments in
  const std::uint16_t flags = w.hub_time > bst.created.plus(kLateMs) ? crypto::Ent1::kLate : 0;
  std::vector<base::Hash> leaves;
  for (const crypto::ParsedGroup& g : batch.parsed.groups) leaves.push_back(g.leaf);
  const SmallTree tree(std::move(leaves));
  for (std::size_t i = 0; i < batch.parsed.groups.size(); ++i) {
    const crypto::ParsedGroup& g = batch.parsed.groups[i];
    const std::uint64_t index = w.size();
    TRY(w.entry(schemas::EntryType::kAccept, g.leaf, batch.parsed.hash, g.grp.n_msgs, flags));
    std::uint32_t chain = 0;
    if (!g.grp.broadcast()) {
      TRY_ASSIGN(chain, advance_chain(w, g, index, serial));
    }
    TRY(write_group(w.kv, index, chain, batch.parts, batch.parts.groups[i], g, tree.path(i)));
    TRY(into_mailboxes(w, g, index, out));
  }
  AgentRow& sender = w.agent(bst.sender);
  sender.batch_seq = bst.batch_seq;
  sender.batch_hash = batch.parsed.hash;
  sender.batch_first = first;
  sender.batch_n = static_cast<std::uint32_t>(w.size() - first);
  TRY(prune_acks(w, sender.no));
  const AckRow ack{first, sender.batch_n, w.hub_time.ms, batch.parsed.hash, crypto::sha256(batch.parts.bst)};
  TRY(w.kv.put(Table::kAck, key(sender.no, bst.batch_seq), encode(ack)));
  out.accepted = true;
  return {};
}

}  // namespace hub::state
