// handoff audit flows: what left this agency for agencies of one kind, counted.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/compliance/commands.h"
#include "cli/counter/print.h"

namespace cli::compliance {
namespace {

using counter::Json;
using counter::text;

// "2026-10": its first moment and the next month's.
base::Result<std::pair<std::string, std::string>> month_of(const std::string& s) {
  const auto digit = [&](std::size_t i) { return s[i] >= '0' && s[i] <= '9'; };
  const bool shape = s.size() == 7 && s[4] == '-' && digit(0) && digit(1) && digit(2) && digit(3) && digit(5) && digit(6);
  const int year = shape ? std::stoi(s.substr(0, 4)) : 0, month = shape ? std::stoi(s.substr(5)) : 0;
  if (month < 1 || month > 12) return base::Error{base::Kind::kUsage, "is not a month", "--month", "write it as 2026-10"};
  const int next = month % 12 + 1;
  return std::pair{s + "-01T00:00:00Z", std::to_string(month == 12 ? year + 1 : year) + (next < 10 ? "-0" : "-") + std::to_string(next) + "-01T00:00:00Z"};
}

}  // namespace

counter::Exit audit_flows(const counter::Call& call) {
  Json request{{"op", "flows"}};
  if (call.has("to-kind")) request["to_kind"] = call.get("to-kind");
  for (const char* option : {"since", "until"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, option));
    if (!at.empty()) request[option] = at;
  }
  if (call.has("month")) {
    TRY_ASSIGN(const auto month, month_of(call.get("month")));
    request["since"] = month.first, request["until"] = month.second;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "flows"));
  if (counter::print_data(call, *answer, *list, {"to_kind", "kind", "view", "messages", "part2", "chri"})) return counter::kWorked;
  counter::Table table({{"TO", true}, {"KIND", true}, {"VIEW", true}, {"MESSAGES", false, true}, {"PART 2", false, true}, {"CRIMINAL HISTORY", false, true}});
  for (const Json& f : *list) table.add({text(f, "to_kind"), text(f, "kind"), text(f, "view"), text(f, "messages"), text(f, "part2"), text(f, "chri")});
  if (!list->empty()) table.print(call.out);
  call.out << text(*answer, "messages") << " message(s), " << text(*answer, "part2") << " with records of substance use treatment, " << text(*answer, "chri") << " with criminal history\n";
  return counter::kWorked;
}

}  // namespace cli::compliance
