// Courier: the thread that seals, submits, and follows what becomes of it. At once when nothing is in flight, gathered while
// something is (natural batching). Calls from outside only hand over; all work is on its thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <thread>
#include <variant>

#include "adapters/agent/mail/nack.h"
#include "adapters/agent/mail/office.h"
#include "adapters/agent/mail/receipts.h"

namespace adapters::agent::mail {

class Courier {
 public:
  explicit Courier(Office& office) : office_(office) {}
  ~Courier() { stop(); }
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void start(hub::client::Client& hub);
  void stop();
  void wake();                                     // something was submitted
  void on_connection(bool up);
  void on_receipt(schemas::wire::Receipt r);
  [[nodiscard]] std::string stopped() const;       // why nothing is sent any more; empty: it is sent

 private:
  struct Connection {
    bool up;
  };
  struct Answered {
    std::uint64_t batch_seq;
    base::Result<hub::client::Answer> answer;
  };
  using Event = std::variant<Connection, Answered, schemas::wire::Receipt>;

  void post(Event e);
  void run();
  std::uint64_t step(std::deque<Event> events);    // returns how long to wait for the next event, in ms
  void send();
  base::Status seal();
  void on_answer(Answered a);
  void on_ack(const schemas::wire::Ack& ack);
  void on_nack(const schemas::wire::Nack& nack);
  void reseal(const Plan& plan);
  bool found_in_log();                             // a batch whose leaf is found is accepted, whatever a NACK said
  void settle_succeeded();                         // the batch in flight was sealed under the certificate before this one
  void take_receipts(std::vector<schemas::wire::Receipt> receipts);
  void fetch_receipts();
  void on_accepted();
  void halt(std::string why);
  void later(std::uint64_t ms);

  Office& office_;
  hub::client::Client* hub_ = nullptr;
  // The courier thread's own:
  std::optional<keep::BatchRow> batch_;            // in flight
  bool asked_ = false, connected_ = false, fetch_ = false, loaded_ = false;
  bool home_ = false;                              // not restored, or the own chains have been adopted (homecoming.h)
  bool missing_ = false;                           // a recipient counts failures that no receipt here names
  bool early_ = false;                             // a receipt came before the acknowledgement of what it receipts
  base::Instant ask_again_;
  unsigned repeats_ = 0;
  base::Instant not_before_;

  mutable std::mutex mutex_;                       // guards what follows
  std::condition_variable something_;
  std::deque<Event> events_;
  std::string stopped_;
  bool stop_ = false, woken_ = true;
  std::thread thread_;
};

}  // namespace adapters::agent::mail
