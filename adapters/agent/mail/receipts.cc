// The DELIVERED rule, and second attempts.
#include "adapters/agent/mail/receipts.h"

#include <algorithm>

#include "adapters/agent/blob/outgoing.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/reading.h"
#include "adapters/agent/mail/threads.h"

namespace adapters::agent::mail {
namespace {

using keep::GroupRow;
using keep::GroupState;
using keep::PairRow;
using keep::Table;
using schemas::ReceiptStatus;

base::Bytes group_key(keep::Tx& tx, const base::Id& recipient, std::uint64_t pair_seq) { return keep::key_of(tx.key("group", recipient), pair_seq); }

// The sent group that ends at `upto`.
std::optional<GroupRow> group_ending(keep::Tx& tx, const base::Id& recipient, std::uint64_t upto) {
  std::optional<GroupRow> out;
  const base::Hash prefix = tx.key("group", recipient);
  tx.scan_back(Table::kGroup, keep::key_of(prefix, upto), [&](base::View k, base::View v) {
    if (base::equal(k.first(32), prefix)) out = keep::unpack<GroupRow>(v);
    return false;
  });
  if (out && out->pair_seq + out->n - 1 != upto) out.reset();
  return out;
}

std::vector<keep::OutItem> items_of(keep::Tx& tx, const GroupRow& g) {
  const auto batch = keep::find<keep::BatchRow>(tx, Table::kBatch, keep::key_of(g.batch_seq));
  if (!batch || g.group_no >= batch->groups.size()) return {};
  return batch->groups[g.group_no].items;
}

void set_delivered(keep::Tx& tx, const Desk& desk, const GroupRow& g, base::Instant at) {
  for (const keep::OutItem& item : items_of(tx, g)) {
    auto m = message(tx, item.message);
    if (!m || m->group_leaf != g.leaf) continue;  // sealed anew since
    m->progress = keep::Progress::kDelivered;
    m->delivered = at;
    save_message(tx, desk.self, *m);
    read_if_said(tx, desk, std::move(*m));
  }
}

// Once more, each message in a group of its own and under the newest key; after that, people.
void send_again(keep::Tx& tx, const Desk& desk, const GroupRow& g, const char* why, Meaning& meaning) {
  for (keep::OutItem item : items_of(tx, g)) {
    auto m = message(tx, item.message);
    if (!m || m->group_leaf != g.leaf) continue;
    if (item.resends > 0) {
      m->progress = keep::Progress::kFailed;
      m->why = why;
      if (blob::is_part(*m)) blob::stop(tx, *m, why);
      if (!is_read_receipt(*m)) meaning.alarms.push_back("a message could not be delivered twice: " + std::string(why));
    } else {
      item.resends = 1;
      item.alone = true;
      item.not_before = {};
      put_back(tx, item, *m);
      m->progress = keep::Progress::kWaiting;
      m->leaf = m->group_leaf = {};
    }
    save_message(tx, desk.self, *m);
  }
}

void take_failure(keep::Tx& tx, const Desk& desk, const CheckedReceipt& r, PairRow& pair, Meaning& meaning) {
  auto g = group_ending(tx, r.rcp.recipient, r.rcp.upto_pair_seq);
  if (!g || g->leaf != r.rcp.group_leaf) return;
  if (g->state == GroupState::kDelivered) {
    meaning.alarms.push_back("a recipient cannot read what it had receipted before: it may have been restored");
    return;
  }
  if (g->state != GroupState::kAccepted) return;  // a repeat
  const bool expired = r.rcp.status == static_cast<std::uint16_t>(ReceiptStatus::kExpiredUnread);
  g->state = expired ? GroupState::kExpired : GroupState::kUndecryptable;
  tx.put(Table::kGroup, group_key(tx, r.rcp.recipient, g->pair_seq), keep::pack(*g));
  pair.failed.insert(std::upper_bound(pair.failed.begin(), pair.failed.end(), r.rcp.upto_pair_seq), r.rcp.upto_pair_seq);
  if (expired) meaning.alarms.push_back("mail expired before its recipient picked it up; it is sent once more");
  send_again(tx, desk, *g, expired ? "it expired before pickup" : "the recipient could not open it", meaning);
}

std::uint64_t start_of(keep::Tx& tx, const CheckedReceipt& r, const PairRow& pair) {
  if (base::all_zero(r.rcp.ref_leaf)) return pair.delivered_upto + 1;
  std::uint64_t from = r.rcp.upto_pair_seq + 1;  // an unknown leaf acknowledges nothing
  tx.scan_prefix(Table::kGroup, tx.key("group", r.rcp.recipient), [&](base::View k, base::View v) {
    const auto g = keep::unpack<GroupRow>(v);
    if (g && g->leaf == r.rcp.ref_leaf) from = keep::number_in(k);
    return !(g && g->leaf == r.rcp.ref_leaf);
  });
  return std::max(from, pair.delivered_upto + 1);
}

// DELIVERED: a status 1 covers it, no 5/6 names it, and n_failed equals the 5/6 receipts held.
void settle(keep::Tx& tx, const Desk& desk, base::Instant at, PairRow& pair, Meaning& meaning) {
  if (pair.cover_upto <= pair.delivered_upto) return;
  const auto held = static_cast<std::uint32_t>(std::upper_bound(pair.failed.begin(), pair.failed.end(), pair.cover_upto) - pair.failed.begin());
  if (pair.cover_failed != held) {
    meaning.fetch = meaning.fetch || pair.cover_failed > held;
    return;
  }
  std::vector<GroupRow> covered;
  const base::Hash prefix = tx.key("group", pair.recipient);
  tx.scan(Table::kGroup, keep::key_of(prefix, std::max(pair.cover_from, pair.delivered_upto + 1)), [&](base::View k, base::View v) {
    if (!base::equal(k.first(32), prefix) || keep::number_in(k) > pair.cover_upto) return false;
    if (auto g = keep::unpack<GroupRow>(v)) covered.push_back(*g);
    return true;
  });
  for (GroupRow& g : covered) {
    if (g.state != GroupState::kAccepted) continue;
    g.state = GroupState::kDelivered;
    tx.put(Table::kGroup, group_key(tx, pair.recipient, g.pair_seq), keep::pack(g));
    set_delivered(tx, desk, g, at);
  }
  pair.delivered_upto = pair.cover_upto;
}

}  // namespace

void take_receipt(keep::Tx& tx, const Desk& desk, const CheckedReceipt& r, Meaning& meaning) {
  const base::Hash key = tx.key("pair", r.rcp.recipient);
  auto pair = keep::find<PairRow>(tx, Table::kPair, key);
  if (!pair) return;
  if (r.rcp.upto_pair_seq >= pair->acked_next) {
    meaning.early = true;
    return;
  }
  if (r.rcp.status == static_cast<std::uint16_t>(ReceiptStatus::kDelivered)) {
    const auto g = group_ending(tx, r.rcp.recipient, r.rcp.upto_pair_seq);
    if (g && g->leaf == r.rcp.group_leaf && r.rcp.upto_pair_seq > pair->cover_upto) {
      pair->cover_from = start_of(tx, r, *pair);
      pair->cover_upto = r.rcp.upto_pair_seq;
      pair->cover_failed = r.rcp.n_failed;
    }
  } else {
    take_failure(tx, desk, r, *pair, meaning);
  }
  settle(tx, desk, r.rcp.time, *pair, meaning);
  if (!meaning.fetch && !meaning.early) pair->receipts_from = std::max(pair->receipts_from, r.index + 1);
  tx.put(Table::kPair, key, keep::pack(*pair));
}

std::vector<Outstanding> outstanding(keep::Tx& tx) {
  std::vector<Outstanding> out;
  tx.scan(Table::kPair, {}, [&](base::View, base::View v) {
    const auto pair = keep::unpack<PairRow>(v);
    if (pair && pair->acked_next > pair->delivered_upto + 1) out.push_back({pair->recipient, pair->receipts_from});
    return true;
  });
  return out;
}

}  // namespace adapters::agent::mail
