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
    {"REF", "I12", Topic::kReferral},    {"REF", "I13", Topic::kChange},      {"REF", "I14", Topic::kCancel},
    {"REF", "I15", Topic::kQuery},       {"RRI", "I12", Topic::kStatus},      {"RRI", "I13", Topic::kStatus},
    {"RRI", "I14", Topic::kStatus},      {"OMG", "O19", Topic::kReferral},    {"OSU", "O51", Topic::kStatus},
    {"ORU", "R01", Topic::kResult},      {"MDM", "T02", Topic::kDocument},    {"MDM", "T06", Topic::kDocument},
    {"MDM", "T08", Topic::kDocument},    {"MDM", "T10", Topic::kDocument},    {"MDM", "T11", Topic::kWithdrawal},
    {"ADT", "A01", Topic::kVisit},       {"ADT", "A02", Topic::kVisit},       {"ADT", "A03", Topic::kVisit},
    {"ADT", "A04", Topic::kVisit},       {"ADT", "A05", Topic::kNothing},     {"ADT", "A06", Topic::kVisit},
    {"ADT", "A07", Topic::kVisit},       {"ADT", "A08", Topic::kVisit},       {"ADT", "A09", Topic::kVisit},
    {"ADT", "A10", Topic::kVisit},       {"ADT", "A11", Topic::kVisit},       {"ADT", "A12", Topic::kVisit},
    {"ADT", "A13", Topic::kVisit},       {"SIU", "S12", Topic::kAppointment}, {"SIU", "S13", Topic::kAppointment},
    {"SIU", "S14", Topic::kAppointment}, {"SIU", "S15", Topic::kAppointment}, {"SIU", "S16", Topic::kAppointment},
    {"SIU", "S17", Topic::kAppointment}, {"SIU", "S18", Topic::kAppointment}, {"SIU", "S19", Topic::kAppointment},
    {"SIU", "S20", Topic::kAppointment}, {"SIU", "S21", Topic::kAppointment}, {"SIU", "S22", Topic::kAppointment},
    {"SIU", "S26", Topic::kAppointment},
};
constexpr std::string_view kTaken =
    "REF^I12-I15, RRI^I12-I14, OMG^O19, OSU^O51, ORU^R01, MDM^T02, T06, T08, T10, T11, ADT^A01-A13 and SIU^S12-S22, S26 are";

const Event* find(const Message& m, bool by_event) {
  const std::string type = m.value("MSH-9.1"), event = m.value("MSH-9.2");
  const auto* it = std::find_if(std::begin(kEvents), std::end(kEvents),
                                [&](const Event& e) { return e.type == type && (!by_event || e.event == event); });
  return it == std::end(kEvents) ? nullptr : it;
}

// A type or an event as HL7 writes them; anything else is not repeated.
bool three(std::string_view s) {
  return s.size() == 3 && std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}
std::string not_taken(const Message& m) {
  const std::string type = m.value("MSH-9.1"), event = m.value("MSH-9.2");
  const std::string name = !three(type) ? "this type" : three(event) ? type + "^" + event : type;
  return name + " is not taken here; " + std::string(kTaken);
}

Topic of_order(const Message& m) {
  const std::string control = m.value("ORC-1");
  if (control == "CA" || control == "DC") return Topic::kCancel;
  return control == "XO" || control == "XX" ? Topic::kChange : Topic::kReferral;
}

}  // namespace

namespace {

std::string processing_of(const Message& m, const std::string& otherwise) {
  const std::string said = m.value("MSH-11.1");
  return said.empty() ? otherwise : said;
}

}  // namespace

std::optional<Refusal> refuse_header(const Message& m, const std::string& otherwise) {
  const std::string version = m.value("MSH-12.1"), processing = processing_of(m, otherwise);
  if (find(m, false) == nullptr) return Refusal{Verdict::kReject, {hl7::kUnsupportedType, "MSH[1]-9", not_taken(m)}};
  if (find(m, true) == nullptr) return Refusal{Verdict::kError, {hl7::kUnsupportedEvent, "MSH[1]-9.2", not_taken(m)}};
  if (!(version.size() >= 3 && version.starts_with("2.") && version[2] >= '1' && version[2] <= '8')) {
    return Refusal{Verdict::kReject, {hl7::kUnsupportedVersion, "MSH[1]-12", "versions 2.1 to 2.8 are read"}};
  }
  if (processing != "P" && processing != "T" && processing != "D") {
    return Refusal{Verdict::kReject, {hl7::kUnsupportedProcessing, "MSH[1]-11", "the processing id is P, T or D; for a system that leaves it out set default_processing"}};
  }
  if (m.value("MSH-9.1") == "OMG" && of_order(m) == Topic::kReferral && m.value("ORC-1") != "NW")
    return Refusal{Verdict::kError, {hl7::kTableValue, "ORC[1]-1", "an order control of a referral is NW, XO, XX, CA or DC"}};
  if (m.value("MSH-10").empty()) return Refusal{Verdict::kError, {hl7::kRequiredMissing, "MSH[1]-10", "the message control id is missing"}};
  return std::nullopt;
}

Topic topic_of(const Message& m) {
  const Event* e = find(m, true);
  if (e == nullptr) return Topic::kNothing;
  return e->type == "OMG" ? of_order(m) : e->topic;
}

bool is_test(const Message& m, const std::string& otherwise) { return processing_of(m, otherwise) != "P"; }

std::string dedupe_key(const Message& m) { return "mllp:" + m.value("MSH-4") + ":" + m.value("MSH-10"); }

}  // namespace adapters::hospital
