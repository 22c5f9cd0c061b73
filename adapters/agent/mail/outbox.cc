// Sealing what waits, and what becomes of a batch.
#include "adapters/agent/mail/outbox.h"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/agent/blob/outgoing.h"
#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/keep/for_hub.h"
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/mail/facts.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/reading.h"
#include "adapters/agent/mail/sender.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"
#include "schemas/frames.h"
#include "schemas/header_rules.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;
namespace policy = schemas::policy;

struct Picked {
  std::vector<keep::OutItem> items;
  std::vector<keep::Message> messages;
  std::vector<Prepared> copies;
  bool closed = false;
};
// In the order in which recipients first appear: that is the order of groups.
struct Picking {
  std::vector<base::Id> order;
  std::map<base::Id, Picked> groups;
  std::set<base::Id> blocked;
  std::set<base::Id> views;  // message ids in this batch whose facts may come along
  std::size_t messages = 0, bytes = 0, parts = 0;
  std::map<base::Id, std::size_t> parts_of;  // by attachment
};

bool is_facts(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts); }

}  // namespace

// Never the bytes it was made from: those may hold what the mapping dropped on purpose (a social security number, say); they stay in this
// agency's own store, where the answer is written in the language of the question.
std::optional<Prepared> prepare(keep::Tx& tx, const Desk& desk, const keep::Message& m, const base::Id& to) {
  auto body = schemas::decode_body(m.body);
  const crypto::Member* member = desk.directory.member(to);
  if (!body.ok() || member == nullptr) return std::nullopt;
  const policy::Policy& rules = *desk.policy;
  const auto opening = opening_of(tx, m.thread_id);
  const disclose::Context context = disclose::context_of(opening && !is_opening(m) ? &*opening : nullptr);
  const auto consents = disclose::finder(tx);
  const disclose::Ruling r = disclose::rule(rules, {desk.slug, desk.kind}, {member->cert.name, member->cert.kind}, static_cast<schemas::MsgKind>(m.kind),
                                            static_cast<schemas::Purpose>(m.purpose), *body, context, consents, desk.now);
  Prepared out;
  if (!r.answer.allowed) {
    out.decision = disclose::record_of(rules, r);
    return out;
  }
  disclose::Copy copy = disclose::copy_for(rules, r, desk.slug, *body, context, consents);
  out.body = schemas::encode_body(copy.body);
  out.decision = disclose::record_of(rules, r, std::move(copy.withheld));
  return out;
}

