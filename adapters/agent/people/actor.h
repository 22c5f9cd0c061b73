// Actor: who asks the agent for something, and what that person may see and do. Made from a session (web inbox), a bearer (`handoff login`)
// or the Unix user of the socket; every operation gets one. A value; thread-safe.
//
// Actions are those of the policy's [[role]] rows: create accept decline handoff reassign view_timeline break_glass review audit policy keys.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"

namespace adapters::agent::people {

struct Actor {
  base::Id person{};                        // zero: a Unix user of the socket
  std::string login;                        // what records keep: "m.okafor", or the Unix user's name
  std::string name;                         // as people read it: "M. Okafor"
  std::vector<std::string> roles;           // ids of policy roles
  std::string device;                       // "Chromium on Linux", "terminal": for the ledger
  bool everything = false;                  // the socket's owner while no account exists (decisions D17)
  std::set<std::string, std::less<>> may;   // actions of those roles under the policy in force
  // What the roles are not shown (policy [[role]] `services`, `without_labels`): a thread is seen if one of the roles sees it.
  struct Sight {
    std::vector<std::string> services;        // only threads that ask for one of these; empty: all
    std::vector<std::string> without_labels;  // no thread with one of these labels
  };
  std::vector<Sight> sights;

  [[nodiscard]] bool can(std::string_view action) const { return everything || may.contains(action); }
  [[nodiscard]] std::string role() const { return roles.empty() ? std::string() : roles.front(); }
};

// The socket's peer: everything, until there are accounts.
Actor unix_user(const std::string& name);

// May this person see a thread that asks for `service` and carries `labels`? A thread without a referral has neither.
bool sees(const Actor& actor, std::string_view service, const std::vector<std::string>& labels);

}  // namespace adapters::agent::people
