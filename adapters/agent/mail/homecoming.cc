// Back from a backup: adopting one's own chains.
#include "adapters/agent/mail/homecoming.h"

#include <algorithm>

#include "adapters/agent/keep/restored.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/sender.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/mail/under_any_key.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;
namespace wire = schemas::wire;

base::Error unproved(std::string what) { return {base::Kind::kBadSignature, std::move(what), "restore"}; }

class Walk {
 public:
  Walk(Office& office, hub::client::Client& hub) : office_(office), hub_(hub), directory_(office.replica.directory()) {}

  // The whole batch that has an entry here, or that FETCH kOwnLast shows.
  base::Result<std::optional<OwnBatch>> batch(wire::Fetch::What what, std::uint64_t index) {
    TRY_ASSIGN(auto any, group(what, index));
    if (!any) return std::optional<OwnBatch>{};
    OwnBatch out;
    out.hash = any->parsed.hash;
    out.first_index = any->deliver.index - any->group().grp.group_no;
    if (office_.replica.batch_index(out.hash) != out.first_index) return unproved("a batch of ours stands elsewhere in the log than the hub says");
    for (std::uint32_t n = 0; n < any->parsed.bst.n_groups; ++n) {
      TRY_ASSIGN(auto g, group(wire::Fetch::What::kIndex, out.first_index + n));
      if (!g || g->parsed.hash != out.hash || g->group().grp.group_no != n) return unproved("a group of a batch of ours is not shown");
      out.groups.push_back(std::move(*g));
    }
    return std::optional(std::move(out));
  }
  [[nodiscard]] std::optional<std::uint64_t> index_of(const base::Hash& hash) const { return office_.replica.batch_index(hash); }

 private:
  base::Result<std::optional<Arrival>> group(wire::Fetch::What what, std::uint64_t index) {
    wire::Fetch q;
    q.what = what;
    q.from = index;
    q.limit = 1;
    TRY_ASSIGN(auto got, hub_.fetch(q));
    if (got.delivers.empty()) return std::optional<Arrival>{};
    auto opened = open_logged(std::move(got.delivers[0]), directory_);
    if (!opened.ok()) return unproved("what the hub shows of our own mail does not hold: " + opened.error().what);
    Arrival a = std::move(opened).value();
    if (a.sender() != office_.self) return unproved("the hub shows another agency's mail as ours");
    const auto signer = check_sender(a, directory_, [this](std::uint64_t at) { return office_.replica.entry(at); });
    if (!signer.ok() && signer.error().kind == base::Kind::kBusy) return signer.error();
    if (!signer.ok()) return unproved("what the hub shows of our own mail does not hold: " + signer.error().what);
    return std::optional(std::move(a));
  }

  Office& office_;
  hub::client::Client& hub_;
  crypto::Directory directory_;
};

// The finished bytes again, if every ciphertext is still there: the encoder is the one that made them.
base::Bytes frame_of(const OwnBatch& b) {
  crypto::BatchParts parts{b.groups[0].deliver.batch.bst, b.groups[0].deliver.batch.sig, {}};
  for (const Arrival& a : b.groups) {
    if (a.group().tombstone) return {};
    crypto::GroupParts g = a.deliver.batch.groups[0];
    g.path = {};
    parts.groups.push_back(std::move(g));
  }
  return schemas::encode_batch(parts);
}

// One header of ours. The message that the backup holds for it, or nothing.
std::optional<keep::OutItem> settle(keep::Tx& tx, const Desk& desk, const Arrival& a, std::size_t i, const base::Id& recipient) {
  const crypto::Hdr1& h = a.group().hdrs[i];
  if (auto row = thread(tx, h.thread_id); row && row->next_thread_seq <= h.thread_seq) {
    row->next_thread_seq = h.thread_seq + 1;
    save_thread(tx, *row);
  }
  for (keep::Message& m : messages_by_id(tx, h.msg_id)) {
    const bool same = m.outgoing && m.kind == h.kind && (m.to.empty() ? base::all_zero(recipient) : m.to[0] == recipient);
    if (!same) continue;
    auto item = take_out(tx, m, recipient);
    if (!item) {  // in flight, failed or sent at the time of the backup, and sent again since
      item.emplace();
      item->message = m.seq;
      item->recipient = recipient;
      item->resends = 1;
    }
    m.leaf = a.group().msg_leaves[i];
    m.group_leaf = a.group().leaf;
    m.message_no = static_cast<std::uint32_t>(i);
    m.created = a.parsed.bst.created;
    m.expires = h.expires;
    m.policy_version = h.policy_version;
    m.why.clear();
    save_message(tx, desk.self, m);
    return item;
  }
  return std::nullopt;
}

