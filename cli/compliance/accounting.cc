// handoff accounting, suspension.
#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/compliance/commands.h"
#include "cli/compliance/page.h"
#include "cli/counter/print.h"

namespace cli::compliance {
namespace {

using counter::Json;
using counter::text;

std::string fields(const Json& d) {
  std::string out;
  for (const Json& f : d.value("what", Json::array())) out += (out.empty() ? "" : " ") + (f.is_string() ? f.get<std::string>() : std::string());
  return out;
}

// For its owner alone: it speaks of a person.
base::Status put_file(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return base::Error{base::Kind::kIo, errno == EEXIST ? "this file is there already" : "the file cannot be written", path, "another name, or another folder"};
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n <= 0) {
      ::close(fd);
      return base::Error{base::Kind::kIo, "the file could not be written whole", path, "is the disk full?"};
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced ? base::Status() : base::Error{base::Kind::kIo, "the file could not be written whole", path, "is the disk full?"};
}

void print_csv(std::ostream& out, const Json& list) {
  out << counter::csv({"at", "to", "what", "kind", "purpose", "basis", "consent", "part2", "passed_on", "exempt", "suspended", "thread", "message"});
  for (const Json& d : list) {
    out << counter::csv({text(d, "at"), text(d, "to"), fields(d), text(d, "kind"), text(d, "purpose"), text(d, "basis"), text(d, "consent"), d.value("part2", false) ? "yes" : "no",
                         d.value("passed_on", false) ? "yes" : "no", text(d, "exempt"), d.value("suspended", false) ? "yes" : "no", text(d, "thread"), text(d, "message")});
  }
}

void print_list(std::ostream& out, const Json& answer, const Json& list) {
  for (const Json& d : list) {
    const std::string consent = text(d, "consent"), exempt = text(d, "exempt"), what = counter::plain(fields(d));
    counter::wrap(out, 0, counter::seconds(text(d, "at")) + "  to " + text(d, "to") + "  " + text(d, "kind") + (d.value("suspended", false) ? "  SUSPENDED" : ""));
    if (!what.empty()) counter::wrap(out, 4, "what: " + what);
    counter::wrap(out, 4, "why: " + text(d, "purpose") + ", basis " + text(d, "basis") + (consent.empty() ? "" : ", consent " + consent) + (d.value("part2", false) ? ", 42 CFR Part 2" : "") +
                              (exempt.empty() ? "" : " (164.528 asks for no account: " + exempt + ")"));
  }
  out << list.size() << " disclosure(s) in " << text(answer, "threads") << " thread(s) since " << text(answer, "since").substr(0, 10) << "\n";
  if (answer.contains("suspended")) out << text(answer, "suspended") << " of them suspended\n";
}

}  // namespace

counter::Exit accounting(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t years, counter::number_option(call, "years", 6));
  Json request{{"op", call.has("copy") ? "accounting.copy" : "accounting"}, {"years", years}};
  for (const char* key : {"patient", "system", "family", "given", "dob"}) {
    if (call.has(key)) request[key] = call.get(key);
  }
  if (call.has("passed-on")) request["passed_on"] = true;
  if (call.has("with-suspended")) {
    if (call.has("page") || call.has("copy")) return base::Error{base::Kind::kUsage, "what the person is given leaves out what is suspended", "--with-suspended", "without --page and --copy"};
    request["with_suspended"] = true;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "disclosures"));
  if (call.has("copy")) {
    TRY(put_file(call.get("copy"), schemas::dump(*answer) + "\n"));
    counter::wrap(call.out, 0, text(*answer, "threads") + " thread(s) are in " + call.get("copy") + ". It speaks of a person: hand it over safely.");
    return counter::kWorked;
  }
  if (call.has("page")) {
    TRY_ASSIGN(const auto status, counter::ask(call, {{"op", "status"}}));
    TRY(put_file(call.get("page"), page(*answer, text(*status, "agency"), base::rfc3339(call.now).substr(0, 10))));
    call.out << list->size() << " disclosure(s) are in " << call.get("page") << "\n";
  } else if (call.json()) {
    counter::print_json(call.out, *answer);
  } else if (call.has("csv")) {
    print_csv(call.out, *list);
  } else {
    print_list(call.out, *answer, *list);
  }
  return counter::kWorked;
}

counter::Exit suspension_add(const counter::Call& call) {
  TRY_ASSIGN(const std::string until, counter::time_option(call, "until"));
  Json request{{"op", "accounting.suspend"}, {"agency", call.get("agency")}, {"official", call.get("official")}, {"until", until}};
  if (call.has("statement")) request["statement"] = call.get("statement");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "suspension " << text(*answer, "id") << " stands until " << until << "\n";
  }
  return counter::kWorked;
}

counter::Exit suspension_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "accounting.suspensions"}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "suspensions"));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  for (const Json& s : *list) {
    const std::string statement = text(s, "statement");
    counter::wrap(call.out, 0, "#" + text(s, "id") + "  " + text(s, "agency") + "  until " + counter::seconds(text(s, "until")) + (s.value("stands", false) ? "" : "  (over)") + "  for " + text(s, "official") + ", " +
                                   (statement.empty() ? "said aloud" : "statement " + statement));
  }
  call.out << list->size() << " suspension(s)\n";
  return counter::kWorked;
}

counter::Exit suspension_lift(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t id, counter::number_option(call, "id", 0));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "accounting.lift"}, {"id", id}}));
  if (call.json()) counter::print_json(call.out, *answer);
  else call.out << "lifted\n";
  return counter::kWorked;
}

}  // namespace cli::compliance
