// What is said of the incident itself: number, category, times, outcome, weapons. The person and the place have files of their own.
#include <algorithm>
#include <array>
#include <set>

#include "adapters/formats/mapping/mapping.h"
#include "adapters/formats/niem/said.h"
#include "adapters/formats/niem/tree.h"
#include "schemas/values.h"

namespace adapters::formats::niem {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

bool has(const std::string& text, std::string_view word) { return text.find(word) != text.npos; }

// Words of call types that name a reason outright; what only says "mental health" is the mapping's to decide.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kReasons = {{{"SUICIDE ATTEMPT", "SA"},
                                                                                    {"SUIC", "SI"},
                                                                                    {"OVERDOSE", "OVERDOSE"},
                                                                                    {"WELFARE", "WELFARE"},
                                                                                    {"DEMENTIA", "DEMENTIA"},
                                                                                    {"PSYCHO", "PSYCHOSIS"}}};

void read_category(const Element& container, const Element& incident, Said& said) {
  std::string type = text(incident, {"IncidentCategoryCode", "IncidentCategoryText", "IncidentCategoryDescriptionText", "IncidentCategory",
                                     "ActivityCategoryCode", "ActivityCategoryText", "CallTypeCode", "CallTypeText"});
  if (upper(type) == "INCIDENT" || upper(type) == "INCIDENT REPORT") type.clear();
  said.say("referral.trigger.text", type);
  const auto reason = std::ranges::find_if(kReasons, [&](const auto& r) { return has(upper(type), r.first); });
  if (reason != kReasons.end()) said.say("referral.reasons[category].code", std::string(reason->second));
  if (!type.empty()) return;
  for (const Element* offense : all(container, {"Offense"})) {
    const std::string code = text(*offense, {"OffenseUCRCode", "OffenseNIBRSCode", "OffenseCode", "OffenseCategoryText"});
    if (code.empty()) continue;
    said.say("referral.trigger.system", "nibrs");
    said.say("referral.trigger.code", code);
    return;
  }
}

void read_times(const Element& incident, Said& said) {
  constexpr std::array<std::pair<std::string_view, const char*>, 6> kTimes = {{{"ActivityDate", "incident"},
                                                                               {"ActivityDateRange", "incident"},
                                                                               {"ActivityReportedDate", "reported"},
                                                                               {"IncidentReportedDate", "reported"},
                                                                               {"IncidentDispatchedDate", "dispatched"},
                                                                               {"IncidentArrivalDate", "on_scene"}}};
  for (const auto& [element, name] : kTimes) {
    for (const Element& c : incident.children) {
      if (c.name != element) continue;
      const Element* begin = c.child("StartDate");
      said.moment(name, begin == nullptr ? c : *begin);
    }
  }
}

// In coarse words; that somebody was arrested or charged is not among them.
void read_outcome(const Element& incident, Said& said) {
  const Element* at = first(incident, {"ActivityDisposition", "IncidentDisposition", "ActivityStatus", "IncidentStatus"});
  if (at == nullptr) return;
  const std::string word = upper(own_text(*at, {"StatusText", "StatusDescriptionText", "DispositionDescriptionText", "DispositionText",
                                                "ActivityDispositionText", "StatusCode", "DispositionCategoryCode"}));
  constexpr std::array<std::pair<std::string_view, const char*>, 6> kCoarse = {{{"TRANSPORT", "transport"},
                                                                                {"REFER", "referred"},
                                                                                {"REPORT", "report"},
                                                                                {"UTL", "unable to locate"},
                                                                                {"GOA", "gone on arrival"},
                                                                                {"CLOSED", "closed"}}};
  for (const auto& [part, coarse] : kCoarse)
    if (has(word, part)) return said.say("referral.police_outcome", coarse);
}

bool armed(std::string_view code) {
  constexpr std::array<std::string_view, 8> kArmed = {"11", "12", "13", "14", "15", "20", "30", "60"};
  return std::ranges::any_of(kArmed, [&](std::string_view a) { return code.starts_with(a); });
}

void read_weapons(const Element& container, Said& said) {
  const bool thing = !all(container, {"Weapon", "Firearm", "WeaponCategoryCode"}).empty();
  std::string answer = thing ? "yes" : "";
  for (const Element* e : all(container, {"WeaponInvolvedIndicator", "SubjectArmedIndicator"}))
    if (answer != "yes" && !e->text.empty()) answer = e->text == "true" || e->text == "1" ? "yes" : "no";
  for (const Element* e : all(container, {"ForceCategoryCode"}))  // NIBRS: firearms, blades, blunt things and explosives; 99 is none
    if (answer != "yes" && (armed(e->text) || e->text == "99")) answer = e->text == "99" ? "no" : "yes";
  said.say("referral.risk.weapons", answer);
}

