// Why they were called and what they found: eDispatch, eResponse, eSituation, eTimes, eScene.
#include <algorithm>

#include "adapters/formats/nemsis/codes.h"
#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::nemsis {
namespace {

void add_reason(Report& out, std::string_view code) {
  auto& reasons = out.referral.reasons;
  const bool there = std::any_of(reasons.begin(), reasons.end(), [&](const schemas::Code& c) { return c.code == code; });
  if (!code.empty() && !there) reasons.push_back({"", std::string(code), ""});
}

void map_reasons(Record& r) {
  Report& out = r.out();
  for (const char* number : {"eSituation.09", "eSituation.10", "eSituation.11", "eSituation.12"}) {
    const bool impression = std::string_view(number) >= "eSituation.11";
    for (const Element* e : r.values(number, impression ? "diagnoses" : "reasons")) {
      add_reason(out, reason_for(e->text));
      out.behavioral = out.behavioral || behavioral(e->text);
      (impression ? out.referral.diagnoses : out.referral.reasons).push_back({"ICD-10-CM", std::string(e->text), ""});
    }
  }
  for (const Element* e : r.values("eHistory.08", "diagnoses")) out.referral.diagnoses.push_back({"ICD-10-CM", std::string(e->text), "history"});
  for (const Element* e : r.values("eSituation.04", "reasons")) out.referral.reasons.push_back({"", "", std::string(e->text)});
  const std::string call = r.value("eDispatch.01", "trigger");
  if (!call.empty()) out.referral.trigger = {"NEMSIS eDispatch.01", call, words(call)};
  if (out.referral.reasons.empty() && !call.empty()) out.referral.reasons.push_back(out.referral.trigger);
  out.behavioral = out.behavioral || call == "2301059" || call == "2301053" || r.value("eSituation.08", "reasons") == "2808001";
}

// The last acuity that was seen counts.
void map_urgency(Record& r) {
  const std::string first = r.value("eSituation.13", "urgency"), last = r.value("eDisposition.19", "urgency");
  const std::string acuity = last.empty() ? first : last;
  std::string& urgency = r.out().referral.urgency;
  urgency = "urgent";
  if (acuity == "2813001" || acuity == "4219001") urgency = "emergent";
  if (acuity == "2813005" || acuity == "4219005" || acuity == "2813009" || acuity == "4219011") urgency = "routine";
}

void map_times(Record& r) {
  for (int i = 1; i <= 17; ++i) {
    const std::string number = std::string("eTimes.") + (i < 10 ? "0" : "") + std::to_string(i);
    if (std::string at = r.time(number, "timeline." + number); !at.empty()) r.out().referral.timeline.push_back({number, std::move(at)});
  }
  r.out().referral.requested_at = r.time("eTimes.03", "timeline.eTimes.03");
}

void map_scene(Record& r) {
  schemas::Referral& out = r.out().referral;
  for (const Element* e : r.values("eScene.04", "co_response")) {
    if (e->text == "2704009") out.co_response = "law enforcement at the scene";
  }
  const std::string type = r.value("eResponse.05", "subtype");
  if (type == "2205031" || type == "2205033") out.subtype = words(type);
  const std::string name = r.value("eScene.13", "location_now"), street = r.value("eScene.15", "location_now");
  out.location_now = name.empty() || street.empty() ? name + street : name + ", " + street;
}

}  // namespace

void map_situation(Record& r) {
  map_reasons(r);
  map_urgency(r);
  map_times(r);
  map_scene(r);
  auto& labels = r.out().referral.labels;
  labels.emplace_back("general");
  if (r.out().behavioral) labels.emplace_back("mh");
}

}  // namespace adapters::formats::nemsis
