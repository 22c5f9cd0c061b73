// Replica: this agent's own copy of the log and of the directory that follows from it. It reads every entry in order and takes nothing
// on trust: the scan of protocol 6, every note valid where it stands, the root equal to the signed one. A fault stops it for good
// (an alarm, and evidence in the store): nothing is sent or opened on the word of a log that does not hold together.
//
// A step is three acts, so that the caller's own changes share its commit: fetch (network, checks), write (in a transaction), adopt
// (in memory, after the commit). Hold turn() across them. Reading functions are thread-safe and see adopted steps only.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

#include "adapters/agent/alarms.h"
#include "adapters/agent/keep/records.h"
#include "crypto/directory.h"
#include "crypto/merkle.h"
#include "hub/client/client.h"

namespace adapters::agent::keep {

// The scan's memory between entries. A value.
struct Scan {
  base::Instant hub_time;
  std::uint64_t dir_seq = 0;
  base::Hash last_dir{}, last_hub{}, container{};  // container: of the previous entry if it was an ACCEPT
  std::set<base::Hash> subjects;                   // of that batch so far
};
void fields(auto& f, MaybeConst<Scan> auto& r) { f(r.hub_time, r.dir_seq, r.last_dir, r.last_hub, r.container, r.subjects); }

struct NoteRow {                                   // key in kDir: u64 dir_seq
  std::uint64_t index = 0;                         // of its entry
  base::Instant at;                                // by the hub's clock
  std::string text;                                // whole
};
void fields(auto& f, MaybeConst<NoteRow> auto& r) { f(r.index, r.at, r.text); }

// The rules that one entry can break by itself or against its predecessors (all but note validity and the root).
// `seen_before`: an earlier, finished run of entries carried this container.
base::Status scan_entry(Scan& scan, const crypto::Ent1& entry, bool seen_before);

class Replica {
 public:
  struct Step {
    std::uint64_t from = 0;
    std::vector<base::Bytes> entries;
    std::vector<std::pair<base::Bytes, base::Hash>> nodes;       // key, hash
    std::vector<std::pair<base::Hash, std::uint64_t>> batches;   // batch_hash -> first index
    std::vector<NoteRow> notes;
    crypto::Frontier frontier;
    Scan scan;
    std::optional<crypto::Directory> directory;                  // if it changed
    std::string checkpoint;                                      // newest note held after this step
  };

  static base::Result<std::unique_ptr<Replica>> open(Store& store, std::string_view anchor, Alarms& alarms);

  [[nodiscard]] std::unique_lock<std::mutex> turn() { return std::unique_lock(turn_); }
  // Everything up to the largest of `checkpoints` (whole notes); every one of them must fit this one tree. Entries that the caller
  // already holds (from an ACK or a DELIVER) save the asking.
  // kBusy: the hub did not answer. kBadSignature, kCorrupt: a fault of the log; the replica has stopped.
  base::Result<Step> fetch(hub::client::Client& hub, std::span<const std::string> checkpoints, std::span<const schemas::wire::Proven> held = {});
  void write(Tx& tx, const Step& step) const;
  void adopt(Step step);
  // The three in a row, with `also` in the same commit. An empty checkpoint: the hub is asked for its newest.
  base::Status sync(hub::client::Client& hub, std::string_view checkpoint = {}, std::span<const schemas::wire::Proven> held = {}, const Job& also = {});

  [[nodiscard]] crypto::Directory directory() const;
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] base::Hash root() const;
  [[nodiscard]] std::string checkpoint() const;                  // newest checked note; may be empty
  [[nodiscard]] base::Instant hub_time() const;                  // of the last entry
  [[nodiscard]] bool stopped() const;
  void fault(const std::string& words, base::View evidence);     // alarm, evidence, stop
  base::Status resume();                                         // people have looked at it: what contradicts the log stops it again

  [[nodiscard]] std::optional<base::Fixed<112>> entry(std::uint64_t index) const;
  [[nodiscard]] std::optional<std::uint64_t> batch_index(const base::Hash& batch_hash) const;  // first index, if logged
  base::Result<std::vector<base::Hash>> inclusion(std::uint64_t index, std::uint64_t size) const;
  base::Result<std::vector<base::Hash>> consistency(std::uint64_t old_size, std::uint64_t size) const;
  base::Result<base::Hash> root_at(std::uint64_t size) const;
  [[nodiscard]] const std::string& anchor_note() const { return anchor_; }  // the pinned one, whole

 private:
  Replica(Store& store, std::string anchor, crypto::Directory directory, Alarms& alarms);
  base::Status load(Tx& tx);
  base::Status take_entry(hub::client::Client& hub, Step& step, base::View entry);
  base::Status take_note(hub::client::Client& hub, Step& step, const crypto::Ent1& entry, std::uint64_t index);
  base::Result<base::Bytes> next_entries(hub::client::Client& hub, std::uint64_t from, std::uint64_t to, std::span<const schemas::wire::Proven> held);
  base::Status check_older(const crypto::Checkpoint& c, const std::string& note);
  using Marks = std::map<std::uint64_t, std::pair<base::Hash, std::string>>;  // size -> signed root, note
  base::Status read_to(hub::client::Client& hub, const Marks& marks, std::span<const schemas::wire::Proven> held, Step& step);
  static std::optional<base::Hash> node(Tx& tx, unsigned level, std::uint64_t index);

  Store& store_;
  const std::string anchor_;
  Alarms& alarms_;
  std::mutex turn_;
  mutable std::mutex mutex_;  // guards what follows
  crypto::Directory directory_;
  crypto::Frontier frontier_;
  Scan scan_;
  std::string checkpoint_, fault_;
  std::vector<schemas::wire::DirNote> ahead_;  // notes fetched and not yet reached; with turn_ held
};

}  // namespace adapters::agent::keep
