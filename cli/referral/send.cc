// handoff send: hands one message to the agent. When it returns, the message is on the agent's disk.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/referral/attach.h"
#include "cli/referral/commands.h"
#include "cli/referral/send_body.h"

namespace cli::referral {

counter::Exit send(const counter::Call& call) {
  if (!call.has("to") && !call.has("thread"))
    return base::Error{base::Kind::kUsage, "nobody to send to", "--to", "give --to AGENCY, or --thread THREAD to go on with one"};
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  TRY_ASSIGN(const auto request, content(call));
  counter::Json& r = *request;
  TRY(attach(call, r));
  r["op"] = "send";
  r["kind"] = call.get("kind");
  if (call.has("to")) r["to"] = call.get("to");
  if (!thread.empty()) r["thread"] = thread;
  if (call.has("purpose")) r["purpose"] = call.get("purpose");
  if (call.has("dedupe-key")) r["dedupe_key"] = call.get("dedupe-key");
  if (call.has("test")) r["test"] = true;
  TRY_ASSIGN(const auto answer, counter::ask(call, r));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  const bool repeat = answer->contains("repeat") && answer->at("repeat") == true;
  call.out << (repeat ? "already taken earlier; nothing is sent twice\n" : "taken: it is on the agent's disk and will be sent\n");
  call.out << "thread  " << counter::text(*answer, "thread") << "\nmessage " << counter::text(*answer, "message") << "\n";
  return counter::kWorked;
}

}  // namespace cli::referral
