// handoff btg open, list, review: break-glass, each use with its reason, its end, and its review. List: exit 1 if a review is overdue.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/codes.h"
#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

void print_use(std::ostream& out, const Json& u) {
  const bool overdue = u.value("overdue", false);
  const std::string reviewed = text(u, "reviewed"), role = text(u, "role"), words = text(u, "text");
  counter::wrap(out, 0,
                counter::seconds(text(u, "at")) + "  " + text(u, "reason") + "  by " + text(u, "person") +
                    (role.empty() ? "" : " (" + role + ")") + " of " + text(u, "by"));
  counter::wrap(out, 4, "id " + text(u, "id") + "  message " + text(u, "message"));
  counter::wrap(out, 4, "open until " + counter::seconds(text(u, "until")));
  if (!words.empty()) counter::wrap(out, 4, "said: " + words);
  if (reviewed.empty()) {
    counter::wrap(out, 4, std::string(overdue ? "REVIEW OVERDUE since " : "review due by ") + counter::seconds(text(u, "review_due")));
  } else {
    counter::wrap(out, 4, text(u, "finding") + ", reviewed by " + text(u, "reviewed_by") + " at " + counter::seconds(reviewed));
  }
}

}  // namespace

counter::Exit btg_open(const counter::Call& call) {
  TRY_ASSIGN(const std::string message, counter::id_option(call, "message"));
  TRY(counter::check_code(call, "reason", "break_glass_reason"));
  Json request{{"op", "btg.open"}, {"message", message}, {"reason", call.get("reason")}, {"text", call.get("text")}};
  if (call.has("role")) request["role"] = call.get("role");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  counter::wrap(call.out, 0,
                "asked for; what the sender may open comes into thread " + text(*answer, "thread") + " and is shown until " +
                    counter::seconds(text(*answer, "until")));
  counter::wrap(
      call.out, 0,
      "the privacy officers of both agencies are told; it waits for a review by " + counter::seconds(text(*answer, "review_due")));
  return counter::kWorked;
}

counter::Exit btg_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer,
             counter::ask(call, {{"op", "btg.list"}, {"unreviewed", call.has("unreviewed")}, {"names", call.has("names")}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "uses"));
  std::size_t waiting = 0, overdue = 0;
  for (const Json& u : *list) {
    waiting += text(u, "reviewed").empty();
    overdue += u.value("overdue", false);
  }
  const int code = overdue == 0 ? counter::kWorked : counter::kFinding;
  if (counter::print_data(call, *answer, *list, {"id", "at", "reason", "person", "role", "by", "message", "until", "review_due", "overdue", "reviewed", "reviewed_by", "finding"})) return code;
  for (const Json& u : *list) print_use(call.out, u);
  call.out << list->size() << " use(s) of break-glass, " << waiting << " unreviewed, " << overdue << " overdue\n";
  return code;
}

counter::Exit btg_review(const counter::Call& call) {
  TRY_ASSIGN(const std::string id, counter::id_option(call, "id"));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "btg.review"}, {"id", id}, {"finding", call.get("finding")}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "reviewed by " << text(*answer, "reviewed_by") << ": " << text(*answer, "finding") << "\n";
  }
  return counter::kWorked;
}

}  // namespace cli::program
