// handoff matches list, show, confirm, dismiss, undo: records that a system sent without saying which referral they belong to.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

base::Result<Json> about(const counter::Call& call, const char* op) {
  TRY_ASSIGN(const std::uint64_t id, counter::number_option(call, "id", 0));
  return Json{{"op", op}, {"id", id}};
}

std::string name_of(const Json& subject) {
  const Json name = subject.value("name", Json::object());
  std::string out = text(name, "given");
  if (const std::string family = text(name, "family"); !family.empty()) out += (out.empty() ? "" : " ") + family;
  return out.empty() ? "somebody without a name" : out;
}

std::string person_line(const Json& subject) {
  std::string out = name_of(subject);
  for (const char* key : {"dob", "sex", "phone"}) {
    if (const std::string value = text(subject, key); !value.empty()) out += ", " + value;
  }
  return out;
}

void print_match(std::ostream& out, const Json& m) {
  const std::string decided = text(m, "decided"), reason = text(m, "reason");
  counter::wrap(out, 0, "#" + text(m, "id") + "  " + counter::seconds(text(m, "at")) + "  " + text(m, "kind") + " of " + text(m, "adapter") + "  " + text(m, "state"));
  if (m.contains("who")) counter::wrap(out, 4, "about " + person_line(m["who"]));
  if (!decided.empty())
    counter::wrap(out, 4, "by " + text(m, "person") + " at " + counter::seconds(decided) + (reason.empty() ? "" : ": " + reason));
  if (const std::string thread = text(m, "thread"); !thread.empty()) counter::wrap(out, 4, "thread " + thread);
  for (const Json& c : m.value("candidates", Json::array())) {
    counter::wrap(out, 4, text(c, "score") + "  thread " + text(c, "thread") + "  " + text(c, "other") + ", " + text(c, "phase") + "  agree: " + text(c, "why"));
    if (c.contains("subject")) counter::wrap(out, 8, person_line(c["subject"]));
  }
}

}  // namespace

counter::Exit matches_list(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  Json request{{"op", "match.list"}, {"waiting", !call.has("all")}, {"limit", limit}};
  if (after != 0) request["after"] = after;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "matches"));
  if (counter::print_data(call, *answer, *list, {"id", "at", "kind", "adapter", "state", "thread", "decided", "person", "reason"})) return counter::kWorked;
  for (const Json& m : *list) print_match(call.out, m);
  if (list->empty()) call.out << "nothing waits for a match\n";
  if (const auto next = text(*answer, "next"); !next.empty()) call.out << "more: add --after " << next << "\n";
  return counter::kWorked;
}

counter::Exit matches_show(const counter::Call& call) {
  TRY_ASSIGN(const Json request, about(call, "match.show"));
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  print_match(call.out, *answer);
  if (answer->contains("body")) call.out << "what would be sent (protected):\n" << schemas::dump(answer->at("body"), 2) << "\n";
  return counter::kWorked;
}

counter::Exit matches_confirm(const counter::Call& call) {
  TRY_ASSIGN(Json request, about(call, "match.confirm"));
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  request["thread"] = thread;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  bool all = true;
  if (call.json()) counter::print_json(call.out, *answer);
  if (!call.json()) call.out << "sent into that thread; what comes of the same visit follows by itself\n";
  for (const Json& w : answer->value("with", Json::array())) {
    const bool ok = w.value("ok", false);
    all = all && ok;
    if (!call.json()) counter::wrap(call.out, 0, "#" + text(w, "id") + " of the same visit " + (ok ? "went along" : "STILL WAITS: " + text(w, "why")));
  }
  return all ? counter::kWorked : counter::kFinding;
}

counter::Exit matches_dismiss(const counter::Call& call) {
  TRY_ASSIGN(Json request, about(call, "match.dismiss"));
  if (call.has("reason")) request["reason"] = call.get("reason");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "dismissed: its content is dropped, and nobody is asked about this visit again\n";
  }
  return counter::kWorked;
}

counter::Exit matches_undo(const counter::Call& call) {
  TRY_ASSIGN(Json request, about(call, "match.undo"));
  request["reason"] = call.get("reason");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  call.out << answer->value("retracted", Json::array()).size()
           << " message(s) taken back; the other side will be told, and nothing more of this visit goes there.\n"
              "Say where it belongs: handoff matches confirm, or dismiss\n";
  return counter::kWorked;
}

}  // namespace cli::program
