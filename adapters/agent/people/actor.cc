#include "adapters/agent/people/actor.h"

#include <algorithm>

namespace adapters::agent::people {

Actor unix_user(const std::string& name) {
  Actor a;
  a.login = a.name = name;
  a.device = "terminal";
  a.everything = true;
  return a;
}

bool sees(const Actor& actor, std::string_view service, const std::vector<std::string>& labels) {
  if (actor.everything) return true;
  if (!actor.can("view_timeline")) return false;
  return std::ranges::any_of(actor.sights, [&](const Actor::Sight& s) {
    const bool asked = s.services.empty() || service.empty() || std::ranges::find(s.services, service) != s.services.end();
    const bool hidden = std::ranges::any_of(labels, [&](const std::string& l) { return std::ranges::find(s.without_labels, l) != s.without_labels.end(); });
    return asked && !hidden;
  });
}

}  // namespace adapters::agent::people
