// The chapters of the handbook that say who may send what to whom, in what form, and under which law.
#include <algorithm>

#include "schemas/policy/internal/grid.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/manual/chapters.h"
#include "schemas/policy/manual/plain_words.h"
#include "schemas/policy/statute.h"
#include "schemas/policy/tools.h"
#include "schemas/policy/view.h"

namespace schemas::policy::internal {
namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string cell_words(const std::string& names) {
  Row out;
  std::size_t at = 0;
  while (at < names.size()) {
    const std::size_t end = std::min(names.find(", ", at), names.size());
    out.push_back(message_words(names.substr(at, end - at)));
    at = end + 2;
  }
  return or_dash(joined(out));
}

// "Referral; with consent: FollowUp" -> the two halves in words.
std::pair<std::string, std::string> halves(const std::string& cell) {
  constexpr std::string_view kMark = "with consent: ";
  const auto at = cell.find(kMark);
  if (at == std::string::npos) return {cell_words(cell), "-"};
  return {cell_words(at == 0 ? "" : cell.substr(0, at - 2)), cell_words(cell.substr(at + kMark.size()))};
}

std::string readers(const LabelRule& r) {
  if (!r.to_not.empty()) return "everybody but: " + each(r.to_not, kind_words);
  return r.to.empty() ? "everybody" : each(r.to, kind_words);
}

std::string verdict_of(const LabelRule& r) {
  std::string out = verdict_words(r.decision);
  if (!r.except_basis.empty())
    out += ", except: " + each(
                              r.except_basis, [](const auto& b) { return value_words("authority_basis", b); }, "; ");
  return out;
}

std::string obligation_words(const std::string& code) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {{"notice_2_32", "with the notice of 42 CFR 2.32"},
                                                                      {"attach_consent", "with a copy of the consent"},
                                                                      {"record_2_51", "recorded as 42 CFR 2.51 asks"},
                                                                      {"review_24h", "reviewed within 24 hours"},
                                                                      {"review_2bd", "reviewed within 2 business days"},
                                                                      {"notify_privacy", "privacy officers are told"},
                                                                      {"agreement_expired", "the agreement has ended: to be renewed"}};
  const auto it = std::ranges::find(kWords, code, [](const auto& w) { return w.first; });
  return it == std::end(kWords) ? code : std::string(it->second);
}

void rules_table(std::span<const LabelRule> rules, Document& out) {
  Rows rows;
  for (const auto& r : rules)
    rows.push_back({r.id, each(r.label, [](const auto& l) { return value_words("label", l); }), readers(r), verdict_of(r),
                    or_dash(each(r.obligations, obligation_words)), or_dash(r.words), or_dash(r.cite)});
  out.table({"Rule", "What is marked", "To", "Goes", "And", "In words", "Law or agreement"}, std::move(rows));
}

// A view's fields, by kind of message, in words.
Rows view_rows(const View& view) {
  Row order;
  std::map<std::string, Row> fields;
  for (const auto& name : view.fields) {
    const std::string full = full_path(name), path = full.empty() ? name : full, kind = message_of(path);
    if (!fields.contains(kind)) order.push_back(kind);
    fields[kind].push_back(field_words(path));
  }
  Rows rows;
  for (const auto& kind : order) rows.push_back({kind.empty() ? "Every kind" : capital(message_words(kind)), joined(fields.at(kind))});
  return rows;
}

}  // namespace

void sending_chapter(const Policy& policy, Document& out) {
  out.chapter("Who may send what to whom");
  out.say(
      "This is what an unmarked message may be; the chapter on protection says what a mark changes. A kind that is not listed is not "
      "sent.");
  Rows lines;
  std::string shown;
  const auto finish = [&] {
    if (!lines.empty()) out.table({"To", "May send", "Only with the person's consent"}, std::move(lines));
    lines.clear();
  };
  for (const auto& road : roads(matrix(policy))) {
    const std::string from = each(road.from, kind_words);
    if (from != shown) finish(), out.section("From: " + from);
    shown = from;
    const auto [free, consent] = halves(road.may);
    lines.push_back({each(road.to, kind_words), free, consent});
  }
  finish();
  out.section("The rules behind it");
  Rows rows;
  for (const auto& f : policy.flows)
    rows.push_back({f.id, each(f.from, kind_words), each(f.to, kind_words), each(f.kinds, message_words), each(f.purpose, purpose_words),
                    f.basis.empty() ? "any"
                                    : each(
                                          f.basis, [](const auto& b) { return value_words("authority_basis", b); }, "; "),
                    verdict_words(f.decision), f.view == "*" ? "everything" : f.view});
  out.table({"Rule", "From", "To", "Kinds", "For", "On the ground of", "How", "The reader sees"}, std::move(rows));
}

