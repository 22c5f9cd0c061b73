// Store: the agent's LMDB. Every value is sealed with crypto/locker; keys are keyed hashes or sequence numbers, so that a stolen
// disk says nothing but counts. One write at a time, many callers: whoever waits while a commit is on its way to the disk shares
// the next one (group commit). Thread-safe.
//
// Jobs run inside a transaction. A job that returns an error leaves no trace. A job may be run twice (when a neighbour in the same
// commit failed after writing), so it must depend only on the transaction and set its results at its end.
// After kIo or kFull from write() the process must stop (decisions D16); `on_fatal` is told once.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "crypto/locker.h"
#include "hub/store/env.h"

namespace adapters::agent::keep {

enum class Table : unsigned {
  kMeta,        // name -> small state: sender chain, scan, frontier, counters
  kLog,         // u64 index -> ENT1
  kNode,        // u8 level (8,16,..) u56 n -> hash
  kAccept,      // keyed batch_hash -> u64 index of the batch's first entry
  kDir,         // u64 dir_seq -> log index, hub_time, note
  kOut,         // u64 seq -> OutItem: what waits for sealing
  kBatch,       // u64 batch_seq -> BatchRow: finished bytes and what became of them
  kPair,        // keyed recipient -> PairRow: our chain towards it
  kGroup,       // keyed recipient || u64 pair_seq -> GroupRow: sent groups until and after delivery
  kChain,       // keyed sender -> ChainRow: its chain towards us
  kPassed,      // keyed sender || u64 pair_seq -> leaf, length
  kApplied,     // keyed sender, msg_id -> kind, thread, body digest, message seq
  kMessage,     // u64 seq -> Message
  kByThread,    // keyed thread || u64 message seq -> EventRow
  kByMessage,   // keyed msg_id || u64 message seq -> nothing
  kThread,      // keyed thread -> ThreadRow
  kRecent,      // u64 order -> thread id
  kRef,         // keyed reference || u64 message seq -> thread id
  kDedupe,      // keyed dedupe key -> digest, msg_id, thread_id
  kFeed,        // u64 seq -> thread id, u64 message seq: what adapters are handed, in order
  kCursor,      // adapter name -> its place in the feed
  kReceipt,     // keyed (sender, status, leaf) -> RCP1 || sig: until the hub has logged it
  kProof,       // u64 log index of a received group -> its frame and message keys
  kQuarantine,  // u64 id -> QuarantineRow
  kEvidence,    // u64 id -> what and bytes
  kPolicy,      // u64 version -> the policy's text
  kDecision,    // u64 message seq -> DecisionRow: what the policy made of it
  kLoop,        // keyed thread -> LoopRow: what deadlines follow from
  kDue,         // u64 time || thread -> nothing: when a loop is to be looked at next
  kTimer,       // u64 seq -> TimerRow: every timer that fired
  kNotice,      // u64 seq -> NoticeRow: what people are to be told
  kRefusal,     // u64 seq -> RefusalRow: what was not sent, or not shown
  kConsent,     // keyed consent id -> the Consent, as a body
  kCapacity,    // keyed agency, service -> CapacityRow
  kGlass,       // keyed msg_id -> GlassRow: a use of break-glass, until and after its review
  kBlob,        // keyed blob id -> BlobRow: an attachment that travels in parts
  kBlobPart,    // keyed blob id || u32 part -> its bytes
  kMatch,       // u64 id -> MatchRow: a record that a person has to say the thread of
  kMode,        // adapter name -> ModeRow: dry-run, shadow or live
  kRehearsed,   // keyed adapter || u64 number -> RehearsedRow: what an adapter would have sent
  kReplay,      // u64 id -> ReplayRow: quarantined records on their way in again
  kSubscription,  // keyed (adapter, key) -> what that adapter keeps for itself: subscriptions, resources that wait
  kHook,        // u64 seq -> HookRow: a call to a system of ours that waits for its answer
  kPerson,      // keyed person id -> PersonRow: an account
  kSignIn,      // keyed login -> person id and failed attempts: lock-out outlives a restart
  kLedger,      // u64 seq -> LedgerRow: who saw or did what, chained
  kLedgerOf,    // keyed thread || u64 seq -> nothing: a thread's rows of the ledger
  kRota,        // list name -> RotaRow: who is on call, by shift
  kChannel,     // keyed person || u64 id -> ChannelRow: where that person is told
  kTold,        // u64 seq -> ToldRow: one notice on one channel, and how far it came
  kSeen,        // keyed msg_id, reader -> SeenRow: the recipient's read receipt, or that ours has been sent
  kToldOf,      // u64 notice || u64 told seq -> nothing; keyed told id -> u64 told seq; u64 notice -> nothing: done with
  kRelease,     // u64 seq -> a published report, with the numbers that it hid
  kHead,        // u64 day -> LoggedHead: the ledger's head as the hub logged it
  kSuspension,  // u64 id -> SuspensionRow: disclosures that an accounting leaves out for a time
  kHold,        // u64 id -> HoldRow: what is not purged while it stands
  kTombstone,   // keyed thread -> TombstoneRow: signed, of what was purged
  kReview,      // u64 week -> ReviewRow: the audit of that week, signed off
  kForHub,      // u64 ms || keyed hash -> signed bytes that a hub would need back (for_hub.h)
  kCount_,
};

class Store;

// One open transaction. Failures (a value that does not unlock, a full disk) are remembered: reads then find nothing and writes do
// nothing, and the whole transaction is dropped.
class Tx {
 public:
  Tx(const Store& store, hub::store::Txn& txn) : store_(store), txn_(txn) {}
  std::optional<base::Bytes> get(Table t, base::View key);
  [[nodiscard]] bool has(Table t, base::View key) const;
  void put(Table t, base::View key, base::View plain);
  void erase(Table t, base::View key);
  using Visit = std::function<bool(base::View key, base::View plain)>;  // must not write to `t`
  void scan(Table t, base::View from, const Visit& visit);
  void scan_back(Table t, base::View from, const Visit& visit);
  // Keys that begin with `prefix`, in order.
  void scan_prefix(Table t, base::View prefix, const Visit& visit);
  [[nodiscard]] std::uint64_t count(Table t) const;
  [[nodiscard]] std::uint64_t next(Table t) const;  // for u64 keys: last + 1, or 1
  [[nodiscard]] base::Hash key(std::string_view label, base::View value) const;
  [[nodiscard]] const base::Status& fault() const { return fault_; }
  void fail(base::Error e);
  // Somebody may be waiting for news of this row (a thread's id, a notice's number): told once the commit is on disk, never if it failed.
  void changed(Table t, base::View id) { news_.emplace_back(t, base::to_bytes(id)); }
  [[nodiscard]] std::uint64_t writes() const { return writes_; }

