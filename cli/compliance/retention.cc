// handoff retention: what is kept, due, held and purged.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/compliance/commands.h"
#include "cli/counter/print.h"

namespace cli::compliance {
namespace {

using counter::Json;
using counter::text;

counter::Exit done(const counter::Call& call, const Json& request, const char* before, const char* key, const char* after) {
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << before << text(*answer, key) << after << "\n";
  }
  return counter::kWorked;
}

}  // namespace

counter::Exit retention_status(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "retention.status"}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  const Json& a = *answer;
  const std::string policy = text(a, "policy"), oldest = text(a, "oldest");
  counter::wrap(call.out, 0, policy.empty() ? "no policy is here: nothing is purged" : "policy " + policy + ": content is kept for " + text(a, "content_days") + " days after a loop is closed, the audit for " + text(a, "audit_days"));
  counter::wrap(call.out, 0, text(a, "kept") + " thread(s) kept" + (oldest.empty() ? "" : ", the oldest from " + oldest.substr(0, 10)) + "; " + text(a, "due") + " due, " + text(a, "held") + " due but held, " + text(a, "purged") + " purged");
  for (const Json& h : a.value("holds", Json::array())) {
    const std::string thread = text(h, "thread"), released = text(h, "released");
    counter::wrap(call.out, 0, "hold #" + text(h, "id") + " on " + (thread.empty() ? "everything" : thread) + ": " + text(h, "reason") + " (" + text(h, "by") + ", " + text(h, "placed").substr(0, 10) + ")" + (released.empty() ? "" : ", released " + released.substr(0, 10)));
  }
  for (const Json& t : a.value("tombstones", Json::array())) counter::wrap(call.out, 0, "purged " + text(t, "thread") + " on " + text(t, "at").substr(0, 10) + ", " + text(t, "messages") + " message(s)");
  return counter::kWorked;
}

counter::Exit retention_run(const counter::Call& call) {
  std::uint64_t purged = 0;
  for (;;) {
    TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "retention.run"}}));
    const std::uint64_t now = answer->value("purged", std::uint64_t{0});
    purged += now;
    if (now != 0 && answer->value("left", std::uint64_t{0}) != 0) continue;
    if (call.json()) counter::print_json(call.out, {{"ok", true}, {"purged", purged}});
    else call.out << purged << " thread(s) purged; a signed tombstone stays of each\n";
    return counter::kWorked;
  }
}

counter::Exit retention_hold(const counter::Call& call) {
  Json request{{"op", "retention.hold"}, {"reason", call.get("reason")}};
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  if (!thread.empty()) request["thread"] = thread;
  return done(call, request, "hold ", "id", " stands until you release it");
}

counter::Exit retention_release(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t id, counter::number_option(call, "id", 0));
  return done(call, {{"op", "retention.release"}, {"id", id}}, "hold ", "id", " is released");
}

}  // namespace cli::compliance
