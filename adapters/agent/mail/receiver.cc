// The receiver's thread.
#include "adapters/agent/mail/receiver.h"

#include <algorithm>
#include <chrono>

#include "adapters/agent/keep/for_hub.h"
#include "adapters/agent/keep/offers.h"
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/restored.h"
#include "adapters/agent/mail/conflict.h"
#include "adapters/agent/mail/succession.h"
#include "adapters/agent/mail/under_any_key.h"
#include "crypto/suite/suite.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;
using schemas::ReceiptStatus;
namespace wire = schemas::wire;

constexpr std::size_t kRound = 64, kMaxHeld = 256;
constexpr std::uint64_t kTickMs = 5'000, kGapAlarmMs = 5 * base::kMinute;

wire::Receipt receipt_of(const base::Bytes& kept) {
  wire::Receipt r;
  r.rcp.assign(kept.begin(), kept.begin() + 184);
  r.sig.assign(kept.begin() + 184, kept.end());
  return r;
}

ReceiptStatus status_of(const base::Bytes& kept) { return static_cast<ReceiptStatus>(base::load_le<std::uint16_t>(kept.data() + 34)); }

// Its certificate is suspended by a note that the log does not hold (yet): once it is logged, log order decides (protocol 3).
bool waits_for_log(Office& office, const Arrival& a) { return keep::suspended_by_file(office.store, a.parsed.bst.sender_cert, office.replica.directory(), office.clock()); }

}  // namespace

void Receiver::start(hub::client::Client& hub) {
  hub_ = &hub;
  thread_ = std::thread([this] { run(); });
}

void Receiver::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  something_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Receiver::on_connection(bool up) {
  const std::lock_guard lock(mutex_);
  connection_ = up;
  something_.notify_one();
}

void Receiver::on_deliver(base::Bytes frame) {
  const std::lock_guard lock(mutex_);
  frames_.push_back(std::move(frame));
  something_.notify_one();
}

void Receiver::run() {
  for (;;) {
    std::vector<base::Bytes> frames;
    std::optional<bool> connection;
    bool resend = false;
    {
      std::unique_lock lock(mutex_);
      something_.wait_for(lock, std::chrono::milliseconds(kTickMs), [&] { return stop_ || connection_ || !frames_.empty(); });
      if (stop_) return;
      connection.swap(connection_);
      if (frames_.empty()) resend = std::exchange(resend_, false);
      while (!frames_.empty() && frames.size() < kRound) {
        frames.push_back(std::move(frames_.front()));
        frames_.pop_front();
      }
    }
    if (connection) connected_ = *connection;
    if (connection && connected_) resend = true;
    if (connected_ && !caught_up_) caught_up_ = catch_up();
    const std::size_t n = frames.size();
    if (connected_ && (n > 0 || !held_.empty())) round(std::move(frames));
    if (n == 0) forget_receipts();
    if (resend && connected_) send_kept_receipts();
    if (n > 0) (void)hub_->credit(static_cast<std::uint32_t>(n));  // without a connection there is no credit to give
  }
}

// After a restore: what came between the backup and the loss has been receipted and has left the mailbox. The hub keeps its content
// for some days; a tombstone is answered as one.
bool Receiver::catch_up() {
  std::optional<keep::Restored> mark;
  std::vector<std::pair<base::Id, std::uint64_t>> ask;
  const crypto::Directory directory = office_.replica.directory();
  if (!office_.store.read([&](keep::Tx& tx) {
        mark = keep::restored(tx);
        for (const crypto::Member* m : directory.members()) {
          const auto row = keep::find<keep::ChainRow>(tx, Table::kChain, tx.key("chain", m->cert.agent));
          if (m->cert.agent != office_.self && mark) ask.emplace_back(m->cert.agent, row ? row->upto + 1 : 1);
        }
        return base::Status{};
      }).ok()) {
    return false;
  }
  if (!mark || mark->mail) return true;
  if (ask.empty()) return false;  // the directory is not here yet
  for (auto& [sender, from] : ask) {
    if (!catch_up_with(sender, from)) return false;
  }
  mark->mail = true;
  return office_.store.write([&](keep::Tx& tx) {
    if (auto now = keep::restored(tx)) {
      now->mail = true;
      keep::save(tx, *now);
    }
    return base::Status{};
  }).ok();
}

