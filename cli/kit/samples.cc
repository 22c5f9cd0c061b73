#include "cli/kit/samples.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "schemas/registry.h"

namespace cli::kit {
namespace {

using schemas::Payload;

// All in one thread: a referral by harbor to this agency, stb.
Json delivery(Payload payload, unsigned n) {
  schemas::Body body;
  body.payload = std::move(payload);
  Json j = *schemas::to_json(body);
  const std::string kind = j["kind"];
  return {{"message", fmt::format("0199a1b2-0000-7000-8000-{:012x}", 0x1000 + n)},
          {"thread", "0199a1b2-0000-7000-8000-000000000001"},
          {"kind", kind},
          {"from", "harbor"},
          {"from_kind", "crisis_center"},
          {"to", "stb"},
          {"outgoing", false},
          {"test", false},
          {"conflict", false},
          {"expired", false},
          {"received", "2026-10-05T14:02:04.000Z"},
          {"body", std::move(j)},
          {"loop", {{"phase", "received"}, {"loop", "open"}, {"escalation", 0}, {"refused", Json::array()}, {"follow_ups", Json::object()}}}};
}

schemas::Referral referral() {
  schemas::Referral r;
  r.subject.name = {"Doe", "Sam", "", ""};
  r.subject.dob = "1992-02-14";
  r.urgency = "urgent", r.reasons = {{"", "SI", ""}}, r.service = {"", "CRISIS_EVAL", ""};
  r.requester.phone = "+1-555-0142", r.requester_agency = "harbor", r.authority_basis = "treatment", r.source_ref = "HRB-1";
  return r;
}
schemas::StatusUpdate status() {
  schemas::StatusUpdate u;
  u.status = "accepted", u.at = {1791208924000}, u.callback = "+1-555-0142", u.place = "Bay 2", u.actor_role = "clinician_rn";
  return u;
}
schemas::HandoffReport offer() {
  schemas::HandoffReport h;
  h.phase = "offer", h.at = "2026-10-05T14:58:00Z", h.place = "Bay 2", h.condition = "calm";
  return h;
}

}  // namespace

Json sample_message(const std::string& text, unsigned n) { return delivery(schemas::SecureMessage{text, "clinician", "", {}}, n); }

std::vector<Json> sample_deliveries() {
  schemas::Capacity beds;
  beds.service = "CSU_BED", beds.state = "has", beds.count = 1, beds.as_of = {1791208924000};
  schemas::EncounterNotification arrived;
  arrived.event = "arrived", arrived.at = "2026-10-05T15:03:00Z", arrived.subject = referral().subject;
  schemas::Consent consent;
  consent.id = "C-2026-17", consent.subject = referral().subject, consent.recipients = {"stb"};
  const std::vector<Payload> all = {referral(), status(),
                                    schemas::SecureMessage{"Any allergies?", "clinician", "", {}},
                                    schemas::Acknowledgement{{}, "human", {}},
                                    beds, offer(), arrived,
                                    schemas::CapacityInquiry{"CSU_BED", "adult", "urgent", {}},
                                    schemas::CapacityReply{},
                                    consent,
                                    schemas::FollowUp{"FU24", "reached", 1, "2026-10-06T15:00:00Z", "", ""},
                                    schemas::Correction{{}, {}, "retract", "wrong person", ""},
                                    schemas::BreakGlass{}};
  std::vector<Json> out;
  for (const Payload& p : all) {
    out.push_back(delivery(p, static_cast<unsigned>(out.size())));
    if (out.size() == 1) continue;
    out.back()["opening"] = {{"from", "harbor"}, {"to", "stb"}, {"body", out.front()["body"]}};
  }
  return out;
}

}  // namespace cli::kit
