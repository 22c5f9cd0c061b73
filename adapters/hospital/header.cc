#include "adapters/hospital/header.h"

#include <algorithm>

namespace adapters::hospital {
namespace {

using hl7::Message;
using hl7::Verdict;

struct Event {
  std::string_view type, event;
  Topic topic;
};
constexpr Event kEvents[] = {
    {"REF", "I12", Topic::kReferral},    {"ADT", "A01", Topic::kVisit},       {"ADT", "A02", Topic::kVisit},
    {"ADT", "A03", Topic::kVisit},       {"ADT", "A04", Topic::kVisit},       {"ADT", "A08", Topic::kVisit},
    {"ADT", "A11", Topic::kVisit},       {"ADT", "A13", Topic::kVisit},       {"SIU", "S12", Topic::kAppointment},
    {"SIU", "S13", Topic::kAppointment}, {"SIU", "S14", Topic::kAppointment}, {"SIU", "S15", Topic::kAppointment},
    {"SIU", "S17", Topic::kAppointment}, {"SIU", "S26", Topic::kAppointment},
};
constexpr std::string_view kTaken = "REF^I12, ADT^A01-A04, A08, A11, A13 and SIU^S12-S15, S17, S26 are taken here";

const Event* find(const Message& m, bool by_event) {
  const std::string type = m.value("MSH-9.1"), event = m.value("MSH-9.2");
  const auto* it = std::find_if(std::begin(kEvents), std::end(kEvents),
                                [&](const Event& e) { return e.type == type && (!by_event || e.event == event); });
  return it == std::end(kEvents) ? nullptr : it;
}

}  // namespace

std::optional<Refusal> refuse_header(const Message& m) {
  const std::string version = m.value("MSH-12.1"), processing = m.value("MSH-11.1");
  if (find(m, false) == nullptr) return Refusal{Verdict::kReject, {hl7::kUnsupportedType, "MSH[1]-9", std::string(kTaken)}};
  if (find(m, true) == nullptr) return Refusal{Verdict::kReject, {hl7::kUnsupportedEvent, "MSH[1]-9.2", std::string(kTaken)}};
  if (!(version.size() >= 3 && version.starts_with("2.") && version[2] >= '1' && version[2] <= '8')) {
    return Refusal{Verdict::kReject, {hl7::kUnsupportedVersion, "MSH[1]-12", "versions 2.1 to 2.8 are read"}};
  }
  if (processing != "P" && processing != "T" && processing != "D") {
    return Refusal{Verdict::kReject, {hl7::kUnsupportedProcessing, "MSH[1]-11", "the processing id is P, T or D"}};
  }
  if (m.value("MSH-10").empty()) return Refusal{Verdict::kError, {hl7::kRequiredMissing, "MSH[1]-10", "the message control id is missing"}};
  return std::nullopt;
}

Topic topic_of(const Message& m) {
  const Event* e = find(m, true);
  return e == nullptr ? Topic::kReferral : e->topic;
}

bool is_test(const Message& m) { return m.value("MSH-11.1") != "P"; }

std::string dedupe_key(const Message& m) { return "mllp:" + m.value("MSH-4") + ":" + m.value("MSH-10"); }

}  // namespace adapters::hospital