bool Receiver::catch_up_with(const base::Id& sender, std::uint64_t from) {
  for (bool more = true; more;) {
    wire::Fetch q;
    q.what = wire::Fetch::What::kPairFrom;
    q.sender = sender;
    q.recipient = office_.self;
    q.from = from;
    q.limit = kRound;
    auto got = hub_->fetch(q);
    if (!got.ok()) return false;
    std::uint64_t reached = from;
    for (const base::Bytes& frame : got->delivers) {
      const auto a = open_frame(frame, office_.self, office_.replica.directory());
      if (a.ok()) reached = std::max(reached, a->group().upto_pair_seq() + 1);
    }
    more = got->more && reached > from;
    from = reached;
    if (!got->delivers.empty()) round(std::move(got->delivers));
  }
  return true;
}

std::optional<base::Bytes> Receiver::fetch_one(std::uint64_t index) {
  wire::Fetch q;
  q.what = wire::Fetch::What::kIndex;
  q.from = index;
  q.limit = 1;
  auto got = hub_->fetch(q);
  if (!got || got->delivers.empty()) return std::nullopt;
  return std::move(got->delivers[0]);
}

// A frame that does not hold is not the sender's word: asked for once more, then an alarm against the hub.
std::vector<Arrival> Receiver::open_frames(std::vector<base::Bytes> frames) {
  std::vector<Arrival> out;
  crypto::Directory directory = office_.replica.directory();
  for (base::Bytes& frame : frames) {
    const auto deliver = schemas::decode_deliver(frame);
    const std::uint64_t index = deliver.ok() ? deliver->index : keep::kNoIndex;
    auto a = open_frame(std::move(frame), office_.self, directory);
    if (!a.ok() && index != keep::kNoIndex) {
      (void)office_.replica.sync(*hub_);  // an anchor may have come before it, and another log key with it
      directory = office_.replica.directory();
      if (auto again = fetch_one(index)) a = open_frame(std::move(*again), office_.self, directory);
    }
    if (a.ok()) {
      out.push_back(std::move(a).value());
    } else {
      office_.alarms.raise("delivery-frame", "the hub delivered something that does not hold: " + a.error().what);
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Arrival& x, const Arrival& y) { return x.deliver.index < y.deliver.index; });
  return out;
}

void Receiver::round(std::vector<base::Bytes> frames) {
  std::vector<Arrival> arrivals = open_frames(std::move(frames));
  std::vector<Held> held;
  held.swap(held_);
  std::vector<std::string> notes;
  std::vector<wire::Proven> known;
  const auto note = [&](const Arrival& a) {
    notes.push_back(a.checkpoint());
    known.push_back({a.deliver.index, base::to_bytes(a.deliver.ent), {}});
  };
  for (const Held& h : held) note(h.arrival);
  for (const Arrival& a : arrivals) note(a);
  const auto mine = office_.replica.turn();
  auto step = office_.replica.fetch(*hub_, notes, known);
  if (!step) {  // the scan cannot pass these entries now: the hub delivers again after the next HELLO
    held_ = std::move(held);
    for (Arrival& a : arrivals) hold(std::move(a));
    return;
  }
  crypto::Directory directory = step->directory ? *step->directory : office_.replica.directory();
  Desk desk = office_.desk();
  desk.directory = directory;
  Round r{std::move(*step), std::move(directory), std::move(desk), {}, {}, {}, {}, {}, {}};
  for (Held& h : held) {
    if (r.desk.now > h.since.plus(kGapAlarmMs) && !waits_for_log(office_, h.arrival)) office_.alarms.raise("gap", "mail is missing before a message that came: the hub withholds it");
    take(std::move(h.arrival), r, true, false);
    if (!held_.empty()) held_.back().since = std::min(held_.back().since, h.since);
  }
  for (Arrival& a : arrivals) take(std::move(a), r, true, false);
  if (held_.empty()) office_.alarms.clear("gap");
  if (!commit(r)) return;
  send_receipts(r.receipts);
}

