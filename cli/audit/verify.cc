// handoff audit verify: the whole live log, checked by one's own agent against its signed checkpoints; or one of the offline forms.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"

namespace cli::audit {
namespace {

using counter::Json;
using counter::text;

counter::Exit verify_log(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t since, counter::number_option(call, "since", 0));
  Json request{{"op", "audit.verify"}};
  if (since != 0) request["since"] = since;
  TRY_ASSIGN(const auto answer, counter::ask(call, request, counter::progress_to(call, "entries checked")));
  Json& j = *answer;
  const auto bad = j.find("first_bad");
  const bool named = bad != j.end() && bad->is_object();
  const bool ok = !named && j.contains("ok") && j.at("ok") == true && (!j.contains("holds") || j.at("holds") == true);
  j["ok"] = ok;  // of the log; the agent's own says that it could answer
  j.erase("holds");
  if (const auto root = base::unhex_hash(text(j, "root"))) j["root"] = base::base64(*root);  // as checkpoints print it
  if (call.json()) {
    counter::print_json(call.out, j);
  } else if (ok) {
    counter::wrap(call.out, 0, fmt::format("the log holds: {} entries, root {}", text(j, "entries"), text(j, "root")));
  } else {
    counter::wrap(call.out, 0,
                  fmt::format("THE LOG DOES NOT HOLD. {}{}", named ? "Entry #" + text(*bad, "index") + ": " : "",
                              named ? text(*bad, "why") : "this agency's own copy of the log has stopped; see handoff status"));
  }
  return ok ? counter::kWorked : counter::kFinding;
}

}  // namespace

counter::Exit verify(const counter::Call& call) {
  if (call.has("bundle") && call.has("store"))
    return base::Error{base::Kind::kUsage, "a bundle and a store are two questions", "--store", "ask them one at a time"};
  if (call.has("since") && (call.has("bundle") || call.has("store")))
    return base::Error{base::Kind::kUsage, "this option is for the live log", "--since", "leave it out"};
  if (call.has("anchor") && !call.has("store"))
    return base::Error{base::Kind::kUsage, "this option goes with --store", "--anchor", "leave it out"};
  if (call.has("anchor-hash") && !call.has("bundle"))
    return base::Error{base::Kind::kUsage, "this option goes with a bundle", "--anchor-hash", "leave it out"};
  if (call.has("bundle")) return verify_bundle(call);
  if (call.has("store")) return verify_store(call);
  return verify_log(call);
}

}  // namespace cli::audit
