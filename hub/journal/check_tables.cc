// What must hold of the whole store once the log has been walked: no row too many, heads and counters as the log tells them.
#include "hub/journal/check_internal.h"

namespace hub::journal {
namespace {

using state::key;
using state::Table;

std::uint64_t rows(const state::ReadKv& kv, Table t) {
  std::uint64_t n = 0;
  kv.scan(t, {}, [&](base::View, base::View) { return ++n, true; });
  return n;
}

base::Status check_counts(const Walk& w, const state::StateRow& row) {
  const std::pair<Table, std::uint64_t> expected[] = {
      {Table::kLog, row.size},
      {Table::kNode, w.expected.nodes},
      {Table::kGrpMeta, w.expected.groups},
      {Table::kGrpCt, w.expected.contents},
      {Table::kCheckpoint, row.checkpoints},
      {Table::kInbox, w.expected.inbox},
      {Table::kChain, w.expected.chain},
      {Table::kDir, w.report.notes},
      {Table::kRcpt, w.expected.receipts},
      {Table::kPairRcpt, w.expected.receipts},
      {Table::kEnd, w.expected.ends},
      {Table::kDue, w.expected.due},
      {Table::kPair, w.pairs.size()},
  };
  for (const auto& [table, n] : expected) {
    const std::uint64_t have = rows(w.kv, table);
    if (have != n)
      return bad_table(std::string("table ") + state::table_name(table) + " holds " + std::to_string(have) + " rows, the log says " +
                       std::to_string(n));
  }
  if (w.expected.checkpoints != row.checkpoints) return bad_table("a checkpoint is of a size that the log does not reach");
  return {};
}

// Resend rows that exist were compared at their batch; here: that there are no others.
base::Status check_acks(const Walk& w) {
  base::Status bad;
  w.kv.scan(Table::kAck, {}, [&](base::View k, base::View v) {
    const auto ack = state::parse_ack_row(v);
    const auto meta = ack ? w.kv.get(Table::kGrpMeta, key(ack->first)) : std::nullopt;
    const auto g = meta ? state::parse_group_row(*meta) : std::nullopt;
    if (!g || g->group_no() != 0 || k.size() != 12 ||
        base::load_be<std::uint64_t>(k.data() + 4) != base::load_le<std::uint64_t>(g->bst.data() + 88))
      bad = bad_table("a resend row names no batch");
    return bad.ok();
  });
  return bad;
}

base::Status check_agents(Walk& w, const state::StateRow& state) {
  base::Status bad;
  std::uint64_t n = 0;
  w.kv.scan(Table::kAgent, {}, [&](base::View k, base::View v) {
    const auto row = state::parse_agent_row(v);
    ++n;
    if (k.size() != 16 || !row || row->no == 0 || row->no > state.agents) return bad = bad_table("an agent row is damaged"), false;
    const base::Id id = base::fixed<16>(k);
    const Heads& h = w.senders[id];
    if (row->batch_seq != h.batch_seq || row->batch_hash != h.batch_hash || row->batch_n != h.n || row->batch_first != h.first)
      bad = bad_table("a sender's last batch is not the one in the log");
    if (row->waiting != w.waiting[id]) bad = bad_table("a mailbox's count is wrong");
    return bad.ok();
  });
  if (bad.ok() && n != state.agents) return bad_table("agent rows are missing");
  return bad;
}

base::Status check_pairs(const Walk& w) {
  for (const auto& [pair, expected] : w.pairs) {
    const auto v = w.kv.get(Table::kPair, key(pair.first, pair.second));
    if (!v || !base::equal(*v, encode(expected))) return bad_entry(expected.index, "the pair row of its chain is missing or wrong");
  }
  return {};
}

// How far each chain is acknowledged: what its largest receipt says, and not more.
base::Status check_acknowledged(const Walk& w) {
  for (const auto& [chain, upto] : w.acknowledged) {
    const auto v = w.kv.get(Table::kChain, key(std::get<0>(chain), std::get<1>(chain), std::get<2>(chain), std::uint64_t{0}));
    if (!v || v->size() != 8 || base::load_le<std::uint64_t>(v->data()) != upto) return bad_table("a chain is acknowledged further than its receipts say");
  }
  return {};
}

}  // namespace

base::Status check_tables(Walk& w, const state::StateRow& row) {
  if (w.next_group != 0) return bad_entry(row.size, "it is missing: the last batch is not whole");
  if (w.frontier.hashes() != row.edge) return bad_table("the frontier is not that of the log");
  if (row.hub_time != w.hub_time.ms || row.hub_subject != w.hub_subject) return bad_table("the state row does not fit the last entries");
  TRY(check_pairs(w));
  TRY(check_acknowledged(w));
  TRY(check_agents(w, row));
  TRY(check_acks(w));
  TRY(check_witnessed(w));
  if (row.size != 0 && !w.kv.get(Table::kCheckpoint, key(row.size))) return bad_table("the newest checkpoint is missing");
  return check_counts(w, row);
}

}  // namespace hub::journal
