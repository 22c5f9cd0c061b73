// Adapters that are programs of their own and speak JSON lines over their standard streams (decisions D5, docs/spec/plugin.md).
// [[adapter]] type = "plugin". The program runs under limits, in its own process group, with nothing inherited. Garbage, a line that is
// too long, a request that is not answered in time, or its end: it is ended, the operator reads why (never what it said), and it is started
// again after a pause that doubles up to a minute. Meanwhile deliveries wait (kBusy). A delivery in which it ends five times is given up.
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::foreign {

agent::AdapterType plugin();

// The other end, for an adapter that is ours: runs it and speaks the protocol on this process's standard streams until "stop" or the end
// of the input. `table`: what its [[adapter]] table would say. Returns when it has stopped; errors as Adapter::start.
base::Status run_as_plugin(const agent::AdapterType& type, const schemas::Config& table);

}  // namespace adapters::foreign
