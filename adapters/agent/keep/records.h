// What the agent's store holds, as plain values with their bytes (pack.h).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/store.h"
#include "crypto/transcript.h"

namespace adapters::agent::keep {

using base::Bytes;
using base::Hash;
using base::Id;
using base::Instant;

inline constexpr std::uint64_t kNoIndex = ~0ULL;

enum class Progress : std::uint8_t { kWaiting = 0, kSealed = 1, kSent = 2, kDelivered = 3, kRead = 4, kFailed = 5, kReceived = 6 };

struct Message {  // one event of a thread, as this agency holds it
  std::uint64_t seq = 0;  // key
  Id msg_id{}, thread_id{}, sender{};
  std::vector<Id> to;
  std::uint16_t kind = 0, purpose = 0;
  bool outgoing = false, test = false, conflict = false, expired = false;
  Instant created, received, expires;
  std::uint64_t first_index = kNoIndex;  // of its batch: its place in the order of D14
  std::uint64_t index = kNoIndex;        // of its group
  std::uint32_t thread_seq = 0, message_no = 0;
  std::uint32_t policy_version = 0;
  Hash leaf{}, group_leaf{};
  Progress progress = Progress::kWaiting;
  std::string why;                       // kFailed: rule or reason
  std::string person;
  Bytes body;                            // schemas/body.h; fixed from submission on, so that a re-seal repeats it byte for byte
  Instant sent, delivered;               // the hub's time of its entry; the time that its recipient's signed receipt gives (ours)
};
void fields(auto& f, MaybeConst<Message> auto& r) {
  f(r.seq, r.msg_id, r.thread_id, r.sender, r.to, r.kind, r.purpose, r.outgoing, r.test, r.conflict, r.expired, r.created, r.received, r.expires,
    r.first_index, r.index, r.thread_seq, r.message_no, r.policy_version, r.leaf, r.group_leaf, r.progress, r.why, r.person, r.body);
  if (f.more()) f(r.sent, r.delivered);
}

// A message that a person has looked at: here, or, of ours, at its recipient (a read receipt).
struct SeenRow {
  Id msg_id{}, reader{};
  Instant at;
};
void fields(auto& f, MaybeConst<SeenRow> auto& r) { f(r.msg_id, r.reader, r.at); }

struct OutItem {  // waits for sealing
  std::uint64_t seq = 0;  // key
  std::uint64_t message = 0;
  Id recipient{};
  std::uint32_t size = 0;
  Instant since, not_before;
  std::uint8_t resends = 0;
  bool alone = false;                    // after a receipt 5: in a group of its own
};
void fields(auto& f, MaybeConst<OutItem> auto& r) { f(r.seq, r.message, r.recipient, r.size, r.since, r.not_before, r.resends, r.alone); }

struct SentGroup {
  Id recipient{};
  std::uint64_t pair_seq = 0;            // 0: broadcast
  Hash leaf{};
  std::uint64_t prev_pair_seq = 0;       // the pair's next position and leaf before this group, to take it back
  Hash prev_leaf{};
  bool restart = false;
  std::vector<OutItem> items;            // in message order
};
void fields(auto& f, MaybeConst<SentGroup> auto& r) { f(r.recipient, r.pair_seq, r.leaf, r.prev_pair_seq, r.prev_leaf, r.restart, r.items); }
struct BatchRow {
  std::uint64_t batch_seq = 0;           // key
  Hash hash{}, prev{};
  Instant created;
  std::vector<SentGroup> groups;
  Bytes frame;
  std::uint64_t first_index = kNoIndex;  // set by the ACK
  std::uint64_t size = 0;                // of the tree whose checkpoint proved it
};
void fields(auto& f, MaybeConst<BatchRow> auto& r) { f(r.batch_seq, r.hash, r.prev, r.created, r.groups, r.frame, r.first_index, r.size); }

struct PairRow {  // our chain towards a recipient, and what it has receipted
  Id recipient{};
  std::uint64_t next = 1;
  Hash last_leaf{};
  bool restart = false;
  std::uint64_t delivered_upto = 0;      // settled
  std::uint64_t cover_upto = 0, cover_from = 0;
  std::uint32_t cover_failed = 0;
  std::vector<std::uint64_t> failed;     // upto_pair_seq of groups with a 5/6 receipt, ascending
  std::uint64_t receipts_from = 0;       // log index: receipts before it are known
  std::uint64_t acked_next = 1;          // position after the last accepted group
};
void fields(auto& f, MaybeConst<PairRow> auto& r) {
  f(r.recipient, r.next, r.last_leaf, r.restart, r.delivered_upto, r.cover_upto, r.cover_from, r.cover_failed, r.failed, r.receipts_from,
    r.acked_next);
}

enum class GroupState : std::uint8_t { kAccepted = 0, kDelivered = 1, kUndecryptable = 2, kExpired = 3 };
struct GroupRow {
  std::uint64_t batch_seq = 0, index = 0, pair_seq = 0;
  std::uint32_t group_no = 0, n = 0;
  Hash leaf{};
  GroupState state = GroupState::kAccepted;
};
void fields(auto& f, MaybeConst<GroupRow> auto& r) { f(r.batch_seq, r.index, r.pair_seq, r.group_no, r.n, r.leaf, r.state); }

struct ChainRow {  // a sender's chain towards us
  Id sender{};
  std::uint64_t upto = 0;
  Hash last_leaf{};
  std::uint32_t n_failed = 0;
  Hash adopted{};                        // leaf adopted as start, or 0
  std::uint64_t serial = 0;              // of the certificate at its last group
  std::uint64_t batch_seq = 0;           // of its last group's batch
  std::uint64_t bcast_seq = 0;
  std::uint32_t bcast_group = 0;
  bool started = false;
};
void fields(auto& f, MaybeConst<ChainRow> auto& r) {
  f(r.sender, r.upto, r.last_leaf, r.n_failed, r.adopted, r.serial, r.batch_seq, r.bcast_seq, r.bcast_group, r.started);
}

struct ThreadRow {
  Id thread_id{}, other{};
  bool requester = false, unread = false, test = false;
  std::uint64_t opening = 0;             // message seq of the Referral; 0: none yet
  std::uint64_t first = 0, last = 0;     // message seqs
  std::uint64_t order = 0;               // key in kRecent
  std::uint32_t next_thread_seq = 1;
  Instant created, updated;
  std::uint8_t phase = 0;                // as reduced after the last event
  std::string loop;
};
void fields(auto& f, MaybeConst<ThreadRow> auto& r) {
  f(r.thread_id, r.other, r.requester, r.unread, r.test, r.opening, r.first, r.last, r.order, r.next_thread_seq, r.created, r.updated, r.phase,
    r.loop);
}

// What the reducer needs of an event, beside the thread's index: no body has to be opened to know where a loop stands.
struct EventRow {
  Id msg_id{}, sender{};
  std::uint16_t kind = 0;
  std::uint64_t first_index = kNoIndex;
  std::uint32_t thread_seq = 0;
  Hash leaf{};
  std::uint8_t phase = 0;                // of a Referral or StatusUpdate; 0 otherwise
  bool counts = true;                    // false: failed to be sent, or a conflict
  Instant at;
  std::string reason_class, reason, outcome;
  std::int32_t esc_level = 0;            // overlays: escalation, follow-up mark
  std::string deadline, mark, result;
  Instant appointment;
  bool coordinator = false;              // its sender's certificate said so
  Id retracts{};                         // a Correction by the author: that message no longer counts
};
void fields(auto& f, MaybeConst<EventRow> auto& r) {
  f(r.msg_id, r.sender, r.kind, r.first_index, r.thread_seq, r.leaf, r.phase, r.counts, r.at, r.reason_class, r.reason, r.outcome);
  if (f.more()) f(r.esc_level, r.deadline, r.mark, r.result, r.appointment, r.coordinator, r.retracts);
}

// What deadlines follow from, beside the events (schemas/timers.h), and which of them have fired here.
struct LoopRow {
  Id thread_id{};
  Id asker{}, asked{};                   // requester and target
  std::string urgency, service;
  Id parent{}, child{};                  // re-referral
  std::uint32_t policy_version = 0;      // when it began: its deadlines are of that version
  Instant viewed, handoff_offered, hold_start, hold_end;
  Id handoff_by{}, responsible{};        // whoever brings the person, until the other side takes
  std::uint64_t due = 0;                 // its key in kDue; 0: none
  std::map<std::string, Instant> fired;
};
void fields(auto& f, MaybeConst<LoopRow> auto& r) {
  f(r.thread_id, r.asker, r.asked, r.urgency, r.service, r.parent, r.child, r.policy_version, r.viewed, r.handoff_offered, r.hold_start,
    r.hold_end, r.handoff_by, r.responsible, r.due, r.fired);
}
struct TimerRow {
  std::uint64_t seq = 0;                 // key
  Id thread_id{};
  std::string name, tell, did;           // did: "escalated", "expired", "told"
  Instant deadline, at;
};
void fields(auto& f, MaybeConst<TimerRow> auto& r) { f(r.seq, r.thread_id, r.name, r.tell, r.did, r.deadline, r.at); }
// For the people of this agency; nothing protected in it. What channels carry them is theirs to know.
struct NoticeRow {
  std::uint64_t seq = 0;                 // key
  Id thread_id{}, msg_id{};
  std::string what;                      // deadline name, "offer_next", "break_glass", "refused", "handoff", "hold"
  std::string tell;                      // "on_call", "supervisor", "privacy_officer", "it", "coordinator"
  std::string words;
  Instant at;
  bool phone = false;
  std::string seen_by;                   // who acknowledged it
  Instant seen;
  std::string urgency{};                 // of the referral it is about: emergent, urgent, routine; empty: none
};
void fields(auto& f, MaybeConst<NoticeRow> auto& r) {
  f(r.seq, r.thread_id, r.msg_id, r.what, r.tell, r.words, r.at, r.phone, r.seen_by, r.seen);
  if (f.more()) f(r.urgency);
}
struct DecisionRow {                     // of an outgoing message at sealing, of an incoming one when it came
  std::uint32_t version = 0;
  bool allowed = true;
  std::string view, code, explanation;
  std::vector<std::string> rules, obligations, withheld;
};
void fields(auto& f, MaybeConst<DecisionRow> auto& r) { f(r.version, r.allowed, r.view, r.code, r.explanation, r.rules, r.obligations, r.withheld); }
struct RefusalRow {                      // a denial by policy or lifecycle, on its way out or in; nothing protected in it
  Instant at;
  bool incoming = false;
  Id from{}, to{}, thread_id{}, msg_id{};
  std::uint16_t kind = 0;
  std::string rule, code, words, person;
};
void fields(auto& f, MaybeConst<RefusalRow> auto& r) {
  f(r.at, r.incoming, r.from, r.to, r.thread_id, r.msg_id, r.kind, r.rule, r.code, r.words, r.person);
}
struct CapacityRow {
  Id agency{}, msg_id{};
  std::string service, state, accepts, phone;
  std::int32_t count = -1;
  Instant as_of;
  std::uint32_t ttl_minutes = 60;
  [[nodiscard]] bool stale(Instant now) const { return now > as_of.plus(std::uint64_t{ttl_minutes} * base::kMinute); }
};
void fields(auto& f, MaybeConst<CapacityRow> auto& r) { f(r.agency, r.msg_id, r.service, r.state, r.accepts, r.phone, r.count, r.as_of, r.ttl_minutes); }
struct GlassRow {
  Id msg_id{}, thread_id{}, opened{}, by{};
  std::string reason, text, person, role;
  Instant at, until, review_due;
  std::string reviewed_by, finding;      // finding: justified | not_justified
  Instant reviewed;
};
void fields(auto& f, MaybeConst<GlassRow> auto& r) {
  f(r.msg_id, r.thread_id, r.opened, r.by, r.reason, r.text, r.person, r.role, r.at, r.until, r.review_due, r.reviewed_by, r.finding, r.reviewed);
}

// An attachment that travels in parts (kBlobPart), ours on its way out or another agency's on its way in.
enum class BlobState : std::uint8_t { kArriving = 0, kWhole = 1, kRefused = 2, kGone = 3 };
enum class BlobScan : std::uint8_t { kNotYet = 0, kClean = 1, kInfected = 2 };
struct BlobRow {
  Id blob{}, sender{}, thread_id{};
  Hash sha256{};
  std::uint64_t size = 0;
  std::uint32_t of = 0, have = 0, sent = 0;  // parts; ours: `have` is all of them
  std::uint64_t message = 0;             // seq of the message that names it; 0: none has come
  BlobState state = BlobState::kArriving;
  BlobScan scan = BlobScan::kNotYet;
  bool queued = false;                   // ours: its parts go out; false: the reader's view has no attachment
  bool told = false;                     // kRefused: its sender has been told
  std::string why;                       // kRefused, kGone
  Instant since, last;                   // of its first and newest part or name
};
void fields(auto& f, MaybeConst<BlobRow> auto& r) {
  f(r.blob, r.sender, r.thread_id, r.sha256, r.size, r.of, r.have, r.sent, r.message, r.state, r.scan, r.queued, r.told, r.why, r.since, r.last);
}

struct AppliedRow {
  std::uint16_t kind = 0;
  Id thread_id{};
  Hash digest{};
  std::uint64_t message = 0;
};
void fields(auto& f, MaybeConst<AppliedRow> auto& r) { f(r.kind, r.thread_id, r.digest, r.message); }
struct DedupeRow {
  Hash digest{};
  Id msg_id{}, thread_id{};
};
void fields(auto& f, MaybeConst<DedupeRow> auto& r) { f(r.digest, r.msg_id, r.thread_id); }
struct QuarantineRow {
  std::uint64_t id = 0;
  std::string adapter, format, what, where, mend;
  std::uint8_t kind = 0;
  Instant at;
  Bytes bytes;
};
void fields(auto& f, MaybeConst<QuarantineRow> auto& r) { f(r.id, r.adapter, r.format, r.what, r.where, r.mend, r.kind, r.at, r.bytes); }
struct ProofRow {
  Bytes deliver;                         // the frame as it came
  Bytes keys;                            // K_i of its messages, 32 bytes each
};
void fields(auto& f, MaybeConst<ProofRow> auto& r) { f(r.deliver, r.keys); }
struct CursorRow {
  std::uint64_t low = 0;                 // every feed entry up to it is done
  std::set<std::uint64_t> done;          // and these above it
  std::uint64_t delivered = 0, failed = 0;
};
void fields(auto& f, MaybeConst<CursorRow> auto& r) { f(r.low, r.done, r.delivered, r.failed); }

// A record by its key; one that does not unpack is a fault of the transaction.
template <class T>
std::optional<T> find(Tx& tx, Table t, base::View key) {
  const auto plain = tx.get(t, key);
  if (!plain) return std::nullopt;
  auto row = unpack<T>(*plain);
  if (!row) tx.fail({base::Kind::kCorrupt, "a record has another shape than expected", "store"});
  return row;
}

}  // namespace adapters::agent::keep
