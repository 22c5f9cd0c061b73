// Conveyor: the thread that takes a replay's items in again, one after the other: so many a minute, never while more than so many wait in
// the outbox, until it is stopped. Its place is in the store: a restart goes on, and an item that was in mid-flight is a repeat by its
// dedupe key. An item leaves quarantine in the same commit that counts it as sent. Thread-safe.
#pragma once

#include <condition_variable>
#include <thread>

#include "adapters/agent/replay/again.h"

namespace adapters::agent::replay {

struct Limits {
  std::uint64_t items = 100;
  std::uint32_t per_minute = 60;
  std::uint64_t most_waiting = 50;
};

class Conveyor {
 public:
  Conveyor(mail::Office& office, Supervisor& supervisor, const rehearse::Modes& modes) : office_(office), supervisor_(supervisor), modes_(modes) {}
  ~Conveyor() { stop(); }
  Conveyor(const Conveyor&) = delete;
  Conveyor& operator=(const Conveyor&) = delete;

  void start();
  void stop();
  // kNotFound: nothing is meant; kConflict: an adapter of them is in dry-run or shadow.
  base::Result<keep::ReplayRow> begin(const Filter& filter, const Limits& limits, const std::string& by);
  base::Result<keep::ReplayRow> end(std::uint64_t id, const std::string& by);       // what was not taken stays in quarantine
  base::Result<keep::ReplayRow> discard(const Filter& filter, const std::string& reason, const std::string& by);
  [[nodiscard]] std::vector<keep::ReplayRow> jobs(std::size_t limit) const;         // newest first

 private:
  void run();
  std::uint64_t step();                             // one item, or none; how long to wait
  std::optional<keep::ReplayRow> current() const;   // the oldest that runs
  void wait_for(const keep::ReplayRow& job, const base::Error& why, std::uint64_t ms);
  void settle(std::uint64_t job, const keep::QuarantineRow& item, const Attempt& a);

  mail::Office& office_;
  Supervisor& supervisor_;
  const rehearse::Modes& modes_;
  std::uint64_t back_off_ms_ = 1'000;               // the thread's alone
  std::mutex mutex_;                                // guards what follows
  std::condition_variable something_;
  bool stop_ = false, woken_ = false;
  std::thread thread_;
};

}  // namespace adapters::agent::replay
