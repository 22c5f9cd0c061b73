// handoff audit trail THREAD: each message and receipt of a thread, proved against the signed log.
#include <nlohmann/json.hpp>

#include "cli/audit/commands.h"
#include "cli/audit/rows.h"

namespace cli::audit {

counter::Exit trail(const counter::Call& call) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "audit.trail"}, {"thread", thread}}));
  return print_rows(call, *answer);
}

}  // namespace cli::audit
