// handoff evidence: what the agent kept because it convicts somebody; a file of it for the offline verifier; and going on.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"
#include "cli/counter/save.h"

namespace cli::audit {

using counter::Json;

counter::Exit evidence_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "evidence.list"}}));
  TRY_ASSIGN(const Json* rows, counter::list_in(*answer, "evidence"));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return rows->empty() ? counter::kWorked : counter::kFinding;
  }
  counter::Table table({{"id"}, {"what", true}, {"bytes"}, {"check it with"}});
  for (const Json& r : *rows) table.add({r.value("id", Json()).dump(), counter::text(r, "words"), r.value("size", Json()).dump(), r.value("offline", false) ? "handoff-verify" : ""});
  if (rows->empty()) call.out << "nothing was found against anybody\n";
  else table.print(call.out);
  if (answer->value("stopped", false)) counter::wrap(call.out, 0, "This agency sends and opens nothing until somebody says what was found out: handoff evidence settle --reason ...");
  return rows->empty() ? counter::kWorked : counter::kFinding;
}

counter::Exit evidence_save(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "evidence.show"}, {"id", std::strtoull(call.get("id").c_str(), nullptr, 10)}}));
  const auto bytes = base::unbase64(counter::text(*answer, "bytes"));
  if (!bytes) return base::malformed("the agent's answer has no bytes", "evidence.show");
  TRY(counter::write_private(call.get("out"), base::text(*bytes)));
  if (call.json()) counter::print_json(call.out, {{"file", call.get("out")}, {"bytes", bytes->size()}});
  else counter::wrap(call.out, 0, counter::plain(call.get("out")) + ": " + counter::text(*answer, "words"));
  return counter::kWorked;
}

counter::Exit evidence_settle(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "evidence.settle"}, {"reason", call.get("reason")}}));
  if (call.json()) counter::print_json(call.out, *answer);
  else counter::wrap(call.out, 0, "mail goes on; the evidence stays, and your reason is in the agency's ledger");
  return counter::kWorked;
}

}  // namespace cli::audit
