// The conformance kit's side of the line: one run of a plugin after another, everything that it says written down, and an agent that
// answers as a step wants it to. After docs/spec/plugin.md alone: it shares no code with the agent's own side. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/transport/lines.h"
#include "adapters/transport/process.h"
#include "schemas/json.h"

namespace cli::kit {

using schemas::Json;

struct Setup {
  std::string command, poke, folder, config = "{}";  // commands for sh; poke makes the plugin submit something; config: a JSON object
  std::uint64_t wait_ms = 10'000, memory_mb = 512;  // 0: no limit
};

struct Submit {
  std::string key, content;                  // content: what is submitted, without key and id
  unsigned run = 0;                          // of the plugin
  std::string answered;                      // "submitted", "busy", "conflict", "" not at all
};

class Bench {
 public:
  explicit Bench(Setup setup) : setup_(std::move(setup)) {}

  base::Status start();                      // one run; error: the command does not start
  void kill();                               // at once
  void send(const Json& message);
  void close_input();
  std::uint64_t deliver(const Json& delivery, bool with_more = false);  // the request's id; with_more: and a field that nobody knows
  std::uint64_t deliver_in_pieces(const Json& delivery);
  std::uint64_t health();
  void poke();                               // runs the poke beside

  using Test = std::function<bool()>;
  // Goes on talking until `done`, or the wait is over, or the plugin has ended. What `done` says in the end.
  bool until(const Test& done, std::uint64_t wait_ms = 0);
  bool result(std::uint64_t id) { return until([&] { return results.contains(id); }); }
  bool alive();                              // it takes a delivery
  void write_out(std::uint64_t stall_ms);    // writes without reading, until all is taken or nothing is for so long

  // What it has said, over all runs.
  std::optional<Json> hello();               // of this run
  std::map<std::uint64_t, std::vector<std::string>> results;  // request -> verdicts
  std::map<std::uint64_t, std::shared_ptr<Json>> healths;
  std::vector<Submit> submits;
  std::vector<std::string> faults;           // lines that are none of the protocol's: where and what, no contents
  // How a submission is answered: "submitted", "busy", "conflict" or "" (not at all).
  std::function<std::string(const Submit&)> answer = [](const Submit&) { return "submitted"; };

  [[nodiscard]] std::optional<adapters::transport::Ended> ended();
  [[nodiscard]] const Setup& setup() const { return setup_; }
  [[nodiscard]] unsigned run() const { return run_; }
  [[nodiscard]] const std::string& poke_words() const { return poke_words_; }  // how the last poke ended

 private:
  void turn(std::uint64_t wait_ms, bool read);
  void take(const std::string& line);
  void take_submit(const Json& line);
  void take_ask(const Json& line);
  void fault(const std::string& what);

  Setup setup_;
  std::unique_ptr<adapters::transport::Process> process_, poking_;
  adapters::transport::Lines lines_{16u << 20};
  std::string out_, poke_words_;
  std::shared_ptr<Json> hello_;
  std::set<std::string> taken_;              // keys that were submitted
  bool broken_ = false;                      // a line was too long: nothing more is read of this run
  unsigned run_ = 0, pokes_ = 0;
  std::size_t line_no_ = 0;
  std::uint64_t ids_ = 0;
};

}  // namespace cli::kit
