// handoff reroute: the same referral to the next agency. Without --to: which may be asked, and which may not and why.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

using counter::Json;
using counter::text;

counter::Exit candidates(const counter::Call& call, const std::string& thread) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "reroute.list"}, {"thread", thread}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "candidates"));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  if (list->empty()) {
    call.out << "the policy's order names no other agency for this service: call, or name one with --to\n";
    return counter::kWorked;
  }
  for (const Json& c : *list) {
    const bool allowed = c.value("allowed", false);
    counter::wrap(call.out, 0, text(c, "agency") + "  capacity " + text(c, "capacity") + (allowed ? "" : "  MAY NOT BE ASKED"));
    if (const auto why = text(c, "why"); !why.empty()) counter::wrap(call.out, 4, why);
  }
  return counter::kWorked;
}

}  // namespace

counter::Exit reroute(const counter::Call& call) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  if (!call.has("to")) return candidates(call, thread);
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "reroute"}, {"thread", thread}, {"to", call.get("to")}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "referred on to " << counter::plain(call.get("to")) << "\nthread  " << text(*answer, "thread") << "\nmessage "
             << text(*answer, "message") << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::referral