void views_chapter(const Policy& policy, Document& out) {
  if (policy.views.empty()) return;
  out.chapter("What each reader sees");
  out.say(
      "What a view does not name is removed before the message is sealed: nobody can show it by mistake. The reader is told that something "
      "was left out.");
  for (const auto& v : policy.views) {
    out.section(v.id);
    Row used;
    for (const auto& f : policy.flows)
      if (f.view == v.id) used.push_back(f.id + " (" + each(f.from, kind_words) + " to " + each(f.to, kind_words) + ")");
    if (!used.empty()) out.say("Used by " + joined(used, "; ") + ".");
    out.table({"Of a", "The reader sees"}, view_rows(v));
    if (!v.except.empty()) out.say("Never: " + each(v.except, field_words) + ".");
  }
}

void protection_chapter(const Policy& policy, Document& out) {
  out.chapter("What is protected more strictly");
  out.say("Where several rules speak, the strictest one holds.");
  out.section("The law, whatever this policy says");
  rules_table(statute_rules(), out);
  if (const StatePack* pack = state_pack(policy.state_pack); pack != nullptr && !pack->rules.empty()) {
    out.section("The law of " + pack->state + " (" + pack->id + ")");
    rules_table(pack->rules, out);
  }
  if (policy.label_rules.empty()) return;
  out.section("This policy");
  rules_table(policy.label_rules, out);
}

void consent_chapter(const Policy& policy, Document& out) {
  out.chapter("Consent");
  out.list(
      {"A consent names the person, who may tell, who may be told, what, for what purpose and until when, and it is signed.",
       "It can be taken back at any time. What was told before stays told; nothing more is.",
       "A consent for one agency is no consent for another. Passing something on needs its own.",
       "Psychotherapy notes are never meant unless the consent names them.",
       "A consent for use in court is a separate form; an ordinary one never covers it.",
       "Where records of substance use treatment are told, the notice of 42 CFR 2.32 and a copy of the consent go along, also on paper."});
  Row flows;
  for (const auto& f : policy.flows)
    if (f.decision == Verdict::kConsent)
      flows.push_back(f.id + ": " + each(f.kinds, message_words) + " from " + each(f.from, kind_words) + " to " + each(f.to, kind_words));
  if (!flows.empty()) {
    out.say("Besides marked information, consent is needed for:");
    out.list(std::move(flows));
  }
}

void break_glass_chapter(const Policy& policy, Document& out) {
  const auto& b = policy.break_glass;
  out.chapter("Opening what was withheld");
  out.list({"Only to protect somebody's life or health, by a person whose role allows it.",
            "A reason from the list and a sentence in your own words are needed: " +
                or_dash(each(b.reasons, [](const auto& r) { return value_words("break_glass_reason", r); })) + ".",
            "It lasts for " + words(b.time_box) + " at most, and opens only what was withheld of this one message.",
            "The privacy officers of both agencies know at once, and review it within " + words(b.review) + ".",
            "It never opens psychotherapy notes; records of substance use treatment only in a medical emergency (42 CFR 2.51)."});
}

void fields_chapter(const Policy& policy, Document& out) {
  if (policy.required.empty() && policy.custom_fields.empty()) return;
  out.chapter("What a message must say");
  Rows rows;
  for (const auto& r : policy.required)
    rows.push_back({capital(message_words(r.kind)), r.from.empty() ? "Everybody" : each(r.from, kind_words),
                    r.to.empty() ? "Everybody" : each(r.to, kind_words), each(r.fields, [](const auto& f) {
                      const std::string full = full_path(f);
                      return field_words(full.empty() ? f : full);
                    })});
  if (!rows.empty()) out.table({"A", "From", "To", "Must say"}, std::move(rows));
  if (policy.custom_fields.empty()) return;
  out.section("Fields of our own");
  Rows own;
  for (const auto& c : policy.custom_fields)
    own.push_back({c.id, or_dash(c.label_en), or_dash(c.label_es), c.type + (c.codes.empty() ? "" : ": " + joined(c.codes)),
                   or_dash(each(c.applies_to, message_words)), c.sensitivity.empty() ? "-" : value_words("label", c.sensitivity),
                   c.report ? "yes" : "no"});
  out.table({"Field", "English", "Spanish", "Type", "In", "Marked as", "Counted in reports"}, std::move(own));
}

}  // namespace schemas::policy::internal
