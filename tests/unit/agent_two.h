// Two agents that write to each other, over the hub's real state machine: mercy refers to harbor.
#pragma once

#include <algorithm>

#include "tests/unit/agent_rig.h"

namespace rig {

struct TwoAgents {
  FakeHub hub;
  AgentBox mercy{hub, "mercy", "hospital_ed"}, harbor{hub, "harbor", "crisis_center"};

  void start() {
    mercy.start();
    harbor.start();
    REQUIRE(ready());
  }
  // Both hold the policy, have published epoch keys and know of each other.
  bool ready() {
    return eventually([&] {
      const bool may_write = mercy->office().desk().stale.empty() && harbor->office().desk().stale.empty();
      return may_write && knows(mercy, harbor.id()) && knows(harbor, mercy.id());
    });
  }
  bool knows(AgentBox& box, const base::Id& other) {
    (void)box->office().replica.sync(box->hub());
    return box->office().replica.directory().usable_epoch(other, hub.clock.now()) != nullptr;
  }
  base::Id refer(const std::string& ref) {
    const auto sent = mercy.refer("harbor", ref);
    REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message()));
    return sent->thread_id;
  }
  bool delivered(const base::Id& thread) {
    return eventually([&] {
      const auto all = mercy.messages(thread);
      return !all.empty() && std::all_of(all.begin(), all.end(), [](const keep::Message& m) { return m.progress == keep::Progress::kDelivered || m.progress == keep::Progress::kReceived; });
    });
  }
  static std::string alarms(AgentBox& box) {
    std::string out = box->courier().stopped();
    for (const std::string& words : box->office().alarms.list()) out += "; " + words;
    return out;
  }
  template <class F>
  void with_hub(const F& f) {
    const std::lock_guard lock(hub.mutex);
    f();
  }
};

}  // namespace rig
