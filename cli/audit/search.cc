// handoff audit search: the trail's columns for what the filters say, newest first.
#include <nlohmann/json.hpp>

#include "cli/audit/commands.h"
#include "cli/audit/rows.h"

namespace cli::audit {

counter::Exit search(const counter::Call& call) {
  counter::Json request{{"op", "audit.search"}};
  for (const char* name : {"agency", "to", "kind", "purpose"}) {
    if (call.has(name)) request[name] = call.get(name);
  }
  for (const char* name : {"since", "until"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, name));
    if (!at.empty()) request[name] = at;
  }
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  if (!thread.empty()) request["thread"] = thread;
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  request["limit"] = limit;
  if (after != 0) request["after"] = after;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  return print_rows(call, *answer);
}

}  // namespace cli::audit
