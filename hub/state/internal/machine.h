// What State holds between records, and Work: one record being applied. For hub/state only.
#pragma once

#include <functional>
#include <unordered_map>

#include "crypto/directory.h"
#include "hub/state/record.h"
#include "hub/state/rows.h"

namespace hub::state {

struct Limits {  // protocol 12; the anchor may lower them
  std::uint64_t frame = schemas::kMaxBatchFrame, groups = crypto::kMaxGroups, messages = crypto::kMaxMessages, slots = crypto::kMaxSlots;
  std::uint64_t body = crypto::kMaxBody, note = schemas::kMaxNote, age_ms = 24 * base::kHour, skew_ms = 2 * base::kMinute;
  std::uint64_t mailbox = 100'000;  // groups waiting for one recipient
};
Limits limits_of(const crypto::Anchor& anchor);

struct Machine {
  std::function<const crypto::SignKey*(const crypto::Anchor&)> key_for;  // nullptr: this hub does not hold what the anchor names
  const crypto::SignKey* log_key = nullptr;                              // of the newest anchor
  std::string anchor;  // whole note that the log began with
  crypto::Directory directory;
  std::vector<base::Instant> dir_times;  // hub_time of each type-3 entry
  crypto::Frontier frontier;
  base::Instant hub_time{};  // of the last entry
  base::Hash hub_subject{};
  std::uint32_t agents = 0;
  std::uint64_t checkpoints = 0;
  std::string checkpoint;  // newest
  Limits limits;

  explicit Machine(crypto::Directory d) : directory(std::move(d)), limits(limits_of(directory.anchor())) {}
};

// One record. Rows that many items touch are kept here and written once, by finish().
class Work {
 public:
  Work(Machine& machine, Kv& store, base::Instant t) : m(machine), kv(store), hub_time(std::max(t, machine.hub_time)) {}

  Machine& m;
  Kv& kv;
  const base::Instant hub_time;  // of every entry of this record

  // Appends one entry; hub_time and dir_seq are filled in.
  base::Status entry(schemas::EntryType type, const base::Hash& subject, const base::Hash& container, std::uint32_t count = 0,
                     std::uint16_t flags = 0);
  [[nodiscard]] std::uint64_t size() const { return m.frontier.size(); }

  AgentRow* find_agent(const base::Id& id);  // nullptr: never sent nor received
  AgentRow& agent(const base::Id& id);       // gives it a number
  PairRow* find_pair(const base::Id& sender, const base::Id& recipient);
  PairRow& pair(const base::Id& sender, const base::Id& recipient);
  // Takes one row out of a mailbox. No such row: nothing happens, nullopt.
  base::Result<std::optional<InboxRow>> leave_mailbox(const base::Id& sender, const base::Id& recipient, std::uint64_t index);
  // The ACCEPT entry at an index, or nullopt.
  [[nodiscard]] std::optional<crypto::Ent1> accept_entry(std::uint64_t index) const;
  base::Status keep(base::View record);  // into kRec, by its SHA-256

  base::Status finish();  // rows, checkpoint, state; only if the tree grew

 private:
  std::unordered_map<base::Id, std::optional<AgentRow>, base::IdHash> agents_;
  struct PairHash {
    std::size_t operator()(const base::Fixed<32>& k) const {
      return base::load_le<std::size_t>(k.data() + 8) ^ base::load_le<std::size_t>(k.data() + 24) * 31;
    }
  };
  std::unordered_map<base::Fixed<32>, std::optional<PairRow>, PairHash> pairs_;
  const std::uint64_t size_before_ = m.frontier.size();
  base::Status checkpoint();
};

// One item kind each. A refusal is in the Outcome; a Status error means the store failed.
base::Status apply_batch(Work& w, const Item& item, Outcome& out);
base::Status apply_receipt(Work& w, const Item& item, Outcome& out);
base::Status apply_dir(Work& w, const Item& item, Outcome& out);
base::Status apply_head(Work& w, const Item& item, Outcome& out);
base::Status apply_record(Work& w, const Item& item, Outcome& out);  // 4, 7
base::Status apply_access(Work& w, const Item& item, Outcome& out);
base::Status apply_end(Work& w, const Item& item, Outcome& out);  // 5, 6

// accept_batch.cc: writes a batch that has passed every check.
base::Status accept_batch(Work& w, const VerifiedBatch& batch, Outcome& out);

inline void refuse(Outcome& out, schemas::NackCode code, std::string words, base::Bytes payload = {}) {
  out.code = code;
  out.words = std::move(words);
  out.payload = std::move(payload);
}
inline constexpr std::uint32_t kBusyRetryMs = 1000, kQuotaRetryMs = 60'000;

}  // namespace hub::state
