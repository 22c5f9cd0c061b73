// A county whose agents have a puppet for an adapter: what it reads is a line of text, what it is handed it says aloud.
#pragma once

#include <condition_variable>

#include "tests/unit/ops/kit.h"  // last: brings doctest

namespace rig {

// What the puppets of one test share with it, by the agency's slug.
struct Strings {
  std::mutex mutex;
  std::map<std::string, agent::Host*> hosts;
  std::map<std::string, std::vector<std::string>> said;  // events, in the order they were handed out
  std::map<std::string, base::Error> refuses;            // deliver() answers this
  std::map<std::string, int> takes;                      // calls of take_again
};

class Troupe {
 public:
  explicit Troupe(const std::string& policy = ops_policy(2));
  ~Troupe();
  void start();  // all, and waits until each can write to each other
  void restart(AgentBox& box);

  // What the puppet's source hands in: "TO REF [URGENCY] [LABEL]" becomes a referral, "say THREAD WORDS" a message; anything else cannot be
  // read. What is refused goes to quarantine, as adapters do.
  base::Result<agent::Submitted> comes_in(const std::string& slug, const std::string& line);
  agent::Host& host(const std::string& slug);
  std::vector<std::string> said(const std::string& slug);
  void refuse(const std::string& slug, std::optional<base::Error> why);

  static Json mode(AgentBox& at, const std::string& mode, Json kinds = Json::array());
  static Json report(AgentBox& at);
  static std::uint64_t count(AgentBox& at, keep::Table table);
  static std::uint64_t waiting(AgentBox& at);
  // Keys and values of every table that a message touches.
  static std::string message_tables(AgentBox& at);

  std::shared_ptr<Strings> strings;
  FakeHub hub;
  AgentBox stb, harbor, apd;
};

}  // namespace rig
