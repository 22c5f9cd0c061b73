// One thread that keeps a plugin running and carries lines both ways: starts it, listens, answers what it asks through the desk, ends it
// when it breaks a rule, and starts it again after a pause. ask() may be called from any thread; everything else is the owner's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "adapters/foreign/desk.h"
#include "adapters/foreign/settings.h"
#include "adapters/transport/lines.h"

namespace adapters::foreign {

inline constexpr const char* kEndedWhere = "plugin";  // Error::where if it ended while it had the request

class Link {
 public:
  Link(Settings settings, agent::Host& host) : settings_(std::move(settings)), host_(host), desk_(settings_.name, host) {}
  ~Link() { stop(); }
  void start();
  void stop();                               // thread-safe, more than once; waits at most the grace

  // Sends a request and waits for its answer. kBusy: the plugin does not run now (the words say why), or ended meanwhile.
  // kUnsupported: it said at the start that it does not want this kind. kTooLarge: no line holds it.
  base::Result<std::shared_ptr<Json>> ask(Json request);
  [[nodiscard]] bool wants(const agent::Delivery& d) const;
  [[nodiscard]] agent::Health health() const;  // its own words and the desk's counts

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    Time due;
    std::string op;
    std::shared_ptr<Json> answer;
  };
  struct Life;                               // one run of the program

  void run();
  std::string live(bool& greeted);           // why it ended
  bool wait_and_move(Life& life);            // false: stop was asked for
  base::Status turn(Life& life);             // lines in, lines out, deadlines
  base::Status read(Life& life);
  base::Status take(Life& life, const std::string& line);
  base::Status greet(Life& life, const Json& hello);
  base::Status settle(Json answer);
  base::Status check_time(Life& life);
  void say_goodbye(Life& life);
  void down(std::string why);
  [[nodiscard]] std::uint64_t soonest_ms(const Life& life) const;

  const Settings settings_;
  agent::Host& host_;
  Desk desk_;
  transport::StopFlag stop_;
  transport::Bell bell_;                     // something is in outgoing_
  std::thread thread_;
  std::mutex joining_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = false;
  std::string why_ = "it is being started";
  std::uint64_t ids_ = 0;
  std::vector<std::string> outgoing_;
  std::map<std::uint64_t, Waiting> waiting_;
  std::vector<std::string> kinds_;           // wanted; empty: all
  bool own_ = false;                         // also wants what this agency sent itself
  agent::Health health_;                     // its newest word
};

}  // namespace adapters::foreign
