// handoff notices: what this agency's people are to be told; --seen says that somebody has read one.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

counter::Exit seen(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t seq, counter::number_option(call, "seen", 0));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "notices.seen"}, {"seq", seq}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  const Json notice = answer->value("notice", Json::object());
  call.out << "notice " << seq << " was seen by " << text(notice, "seen_by") << " at " << counter::seconds(text(notice, "seen")) << "\n";
  return counter::kWorked;
}

}  // namespace

counter::Exit notices(const counter::Call& call) {
  if (call.has("seen")) return seen(call);
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  Json request{{"op", "notices"}, {"unseen", call.has("unseen")}, {"limit", limit}};
  if (after != 0) request["after"] = after;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "notices"));
  if (counter::print_data(call, *answer, *list, {"seq", "at", "tell", "phone", "words", "thread", "seen", "seen_by"})) return counter::kWorked;
  if (list->empty()) {
    call.out << "no notices\n";
    return counter::kWorked;
  }
  for (const Json& n : *list) {
    const std::string by = text(n, "seen_by");
    counter::wrap(call.out, 0,
                  "#" + text(n, "seq") + "  " + counter::seconds(text(n, "at")) + "  for " + text(n, "tell") +
                      (n.value("phone", false) ? ", by PHONE" : "") + (text(n, "seen").empty() ? "" : "  (seen by " + by + ")"));
    counter::wrap(call.out, 4, text(n, "words"));
    if (const auto thread = text(n, "thread"); !thread.empty()) counter::wrap(call.out, 4, "thread " + thread);
  }
  if (const auto next = text(*answer, "next"); !next.empty()) call.out << "more: add --after " << next << "\n";
  return counter::kWorked;
}

}  // namespace cli::program
