// Receiver: the thread that takes what the hub delivers, in the order of protocol 4.2. What came while the last commit ran is taken
// together: one scan, one commit, one receipt a sender. Calls from outside only hand over.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <thread>

#include "adapters/agent/mail/apply.h"
#include "adapters/agent/mail/chain.h"

namespace adapters::agent::mail {

class Receiver {
 public:
  explicit Receiver(Office& office) : office_(office) {}
  ~Receiver() { stop(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void start(hub::client::Client& hub);
  void stop();
  void on_connection(bool up);
  void on_deliver(base::Bytes frame);

 private:
  struct Taken {                                   // one group past the chain table
    Arrival arrival;
    std::uint64_t pair_seq = 0;                    // 0: broadcast
    std::uint16_t status = 0;                      // 5 or 6: not applied
    std::string why;
    std::vector<OpenedMessage> opened;
  };
  struct Round {                                   // what one commit will hold
    keep::Replica::Step step;
    crypto::Directory directory;
    Desk desk;
    std::map<base::Id, keep::ChainRow> chains;     // as they will be
    std::map<std::pair<base::Id, std::uint64_t>, base::Hash> passed;
    std::vector<Taken> taken;
    std::map<base::Hash, base::Bytes> receipts;    // key -> RCP1 || sig
    std::map<base::Id, base::Hash> touched;        // senders to be told, with the last leaf
    std::vector<std::pair<std::string, base::Bytes>> evidence;
  };
  struct Held {
    Arrival arrival;
    base::Instant since;
  };

  void run();
  void round(std::vector<base::Bytes> frames);
  std::vector<Arrival> open_frames(std::vector<base::Bytes> frames);
  bool catch_up();  // after a restore: asks again for what was receipted since the backup. True: done, or never restored
  bool catch_up_with(const base::Id& sender, std::uint64_t from);
  std::optional<base::Bytes> fetch_one(std::uint64_t index);
  void take(Arrival a, Round& r, bool may_fetch, bool adopt);
  void take_broadcast(Arrival a, Round& r, const crypto::Cert& cert);
  void take_gap(Arrival a, Round& r, bool lost);
  void keep_conflict(const Arrival& a, Round& r, const crypto::Cert& sender, std::uint64_t pair_seq);
  void advance(Arrival a, Round& r, const crypto::Cert& cert, bool restart, bool adopt);
  void hold(Arrival a);
  keep::ChainRow& chain(Round& r, const base::Id& sender);
  std::optional<base::Hash> passed(Round& r, const base::Id& sender, std::uint64_t pair_seq);
  std::optional<base::Fixed<112>> entry(const Round& r, std::uint64_t index) const;
  void add_receipt(Round& r, const keep::ChainRow& c, std::uint16_t status, std::uint64_t upto, const base::Hash& leaf);
  base::Status commit(Round& r);
  void hear(const Taken& t);
  void send_receipts(const std::map<base::Hash, base::Bytes>& receipts);
  void send_kept_receipts();
  void forget_receipts();

  Office& office_;
  hub::client::Client* hub_ = nullptr;
  std::vector<Held> held_;                         // behind a gap; the receiver thread's own
  std::pair<std::uint64_t, base::Hash> heard_{};   // the newest tree that mail told of; the receiver thread's own
  bool connected_ = false, caught_up_ = false;

  std::mutex mutex_;                               // guards what follows
  std::condition_variable something_;
  std::deque<base::Bytes> frames_;
  std::optional<bool> connection_;
  std::vector<std::pair<base::Hash, base::Bytes>> logged_;  // receipts that the hub has answered
  bool stop_ = false, resend_ = false;
  std::thread thread_;
};

}  // namespace adapters::agent::mail
