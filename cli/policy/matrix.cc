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
  counter::Json cells = counter::Json::array();
  for (std::size_t f = 0; f < m.kinds.size(); ++f) {
    if (!call.json()) call.out << (f == 0 ? "" : "\n") << "from " << m.kinds[f] << "\n";
    for (std::size_t t = 0; t < m.kinds.size(); ++t) {
      const std::string& words = m.cells[f][t];
      cells.push_back({{"from", m.kinds[f]}, {"to", m.kinds[t]}, {"may", words}});
      if (!call.json() && !words.empty()) counter::wrap(call.out, 2, "to " + m.kinds[t] + ": " + words);
    }
  }
  if (call.json())
    counter::print_json(call.out, {{"policy", policy.id}, {"version", policy.version}, {"kinds", m.kinds}, {"cells", std::move(cells)}});
  return counter::kWorked;
}

}  // namespace cli::policy
