// Clockwork: the thread that fires deadlines (domain brief 1.5, decisions D13). It looks at each loop when the loop says so, computes its
// deadlines from facts and policy (schemas/timers.h), does once what is this party's own, records it, and sets the next look. Nothing is
// counted down: after a stop, a look is late and says by how much.
#pragma once

#include <condition_variable>
#include <thread>

#include "adapters/agent/mail/office.h"
#include "schemas/timers.h"

namespace adapters::agent::loop {

class Clockwork {
 public:
  explicit Clockwork(mail::Office& office) : office_(office) {}
  ~Clockwork() { stop(); }
  Clockwork(const Clockwork&) = delete;
  Clockwork& operator=(const Clockwork&) = delete;

  void start();
  void stop();
  void wake();  // something changed

 private:
  void run();

  mail::Office& office_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable something_;
  bool stop_ = false, woken_ = false;
  std::thread thread_;
};

// One round at the desk's time: every loop that is due. Returns how many were looked at. Inside a transaction.
std::size_t look(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::vector<std::string>& tell);

// The deadlines of one loop as they stand, for lists and screens.
std::vector<schemas::Deadline> deadlines_of(const mail::Desk& desk, const keep::LoopRow& loop, const schemas::Loop& state);
// Of a completed one: each follow-up that the policy asks for, and when it is due.
std::vector<std::pair<std::string, base::Instant>> follow_ups_of(const mail::Desk& desk, const keep::LoopRow& loop, const schemas::Loop& state);

}  // namespace adapters::agent::loop