namespace {

// A part goes as the message that names it goes, to readers whose copy of that still has the attachment.
std::optional<Prepared> prepare_part(keep::Tx& tx, const SealContext& c, const keep::Message& m, const keep::BlobRow& row, const base::Id& to) {
  const auto naming = message(tx, row.message);
  std::optional<Prepared> copy = naming ? prepare(tx, c.desk, *naming, to) : std::nullopt;
  if (!copy || !copy->decision.allowed) return copy;
  const auto seen = schemas::decode_body(copy->body);
  if (seen.ok() && blob::names(*seen, row.blob)) return Prepared{blob::body_of(tx, row, m), std::move(copy->decision)};
  copy->decision.allowed = false;
  copy->decision.code = "privacy";
  copy->decision.explanation = "its reader no longer sees attachments";
  return copy;
}

std::uint64_t life_of(const SealContext& c, const keep::Message& m) {
  const crypto::PolicyNote* policy = c.desk.directory.policy();
  const auto kind = static_cast<schemas::MsgKind>(m.kind);
  if (policy != nullptr) return schemas::expiry_ms(*policy, kind);
  return kind == schemas::MsgKind::kCapacity ? schemas::kCapacityExpiryMs : schemas::kDefaultExpiryMs;
}

// Protocol 3: a key in its period, of an active member, that lives at least as long as the message.
const crypto::EpochKey* usable_key(const SealContext& c, const base::Id& to, std::uint64_t life) {
  const crypto::Member* member = c.desk.directory.member(to);
  if (member == nullptr || c.desk.directory.standing_now(member->cert_hash, c.desk.now) != crypto::Standing::kActive) return nullptr;
  const crypto::EpochKey* key = c.desk.directory.usable_epoch(to, c.desk.now);
  return key != nullptr && c.desk.now.plus(life) <= key->destroy_after ? key : nullptr;
}

void refuse(keep::Tx& tx, const SealContext& c, keep::Message m, const keep::DecisionRow& decision) {
  const std::string why = decision.explanation.empty() ? "the policy no longer allows it" : decision.explanation;
  keep::RefusalRow row;
  row.at = c.desk.now;
  row.from = c.desk.self;
  row.to = m.to.empty() ? base::Id{} : m.to[0];
  row.thread_id = m.thread_id;
  row.msg_id = m.msg_id;
  row.kind = m.kind;
  row.rule = decision.rules.empty() ? "" : decision.rules[0];
  row.code = decision.code;
  row.words = why;
  row.person = m.person;
  record_refusal(tx, row);
  tx.put(Table::kDecision, keep::key_of(m.seq), keep::pack(decision));
  m.progress = keep::Progress::kFailed;
  m.why = why;
  m.leaf = {};
  save_message(tx, c.desk.self, m);
}

// The queue has four lanes. Mail and facts are in one order; read receipts stand behind all of it, parts of attachments behind those.
enum class Lane { kMail, kFacts, kReads, kParts };
constexpr std::uint64_t kReadsFrom = 1ULL << 62, kPartsFrom = 1ULL << 63;
Lane lane_of(const keep::Message& m) {
  if (is_facts(m)) return Lane::kFacts;
  if (is_read_receipt(m)) return Lane::kReads;
  return blob::is_part(m) ? Lane::kParts : Lane::kMail;
}
std::string_view counter_of(Lane lane) { return lane == Lane::kFacts ? "facts_waiting" : lane == Lane::kReads ? "reads_waiting" : "parts_waiting"; }
// Each lane that stands apart has numbers of its own.
std::pair<std::string_view, std::uint64_t> numbers_of(Lane lane) {
  if (lane == Lane::kParts) return {"part_seq", kPartsFrom};
  return lane == Lane::kReads ? std::pair<std::string_view, std::uint64_t>{"read_seq", kReadsFrom} : std::pair<std::string_view, std::uint64_t>{"out_seq", 1};
}

std::uint64_t counted(keep::Tx& tx, Lane lane) {
  const auto v = tx.get(Table::kMeta, base::view(counter_of(lane)));
  return v && v->size() == 8 ? keep::number_in(*v) : 0;
}
void put_item(keep::Tx& tx, const keep::OutItem& item, Lane lane) {
  tx.put(Table::kOut, keep::key_of(item.seq), keep::pack(item));
  if (lane != Lane::kMail) tx.put(Table::kMeta, base::view(counter_of(lane)), keep::key_of(counted(tx, lane) + 1));
}
void erase_item(keep::Tx& tx, const keep::OutItem& item, Lane lane) {
  tx.erase(Table::kOut, keep::key_of(item.seq));
  if (lane != Lane::kMail) tx.put(Table::kMeta, base::view(counter_of(lane)), keep::key_of(counted(tx, lane) - 1));
}

void fail_item(keep::Tx& tx, const SealContext& c, const keep::OutItem& item, keep::Message m, const std::string& why) {
  erase_item(tx, item, lane_of(m));
  m.progress = keep::Progress::kFailed;
  m.why = why;
  save_message(tx, c.desk.self, m);
}

// Facts go with their view, or after it: what the view said is settled by then. Some have none (a refusal that was told to us).
enum class View { kHere, kSent, kWaits, kFailed };
View view_of(keep::Tx& tx, const Picking& p, const keep::Message& facts) {
  if (p.views.contains(facts.msg_id)) return View::kHere;
  View out = View::kSent;
  for (const keep::Message& m : messages_by_id(tx, facts.msg_id)) {
    if (is_facts(m) || !m.outgoing) continue;
    if (m.progress == keep::Progress::kWaiting || m.progress == keep::Progress::kSealed) return View::kWaits;
    out = m.progress == keep::Progress::kFailed ? View::kFailed : View::kSent;
  }
  return out;
}

// May this part go in this batch? After its message, of what has been scanned, few at a time.
enum class Turn { kNow, kLater, kNever };
Turn turn_of(keep::Tx& tx, const SealContext& c, const Picking& p, const keep::BlobRow& row, std::string& why) {
  const auto naming = message(tx, row.message);
  if (row.state == keep::BlobState::kRefused || row.scan == keep::BlobScan::kInfected) why = row.why;
  if (naming && naming->progress == keep::Progress::kFailed) why = "the message that names it was not sent";
  if (naming && !naming->why.empty()) why = naming->why;
  if (!why.empty() || !naming) return Turn::kNever;
  if (naming->progress == keep::Progress::kWaiting && !p.views.contains(naming->msg_id)) return Turn::kLater;
  if (c.desk.scans && row.scan == keep::BlobScan::kNotYet) return Turn::kLater;
  const auto here = p.parts_of.find(row.blob);
  return here != p.parts_of.end() && here->second == kFlushPartsOfOne ? Turn::kLater : Turn::kNow;
}

// One waiting item: into a group, or its recipient is blocked for this batch.
bool pick_one(keep::Tx& tx, const SealContext& c, const keep::OutItem& item, Picking& p, SealNotes& notes) {
  if (p.blocked.contains(item.recipient)) return true;
  if (item.not_before > c.desk.now) {
    p.blocked.insert(item.recipient);
    return true;
  }
  auto m = message(tx, item.message);
  if (!m) return true;
  const bool broadcast = base::all_zero(item.recipient);
  if (is_facts(*m)) {
    const View view = view_of(tx, p, *m);
    if (view == View::kWaits) return true;
    if (view == View::kFailed) {
      fail_item(tx, c, item, std::move(*m), "the message that it accompanies was not sent");
      return true;
    }
  }
  const auto row = blob::is_part(*m) ? blob::row_of(tx, *m) : std::nullopt;
  if (blob::is_part(*m)) {
    std::string why = row ? "" : "its attachment is gone";
    const Turn turn = row ? turn_of(tx, c, p, *row, why) : Turn::kNever;
    if (turn == Turn::kNever) {
      blob::stop(tx, *m, why);
      fail_item(tx, c, item, std::move(*m), why);
    }
    if (turn != Turn::kNow) return true;
  }
  std::optional<Prepared> copy = broadcast || is_facts(*m) || is_read_receipt(*m) ? Prepared{m->body, {}} : row ? prepare_part(tx, c, *m, *row, item.recipient) : prepare(tx, c.desk, *m, item.recipient);
  if (!copy || !copy->decision.allowed) {
    ++notes.refused;
    erase_item(tx, item, lane_of(*m));
    if (row) blob::stop(tx, *m, copy ? copy->decision.explanation : "its reader has left");
    refuse(tx, c, std::move(*m), copy ? copy->decision : keep::DecisionRow{});
    return true;
  }
  if (!broadcast && usable_key(c, item.recipient, life_of(c, *m)) == nullptr) {
    p.blocked.insert(item.recipient);
    const crypto::Member* member = c.desk.directory.member(item.recipient);
    notes.waiting.push_back(member ? member->cert.name : "an agency that left");
    return true;
  }
  Picked& group = p.groups[item.recipient];
  if (group.closed || (item.alone && !group.items.empty())) {
    p.blocked.insert(item.recipient);
    return true;
  }
  if (group.items.empty()) p.order.push_back(item.recipient);
  group.closed = item.alone || broadcast;
  if (!is_facts(*m)) p.views.insert(m->msg_id);
  if (row) ++p.parts, ++p.parts_of[row->blob];
  p.bytes += crypto::padded_size(copy->body.size()) + 512;
  group.items.push_back(item);
  group.messages.push_back(std::move(*m));
  group.copies.push_back(std::move(*copy));
  ++p.messages;
  return p.messages < kFlushMessages && p.bytes < kFlushBytes && p.parts < kFlushParts;
}

Picking pick(keep::Tx& tx, const SealContext& c, SealNotes& notes) {
  std::vector<keep::OutItem> items;
  std::uint64_t from = 0;
  Picking p;
  for (bool more = true; more;) {  // in pages, because picking writes
    items.clear();
    tx.scan(Table::kOut, keep::key_of(from), [&](base::View, base::View v) {
      if (auto item = keep::unpack<keep::OutItem>(v)) items.push_back(*item);
      return items.size() < 256;
    });
    more = items.size() == 256;
    for (const keep::OutItem& item : items) {
      from = item.seq + 1;
      if (pick_one(tx, c, item, p, notes)) continue;
      more = false;
      break;
    }
  }
  return p;
}

crypto::Draft draft_of(keep::Tx& tx, const SealContext& c, const keep::Message& m, const Prepared& copy, const std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>>& here) {
  crypto::Draft d;
  d.hdr.kind = m.kind;
  d.hdr.msg_id = m.msg_id;
  d.hdr.thread_id = m.thread_id;
  d.hdr.created = c.desk.now;
  d.hdr.expires = c.desk.now.plus(life_of(c, m));
  d.hdr.policy_version = c.desk.directory.policy() ? c.desk.directory.policy()->version : 0;
  d.hdr.purpose = m.purpose;
  const bool broadcast = m.to.empty();
  d.hdr.flags = static_cast<std::uint16_t>((broadcast ? 0 : crypto::Hdr1::kDeliveredWanted) | (m.test ? crypto::Hdr1::kTest : 0));
  d.hdr.thread_seq = m.thread_seq;
  d.body = copy.body;
  if (broadcast) return d;
  // thread_prev: the newest sealed or received message before this one; one in this very batch has no leaf yet.
  for (auto before = chain_of(tx, m); !before.empty(); before.pop_back()) {
    if (before.back() >= m.seq) continue;
    const auto it = here.find(before.back());
    if (it != here.end()) d.answers_in_batch = it->second;
    break;
  }
  if (!d.answers_in_batch) {
    if (const auto leaf = leaf_before(tx, m)) d.hdr.thread_prev = leaf->second;
  }
  return d;
}

std::vector<crypto::Recipient> audience(keep::Tx& tx, const SealContext& c, const keep::Message& m) {
  std::vector<crypto::Recipient> out;
  for (const crypto::Member* member : c.desk.directory.members()) {
    const base::Id& id = member->cert.agent;
    if (id == c.desk.self || member->cert.type != "agent" || out.size() == crypto::kMaxSlots) continue;
    const auto copy = prepare(tx, c.desk, m, id);
    if (!copy || !copy->decision.allowed) continue;
    if (const crypto::EpochKey* key = usable_key(c, id, life_of(c, m))) out.push_back({id, key->epoch, key->key, 0, {}});
  }
  return out;
}

// The request, and beside it the rows that remember what to take back.
crypto::SealRequest request_of(keep::Tx& tx, const SealContext& c, const Picking& p, std::vector<keep::SentGroup>& sent) {
  crypto::SealRequest r;
  std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> here;
  for (const base::Id& to : p.order) {
    const Picked& picked = p.groups.at(to);
    crypto::DraftGroup group;
    keep::SentGroup row;
    row.recipient = to;
    row.items = picked.items;
    if (base::all_zero(to)) {
      group.to = audience(tx, c, picked.messages[0]);
      if (group.to.empty()) continue;  // nobody may hear it now: it waits
    } else {
      const keep::PairRow pair = pair_of(tx, to);
      const crypto::EpochKey* key = usable_key(c, to, life_of(c, picked.messages[0]));
      row.pair_seq = row.prev_pair_seq = pair.next;
      row.prev_leaf = pair.last_leaf;
      row.restart = pair.restart;
      group.to = {{to, key->epoch, key->key, pair.next, pair.restart ? base::Hash{} : pair.last_leaf}};
      group.chain_restart = pair.restart;
    }
    for (std::size_t i = 0; i < picked.messages.size(); ++i) {
      const keep::Message& m = picked.messages[i];
      const auto at = std::pair(static_cast<std::uint32_t>(r.groups.size()), static_cast<std::uint32_t>(group.messages.size()));
      group.messages.push_back(draft_of(tx, c, m, picked.copies[i], here));
      here.emplace(m.seq, at);
    }
    r.groups.push_back(std::move(group));
    sent.push_back(std::move(row));
  }
  return r;
}

void advance_pair(keep::Tx& tx, const keep::SentGroup& g) {
  if (g.pair_seq == 0) return;
  keep::PairRow pair = pair_of(tx, g.recipient);
  pair.next = g.pair_seq + g.items.size();
  pair.last_leaf = g.leaf;
  pair.restart = false;
  save(tx, pair);
}

void mark_sealed(keep::Tx& tx, const SealContext& c, const Picking& p, const crypto::SealRequest& r, const crypto::SealedBatch& sealed, keep::BatchRow& row) {
  for (std::size_t g = 0; g < row.groups.size(); ++g) {
    keep::SentGroup& group = row.groups[g];
    group.leaf = sealed.groups[g].leaf;
    advance_pair(tx, group);
    for (std::size_t i = 0; i < group.items.size(); ++i) {
      auto m = message(tx, group.items[i].message);
      erase_item(tx, group.items[i], m ? lane_of(*m) : Lane::kMail);
      if (!m) continue;
      m->progress = keep::Progress::kSealed;
      m->leaf = sealed.groups[g].msgs[i].leaf;
      m->group_leaf = group.leaf;
      m->message_no = static_cast<std::uint32_t>(i);
      m->created = c.desk.now;
      m->expires = r.groups[g].messages[i].hdr.expires;
      m->policy_version = r.groups[g].messages[i].hdr.policy_version;
      save_message(tx, c.desk.self, *m);
      if (lane_of(*m) == Lane::kMail) tx.put(Table::kDecision, keep::key_of(m->seq), keep::pack(p.groups.at(group.recipient).copies[i].decision));
    }
  }
}

}  // namespace

