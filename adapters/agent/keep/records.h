// What the agent's store holds, as plain values with their bytes. unpack_*() answers nullopt for bytes of another shape, which its
// callers treat as a corrupt store.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

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

// A message that a person has looked at: here, or, of ours, at its recipient (a read receipt).
struct SeenRow {
  Id msg_id{}, reader{};
  Instant at;
};

struct OutItem {  // waits for sealing
  std::uint64_t seq = 0;  // key
  std::uint64_t message = 0;
  Id recipient{};
  std::uint32_t size = 0;
  Instant since, not_before;
  std::uint8_t resends = 0;
  bool alone = false;                    // after a receipt 5: in a group of its own
};

struct SentGroup {
  Id recipient{};
  std::uint64_t pair_seq = 0;            // 0: broadcast
  Hash leaf{};
  std::uint64_t prev_pair_seq = 0;       // the pair's next position and leaf before this group, to take it back
  Hash prev_leaf{};
  bool restart = false;
  std::vector<OutItem> items;            // in message order
};
struct BatchRow {
  std::uint64_t batch_seq = 0;           // key
  Hash hash{}, prev{};
  Instant created;
  std::vector<SentGroup> groups;
  Bytes frame;
  std::uint64_t first_index = kNoIndex;  // set by the ACK
  std::uint64_t size = 0;                // of the tree whose checkpoint proved it
};

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

enum class GroupState : std::uint8_t { kAccepted = 0, kDelivered = 1, kUndecryptable = 2, kExpired = 3 };
struct GroupRow {
  std::uint64_t batch_seq = 0, index = 0, pair_seq = 0;
  std::uint32_t group_no = 0, n = 0;
  Hash leaf{};
  GroupState state = GroupState::kAccepted;
};

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
struct TimerRow {
  std::uint64_t seq = 0;                 // key
  Id thread_id{};
  std::string name, tell, did;           // did: "escalated", "expired", "told"
  Instant deadline, at;
};
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
struct DecisionRow {                     // of an outgoing message at sealing, of an incoming one when it came
  std::uint32_t version = 0;
  bool allowed = true;
  std::string view, code, explanation;
  std::vector<std::string> rules, obligations, withheld;
};
struct RefusalRow {                      // a denial by policy or lifecycle, on its way out or in; nothing protected in it
  Instant at;
  bool incoming = false;
  Id from{}, to{}, thread_id{}, msg_id{};
  std::uint16_t kind = 0;
  std::string rule, code, words, person;
};
struct CapacityRow {
  Id agency{}, msg_id{};
  std::string service, state, accepts, phone;
  std::int32_t count = -1;
  Instant as_of;
  std::uint32_t ttl_minutes = 60;
  [[nodiscard]] bool stale(Instant now) const { return now > as_of.plus(std::uint64_t{ttl_minutes} * base::kMinute); }
};
struct GlassRow {
  Id msg_id{}, thread_id{}, opened{}, by{};
  std::string reason, text, person, role;
  Instant at, until, review_due;
  std::string reviewed_by, finding;      // finding: justified | not_justified
  Instant reviewed;
};

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

struct AppliedRow {
  std::uint16_t kind = 0;
  Id thread_id{};
  Hash digest{};
  std::uint64_t message = 0;
};
struct DedupeRow {
  Hash digest{};
  Id msg_id{}, thread_id{};
};
struct QuarantineRow {
  std::uint64_t id = 0;
  std::string adapter, format, what, where, mend;
  std::uint8_t kind = 0;
  Instant at;
  Bytes bytes;
};
struct ProofRow {
  Bytes deliver;                         // the frame as it came
  Bytes keys;                            // K_i of its messages, 32 bytes each
};
struct CursorRow {
  std::uint64_t low = 0;                 // every feed entry up to it is done
  std::set<std::uint64_t> done;          // and these above it
  std::uint64_t delivered = 0, failed = 0;
};

Bytes pack(const Message&);
Bytes pack(const SeenRow&);
Bytes pack(const OutItem&);
Bytes pack(const BatchRow&);
Bytes pack(const PairRow&);
Bytes pack(const GroupRow&);
Bytes pack(const ChainRow&);
Bytes pack(const ThreadRow&);
Bytes pack(const EventRow&);
Bytes pack(const AppliedRow&);
Bytes pack(const DedupeRow&);
Bytes pack(const QuarantineRow&);
Bytes pack(const ProofRow&);
Bytes pack(const CursorRow&);
Bytes pack(const LoopRow&);
Bytes pack(const TimerRow&);
Bytes pack(const NoticeRow&);
Bytes pack(const DecisionRow&);
Bytes pack(const RefusalRow&);
Bytes pack(const CapacityRow&);
Bytes pack(const GlassRow&);
Bytes pack(const BlobRow&);
template <class T>
std::optional<T> unpack(base::View v);

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
