// handoff audit prove MESSAGE -o BUNDLE: writes the proof bundle of a message, after checking it as a court would.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"
#include "cli/counter/save.h"
#include "cli/verify/proof.h"

namespace cli::audit {
counter::Exit prove(const counter::Call& call) {
  TRY_ASSIGN(const std::string message, counter::id_option(call, "message"));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "audit.prove"}, {"message", message}, {"disclose", call.has("disclose")}}));
  const auto part = answer->find("bundle");
  if (part == answer->end() || !(part->is_string() || part->is_object()))
    return base::malformed("the agent's answer has no bundle", "audit.prove");
  std::string bundle = part->is_string() ? part->get<std::string>() : schemas::dump(*part, 1) + "\n";
  if (call.has("binary")) {
    TRY_ASSIGN(const auto parts, verify::parse_bundle(bundle));
    bundle = verify::make_binary(parts);
  }
  const auto verdict = verify::verify_bundle(bundle);
  if (!verdict.holds)
    return base::Error{base::Kind::kBadSignature, "the agent's bundle does not hold: " + verdict.why,
                       "audit.prove, check \"" + verdict.failed + "\"", "run handoff audit verify"};
  const std::string path = call.get("out");
  TRY(counter::write_private(path, bundle));
  if (call.json()) {
    counter::print_json(call.out, {{"ok", true}, {"bundle", path}, {"bytes", bundle.size()}, {"disclosed", call.has("disclose")}});
  } else {
    call.out << counter::plain(path) << ": " << bundle.size() << " bytes, and it holds"
             << (call.has("disclose") ? "; it DISCLOSES the content" : "") << "\n";
    call.out << "anyone can check it offline: handoff-verify " << counter::plain(path) << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::audit