void enqueue(keep::Tx& tx, const Desk& desk, const keep::Message& m) {
  keep::OutItem item;
  const auto [name, from] = numbers_of(lane_of(m));
  const auto last = tx.get(Table::kMeta, base::view(name));
  item.seq = last && last->size() == 8 ? keep::number_in(*last) + 1 : from;
  tx.put(Table::kMeta, base::view(name), keep::key_of(item.seq));
  item.message = m.seq;
  item.recipient = m.to.empty() ? base::Id{} : m.to[0];
  item.size = static_cast<std::uint32_t>(m.body.size());
  item.since = desk.now;
  put_item(tx, item, lane_of(m));
}

void put_back(keep::Tx& tx, const keep::OutItem& item, const keep::Message& m) { put_item(tx, item, lane_of(m)); }

std::optional<keep::OutItem> take_out(keep::Tx& tx, const keep::Message& m, const base::Id& recipient) {
  std::optional<keep::OutItem> found;
  tx.scan(Table::kOut, {}, [&](base::View, base::View v) {
    auto item = keep::unpack<keep::OutItem>(v);
    if (item && item->message == m.seq && item->recipient == recipient) found = std::move(item);
    return !found;
  });
  if (found) erase_item(tx, *found, lane_of(m));
  return found;
}

std::uint64_t parts_waiting(keep::Tx& tx) { return counted(tx, Lane::kParts); }
std::uint64_t mail_waiting(keep::Tx& tx) { return tx.count(Table::kOut) - counted(tx, Lane::kFacts) - counted(tx, Lane::kReads) - parts_waiting(tx); }

