// The staff handbook: who is who, who does what, words, times and codes. The rules' chapters are in rules.cc.
#include <array>

#include "schemas/policy/internal/grid.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/manual/chapters.h"
#include "schemas/policy/manual/plain_words.h"
#include "schemas/policy/statute.h"
#include "schemas/policy/tools.h"
#include "schemas/values.h"

namespace schemas::policy {
namespace internal {
namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;
constexpr std::array<const char*, 3> kUrgencies{"emergent", "urgent", "routine"};

std::string day(base::Instant at) { return base::rfc3339(at).substr(0, 10); }
std::string spaced(std::string text) {
  for (char& c : text)
    if (c == '_') c = ' ';
  return text;
}
std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

void code_table(const char* set, const char* title, const char* group, Document& out) {
  const ValueSet* values = value_set(set);
  if (values == nullptr || values->values.empty()) return;
  out.section(title);
  Rows rows;
  for (const auto& v : values->values) {
    Row row{v.code, v.en};
    if (*group != '\0') row.push_back(or_dash(spaced(v.group)));
    rows.push_back(std::move(row));
  }
  Row head{"Code", "Means"};
  if (*group != '\0') head.emplace_back(group);
  out.table(std::move(head), std::move(rows));
}

}  // namespace

void words_chapter(const Policy& policy, Document& out) {
  if (policy.glossary.empty()) return;
  out.chapter("What the words mean");
  Rows rows;
  for (const auto& [word, meaning] : policy.glossary) rows.push_back({capital(spaced(word)), meaning});
  out.table({"Word", "Means"}, std::move(rows));
}

void agencies_chapter(const Policy& policy, Document& out) {
  out.chapter("Who takes part");
  out.say("When the computer is down, or nobody answers in time: call. Software is never the only way.");
  Rows numbers, papers;
  for (const auto& a : policy.agencies) {
    numbers.push_back({a.name.empty() ? a.slug : a.name, a.slug, or_dash(a.on_call), or_dash(a.supervisor), or_dash(a.privacy_officer)});
    papers.push_back({a.slug, kind_words(a.kind) + (a.part2 ? " (42 CFR Part 2 program)" : ""),
                      or_dash(each(a.services, [](const auto& s) { return value_words("service", s); })), or_dash(a.agreement),
                      last_day(a)});
  }
  out.table({"Agency", "Short name", "On call", "Supervisor", "Privacy officer"}, std::move(numbers));
  out.table({"Short name", "Kind", "Services", "Agreement", "In force until"}, std::move(papers));
}

void roles_chapter(const Policy& policy, Document& out) {
  if (policy.roles.empty()) return;
  constexpr std::pair<const char*, const char*> kActions[] = {{"create", "refer"},
                                                              {"accept", "accept"},
                                                              {"decline", "decline"},
                                                              {"handoff", "hand over, take over"},
                                                              {"reassign", "reassign"},
                                                              {"view_timeline", "see steps"},
                                                              {"break_glass", "open withheld"},
                                                              {"review", "review openings"},
                                                              {"audit", "read the log"},
                                                              {"policy", "policy"},
                                                              {"keys", "keys"}};
  out.chapter("Who does what");
  std::vector<std::string> said;
  for (const auto& r : policy.roles)
    if (!r.words.empty()) said.push_back(capital(spaced(r.id)) + ": " + r.words);
  for (const auto& r : policy.roles) {
    const auto words_in = [](const char* set) { return [set](const auto& v) { return value_words(set, v); }; };
    if (!r.services.empty()) said.push_back(capital(spaced(r.id)) + " see only what asks for: " + each(r.services, words_in("service")) + ".");
    if (!r.without_labels.empty()) said.push_back(capital(spaced(r.id)) + " see nothing marked: " + each(r.without_labels, words_in("label")) + ".");
  }
  out.list(std::move(said));
  Row head{"Role"};
  for (const auto& [action, words] : kActions) head.emplace_back(words);
  Rows rows;
  for (const auto& r : policy.roles) {
    Row row{capital(spaced(r.id))};
    for (const auto& [action, words] : kActions) row.emplace_back(in(r.may, action) ? "yes" : "");
    rows.push_back(std::move(row));
  }
  out.table(std::move(head), std::move(rows));
}

void times_chapter(const Policy& policy, Document& out) {
  constexpr std::pair<const char*, Span Sla::*> kTimers[] = {{"The other computer has it", &Sla::received},
                                                             {"A person has seen it", &Sla::view},
                                                             {"Accepted or declined", &Sla::decide},
                                                             {"First contact, or arrival", &Sla::contact},
                                                             {"Longest pause (on hold)", &Sla::on_hold},
                                                             {"Outcome reported", &Sla::outcome},
                                                             {"A handoff that was offered is answered", &Sla::handoff},
                                                             {"Longest pause for a question", &Sla::info_pause},
                                                             {"Then it expires after", &Sla::grace}};
  out.chapter("How long it may take");
  Rows rows;
  for (const auto& [words_of, member] : kTimers) {
    Row row{words_of};
    for (const char* u : kUrgencies) row.push_back(words(policy.sla_of(u).*member));
    rows.push_back(std::move(row));
  }
  Row follow{"Follow-up"};
  for (const char* u : kUrgencies) {
    Row spans;
    for (const auto& s : policy.sla_of(u).follow_up) spans.push_back(words(s));
    follow.push_back(or_dash(joined(spans)));
  }
  rows.push_back(std::move(follow));
  out.table({"At the latest", "Emergent", "Urgent", "Routine"}, std::move(rows));
  out.section("Who is told when nobody has decided");
  Rows levels;
  for (std::size_t i = 0; i < 3; ++i) {
    Row row{std::to_string(i + 1)};
    for (const char* u : kUrgencies) {
      const auto& steps = policy.sla_of(u).escalate;
      if (i >= steps.size()) {
        row.emplace_back("-");
        continue;
      }
      const auto& e = steps[i];
      row.push_back((e.percent != 0 ? "after " + std::to_string(e.percent) + "% of the time" : words(e.after) + " later") + ": " +
                    tell_words(e.to) + (e.offer_next ? "; the next agency is offered" : "") + (e.phone ? "; by telephone" : ""));
    }
    levels.push_back(std::move(row));
  }
  out.table({"Level", "Emergent", "Urgent", "Routine"}, std::move(levels));
  constexpr const char* kDays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  Row days;
  for (const unsigned d : policy.calendar.weekdays) days.emplace_back(d < 7 ? kDays[d] : "?");
  out.say("Business days are " + joined(days) + ", " + moment_words(policy.calendar.opens) + " to " + moment_words(policy.calendar.closes) +
          " (" + policy.calendar.tz + "), but not: " + or_dash(joined(policy.calendar.holidays)) + ".");
}

void routing_chapter(const Policy& policy, Document& out) {
  if (policy.routing.empty()) return;
  out.chapter("Whom to ask first");
  Rows rows;
  for (const auto& [service, r] : policy.routing) {
    const auto name = [&](const std::string& slug) {
      const Agency* a = policy.agency(slug);
      return a == nullptr || a->name.empty() ? slug : a->name;
    };
    rows.push_back({value_words("service", service), each(r.order, name, ", then "),
                    r.mode == "parallel" ? "several at once" : "one at a time", r.automatic ? "by itself" : "is offered",
                    r.require_fresh_capacity.none() ? "-" : words(r.require_fresh_capacity)});
  }
  out.table({"Service", "In this order", "How", "The next one", "A free place may be this old"}, std::move(rows));
}

void codes_chapter(const Policy&, Document& out) {
  out.chapter("Reasons and outcomes");
  code_table("decline_reason", "Why a referral is declined", "Class", out);
  code_table("cancel_reason", "Why a referral is taken back", "", out);
  code_table("outcome", "What became of it", "", out);
  code_table("follow_up_result", "What a follow-up brought", "", out);
  code_table("reason", "Why somebody is referred", "", out);
}

void holds_chapter(const Policy& policy, Document& out) {
  const StatePack* pack = state_pack(policy.state_pack);
  if (pack == nullptr || pack->forms.empty()) return;
  out.chapter("Involuntary holds in " + pack->state);
  out.say("A hold is neither a consent nor an arrest. The time below is counted from its start; the program warns before it ends.");
  Rows rows;
  for (const auto& f : pack->forms)
    rows.push_back({f.form, f.words, std::to_string(f.hours) + " hours", f.excludes_weekends ? "do not count" : "count", f.cite});
  out.table({"Form", "What it is", "Lasts", "Weekends and holidays", "Law"}, std::move(rows));
}

void keeping_chapter(const Policy& policy, Document& out) {
  out.chapter("What is kept and reported");
  out.list({"The log is kept for " + words(policy.retention.audit) + ", content for " + words(policy.retention.content) + ".",
            "In reports that leave the consortium, numbers below " + std::to_string(policy.report.suppress_below) + " are hidden" +
                (policy.report.complementary ? ", and as many others as it takes that nobody can work them out." : ".")});
}

namespace {

Document handbook(const Policy& policy) {
  Document out;
  out.title("Handbook: " + policy.id + ", version " + std::to_string(policy.version));
  out.say("In force from " + day(policy.effective) + "; to be reviewed by " + or_dash(policy.review_by) +
          ". Made from the policy with the SHA-256 " + base::hex(base::View(policy.hash)) + ".");
  out.say("What is not allowed here is not sent. The program asks this policy before it seals a message, and again before it shows one.");
  for (const auto chapter :
       {words_chapter, agencies_chapter, roles_chapter, sending_chapter, views_chapter, protection_chapter, consent_chapter,
        break_glass_chapter, fields_chapter, times_chapter, routing_chapter, codes_chapter, holds_chapter, keeping_chapter})
    chapter(policy, out);
  return out;
}

}  // namespace
}  // namespace internal

std::string manual_markdown(const Policy& policy) { return internal::markdown(internal::handbook(policy)); }
std::string manual_html(const Policy& policy) { return internal::html(internal::handbook(policy)); }

}  // namespace schemas::policy
