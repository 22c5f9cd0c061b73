// handoff handoff offer, take, refuse: a warm handoff. Responsibility passes when the other side takes, not before.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/codes.h"
#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

using counter::Json;
using counter::text;

constexpr std::pair<const char*, const char*> kTexts[] = {{"place", "place"},
                                                          {"condition", "condition"},
                                                          {"name", "name"},
                                                          {"role", "role"},
                                                          {"callback", "callback"},
                                                          {"custody", "custody"},
                                                          {"clinical", "clinical"},
                                                          {"legal", "legal"},
                                                          {"restraint", "restraint"},
                                                          {"weapons", "weapons_screened"},
                                                          {"belongings", "belongings"},
                                                          {"differs", "disagreements"},
                                                          {"reason", "reason"},
                                                          {"basis", "basis"},
                                                          {"to", "to"}};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (end > at) out.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

base::Status add_hold(const counter::Call& call, Json& request) {
  if (!call.has("hold-form") && !call.has("hold-start")) return {};
  TRY_ASSIGN(const std::string start, counter::time_option(call, "hold-start"));
  request["hold"] = {{"form", call.get("hold-form")}, {"start", start}};
  return {};
}

base::Status add_told(const counter::Call& call, Json& request) {
  for (const std::string& one : split(call.get("tell"))) {
    const auto id = base::parse_uuid(one);
    if (!id) return base::Error{base::Kind::kUsage, "this is not an id", "--tell", "give threads' UUIDs, with commas between"};
    request["tell"].push_back(base::uuid(*id));
  }
  return {};
}

void print_told(std::ostream& out, const Json& answer) {
  const auto told = answer.find("told");
  if (told == answer.end() || !told->is_array()) return;
  for (const Json& t : *told) {
    const bool ok = t.value("ok", false);
    counter::wrap(out, 0, (ok ? "told of it: thread " : "NOT TOLD: thread ") + text(t, "thread") + (ok ? "" : ": " + text(t, "why")));
  }
}

counter::Exit report(const counter::Call& call, const char* phase, const char* words) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  if (thread.empty() && !call.has("to"))
    return base::Error{base::Kind::kUsage, "nobody to hand over to", "--to",
                       "name the thread, or --to AGENCY for a person whom nobody referred"};
  Json request{{"op", "handoff"}, {"phase", phase}};
  if (!thread.empty()) request["thread"] = thread;
  for (const auto& [option, field] : kTexts) {
    if (call.has(option)) request[field] = call.get(option);
  }
  TRY_ASSIGN(const std::string at, counter::time_option(call, "at"));
  if (!at.empty()) request["at"] = at;
  TRY(counter::check_code(call, "basis", "authority_basis"));
  TRY(add_hold(call, request));
  TRY(add_told(call, request));
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  counter::wrap(call.out, 0, words + counter::seconds(text(*answer, "at")));
  call.out << "thread  " << text(*answer, "thread") << "\nmessage " << text(*answer, "message") << "\n";
  print_told(call.out, *answer);
  return counter::kWorked;
}

}  // namespace

counter::Exit handoff_offer(const counter::Call& call) {
  return report(call, "offer", "offered; you stay responsible until the other side takes. Offered at ");
}
counter::Exit handoff_take(const counter::Call& call) { return report(call, "take", "taken: responsibility is yours since "); }
counter::Exit handoff_refuse(const counter::Call& call) {
  return report(call, "refuse", "refused: responsibility stays where it was. Refused at ");
}

}  // namespace cli::referral