std::optional<keep::BatchRow> in_flight(keep::Tx& tx) {
  const SenderRow s = sender(tx);
  if (s.in_flight == 0) return std::nullopt;
  return keep::find<keep::BatchRow>(tx, Table::kBatch, keep::key_of(s.in_flight));
}

base::Result<std::optional<keep::BatchRow>> seal_next(keep::Tx& tx, const SealContext& c, SealNotes& notes) {
  SenderRow s = sender(tx);
  if (s.in_flight != 0) return std::optional<keep::BatchRow>{};
  notes.stale = c.desk.policy == nullptr;
  if (notes.stale) return std::optional<keep::BatchRow>{};
  const Picking picking = pick(tx, c, notes);
  keep::BatchRow row;
  crypto::SealRequest r = request_of(tx, c, picking, row.groups);
  if (r.groups.empty()) return std::optional<keep::BatchRow>{};
  r.sender = c.desk.self;
  r.sender_cert = c.desk.cert;
  r.batch_seq = std::max(s.batch_seq + 1, c.desk.now.ms);
  r.created = c.desk.now;
  r.prev_batch = s.last_hash;
  r.hub_id = c.desk.directory.anchor().hub_id();
  r.dir_seq = c.desk.directory.seq();
  auto sealed = crypto::seal(r, c.sign, c.hedge);
  for (crypto::DraftGroup& g : r.groups) {
    for (crypto::Draft& d : g.messages) crypto::wipe(d.body.data(), d.body.size());
  }
  if (!sealed) return sealed.error();
  row.batch_seq = r.batch_seq;
  row.hash = sealed->hash;
  row.prev = s.last_hash;
  row.created = c.desk.now;
  row.frame = schemas::encode_batch(sealed->parts());
  mark_sealed(tx, c, picking, r, *sealed, row);
  s.batch_seq = row.batch_seq;
  s.last_hash = row.hash;
  s.in_flight = row.batch_seq;
  save(tx, s);
  tx.put(Table::kBatch, keep::key_of(row.batch_seq), keep::pack(row));
  return std::optional(std::move(row));
}

