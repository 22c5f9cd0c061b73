// Office: what the broker's threads share. Queues between them, the directory in force, counters, and the first failure.
// The road of a batch: front (I/O) -> verifier -> writer -> desk -> front. Of a question: front -> library -> front.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>

#include "hub/broker/broker.h"
#include "hub/broker/queue.h"

namespace hub::broker {

namespace wire = schemas::wire;
using schemas::NackCode;
using schemas::Op;
using Route = base::Fixed<5>;

struct Origin {  // who asked, and where the answer goes
  base::Id agent{};
  Route route{};
  std::uint64_t session = 0;  // 0: before its HELLO
  std::uint64_t req = 0;
};

struct Out {  // to be sent by the front
  Origin to;
  Op op{};
  base::Bytes payload;
  // What the front has to book when this leaves.
  std::uint64_t house_bytes = 0;  // > 0: an accepted frame is answered herewith
  std::uint32_t messages = 0;
  bool batch = false, query = false, strike = false;
  NackCode refused{};
  std::uint64_t mail_index = 0;  // a DELIVER: its place in the mailbox
  std::uint32_t epoch = 0;       // a DELIVER: counts the rewinds of its session
};

struct Frame {  // front -> verifier
  Origin from;
  Op op{};            // BATCH or RECEIPT
  base::Bytes bytes;  // frame; RCP1 || sig
};
struct Pending {  // -> writer -> desk
  Origin from;    // req 0: nobody waits for an answer
  state::Item item;
  std::uint32_t messages = 1;
  std::uint64_t house_bytes = 0;
  std::function<void(const state::Outcome&)> then{};  // runs on the desk's thread after the commit
};
struct Question {  // front -> library
  Origin from;
  Op op{};
  base::Bytes payload;
  std::optional<std::uint64_t> access_index{};  // SEARCH: the committed type-8 entry
};
struct Errand {  // -> desk
  enum class What { kCommitted, kHello, kCredit, kGone, kRewind } what{};
  std::vector<Pending> pending{};  // kCommitted
  std::vector<state::Outcome> outcomes{};
  Origin who{};             // kHello, kCredit, kGone, kRewind
  std::uint64_t n = 0;      // kHello, kCredit: groups; kRewind: the mail index that could not be sent
  std::uint32_t epoch = 0;  // kRewind: of the DELIVER that could not be sent
};

struct Counters {
  std::atomic<std::uint64_t> batches{0}, messages{0}, receipts{0}, notes{0}, nacks{0}, delivers{0}, blocks{0}, questions{0};
  std::atomic<std::uint64_t> sessions{0}, house_bytes{0}, house_items{0}, suspensions{0}, dropped{0}, zap_refused{0};
  std::atomic<std::uint64_t> hub_time{0}, size{0}, indexed_upto{0}, witnessed_size{0}, witnesses{0};
  std::atomic<std::uint32_t> fill_ppm{0};
  std::atomic<bool> read_only{false};
};

// The refusals of the running minute, for the type-7 entries.
class Rejects {
 public:
  using Minute = std::map<base::Id, std::map<std::uint16_t, std::uint64_t>>;
  void add(const base::Id& sender, NackCode code);
  Minute take();

 private:
  std::mutex mutex_;
  Minute minute_;
};

class Office {
 public:
  Office(const Parts& p, const Options& o);

  const Parts parts;
  const Options options;
  std::vector<std::unique_ptr<Queue<Frame>>> verify;
  Queue<Pending> write;
  Queue<Errand> desk;
  Queue<Question> library;
  Counters count;
  Rejects rejects;
  net::Waker main_waker, front_waker, index_waker, keeper_waker;
  std::atomic<bool> stopping{false}, failed{false};

  [[nodiscard]] base::Instant now() const;  // the clock, never before the log's last hub_time
  [[nodiscard]] std::uint64_t tick() const { return parts.steady().ms; }
  [[nodiscard]] crypto::Directory directory() const;
  [[nodiscard]] std::uint64_t directory_version() const { return directory_version_; }
  void directory_changed();                         // the writer, after a block with notes
  base::Status look_up_log();                       // at the start: size and last hub_time
  base::Bytes record(std::string_view text) const;  // 32 random bytes, then the text (protocol section 6)

  void send(std::vector<Out> outs);
  void send(Out out);
  std::vector<Out> take_outs();
  void fail(base::Error e);  // the first one counts
  [[nodiscard]] std::optional<base::Error> failure() const;

 private:
  mutable std::mutex mutex_;
  crypto::Directory directory_;
  std::atomic<std::uint64_t> directory_version_{1};
  std::vector<Out> outs_;
  std::optional<base::Error> failure_;
};

// The member behind an agent id, if its certificate is in force now. Looked up on every op and before every DELIVER (protocol section 5).
const crypto::Member* in_force(const crypto::Directory& d, const base::Id& agent, base::Instant now);

base::Bytes nack_bytes(NackCode code, std::string words, std::uint32_t retry_ms = 0);
Out refusal(const Origin& to, NackCode code, std::string words, std::uint32_t retry_ms = 0);

}  // namespace hub::broker