std::optional<base::Fixed<112>> Receiver::entry(const Round& r, std::uint64_t index) const {
  if (index < r.step.from) return office_.replica.entry(index);
  const std::uint64_t at = index - r.step.from;
  if (at >= r.step.entries.size()) return std::nullopt;
  return base::fixed<112>(r.step.entries[at]);
}

keep::ChainRow& Receiver::chain(Round& r, const base::Id& sender) {
  const auto it = r.chains.find(sender);
  if (it != r.chains.end()) return it->second;
  keep::ChainRow row;
  row.sender = sender;
  (void)office_.store.read([&](keep::Tx& tx) {  // a store that fails here fails the commit too
    if (auto kept = keep::find<keep::ChainRow>(tx, Table::kChain, tx.key("chain", sender))) row = *kept;
    return base::Status{};
  });
  return r.chains.emplace(sender, row).first->second;
}

std::optional<base::Hash> Receiver::passed(Round& r, const base::Id& sender, std::uint64_t pair_seq) {
  const auto it = r.passed.find({sender, pair_seq});
  if (it != r.passed.end()) return it->second;
  std::optional<base::Hash> out;
  (void)office_.store.read([&](keep::Tx& tx) {
    const auto v = tx.get(Table::kPassed, keep::key_of(tx.key("passed", sender), pair_seq));
    if (v && v->size() == 32) out = base::fixed<32>(*v);
    return base::Status{};
  });
  return out;
}

void Receiver::hold(Arrival a) {
  if (held_.size() >= kMaxHeld) return;  // the hub keeps it and delivers it again
  held_.push_back({std::move(a), office_.clock()});
}

void Receiver::take(Arrival a, Round& r, bool may_fetch, bool adopt) {
  const auto at = [&](std::uint64_t index) { return entry(r, index); };
  auto cert = check_sender(a, r.directory, at);
  if (!cert.ok() && cert.error().kind == base::Kind::kBusy) return hold(std::move(a));
  if (!cert.ok() && may_fetch) {
    if (auto again = fetch_one(a.deliver.index)) {
      auto fresh = open_frame(std::move(*again), office_.self, r.directory);
      if (fresh.ok()) return take(std::move(fresh).value(), r, false, adopt);
    }
  }
  if (!cert.ok()) {
    office_.alarms.raise("delivery-frame", "the hub delivered something that does not hold: " + cert.error().what);
    return;
  }
  if (waits_for_log(office_, a)) return hold(std::move(a));
  if (a.group().grp.broadcast()) return take_broadcast(std::move(a), r, **cert);
  const crypto::Slot& slot = *a.group().grp.slot_of(office_.self);
  const Link link{slot.pair_seq, slot.prev_group_leaf, a.group().leaf, (a.group().grp.flags & crypto::Grp1::kChainRestart) != 0, (*cert)->serial};
  const keep::ChainRow& c = chain(r, a.sender());
  switch (judge(c, link, passed(r, a.sender(), slot.pair_seq))) {
    case Standing6::kRepeat:
      r.touched[a.sender()] = c.last_leaf;
      return;
    case Standing6::kGoOn: return advance(std::move(a), r, **cert, false, false);
    case Standing6::kRestart:
      office_.alarms.raise("chain-restart", "an agency has started its chain anew: it may have been restored from a backup");
      return advance(std::move(a), r, **cert, true, false);
    case Standing6::kStateLost:
      if (adopt) return advance(std::move(a), r, **cert, false, true);
      if (may_fetch) return take_gap(std::move(a), r, true);
      return hold(std::move(a));
    case Standing6::kGap:
      if (may_fetch) return take_gap(std::move(a), r, false);
      return hold(std::move(a));
    case Standing6::kConflict: break;
  }
  keep_conflict(a, r, **cert, slot.pair_seq);
  if (a.parsed.bst.batch_seq > c.batch_seq) advance(std::move(a), r, **cert, false, false);
}