void accept(keep::Tx& tx, const Desk& desk, keep::BatchRow row, const Accepted& at) {
  SenderRow s = sender(tx);
  if (s.in_flight == row.batch_seq) s.in_flight = 0;
  save(tx, s);
  row.first_index = at.first_index;
  row.size = at.tree_size;
  bool mail = false;
  for (std::size_t g = 0; g < row.groups.size(); ++g) {
    const keep::SentGroup& group = row.groups[g];
    for (const keep::OutItem& item : group.items) {
      auto m = message(tx, item.message);
      if (!m) continue;
      m->progress = keep::Progress::kSent;
      m->first_index = at.first_index;
      m->index = at.first_index + g;
      m->sent = at.hub_time;
      save_message(tx, desk.self, *m);
      mail = mail || !blob::is_part(*m);
      if (blob::is_part(*m)) blob::note_sent(tx, *m);
      if (lane_of(*m) != Lane::kMail) continue;
      place_waiting_facts(tx, desk, *m, row.hash);
      if (item.resends == 0) feed(tx, *m);
    }
    if (group.pair_seq == 0) continue;
    keep::GroupRow sent;
    sent.batch_seq = row.batch_seq;
    sent.index = at.first_index + g;
    sent.pair_seq = group.pair_seq;
    sent.group_no = static_cast<std::uint32_t>(g);
    sent.n = static_cast<std::uint32_t>(group.items.size());
    sent.leaf = group.leaf;
    tx.put(Table::kGroup, keep::key_of(tx.key("group", group.recipient), group.pair_seq), keep::pack(sent));
    keep::PairRow pair = pair_of(tx, group.recipient);
    pair.acked_next = group.pair_seq + sent.n;
    save(tx, pair);
  }
  if (!mail && !row.frame.empty()) {  // parts are proved by the message that names them (docs/spec/audit.md); their bytes are kept already
    keep::keep_for_hub(tx, desk.now, keep::ForHub::kBatch, row.frame);
    row.frame.clear();
  }
  tx.put(Table::kBatch, keep::key_of(row.batch_seq), keep::pack(row));
}

