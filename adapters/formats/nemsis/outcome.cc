// Where the patient went and who took over: eDisposition, eScene.25, and the messages that follow from it.
#include <algorithm>

#include "adapters/formats/nemsis/codes.h"
#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::nemsis {
namespace {

constexpr std::string_view kTransferredTo = "2725001";

void join(std::string& to, std::string_view separator, std::string_view text) {
  if (text.empty()) return;
  if (!to.empty()) to += separator;
  to += text;
}

void map_refusals(Record& r) {
  auto& out = r.out().referral.refusals;
  const auto keep = [&](const char* number, std::initializer_list<std::string_view> codes) {
    for (const Element* e : r.values(number, "refusals")) {
      if (codes.size() == 0 || std::find(codes.begin(), codes.end(), e->text) != codes.end()) out.push_back(words(e->text));
    }
  };
  keep("eDisposition.28", {"4228003", "4228007"});
  keep("eDisposition.30", {"4230009"});
  keep("eDisposition.31", {});
  keep("eDisposition.12", {"4212023", "4212025", "4212027"});  // 3.4
  for (const Element* e : r.values("eDisposition.31", "police_outcome")) {
    if (e->text == "4231007") r.out().referral.police_outcome = words(e->text);
  }
  for (const Element* e : r.values("eDisposition.24", "custom.nemsis.eDisposition.24")) {
    if (e->text != "4224001") r.out().custom["nemsis.eDisposition.24"] = words(e->text);  // the destination was told before the arrival
  }
}

// How it ended, for people.
std::string disposition(Record& r) {
  std::string out;
  for (const char* number : {"eDisposition.27", "eDisposition.28", "eDisposition.29", "eDisposition.30", "eDisposition.31", "eDisposition.12", "eDisposition.21", "eDisposition.22",
                             "eDisposition.20"}) {
    for (const Element* e : r.values(number, "encounter_notification.disposition")) join(out, "; ", words(e->text));
  }
  return out;
}

// Most important first, one line.
std::string condition(Record& r) {
  std::string out;
  for (const Element* e : r.values("eSituation.04", "reasons")) join(out, "; ", e->text);
  for (const Element* e : r.values("eSituation.11", "diagnoses")) join(out, "; ", "impression " + std::string(e->text));
  const std::string last = r.value("eDisposition.19", "urgency"), first = r.value("eSituation.13", "urgency");
  join(out, "; ", words(last.empty() ? first : last));
  for (const Element* e : r.values("eExam.19", "observations.eExam.19")) join(out, "; ", words(e->text));
  return out;
}

// The agency to which the patient was given at the scene; nullptr if that did not happen.
const Element* given_to(Record& r) {
  for (const Element* group : r.all("eScene.ResponderGroup")) {
    if (r.value(*group, "eScene.25", "handoff_report.phase") == kTransferredTo) return group;
  }
  return nullptr;
}

// What they are called: those who took over.
void map_receivers(Record& r, const Element* field) {
  Report& out = r.out();
  const auto add = [&](const Element& group, const char* number) {
    const std::string name = r.value(group, number, "handoff_report.place");
    if (!name.empty()) out.receivers.push_back(name);
  };
  if (field != nullptr) {
    add(*field, "eScene.03"), add(*field, "eScene.02");
  } else {
    add(r.report(), "eDisposition.02"), add(r.report(), "eDisposition.01");
  }
}

void offer(Record& r, std::string at, std::string place) {
  Report& out = r.out();
  schemas::HandoffReport& h = out.handoff;
  h.phase = "offer";
  h.at = std::move(at), h.place = std::move(place);
  h.condition = condition(r);
  h.person.role = "paramedic";
  h.clinical = "offerer";  // until somebody takes
  h.custody = "none", h.legal = "none";
  h.restraint = out.referral.restraint;
  h.observations = out.referral.observations;
}

void notify(Record& r, std::string event, std::string at, std::string facility) {
  Report& out = r.out();
  schemas::EncounterNotification& e = out.encounter;
  e.event = std::move(event), e.at = std::move(at), e.facility = std::move(facility);
  const schemas::Subject& s = out.referral.subject;  // what matching needs, and no more
  e.subject.name = s.name, e.subject.unknown = s.unknown, e.subject.descriptor = s.descriptor, e.subject.dob = s.dob;
  e.subject.age_band = s.age_band, e.subject.sex = s.sex, e.subject.ids = s.ids;
  e.visit = out.number;
  e.disposition = disposition(r);
  e.in_reply_to_ref = out.cad.empty() ? out.incident : out.cad;
}

}  // namespace

void map_outcome(Record& r) {
  map_refusals(r);
  Report& out = r.out();
  const std::string arrived = r.time("eTimes.11", "timeline.eTimes.11"), taken = r.time("eTimes.12", "timeline.eTimes.12");
  const Element* field = given_to(r);
  if (!taken.empty() || !arrived.empty()) {
    const std::string facility = r.value("eDisposition.01", "encounter_notification.facility");
    map_receivers(r, nullptr);
    notify(r, "arrived", arrived.empty() ? taken : arrived, facility);
    if (!taken.empty()) offer(r, taken, facility);
    out.referral.location_now = facility.empty() ? out.referral.location_now : facility;
  } else if (field != nullptr) {
    const std::string at = r.time("eTimes.08", "timeline.eTimes.08");
    map_receivers(r, field);
    notify(r, "transferred", at, "");
    offer(r, at, out.referral.location_now);
  }
}

}  // namespace adapters::formats::nemsis