void read_officer(const Tree& tree, const Element& container, Said& said) {
  const Element* role = first(container, {"IncidentReportingOfficial", "ReportingOfficial", "IncidentOfficial", "RespondingOfficer"});
  if (role == nullptr) return;
  const Elements person = tree.about(*role);
  said.say("referral.requester.name.family", text(person, {"PersonSurName", "PersonFullName"}));
  said.say("referral.requester.name.given", text(person, {"PersonGivenName"}));
  said.say("referral.requester.role", "officer");
}

void list_rest(const Element& e, const std::string& path, Incident& out, std::set<std::string>& seen) {
  for (const Element& c : e.children) {
    const std::string at = (path.empty() ? "" : path + "/").append(c.name);
    if (withheld(c)) {
      if (seen.insert(at).second) out.withheld.push_back(at);
      continue;
    }
    if (!standard_space(c.space) && !c.text.empty() && seen.insert(at).second) out.unmapped.push_back(at);
    list_rest(c, at, out, seen);
  }
}

}  // namespace

void Said::say(const std::string& field, const std::string& value) {
  const std::string clean = mapping::trimmed(value);
  if (clean.empty()) return;
  const auto target = mapping::target_of("Referral", field);
  CHECK(target.ok());
  if (const auto put = mapping::put(out_.body, *target, clean, elements_); !put.ok())
    return warn(put.error().what, field, put.error().mend);
  out_.said.emplace_back(target->path, clean);
}

void Said::moment(const std::string& name, const Element& date) {
  const std::string stamp(date.child("DateTime") != nullptr ? date.child("DateTime")->text : date.text);
  if (stamp.find('T') == stamp.npos) return;  // a day says nothing that a clinic needs
  const auto at = mapping::iso(stamp, {"", options_.zone});
  if (!at.ok())
    return warn(options_.zone.empty() ? "a time without an offset, and no zone" : at.error().what, "line " + std::to_string(date.line),
                options_.zone.empty() ? "name the zone in the mapping" : at.error().mend);
  if (const std::string words = mapping::doubt(stamp, {"", options_.zone}); !words.empty())
    warn(words, "line " + std::to_string(date.line), "have the source write the offset");
  say("referral.timeline[" + name + "].name", name);
  say("referral.timeline[" + name + "].at", *at);
}

void Said::day(const std::string& field, const Element& date) {
  const std::string written = own_text(date, {"Date", "YearMonthDate", "YearMonth", "YearDate", "Year", "DateTime"});
  const std::string value = written.substr(0, written.find('T'));
  if (value.empty()) return;
  if (!mapping::is_date(value)) return warn("not a date like 2026-10-05", "line " + std::to_string(date.line), "correct it at the source");
  say(field, value);
}

const Element* incident_of(const Element& container) {
  if (container.name == "Incident") return &container;
  for (const Element* e : all(container, {"Incident", "Activity", "IncidentActivity", "ServiceCall"})) {
    const Element* category = e->child("ActivityCategoryText");
    const bool good = e->name != "Activity" || (category != nullptr && has(upper(std::string(category->text)), "INCIDENT"));
    if (good && !e->children.empty() && e->child("ActivityIdentification") != nullptr) return e;
  }
  return first(container, {"Incident"});
}

void read_incident(const Tree& tree, const Element& container, const Options& options, Incident& out) {
  out.body.payload = schemas::Referral{};
  Said said(out, options);
  std::set<std::string> seen;
  list_rest(container, "", out, seen);
  const Element* incident = incident_of(container);
  if (incident == nullptr) {
    out.error = base::Error{base::Kind::kUnsupported,
                            out.withheld.empty() ? "no incident in it" : "arrests and charges without an incident do not leave", out.where,
                            "export incidents"};
    return;
  }
  const Element* id = incident->child("ActivityIdentification");
  out.number = id != nullptr ? text(*id, {"IdentificationID"})
                             : text(*incident, {"IncidentNumberText", "IncidentIdentification", "IdentificationID"});
  said.say("referral.incident_ref", out.number);
  if (out.number.empty()) said.warn("the incident has no number", out.where, "fill in ActivityIdentification at the source");
  read_category(container, *incident, said);
  read_times(*incident, said);
  read_outcome(*incident, said);
  read_weapons(container, said);
  read_officer(tree, container, said);
  read_place(tree, container, *incident, said);
  read_person(tree, container, said);
}

}  // namespace adapters::formats::niem