// The hub may have logged what its sender never sealed twice, or the sender sealed twice: both frames together say which.
void Receiver::keep_conflict(const Arrival& a, Round& r, const crypto::Cert& sender, std::uint64_t pair_seq) {
  Conflict c{{}, a.frame};
  if (const auto leaf = passed(r, a.sender(), pair_seq)) {
    (void)office_.store.read([&](keep::Tx& tx) {
      if (auto frame = received_frame(tx, *leaf)) c.first = std::move(*frame);
      return base::Status{};
    });
    for (const Taken& t : r.taken) {
      if (t.arrival.group().leaf == *leaf) c.first = t.arrival.frame;
    }
  }
  const Finding found = judge_conflict(c, log_keys(office_.replica.anchor_note(), r.directory), sender.sign);
  office_.alarms.raise("conflict", "two groups claim one place in the chain of " + sender.name + ": both are kept as evidence" + (found.who == Guilty::kNobody ? "" : "; " + found.words));
  const bool convicts = found.who != Guilty::kNobody;
  r.evidence.emplace_back("conflicting groups of one chain",
                          convicts ? base::to_bytes(conflict_file(c, office_.replica.anchor_note(), r.directory, a.parsed.bst.sender_cert)) : keep::pack(c.first, c.second));
}

// What is missing before this group: as far back as the hub can. With the own state lost, the oldest one becomes the start.
void Receiver::take_gap(Arrival a, Round& r, bool lost) {
  wire::Fetch q;
  q.what = wire::Fetch::What::kPairFrom;
  q.sender = a.sender();
  q.recipient = office_.self;
  q.from = lost ? 1 : chain(r, a.sender()).upto + 1;
  q.limit = 64;
  auto got = hub_->fetch(q);
  if (!got.ok()) return hold(std::move(a));
  if (lost) office_.alarms.raise("state-lost", "an agency's earlier mail is unknown here: its chain is adopted from what the hub still holds");
  bool adopt = lost;
  for (base::Bytes& frame : got->delivers) {
    auto older = open_frame(std::move(frame), office_.self, r.directory);
    if (!older.ok() || older->deliver.index >= a.deliver.index) continue;
    take(std::move(older).value(), r, false, adopt);
    adopt = false;
  }
  take(std::move(a), r, false, adopt);
}

void Receiver::take_broadcast(Arrival a, Round& r, const crypto::Cert& cert) {
  keep::ChainRow& c = chain(r, a.sender());
  const std::uint32_t group_no = a.group().grp.group_no;
  if (!fresh_broadcast(c, a.parsed.bst.batch_seq, group_no)) return;
  c.bcast_seq = a.parsed.bst.batch_seq;
  c.bcast_group = group_no;
  auto opened = open_group(a, cert, r.desk, r.directory, office_.vault);
  if (!opened.ok()) return;
  Taken t;
  t.opened = std::move(opened).value();
  t.arrival = std::move(a);
  r.taken.push_back(std::move(t));
}

