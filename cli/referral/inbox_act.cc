// handoff inbox accept, decline, info, answer, schedule, start, hold, complete, close, cancel: one answer to a referral. The person is who
// the agent sees at its socket, unless --name says on whose behalf.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/codes.h"
#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

constexpr std::pair<const char*, const char*> kTexts[] = {{"class", "reason_class"}, {"reason", "reason"},  {"text", "text"},
                                                          {"name", "name"},          {"role", "role"},      {"callback", "callback"},
                                                          {"place", "place"},        {"outcome", "outcome"}};
constexpr std::pair<const char*, const char*> kTimes[] = {{"expected-at", "expected_at"}, {"appointment-at", "appointment_at"}};

counter::Exit act(const counter::Call& call, const char* action, const char* status = nullptr) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  counter::Json request{{"op", "inbox.act"}, {"thread", thread}, {"action", action}};
  if (status != nullptr) request["status"] = status;
  for (const auto& [option, field] : kTexts) {
    if (call.has(option)) request[field] = call.get(option);
  }
  for (const auto& [option, field] : kTimes) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, option));
    if (!at.empty()) request[field] = at;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "thread " << counter::text(*answer, "thread") << " is now " << counter::text(*answer, "phase")
             << " here; the other side will be told\n";
  }
  return counter::kWorked;
}

}  // namespace

counter::Exit inbox_accept(const counter::Call& call) { return act(call, "accept"); }
counter::Exit inbox_decline(const counter::Call& call) {
  TRY(counter::check_code(call, "reason", "decline_reason"));
  return act(call, "decline");
}
counter::Exit inbox_info(const counter::Call& call) { return act(call, "info"); }
counter::Exit inbox_answer(const counter::Call& call) { return act(call, "status", "received"); }
counter::Exit inbox_schedule(const counter::Call& call) { return act(call, "schedule"); }
counter::Exit inbox_hold(const counter::Call& call) { return act(call, "hold"); }
counter::Exit inbox_start(const counter::Call& call) { return act(call, "start"); }
counter::Exit inbox_complete(const counter::Call& call) {
  TRY(counter::check_code(call, "outcome", "outcome"));
  return act(call, "complete");
}
counter::Exit inbox_close(const counter::Call& call) { return act(call, "status", "completed"); }
counter::Exit inbox_cancel(const counter::Call& call) {
  TRY(counter::check_code(call, "reason", "cancel_reason"));
  return act(call, "cancel");
}

}  // namespace cli::referral
