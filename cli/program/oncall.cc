// handoff oncall: who is told of what waits, by shift.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

std::string person(const Json& p) {
  const std::string name = text(p, "name"), login = text(p, "login");
  return name.empty() || name == login ? login : name + " (" + login + ")";
}

std::string until(const Json& shift) {
  const std::string end = counter::seconds(text(shift, "until"));
  return end.empty() ? "with no end" : "until " + end;
}

void print_list(std::ostream& out, const Json& list) {
  const auto part = [&](const char* key) { return list.value(key, Json::array()); };
  const Json now = part("now"), shifts = part("shifts"), always = part("always");
  out << text(list, "list") << (text(list, "phone").empty() ? "" : "  " + text(list, "phone")) << "\n";
  for (const Json& s : now) counter::wrap(out, 2, "now   " + person(s) + " " + until(s) + (text(s, "phone").empty() ? "" : "  " + text(s, "phone")));
  for (const Json& s : shifts) counter::wrap(out, 2, "shift " + person(s) + " from " + counter::seconds(text(s, "from")) + " " + until(s));
  std::string names;
  for (const Json& p : always) names += (names.empty() ? "" : ", then ") + person(p);
  if (!names.empty()) counter::wrap(out, 2, "with no shift on: " + names);
  if (now.empty() && always.empty()) counter::wrap(out, 2, "nobody by name: everybody whose role may answer is told");
}

counter::Exit changed(const counter::Call& call, const Json& request) {
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    print_list(call.out, answer->value("rota", Json::object()));
  }
  return counter::kWorked;
}

std::vector<std::string> words_of(const std::string& lines, char separator) {
  std::vector<std::string> out(1);
  for (const char c : lines) {
    if (c != separator) {
      out.back() += c;
    } else if (!out.back().empty()) {
      out.emplace_back();
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

}  // namespace

counter::Exit oncall_show(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "oncall.show"}}));
  TRY_ASSIGN(const Json* lists, counter::list_in(*answer, "lists"));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  for (const Json& list : *lists) print_list(call.out, list);
  return counter::kWorked;
}

// What is not said stays as it is.
counter::Exit oncall_set(const counter::Call& call) {
  Json request{{"op", "oncall.set"}, {"list", call.get("list")}};
  if (call.has("phone")) request["phone"] = call.get("phone");
  if (call.has("always")) request["always"] = words_of(call.get("always"), '\n');
  if (call.has("shift")) {
    request["shifts"] = Json::array();
    for (const std::string& line : words_of(call.get("shift"), '\n')) {
      const auto words = words_of(line, ' ');
      if (words.size() < 2 || words.size() > 3) return base::Error{base::Kind::kUsage, "is not a shift", "--shift", "--shift 'm.okafor 2026-10-05T07:00:00Z 2026-10-05T19:00:00Z'"};
      Json shift{{"login", words[0]}, {"from", words[1]}};
      if (words.size() == 3) shift["until"] = words[2];
      request["shifts"].push_back(std::move(shift));
    }
  }
  if (request.size() == 2) return base::Error{base::Kind::kUsage, "there is nothing to change", "oncall set", "--shift, --always or --phone"};
  return changed(call, request);
}

counter::Exit oncall_take(const counter::Call& call) {
  Json request{{"op", "oncall.take"}, {"list", call.get("list")}};
  TRY_ASSIGN(const std::string end, counter::time_option(call, "until"));
  if (!end.empty()) request["until"] = end;
  return changed(call, request);
}

counter::Exit oncall_hand_over(const counter::Call& call) {
  return changed(call, {{"op", "oncall.hand_over"}, {"list", call.get("list")}, {"to", call.get("to")}});
}

}  // namespace cli::program
