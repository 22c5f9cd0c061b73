// handoff inbox follow-up: what came of seeing after the person, at one of the marks.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/codes.h"
#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {

counter::Exit inbox_follow_up(const counter::Call& call) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  TRY(counter::check_code(call, "mark", "follow_up_mark"));
  TRY(counter::check_code(call, "result", "follow_up_result"));
  TRY_ASSIGN(const std::uint64_t attempts, counter::number_option(call, "attempts", 0));
  counter::Json request{{"op", "follow_up"}, {"thread", thread}, {"mark", call.get("mark")}, {"result", call.get("result")}};
  if (call.has("attempts")) request["attempts"] = attempts;
  for (const char* field : {"role", "text"}) {
    if (call.has(field)) request[field] = call.get(field);
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "follow-up " << counter::plain(call.get("mark")) << " is recorded as " << counter::plain(call.get("result")) << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::referral