 private:
  const Store& store_;
  hub::store::Txn& txn_;
  friend class Store;
  base::Status fault_;
  std::uint64_t writes_ = 0;
  std::vector<std::pair<Table, base::Bytes>> news_;
};
using News = std::vector<std::pair<Table, base::Bytes>>;

using Job = std::function<base::Status(Tx&)>;

class Store {
 public:
  static constexpr std::uint32_t kVersion = 1;
  // Creates `dir` if missing. kUnsupported: written by a newer agent. kCorrupt: another key.
  static base::Result<std::unique_ptr<Store>> open(const std::string& dir, crypto::Secret<32> key, crypto::Random& random, std::uint64_t map_size = 16ULL << 30);
  // To read only, also beside the agent that runs in this folder. Tables of a later version are absent; write() must not be called.
  static base::Result<std::unique_ptr<Store>> open_beside(const std::string& dir, crypto::Secret<32> key, crypto::Random& random, std::uint64_t map_size = 16ULL << 30);
  // Every value of every table unlocks. kCorrupt names the table of the first that does not.
  base::Status unlock_all() const;
  base::Status write(const Job& job);        // durable when it returns ok
  base::Status read(const Job& job) const;   // a snapshot; the job must not write
  [[nodiscard]] base::Hash key(std::string_view label, base::View value) const { return locker_.lookup(label, value); }
  [[nodiscard]] double fill() const { return env_.fill(); }
  base::Status copy_to(const std::string& dir) const { return env_.copy_to(dir); }
  void on_fatal(std::function<void(const base::Error&)> tell) { tell_ = std::move(tell); }
  void on_news(std::function<void(const News&)> hear) { hear_ = std::move(hear); }  // before threads start; called from whoever commits
  // While it lives, the next job that this thread writes takes `also` along into its transaction: both happen, or neither.
  class Along {
   public:
    Along(Store& store, Job also);
    ~Along();
    Along(const Along&) = delete;
    Along& operator=(const Along&) = delete;
    [[nodiscard]] bool written() const { return written_; }

   private:
    friend class Store;
    Store& store_;
    Job also_;
    bool written_ = false;
    Along* outer_;
  };

 private:
  friend class Tx;
  struct Waiting {
    const Job* job;
    base::Status status;
    bool done = false;
  };
  Store(hub::store::Env env, crypto::Locker locker) : env_(std::move(env)), locker_(std::move(locker)) {}
  base::Status prepare();                    // tables, version, key check
  void lead(std::deque<Waiting*>& batch);
  bool run_once(std::deque<Waiting*>& batch);
  base::Status enqueue(const Job& job);

  hub::store::Env env_;
  crypto::Locker locker_;
  std::vector<hub::store::TableId> tables_;
  std::function<void(const base::Error&)> tell_;
  std::function<void(const News&)> hear_;
  std::mutex mutex_;
  std::condition_variable turn_;
  bool leading_ = false;
  std::deque<Waiting*> queue_;
};

// Big-endian keys.
base::Bytes key_of(std::uint64_t n);
base::Bytes key_of(base::View prefix, std::uint64_t n);
std::uint64_t number_in(base::View key);     // the trailing u64

}  // namespace adapters::agent::keep
