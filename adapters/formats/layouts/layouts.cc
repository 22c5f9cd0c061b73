#include "adapters/formats/layouts/layouts.h"

#include <algorithm>

namespace adapters::formats::layouts {
namespace {

using base::Error;
using base::Kind;

struct Line {
  const char *column, *to, *more = "";  // to "": read by the adapter itself; column "": a constant in `more`
};
using Lines = std::vector<Line>;

constexpr const char *kTime = "time = {}", *kNeeded = "required = true", *kNeededTime = "time = {}\nrequired = true";

const Lines kReferral = {{"row_id", ""},
                         {"source_ref", "referral.source_ref"},
                         {"last", "referral.subject.name.family"},
                         {"first", "referral.subject.name.given"},
                         {"dob", "referral.subject.dob"},
                         {"sex", "referral.subject.sex"},
                         {"phone", "referral.subject.phone"},
                         {"safe_to_contact", "referral.subject.safe_to_contact"},
                         {"lang", "referral.subject.language"},
                         {"location", "referral.location_now"},
                         {"reason", "referral.reasons.code", "split = \";\"\nrequired = true"},
                         {"service", "referral.service.code", kNeeded},
                         {"urgency", "referral.urgency", kNeeded},
                         {"requester_name", "referral.requester.name.family"},
                         {"callback", "referral.requester.phone", kNeeded},
                         {"authority_basis", "referral.authority_basis", kNeeded},
                         {"consent_ref", "referral.consent_ref"},
                         {"hold_form", "referral.hold.form"},
                         {"hold_start", "referral.hold.start", kTime},
                         {"risk_self", "referral.risk.self"},
                         {"risk_others", "referral.risk.others"},
                         {"weapons", "referral.risk.weapons"},
                         {"note", "referral.notes"},
                         {"", "referral.requester.role", "value = \"intake\""}};
const Lines kStatus = {
    {"row_id", ""},
    {"thread", ""},
    {"source_ref", ""},
    {"status", "status_update.status",
     "required = true\nmap = { accepted = \"accepted\", accept = \"accepted\", declined = \"rejected\", decline = \"rejected\", "
     "rejected = \"rejected\", scheduled = \"scheduled\", in_progress = \"in-progress\", on_hold = \"on-hold\", "
     "no_show = \"no-show\", completed = \"completed\", cancelled = \"cancelled\" }"},
    {"reason", "status_update.reason"},
    {"at", "status_update.at", kTime},
    {"by_role", "status_update.actor_role", "default = \"intake\""},
    {"by_name", "status_update.actor_name"},
    {"appt_at", "status_update.appointment_at", kTime},
    {"expected_at", "status_update.expected_at", kTime},
    {"place", "status_update.place"},
    {"callback", "status_update.callback"},
    {"outcome", "status_update.outcome"},
    {"note", "status_update.text"}};
const Lines kCapacity = {{"service", "capacity.service", kNeeded},
                         {"state", "capacity.state", kNeeded},
                         {"count", "capacity.count"},
                         {"as_of", "capacity.as_of", kNeededTime},
                         {"ttl_min", "capacity.ttl_minutes"},
                         {"age_min", ""},
                         {"age_max", ""},
                         {"invol_ok", ""},
                         {"med_clear_req", ""},
                         {"phone", "capacity.phone"}};
const Lines kOutcome = {{"source_ref", ""},
                        {"outcome", "status_update.outcome"},
                        {"", "status_update.status", "value = \"completed\""},
                        {"", "status_update.actor_role", "value = \"intake\""},
                        {"fu24", ""},
                        {"fu72", ""},
                        {"fu30", ""}};

Lines follow_up(std::string_view column, const char* mark) {
  Lines out = {{"source_ref", ""}, {"outcome", ""}, {"", "follow_up.mark", mark}, {"", "follow_up.by_role", "value = \"intake\""}};
  for (const char* c : {"fu24", "fu72", "fu30"}) out.push_back({c, column == c ? "follow_up.result" : ""});
  return out;
}

mapping::Mapping mapping_of(const std::string& kind, const std::string& head, const Lines& lines) {
  std::string text = "[mapping]\nformat = \"csv\"\nkind = \"" + kind + "\"\n" + head, ignored;
  for (const Line& l : lines) {
    if (std::string_view(l.to).empty()) {
      ignored += std::string(ignored.empty() ? "" : ", ") + '"' + l.column + '"';
      continue;
    }
    text += "[[field]]\nto = \"" + std::string(l.to) + "\"\n" + l.more + "\n";
    if (!std::string_view(l.column).empty()) text += "from = \"" + std::string(l.column) + "\"\nprovenance = \"local\"\n";
  }
  if (!ignored.empty()) text += "[[ignore]]\nfrom = [" + ignored + "]\nprovenance = \"local\"\n";
  const auto config = schemas::Config::parse(text, "layout");
  CHECK(config.ok());
  auto out = mapping::load(*config, "layout");
  CHECK(out.ok());
  return std::move(out).value();
}

std::vector<std::string> columns_of(const Lines& lines) {
  std::vector<std::string> out;
  for (const Line& l : lines)
    if (!std::string_view(l.column).empty()) out.emplace_back(l.column);
  return out;
}

std::vector<Layout> made() {
  const std::string by_row = "row_id = \"row_id\"\n", by_ref = "thread_by = \"source_ref\"\n";
  std::vector<Layout> out = {{"referral_in", columns_of(kReferral), {{"", mapping_of("Referral", by_row, kReferral)}}},
                             {"status_in", columns_of(kStatus), {{"", mapping_of("StatusUpdate", by_row, kStatus)}}},
                             {"capacity_in", columns_of(kCapacity), {{"", mapping_of("CapacityUpdate", "", kCapacity)}}},
                             {"outcome_in", columns_of(kOutcome), {{"outcome", mapping_of("StatusUpdate", by_ref, kOutcome)}}}};
  for (const auto& [column, mark] :
       {std::pair("fu24", "value = \"FU24\""), std::pair("fu72", "value = \"FU72\""), std::pair("fu30", "value = \"FU30\"")})
    out.back().parts.push_back({column, mapping_of("FollowUp", by_ref, follow_up(column, mark))});
  return out;
}

}  // namespace

const std::vector<Layout>& all() {
  static const std::vector<Layout> layouts = made();
  return layouts;
}

base::Result<const Layout*> named(std::string_view file) {
  constexpr std::string_view kVersion = ".layout=";
  std::string_view stem = file.substr(0, file.rfind('.'));
  if (const auto at = stem.find(kVersion); at != stem.npos) {
    if (stem.substr(at + kVersion.size()) != "1")
      return Error{Kind::kUnsupported, "a version of the layout that is not read", "", "use layout=1"};
    stem = stem.substr(0, at);
  }
  for (const Layout& l : all()) {
    const bool more = stem.size() > l.name.size() && std::string_view("-_. ").find(stem[l.name.size()]) != std::string_view::npos;
    if (stem.starts_with(l.name) && (stem.size() == l.name.size() || more)) return &l;
  }
  return Error{Kind::kUnsupported, "no layout has this name", "",
               "begin the file's name with referral_in, status_in, capacity_in or outcome_in"};
}

const Layout* like(const std::vector<std::string>& header) {
  const auto it = std::ranges::find_if(all(), [&](const Layout& l) {
    return l.columns.size() == header.size() &&
           std::ranges::all_of(l.columns, [&](const auto& c) { return std::ranges::find(header, c) != header.end(); });
  });
  return it == all().end() ? nullptr : &*it;
}

}  // namespace adapters::formats::layouts