std::size_t adopt_one(keep::Tx& tx, const Desk& desk, const OwnBatch& b) {
  keep::BatchRow row;
  const crypto::Bst1& bst = b.groups[0].parsed.bst;
  row.batch_seq = bst.batch_seq;
  row.hash = b.hash;
  row.prev = bst.prev_batch;
  row.created = bst.created;
  row.frame = frame_of(b);
  std::size_t unknown = 0;
  for (const Arrival& a : b.groups) {
    const bool chained = !a.group().grp.broadcast();
    const crypto::Slot& slot = a.group().grp.slots[0];
    keep::SentGroup g;
    if (chained) g.recipient = slot.recipient;
    g.leaf = a.group().leaf;
    for (std::size_t i = 0; i < a.group().hdrs.size(); ++i) {
      auto item = settle(tx, desk, a, i, g.recipient);
      if (item) g.items.push_back(std::move(*item));
      if (!item) ++unknown;
    }
    if (chained) {
      keep::PairRow pair = pair_of(tx, slot.recipient);
      g.pair_seq = slot.pair_seq;
      g.prev_pair_seq = pair.next;
      g.prev_leaf = pair.last_leaf;
      pair.next = a.group().upto_pair_seq() + 1;
      pair.last_leaf = g.leaf;
      pair.restart = false;
      save(tx, pair);
    }
    row.groups.push_back(std::move(g));
  }
  accept(tx, desk, row, {b.first_index, b.groups[0].deliver.index + 1, b.groups[0].ent.hub_time});
  for (std::size_t n = 0; n < b.groups.size(); ++n) {  // accept() counts the messages that it knows; the log knows them all
    const Arrival& a = b.groups[n];
    if (a.group().grp.broadcast()) continue;
    const crypto::Slot& slot = a.group().grp.slots[0];
    const base::Bytes at = keep::key_of(tx.key("group", slot.recipient), slot.pair_seq);
    auto sent = keep::find<keep::GroupRow>(tx, Table::kGroup, at);
    if (!sent) continue;
    sent->n = a.group().grp.n_msgs;
    tx.put(Table::kGroup, at, keep::pack(*sent));
    keep::PairRow pair = pair_of(tx, slot.recipient);
    pair.acked_next = a.group().upto_pair_seq() + 1;
    save(tx, pair);
  }
  return unknown;
}

struct Known {
  base::Hash hash{}, in_flight{};
  std::uint64_t signed_upto = 0;
};
Known known_to_backup(keep::Tx& tx) {
  const SenderRow s = sender(tx);
  Known k{s.last_hash, {}, s.batch_seq};
  if (const auto row = in_flight(tx)) {
    k.hash = row->prev;
    k.in_flight = row->hash;
  }
  return k;
}

// The pairs' heads could not be proved, and the authority has given a new certificate: every chain begins anew (protocol 4, GRP1 bit 0). The
// batch chain has no flag: it follows the last batch, if that one is proved.
void restart_chains(keep::Tx& tx, const Desk& desk, const std::optional<OwnBatch>& last) {
  if (const auto row = in_flight(tx)) take_back(tx, desk, *row, {});
  if (last) {
    SenderRow s = sender(tx);
    s.batch_seq = std::max(s.batch_seq, last->groups[0].parsed.bst.batch_seq);
    s.last_hash = last->hash;
    save(tx, s);
  }
  std::vector<keep::PairRow> pairs;
  tx.scan(Table::kPair, {}, [&](base::View, base::View v) {
    if (auto p = keep::unpack<keep::PairRow>(v)) pairs.push_back(std::move(*p));
    return true;
  });
  for (keep::PairRow& p : pairs) {
    p.restart = true;
    p.last_leaf = {};
    save(tx, p);
  }
}

}  // namespace

