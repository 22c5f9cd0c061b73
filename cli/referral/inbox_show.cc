// handoff inbox show: one thread whole, the protected part included: this is the command that asks for it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

using counter::Json;
using counter::text;

bool is_file(std::string_view path) { return path.ends_with(".data") || path.ends_with("source.bytes") || path == "opaque"; }

// One line a value: "subject.name.family: ...". Bytes of files are counted, not shown; what machines keep for each other is left out.
void print_values(std::ostream& out, const Json& j, const std::string& path) {
  if (j.is_object()) {
    for (const auto& [key, value] : j.items()) {
      if (path.empty() && key == "seen") continue;
      print_values(out, value, path.empty() ? counter::plain(key) : path + "." + counter::plain(key));
    }
  } else if (j.is_array()) {
    for (std::size_t i = 0; i < j.size(); ++i) print_values(out, j[i], j.size() == 1 ? path : path + "[" + std::to_string(i + 1) + "]");
  } else {
    const std::string value = j.is_string() ? counter::plain(j.get_ref<const std::string&>()) : schemas::dump(j);
    counter::wrap(out, 4, path + ": " + (is_file(path) ? "(" + std::to_string(value.size() / 4 * 3) + " bytes)" : value));
  }
}

std::string joined(const Json& j, const char* key) {
  std::string out;
  for (const Json& w : j.value(key, Json::array()))
    out += (out.empty() ? "" : ", ") + counter::plain(w.is_string() ? w.get<std::string>() : schemas::dump(w));
  return out;
}

// Which rules let it pass, and what this reader, or the other side, was not shown.
void print_decision(std::ostream& out, const Json& d) {
  const std::string rules = joined(d, "rules"), withheld = joined(d, "withheld"), view = text(d, "view");
  if (rules.empty()) return;
  counter::wrap(out, 4,
                "policy " + text(d, "version") + (d.value("refused", false) ? " REFUSED it by " : " by ") + rules +
                    (view.empty() || view == "*" ? "" : ", view " + view));
  if (!withheld.empty()) counter::wrap(out, 4, "withheld from the other side: " + withheld);
}

void print_opened(std::ostream& out, const Json& opened) {
  const bool closed = opened.value("closed", true);
  counter::wrap(out, 4, (closed ? "break-glass ended at " : "OPENED BY BREAK-GLASS until ") + counter::seconds(text(opened, "until")));
  if (const auto body = opened.find("body"); body != opened.end() && !closed) print_values(out, *body, "opened");
}

std::string size_words(std::uint64_t n) {
  if (n < 10'000) return std::to_string(n) + " bytes";
  return n < 10'000'000 ? std::to_string(n / 1'000) + " kB" : std::to_string(n / 1'000'000) + " MB";
}

void print_files(std::ostream& out, const Json& files) {
  for (const Json& f : files) {
    counter::wrap(out, 4, "attachment " + text(f, "number") + ": " + text(f, "title") + " (" + text(f, "media_type") + ", " +
                              size_words(f.value("size", std::uint64_t{0})) + "): " + text(f, "state"));
  }
}

// "delivered 2026-10-05T14:00:01Z, seen 2026-10-05T14:02:00Z": how far it came, and when.
void print_marks(std::ostream& out, const Json& marks) {
  std::string words;
  for (const char* mark : {"sent", "delivered", "seen", "acted"}) {
    if (const std::string at = text(marks, mark); !at.empty()) words += (words.empty() ? "" : ", ") + std::string(mark) + " " + counter::seconds(at);
  }
  if (const std::string due = text(marks, "due"); !due.empty()) words += (words.empty() ? "" : ", ") + std::string("to be answered by ") + counter::seconds(due);
  if (!words.empty()) counter::wrap(out, 4, words);
}

void print_event(std::ostream& out, const Json& e) {
  const bool outgoing = e.contains("outgoing") && e.at("outgoing") == true;
  const auto refused = text(e, "refused"), why = text(e, "why");
  out << "\n";
  counter::wrap(out, 0,
                counter::seconds(text(e, "at")) + "  " + text(e, "kind") + " from " + text(e, "from") + (outgoing ? " (ours)" : "") + ", " +
                    text(e, "state"));
  if (const std::string entered = text(e, "entered_at"); !entered.empty()) counter::wrap(out, 4, "WRITTEN ON PAPER, typed in at " + counter::seconds(entered));
  if (const auto marks = e.find("marks"); marks != e.end() && marks->is_object()) print_marks(out, *marks);
  if (!refused.empty()) counter::wrap(out, 4, "not counted: " + refused);
  if (!why.empty()) counter::wrap(out, 4, "not counted: " + why);
  if (const auto d = e.find("decision"); d != e.end() && d->is_object()) print_decision(out, *d);
  if (const auto body = e.find("body"); body != e.end()) print_values(out, *body, "");
  if (const auto files = e.find("attachments"); files != e.end() && files->is_array()) print_files(out, *files);
  if (const auto opened = e.find("opened"); opened != e.end() && opened->is_object()) print_opened(out, *opened);
}

void print_loop(std::ostream& out, const Json& j) {
  if (const auto level = text(j, "escalation"); !level.empty() && level != "0") counter::wrap(out, 0, "Level  " + level);
  if (const auto who = text(j, "responsible"); !who.empty())
    counter::wrap(out, 0, "With   " + who + " (who is responsible for the person now)");
  for (const Json& d : j.value("deadlines", Json::array())) {
    const std::string late = counter::age(d.value("late_s", std::uint64_t{0}));
    counter::wrap(out, 0,
                  "Due    " + text(d, "name") + " at " + counter::seconds(text(d, "at")) +
                      (d.value("overdue", false) ? ", OVERDUE by " + late : "") + (d.value("phone", false) ? "; by phone as well" : ""));
  }
}

}  // namespace

counter::Exit inbox_show(const counter::Call& call) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "inbox.show"}, {"thread", thread}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  const Json& j = *answer;
  const bool requester = j.contains("requester") && j.at("requester") == true;
  call.out << "Thread " << text(j, "thread") << "\n";
  counter::wrap(call.out, 0,
                "Phase  " + text(j, "phase") + ", loop " + text(j, "loop") + ", " +
                    (requester ? "referred by us to " : "referred to us by ") + text(j, "other"));
  print_loop(call.out, j);
  if (const auto events = j.find("events"); events != j.end() && events->is_array()) {
    for (const Json& e : *events) print_event(call.out, e);
  }
  return counter::kWorked;
}

}  // namespace cli::referral
