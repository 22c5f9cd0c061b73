// handoff policy matrix: kinds by kinds, what may go from one to the other.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"

namespace cli::policy {

counter::Exit matrix(const counter::Call& call) {
  TRY_ASSIGN(const Source from, source(call, "file"));
  TRY_ASSIGN(const auto policy, parse(from));
  const auto m = schemas::policy::matrix(policy);
  if (call.json()) {
    counter::print_json(call.out, {{"policy", policy.id}, {"version", policy.version}, {"kinds", m.kinds}, {"cells", m.cells}});
    return counter::kWorked;
  }
  std::string shown;
  for (const auto& road : schemas::policy::roads(m)) {
    const std::string senders = "from " + joined(road.from);
    if (senders != shown) counter::wrap(call.out, 0, senders);
    shown = senders;
    counter::wrap(call.out, 2, "to " + joined(road.to) + ": " + road.may);
  }
  return counter::kWorked;
}

}  // namespace cli::policy