base::Result<std::vector<OwnBatch>> own_batches_since(Office& office, hub::client::Client& hub, const base::Hash& known, std::uint64_t signed_upto, const base::Hash& in_flight) {
  Walk walk(office, hub);
  std::vector<OwnBatch> out;
  TRY_ASSIGN(auto b, walk.batch(wire::Fetch::What::kOwnLast, 0));
  if (!b && !base::all_zero(known)) return unproved("the hub shows no batch of ours, and the backup knows one");
  while (b) {
    if (b->hash == known) break;
    const crypto::Bst1& bst = b->groups[0].parsed.bst;
    const base::Hash prev = bst.prev_batch;
    if (bst.batch_seq <= signed_upto && b->hash != in_flight) return unproved("the hub shows an older batch of ours than the backup knows");
    out.push_back(std::move(*b));
    if (prev == known) break;
    const auto index = walk.index_of(prev);
    if (!index) return unproved("the log does not hold the batch that one of ours follows");
    TRY_ASSIGN(b, walk.batch(wire::Fetch::What::kIndex, *index));
    if (!b) return unproved("the hub does not show a batch of ours that is in its log");
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::size_t adopt(keep::Tx& tx, const Desk& desk, const std::vector<OwnBatch>& batches) {
  std::size_t unknown = 0;
  auto waiting = in_flight(tx);
  for (const OwnBatch& b : batches) {
    if (waiting && waiting->hash == b.hash) {
      accept(tx, desk, *waiting, {b.first_index, b.groups[0].deliver.index + 1, b.groups[0].ent.hub_time});
    } else {
      if (waiting) take_back(tx, desk, *waiting, {});
      unknown += adopt_one(tx, desk, b);
    }
    waiting.reset();
    SenderRow s = sender(tx);
    s.batch_seq = std::max(s.batch_seq, b.groups[0].parsed.bst.batch_seq);
    s.last_hash = b.hash;
    save(tx, s);
  }
  return unknown;
}

base::Status come_home(Office& office, hub::client::Client& hub) {
  std::optional<keep::Restored> mark;
  Known known;
  TRY(office.store.read([&](keep::Tx& tx) {
    mark = keep::restored(tx);
    known = known_to_backup(tx);
    return base::Status{};
  }));
  if (!mark || mark->heads) return {};
  TRY(office.replica.sync(hub));
  const Desk desk = office.desk();
  auto batches = own_batches_since(office, hub, known.hash, known.signed_upto, known.in_flight);
  if (!batches.ok() && batches.error().kind == base::Kind::kBusy) return batches.error();
  const crypto::Cert* cert = desk.directory.cert(desk.cert);
  const bool anew = !batches.ok() && cert != nullptr && cert->serial > mark->serial;
  if (!batches.ok() && !anew) return batches.error();
  std::optional<OwnBatch> last;
  if (anew) {
    TRY_ASSIGN(last, Walk(office, hub).batch(wire::Fetch::What::kOwnLast, 0));
  }
  std::size_t unknown = 0;
  TRY(office.store.write([&](keep::Tx& tx) {
    std::size_t count = 0;
    if (anew) restart_chains(tx, desk, last);
    if (!anew) count = adopt(tx, desk, *batches);
    keep::Restored now = keep::restored(tx).value_or(*mark);  // the receiver may have noted its part meanwhile
    now.heads = true;
    keep::save(tx, now);
    unknown = count;
    return base::Status{};
  }));
  office.alarms.clear("restore");
  if (unknown > 0) {
    office.alarms.raise("restored", "restored from a backup of " + base::rfc3339(mark->made) + ": " + std::to_string(unknown) +
                                        " message(s) sent after it are known here by number only; their readers have them");
  }
  return {};
}

}  // namespace adapters::agent::mail
