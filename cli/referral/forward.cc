// handoff forward: passes a message on to another agency, as far as that one may see it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/codes.h"
#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {

counter::Exit forward(const counter::Call& call) {
  TRY_ASSIGN(const std::string message, counter::id_option(call, "message"));
  TRY(counter::check_code(call, "basis", "authority_basis"));
  counter::Json request{{"op", "forward"}, {"message", message}, {"to", call.get("to")}};
  for (const char* field : {"text", "basis", "purpose"}) {
    if (call.has(field)) request[field] = call.get(field);
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "passed on to " << counter::plain(call.get("to")) << "\nthread  " << counter::text(*answer, "thread") << "\nmessage "
             << counter::text(*answer, "message") << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::referral
