// Two honest agencies whose agents speak to a hub that lies, and a third, the police, whose keys the test holds.
#pragma once

#include "crypto/directory.h"
#include "tests/integration/evil/forger.h"

namespace evil {

using agent_kit::AgentProcess;
using agent_kit::Json;
using hub_kit::eventually;

struct County {
  hub_kit::World world{{"police"}, {}, "[hub]\nstartup_quiet_ms = 0\n"};
  Between hub{world};
  AgentProcess mercy{world, "mercy", "hospital_ed", hub.road()}, harbor{world, "harbor", "crisis_center", hub.road()};
  County();

  std::string refer();  // from mercy to harbor: the thread
  std::string note(const std::string& thread, const std::string& text);                       // from mercy: the message
  [[nodiscard]] std::vector<std::string> texts(const AgentProcess& at, const std::string& thread) const;
  [[nodiscard]] std::string state(const std::string& thread, const std::string& message) const;  // of mercy's own message
  static bool says(const AgentProcess& at, const std::string& words);                         // waits for an alarm with these words
  [[nodiscard]] crypto::Directory directory();
  // A message that the police seal for harbor; `change` before it is sealed. Each is the first of a chain.
  crypto::SealedBatch sealed(const std::string& text, const std::function<void(crypto::SealRequest&)>& change = {});
};

// A frame again, with something of it changed.
base::Bytes changed(base::View deliver, const std::function<void(schemas::Deliver&)>& change);

}  // namespace evil
