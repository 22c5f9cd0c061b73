// The one place through which every operation goes, from the socket and from the web: may this person do that, does this person see that
// thread, and the ledger's row for it. What is shown and cannot be recorded is not shown.
#pragma once

#include <map>

#include "adapters/agent/api/ops.h"

namespace adapters::agent::api {

// kUnsupported: no such operation (for `web`: none that is offered there). kDenied: not with these roles. kNotFound: also for a thread
// that this person is not to see.
base::Status perform(Agent& agent, std::string_view op, const Json& in, const people::Actor& actor, bool web, const Reply& reply, Json& out);

// Who asks on the socket: the bearer of `handoff login`, or the Unix user, who is everybody as long as there are no accounts (decisions D17).
base::Result<people::Actor> asker(Agent& agent, const Json& in, const Peer& peer);

// Which threads a person sees; remembers, for one answer. `headers`: without what only readers need.
class Sight {
 public:
  explicit Sight(const people::Actor& actor, bool headers = false);
  bool operator()(keep::Tx& tx, const base::Id& thread_id);
  [[nodiscard]] bool all() const { return all_; }  // no thread has to be looked at

 private:
  people::Actor actor_;
  bool all_ = false;
  std::map<base::Id, bool> known_;
};

}  // namespace adapters::agent::api
