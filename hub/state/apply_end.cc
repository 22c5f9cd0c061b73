// ERASE and EXPIRE: the content of whole groups goes, its hashes and its place in the log stay (protocol 4.1 tombstones, 6).
#include "hub/state/internal/machine.h"

namespace hub::state {
namespace {

using schemas::EntryType;

constexpr std::size_t kSalt = 32, kMaxRecord = 64u << 10;

// The group's chain row, if it is chained.
std::optional<ChainRow> chain_row(Work& w, const GroupView& g) {
  const AgentRow* sender = w.find_agent(g.sender());
  const AgentRow* recipient = w.find_agent(g.recipient(0));
  if (sender == nullptr || recipient == nullptr) return std::nullopt;
  const auto v = w.kv.get(Table::kChain, key(sender->no, recipient->no, g.chain, g.pair_seq()));
  return v ? parse_chain_row(*v) : std::nullopt;
}

bool may_end(Work& w, EntryType type, const GroupView& g) {
  if (g.erased) return false;
  if (type == EntryType::kErase) return true;
  if (w.hub_time.ms < g.largest_expiry()) return false;
  if (g.pair_seq() == 0) return true;
  const auto row = chain_row(w, g);
  return row && row->delivered == 0 && row->failed == 0;
}

// A broadcast leaves all mailboxes. A chained group stays there as a tombstone until its recipient has answered.
base::Status settle_mailboxes(Work& w, const GroupView& g, std::uint64_t index) {
  const base::Id sender = g.sender();
  for (std::size_t slot = 0; slot < g.n_slots(); ++slot) {
    const base::Id to = g.recipient(slot);
    if (g.pair_seq() == 0) {
      TRY(w.leave_mailbox(sender, to, index));
      continue;
    }
    const AgentRow* box = w.find_agent(to);
    const auto k = key(box == nullptr ? 0 : box->no, index);
    const auto v = w.kv.get(Table::kInbox, k);
    auto row = v ? parse_inbox_row(*v) : std::nullopt;
    if (!row) continue;
    row->flags |= InboxRow::kTombstone;
    TRY(w.kv.put(Table::kInbox, k, encode(*row)));
  }
  return {};
}

// The row with every ciphertext's hash in the place of its message leaf.
base::Result<base::Bytes> tombstone_row(base::View meta, base::View cts) {
  base::Bytes row = base::to_bytes(meta);
  row[4] = 1;
  const GroupView g = *parse_group_row(meta);
  base::Byte* mark = row.data() + (g.messages.data() - meta.data()) + 160;
  for (std::size_t i = 0; i < g.n_msgs(); ++i, mark += GroupView::kPerMessage) {
    const std::size_t len = g.ct_len(i);
    if (len > cts.size()) return base::Error{base::Kind::kCorrupt, "a stored group is shorter than its headers say"};
    const base::Hash h = crypto::sha256(cts.first(len));
    std::memcpy(mark, h.data(), h.size());
    cts = cts.subspan(len);
  }
  return row;
}

base::Status end_group(Work& w, EntryType type, std::uint64_t index, const base::Hash& container, const crypto::Ent1& accept) {
  const auto meta = w.kv.get(Table::kGrpMeta, key(index));
  const auto cts = w.kv.get(Table::kGrpCt, key(index));
  if (!meta || !cts || !parse_group_row(*meta)) return base::Error{base::Kind::kCorrupt, "a stored group is damaged"};
  TRY_ASSIGN(const base::Bytes row, tombstone_row(*meta, *cts));
  const GroupView g = *parse_group_row(row);
  TRY(settle_mailboxes(w, g, index));
  TRY(w.kv.put(Table::kGrpMeta, key(index), row));
  TRY(w.kv.erase(Table::kGrpCt, key(index)));
  TRY(w.kv.erase(Table::kDue, key(g.largest_expiry(), index)));
  const auto chained = g.pair_seq() == 0 ? std::nullopt : chain_row(w, g);
  for (const std::uint64_t receipt :
       {chained ? chained->delivered : 0, chained ? chained->failed : 0}) {  // its due row stands some days after a receipt
    const auto e = receipt == 0 ? std::nullopt : w.kv.get(Table::kLog, key(receipt));
    if (e) TRY(w.kv.erase(Table::kDue, key(base::load_le<std::uint64_t>(e->data() + 8) + kKeepDeliveredMs, index)));
  }
  base::Fixed<8> end;
  base::store_le(end.data(), w.size());
  TRY(w.kv.put(Table::kEnd, key(index), end));
  return w.entry(type, accept.subject, container);
}

}  // namespace

namespace {

// One group; an index that no longer qualifies is passed over.
base::Status end_one(Work& w, EntryType type, std::uint64_t index, const base::Hash& container, Outcome& out) {
  const auto accept = w.accept_entry(index);
  const auto meta = accept ? w.kv.get(Table::kGrpMeta, key(index)) : std::nullopt;
  const auto g = meta ? parse_group_row(*meta) : std::nullopt;
  if (!g || !may_end(w, type, *g)) return {};
  out.accepted = true;
  return end_group(w, type, index, container, *accept);
}

}  // namespace

base::Status apply_end(Work& w, const Item& item, Outcome& out) {
  if (item.lost) {
    TRY(end_one(w, item.type, item.bytes.size() == 8 ? base::load_le<std::uint64_t>(item.bytes.data()) : ~0ULL, item.lost->container, out));
    if (!out.accepted) refuse(out, schemas::NackCode::kMalformed, "that group may not end now");
    return {};
  }
  const base::View bytes = item.bytes;
  const std::uint64_t n = bytes.size() < 4 ? 0 : base::load_le<std::uint32_t>(bytes.data());
  if (n == 0 || bytes.size() < 4 + 8 * n + kSalt + 1 || bytes.size() > 4 + 8 * n + kMaxRecord) {
    refuse(out, schemas::NackCode::kMalformed, "an erasure names groups, then its record");
    return {};
  }
  const base::View record = bytes.subspan(4 + 8 * n);
  const base::Hash container = crypto::sha256(record);
  // Groups that no longer qualify (a receipt came first) are passed over.
  for (std::uint64_t i = 0; i < n; ++i) TRY(end_one(w, item.type, base::load_le<std::uint64_t>(bytes.data() + 4 + 8 * i), container, out));
  if (!out.accepted) {
    refuse(out, schemas::NackCode::kMalformed, "none of the groups may end now");
    return {};
  }
  return w.keep(record);
}

}  // namespace hub::state
