// For tests of the agent's operations: a small county of whole agents under one policy, asked as people ask, in lines of JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "tests/unit/agent_county.h"  // last: brings doctest

namespace rig {

using Json = nlohmann::json;

std::string ops_policy(int version, const std::string& old = {}, const std::string& now = {});  // with a piece of it exchanged

// Police, hospital, crisis center and coordinator, started, under a policy in which the crisis center sees a part of a referral only.
struct Counter : County {
  Counter();

  // The last line of the answer. `who`: the person at the socket.
  static Json ask(AgentBox& at, const Json& request, const std::string& who = "okonjo");
  static Json ok(AgentBox& at, const Json& request, const std::string& who = "okonjo");     // must be
  static std::string refused(AgentBox& at, const Json& request, const std::string& where);  // must be; its kind
  static std::string refer(AgentBox& from, const std::string& to,
                           Json more = Json::object());  // the thread, as text; `more`: into the referral
  static Json act(AgentBox& at, const std::string& thread, const std::string& action, Json more = Json::object());
  bool reaches(AgentBox& at, const std::string& thread, const std::string& phase);  // waits for it
  static Json events(AgentBox& at, const std::string& thread);
  static Json event(AgentBox& at, const std::string& thread, const std::string& kind);  // the last of that kind; null: none
  // Waits for the list under `key` to hold a row in which `field` is `value`; the row, or null.
  static Json row(AgentBox& at, const Json& request, const std::string& key, const std::string& field, const Json& value);
};

}  // namespace rig