void take_back(keep::Tx& tx, const Desk& desk, const keep::BatchRow& row, const std::vector<Verdict>& verdicts) {
  SenderRow s = sender(tx);
  CHECK(s.in_flight == row.batch_seq);
  s.in_flight = 0;
  s.last_hash = row.prev;
  save(tx, s);
  for (std::size_t g = 0; g < row.groups.size(); ++g) {
    const keep::SentGroup& group = row.groups[g];
    const auto v = std::find_if(verdicts.begin(), verdicts.end(), [&](const Verdict& x) { return x.group_no == g; });
    if (group.pair_seq != 0) {
      keep::PairRow pair = pair_of(tx, group.recipient);
      pair.next = group.prev_pair_seq;
      pair.last_leaf = group.prev_leaf;
      pair.restart = group.restart;
      save(tx, pair);
    }
    for (keep::OutItem item : group.items) {
      auto m = message(tx, item.message);
      if (!m) continue;
      const bool people = v != verdicts.end() && !v->people.empty();
      m->progress = people ? keep::Progress::kFailed : keep::Progress::kWaiting;
      m->why = people ? v->people : "";
      m->leaf = m->group_leaf = {};
      save_message(tx, desk.self, *m);
      if (people) continue;
      item.not_before = v == verdicts.end() ? base::Instant{} : v->not_before;
      put_item(tx, item, lane_of(*m));
    }
  }
  tx.erase(Table::kBatch, keep::key_of(row.batch_seq));
}

Waiting waiting(keep::Tx& tx, base::Instant now) {
  Waiting w;
  w.parts = parts_waiting(tx);
  w.waiting = tx.count(Table::kOut) - w.parts - counted(tx, Lane::kReads);
  base::Instant oldest = now, facts = now;
  std::vector<keep::OutItem> items;
  tx.scan(Table::kOut, {}, [&](base::View, base::View v) {
    const auto item = keep::unpack<keep::OutItem>(v);
    if (!item || item->seq >= kReadsFrom) return false;
    items.push_back(*item);
    return items.size() < 1000;
  });
  for (const keep::OutItem& item : items) {
    oldest = std::min(oldest, item.since);
    const auto m = message(tx, item.message);
    if (!m || !is_facts(*m)) continue;
    ++w.facts;
    facts = std::min(facts, item.since);
  }
  w.facts_age_ms = now.ms - facts.ms;
  if (const auto row = in_flight(tx)) {
    for (const keep::SentGroup& g : row->groups) {
      w.in_flight += g.items.size();
      for (const keep::OutItem& i : g.items) {
        if (i.seq < kReadsFrom) oldest = std::min(oldest, i.since);
      }
    }
  }
  w.oldest_age_ms = now.ms - oldest.ms;
  return w;
}

}  // namespace adapters::agent::mail
