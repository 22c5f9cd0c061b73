// A built-in adapter as a program of its own, for whoever wants it apart from the agent, and for the conformance kit.
#include <signal.h>

#include "adapters/foreign/foreign.h"
#include "adapters/program/commands.h"
#include "adapters/program/types.h"

namespace adapters::program {

base::Result<int> plugin(const Arguments& a) {
  if (!a.has("type") || !a.has("config")) return usage("plugin takes --type and --config");
  ::signal(SIGPIPE, SIG_IGN);  // an agent that has gone is seen at the end of the input
  TRY_ASSIGN(const schemas::Config table, schemas::Config::load(a.get("config")));
  for (const agent::AdapterType& type : adapter_types()) {
    if (type.type != a.get("type")) continue;
    TRY(foreign::run_as_plugin(type, table));
    return kWorked;
  }
  return usage("there is no adapter of this type", a.get("type"));
}

}  // namespace adapters::program
