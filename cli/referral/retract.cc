// handoff inbox retract: takes back a message of one's own. It stays in the thread and in the log, and counts for nothing.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {

counter::Exit inbox_retract(const counter::Call& call) {
  TRY_ASSIGN(const std::string message, counter::id_option(call, "message"));
  counter::Json request{{"op", "retract"}, {"message", message}, {"reason", call.get("reason")}};
  if (call.has("text")) request["text"] = call.get("text");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "taken back; the other side will be told. It stays in the thread and in the log\n";
  }
  return counter::kWorked;
}

}  // namespace cli::referral