// Step 7: from here the chain advances whatever follows.
void Receiver::advance(Arrival a, Round& r, const crypto::Cert& cert, bool restart, bool adopt) {
  keep::ChainRow& c = chain(r, a.sender());
  if (restart) {
    c.n_failed = 0;
    c.adopted = {};
  }
  if (adopt) c.adopted = a.group().leaf;
  Taken t;
  t.pair_seq = a.group().grp.slot_of(office_.self)->pair_seq;
  c.started = true;
  c.upto = t.pair_seq + a.group().grp.n_msgs - 1;
  c.last_leaf = a.group().leaf;
  c.serial = cert.serial;
  c.batch_seq = a.parsed.bst.batch_seq;
  r.passed[{a.sender(), t.pair_seq}] = a.group().leaf;
  r.touched[a.sender()] = a.group().leaf;
  auto opened = open_group(a, cert, r.desk, r.directory, office_.vault);
  if (opened.ok()) {
    t.opened = std::move(opened).value();
  } else {
    t.status = static_cast<std::uint16_t>(a.group().tombstone ? ReceiptStatus::kExpiredUnread : ReceiptStatus::kUndecryptable);
    t.why = opened.error().what;
    ++c.n_failed;
    add_receipt(r, c, t.status, c.upto, c.last_leaf);
    r.evidence.emplace_back("a group that could not be opened: " + t.why, a.frame);
    office_.alarms.raise("undecryptable", "mail could not be opened (" + t.why + "): its sender is told");
  }
  t.arrival = std::move(a);
  r.taken.push_back(std::move(t));
}

void Receiver::add_receipt(Round& r, const keep::ChainRow& c, std::uint16_t status, std::uint64_t upto, const base::Hash& leaf) {
  crypto::Rcp1 rcp;
  rcp.status = status;
  rcp.n_failed = c.n_failed;
  rcp.recipient = office_.self;
  rcp.recipient_cert = office_.cert;
  rcp.sender = c.sender;
  rcp.upto_pair_seq = upto;
  rcp.group_leaf = leaf;
  rcp.time = r.desk.now;
  const bool delivered = status == static_cast<std::uint16_t>(ReceiptStatus::kDelivered);
  if (delivered) rcp.ref_leaf = c.adopted;
  const auto bytes = crypto::encode(rcp);
  const base::Byte tag[1] = {static_cast<base::Byte>(status)};
  const base::Hash key = office_.store.key("receipt", base::concat({c.sender, tag, delivered ? base::View{} : base::View(leaf)}));
  r.receipts[key] = base::concat({bytes, crypto::sign(rcp.suite, office_.vault.sign(), bytes)});
}

base::Status Receiver::commit(Round& r) {
  for (const auto& [sender, leaf] : r.touched) {
    const keep::ChainRow& c = chain(r, sender);
    add_receipt(r, c, static_cast<std::uint16_t>(ReceiptStatus::kDelivered), c.upto, leaf);
  }
  std::vector<std::string> tell;
  const base::Status s = office_.store.write([&](keep::Tx& tx) {
    std::vector<std::string> words;
    office_.replica.write(tx, r.step);
    for (const auto& [sender, row] : r.chains) tx.put(Table::kChain, tx.key("chain", sender), keep::pack(row));
    for (const auto& [place, leaf] : r.passed) tx.put(Table::kPassed, keep::key_of(tx.key("passed", place.first), place.second), leaf);
    for (const auto& [key, bytes] : r.receipts) {
      tx.put(Table::kReceipt, key, bytes);
      keep::keep_for_hub(tx, r.desk.now, keep::ForHub::kReceipt, bytes);
    }
    for (const auto& [what, bytes] : r.evidence) tx.put(Table::kEvidence, keep::key_of(tx.next(Table::kEvidence)), keep::pack(what, bytes));
    for (const Taken& t : r.taken) {
      if (t.status != 0) continue;
      for (std::string& w : apply_group(tx, r.desk, office_.random, t.arrival, t.opened)) words.push_back(std::move(w));
    }
    tell = std::move(words);
    return base::Status{};
  });
  if (!s) return s;
  office_.replica.adopt(std::move(r.step));
  for (const Taken& t : r.taken) hear(t);
  for (const std::string& words : tell) office_.alarms.raise("apply", words);
  if (office_.wake_feed) office_.wake_feed();
  if (office_.wake_courier) office_.wake_courier();
  return {};
}

// The tree that the sender had seen when it sealed this. One that is ours is no news; the keeper settles the rest.
void Receiver::hear(const Taken& t) {
  const crypto::Directory directory = office_.replica.directory();
  for (const OpenedMessage& o : t.opened) {
    if (!o.body || o.body->seen.size == 0) continue;
    const schemas::Seen& seen = o.body->seen;
    const crypto::VerifierKey& log = crypto::log_key(directory, seen.size);
    if (heard_ == std::pair(seen.size, seen.root)) continue;
    heard_ = {seen.size, seen.root};
    office_.gossip->told(t.arrival.sender(), seen.size);
    const auto own = seen.size <= office_.replica.size() ? office_.replica.root_at(seen.size) : base::Result<base::Hash>(base::Hash{});
    if (own.ok() && *own == seen.root) continue;
    crypto::Note note;
    note.text = crypto::Checkpoint{log.name, seen.size, seen.root}.body();
    note.signatures.push_back({log.name, log.id(), base::to_bytes(seen.log_sig)});
    if (!note.signed_by(log)) continue;  // the sender's word alone says nothing about the log
    const crypto::Member* sender = directory.member(t.arrival.sender());
    office_.gossip->hear(t.arrival.sender(), {office_.clock(), sender != nullptr ? sender->cert.name : "a peer", note.whole()});
  }
}

// What failed is told before anything that covers it (protocol 5): a sender that learns of a failure only by count has to ask for it.
void Receiver::send_receipts(const std::map<base::Hash, base::Bytes>& receipts) {
  std::vector<std::pair<base::Hash, base::Bytes>> ordered(receipts.begin(), receipts.end());
  std::stable_partition(ordered.begin(), ordered.end(), [](const auto& r) { return status_of(r.second) != ReceiptStatus::kDelivered; });
  for (const auto& [key, bytes] : ordered) {
    hub_->receipt_async(receipt_of(bytes), [this, k = key, b = bytes](base::Result<hub::client::Answer> answer) {
      if (!answer.ok() || (answer->nack && answer->nack->code == schemas::NackCode::kBusy)) {
        const std::lock_guard lock(mutex_);
        resend_ = true;  // it is kept: the next quiet moment sends it again
        return;
      }
      if (answer->nack && answer->nack->code == schemas::NackCode::kCert) return;  // kept: it goes again after the next HELLO, or under the next certificate
      if (answer->nack) office_.alarms.raise("receipt-refused", "the hub refuses one of our receipts: " + answer->nack->words);
      const std::lock_guard lock(mutex_);
      logged_.emplace_back(k, b);
    });
  }
}

void Receiver::send_kept_receipts() {
  std::map<base::Hash, base::Bytes> kept;
  (void)office_.store.read([&](keep::Tx& tx) {
    tx.scan(Table::kReceipt, {}, [&](base::View k, base::View v) {
      if (k.size() == 32 && v.size() == 248) kept.emplace(base::fixed<32>(k), base::to_bytes(v));
      return true;
    });
    return base::Status{};
  });
  std::map<base::Hash, base::Bytes> anew;
  for (auto& [key, bytes] : kept) {
    if (auto signed_anew = sign_anew(office_, bytes)) anew.emplace(key, bytes = std::move(*signed_anew));
  }
  if (!anew.empty()) {
    const base::Status s = office_.store.write([&](keep::Tx& tx) {
      for (const auto& [key, bytes] : anew) {
        tx.put(Table::kReceipt, key, bytes);
        keep::keep_for_hub(tx, office_.clock(), keep::ForHub::kReceipt, bytes);
      }
      return base::Status{};
    });
    if (!s.ok()) return;
  }
  send_receipts(kept);
}

void Receiver::forget_receipts() {
  std::vector<std::pair<base::Hash, base::Bytes>> logged;
  {
    const std::lock_guard lock(mutex_);
    logged.swap(logged_);
  }
  if (logged.empty()) return;
  (void)office_.store.write([&](keep::Tx& tx) {  // forgetting late only sends once more
    for (const auto& [key, bytes] : logged) {
      const auto now = tx.get(Table::kReceipt, key);
      if (now && base::equal(*now, bytes)) tx.erase(Table::kReceipt, key);
    }
    return base::Status{};
  });
}

}  // namespace adapters::agent::mail
