#include "adapters/hospital/referral_in.h"

#include <array>

#include "adapters/hospital/clinical.h"
#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

using hl7::Fault;
using hl7::Message;
using hl7::Segment;

constexpr std::string_view kNull = "\"\"";  // "explicitly nothing", HL7's typed absence

// Reads one message into one Mapped; every method is one segment group of the table.
class Mapper {
 public:
  Mapper(const Message& m, const MappingOptions& options) : m_(m), options_(options), offset_(offset_of(m.value("MSH-7.1"))) {
    if (offset_.empty()) offset_ = options.utc_offset;
  }

  Mapped run() {
    patient();
    contacts();
    request();
    providers();
    insurance();
    visit();
    for (const Segment* s : m_.all("NTE")) note(*s);
    map_clinical(m_, options_, offset_, out_);
    if (r_.reasons.empty()) fault(hl7::kRequiredMissing, "RF1[1]-10", "no reason: neither RF1-10 nor a diagnosis");
    return std::move(out_);
  }

 private:
  void fault(int code, std::string where, std::string text) { out_.faults.push_back({code, std::move(where), std::move(text)}); }

  // The value, with HL7's explicit nothing noted as such.
  std::string value(const Segment& s, unsigned field, unsigned component, std::string_view model_path) {
    std::string v = m_.value(s, {.field = field, .component = component});
    if (v != kNull) return v;
    out_.absent.push_back({std::string(model_path), "hl7:null"});
    return {};
  }
  std::string time(const Segment* s, unsigned field) {
    if (s == nullptr) return {};
    const std::string raw = m_.value(*s, {.field = field, .component = 1});
    if (raw == kNull) return {};
    auto iso = iso_time(raw, offset_);
    if (!iso) fault(hl7::kDataType, m_.place(*s, field), "not a date or time");
    return iso.value_or("");
  }

  void patient() {
    const Segment* pid = m_.find("PID");
    if (pid == nullptr) return fault(hl7::kSegmentSequence, "PID[1]", "no PID segment");
    schemas::Subject& s = r_.subject;
    s.name = name_of({m_, *pid, 5});
    if (s.name.family.empty() && s.name.given.empty())
      fault(hl7::kRequiredMissing, "PID[1]-5", "the patient's name is missing; send UNKNOWN if it is not known");
    if (s.name.family == "UNKNOWN") s.unknown = true, s.descriptor = s.name.given, s.name = {};
    s.dob = date_of_birth(*pid);
    s.sex = sex(value(*pid, 8, 1, "subject.sex"));
    s.race = text_or_code(*pid, 10, "subject.race");
    s.ethnicity = text_or_code(*pid, 22, "subject.ethnicity");
    s.language = value(*pid, 15, 1, "subject.language");
    s.marital = value(*pid, 16, 1, "subject.marital");
    const std::string deceased = value(*pid, 30, 1, "subject.deceased");
    s.deceased = deceased == "Y" ? "yes" : deceased == "N" ? "no" : "";
    value(*pid, 11, 1, "subject.address");
    s.address = address_of({m_, *pid, 11});
    for (unsigned rep = 1; rep <= m_.repetitions(*pid, 13) && s.phone.empty(); ++rep) s.phone = phone_of({m_, *pid, 13, rep});
    identifiers(*pid);
  }
  std::string date_of_birth(const Segment& pid) {
    if (value(pid, 7, 1, "subject.dob").empty()) return {};
    return time(&pid, 7).substr(0, 10);
  }
  static std::string sex(const std::string& code) {
    if (code == "M") return "male";
    if (code == "F") return "female";
    if (code == "U") return "unknown";
    return code == "O" || code == "A" || code == "X" ? "other" : code;
  }
  std::string text_or_code(const Segment& s, unsigned field, std::string_view path) {
    const std::string code = value(s, field, 1, path), text = m_.value(s, {.field = field, .component = 2});
    return text.empty() ? code : text;
  }
  void identifiers(const Segment& pid) {
    for (unsigned rep = 1; rep <= m_.repetitions(pid, 3); ++rep) {
      const At id{m_, pid, 3, rep};
      const std::string number = id.part(1), authority = id.part(4, 1), type = id.part(5), facility = id.part(6, 1);
      const bool ssn = type == "SS" || authority == "USSSA" || facility == "USSSA";
      if (number.empty() || number == kNull || (ssn && !options_.keep_ssn)) continue;
      r_.subject.ids.push_back({authority.empty() ? id.part(4, 2) : authority, number});
    }
    const std::string ssn = m_.value(pid, {.field = 19, .component = 1});
    if (options_.keep_ssn && !ssn.empty() && ssn != kNull) r_.subject.ids.push_back({"SSN", ssn});
  }
  void contacts() {
    for (const Segment* s : m_.all("NK1")) {
      const std::string relation = m_.value(*s, {.field = 3, .component = 2});
      schemas::Contact c{.name = name_of({m_, *s, 2}),
                         .role = relation.empty() ? m_.value(*s, {.field = 3, .component = 1}) : relation,
                         .phone = phone_of({m_, *s, 5}),
                         .email = email_of({m_, *s, 5})};
      if (!plain(c.name).empty()) r_.subject.contacts.push_back(std::move(c));
    }
  }
  void request() {
    const Segment* rf1 = m_.find("RF1");
    r_.urgency = options_.default_urgency;
    r_.service.code = options_.service;
    r_.authority_basis = options_.authority_basis;
    r_.source_ref = m_.value("MSH-10");
    r_.requested_at = time(m_.find("MSH"), 7);
    if (rf1 == nullptr) {
      if (options_.service.empty()) fault(hl7::kSegmentSequence, "RF1[1]", "no RF1 segment, so no service is asked for");
      return;
    }
    urgency(*rf1);
    if (const schemas::Code service = code_of({m_, *rf1, 3}); !service.code.empty() || !service.text.empty()) r_.service = service;
    if (r_.service.code.empty() && r_.service.text.empty()) fault(hl7::kRequiredMissing, "RF1[1]-3", "the service asked for is missing");
    for (unsigned rep = 1; rep <= m_.repetitions(*rf1, 10); ++rep) r_.reasons.push_back(code_of({m_, *rf1, 10, rep}));
    if (const std::string id = m_.value(*rf1, {.field = 6, .component = 1}); !id.empty()) r_.source_ref = id;
    r_.effective_from = time(rf1, 7);
    r_.effective_until = time(rf1, 8);
    if (const std::string at = time(rf1, 9); !at.empty()) r_.requested_at = at;
  }
  void urgency(const Segment& rf1) {
    const std::string code = m_.value(rf1, {.field = 2, .component = 1});
    if (code == "S") r_.urgency = "emergent";
    if (code == "A") r_.urgency = "urgent";
    if (code == "R") r_.urgency = "routine";
    if (!code.empty() && code != "S" && code != "A" && code != "R")
      fault(hl7::kTableValue, "RF1[1]-2", "not a priority of table 0280 (S, A, R)");
  }
  void providers() {
    const Segment *from = nullptr, *to = nullptr;
    for (const Segment* s : m_.all("PRD")) {
      const std::string role = m_.value(*s, {.field = 1, .component = 1});
      if (role == "RP" && from == nullptr) from = s;
      if (role == "RT" && to == nullptr) to = s;
    }
    if (from == nullptr) return fault(hl7::kSegmentSequence, "PRD[1]-1", "no referring provider: no PRD with role RP");
    r_.requester.name = name_of({m_, *from, 2});
    r_.requester.role = m_.value(*from, {.field = 2, .component = 6});
    if (r_.requester.role.empty()) r_.requester.role = "clinician";
    r_.requester.phone = phone_of({m_, *from, 5});
    r_.requester.email = email_of({m_, *from, 5});
    if (const Segment* ctd = m_.find("CTD"); ctd != nullptr && !phone_of({m_, *ctd, 5}).empty())
      r_.requester.phone = phone_of({m_, *ctd, 5});
    if (plain(r_.requester.name).empty()) fault(hl7::kRequiredMissing, m_.place(*from, 2), "the referring provider's name is missing");
    if (to != nullptr) r_.target_service_person = plain(name_of({m_, *to, 2}));
    addressee(to);
  }
  void addressee(const Segment* to) {
    const auto try_name = [&](std::string name) {
      if (!name.empty()) out_.target_names.push_back(std::move(name));
    };
    out_.target_place = to == nullptr ? "MSH[1]-6" : m_.place(*to, 7);
    if (to != nullptr) {
      for (const unsigned component : {9u, 4u, 1u}) try_name(m_.value(*to, {.field = 4, .component = component}));
      try_name(m_.value(*to, {.field = 7, .component = 1}));
      try_name(m_.value(*to, {.field = 10, .component = 1}));
    }
    for (const unsigned field : {6u, 5u}) try_name(m_.value(*m_.find("MSH"), {.field = field, .component = 1}));
  }
  void insurance() {
    const Segment* in1 = m_.find("IN1");
    if (in1 == nullptr) return;
    r_.payer = m_.value(*in1, {.field = 4, .component = 1});
    r_.member_id = m_.value(*in1, {.field = 36, .component = 1});
    if (r_.member_id.empty()) r_.member_id = m_.value(*in1, {.field = 49, .component = 1});
  }
  void visit() {
    const Segment* pv1 = m_.find("PV1");
    if (pv1 == nullptr) return;
    for (const unsigned component : {1u, 2u, 3u, 4u}) {
      const std::string part = m_.value(*pv1, {.field = 3, .component = component, .subcomponent = 1});
      if (!part.empty()) r_.location_now += (r_.location_now.empty() ? "" : " ") + part;
    }
    r_.incident_ref = m_.value(*pv1, {.field = 19, .component = 1});
  }
  void note(const Segment& nte) {
    for (unsigned rep = 1; rep <= m_.repetitions(nte, 3); ++rep) r_.notes.push_back(m_.value(nte, {.field = 3, .repetition = rep}));
  }

  const Message& m_;
  const MappingOptions& options_;
  std::string offset_;
  Mapped out_;
  schemas::Referral& r_ = out_.referral;
};

}  // namespace

std::optional<Refusal> refuse_header(const Message& m) {
  using hl7::Verdict;
  const std::string version = m.value("MSH-12.1"), processing = m.value("MSH-11.1");
  if (m.value("MSH-9.1") != "REF") return Refusal{Verdict::kReject, {hl7::kUnsupportedType, "MSH[1]-9", "only REF^I12 is taken here"}};
  if (m.value("MSH-9.2") != "I12") return Refusal{Verdict::kReject, {hl7::kUnsupportedEvent, "MSH[1]-9.2", "only REF^I12 is taken here"}};
  if (!(version.size() >= 3 && version.starts_with("2.") && version[2] >= '1' && version[2] <= '8')) {
    return Refusal{Verdict::kReject, {hl7::kUnsupportedVersion, "MSH[1]-12", "versions 2.1 to 2.8 are read"}};
  }
  if (processing != "P" && processing != "T" && processing != "D") {
    return Refusal{Verdict::kReject, {hl7::kUnsupportedProcessing, "MSH[1]-11", "the processing id is P, T or D"}};
  }
  if (m.value("MSH-10").empty()) return Refusal{Verdict::kError, {hl7::kRequiredMissing, "MSH[1]-10", "the message control id is missing"}};
  return std::nullopt;
}

bool is_test(const Message& m) { return m.value("MSH-11.1") != "P"; }

std::string dedupe_key(const Message& m) { return "mllp:" + m.value("MSH-4") + ":" + m.value("MSH-10"); }

Mapped referral_from(const Message& m, const MappingOptions& options) { return Mapper(m, options).run(); }

std::string place_of(std::string_view path) {
  struct Row {
    std::string_view model, hl7;
  };
  constexpr std::array kRows = {
      Row{"subject.name", "PID[1]-5"}, Row{"subject.dob", "PID[1]-7"},     Row{"subject.age_band", "PID[1]-7"},
      Row{"subject.sex", "PID[1]-8"},  Row{"subject.phone", "PID[1]-13"},  Row{"subject.ids", "PID[1]-3"},
      Row{"subject", "PID[1]"},        Row{"reasons", "RF1[1]-10"},        Row{"service", "RF1[1]-3"},
      Row{"urgency", "RF1[1]-2"},      Row{"requester.phone", "PRD[1]-5"}, Row{"requester", "PRD[1]-2"},
      Row{"location_now", "PV1[1]-3"}, Row{"diagnoses", "DG1[1]-3"},       Row{"observations", "OBX[1]-5"},
      Row{"attachments", "OBX[1]-5"},  Row{"effective_until", "RF1[1]-8"}, Row{"source_ref", "RF1[1]-6"},
  };
  if (path.starts_with("referral.")) path.remove_prefix(9);
  for (const Row& row : kRows) {
    if (path.starts_with(row.model)) return std::string(row.hl7);
  }
  return {};
}

}  // namespace adapters::hospital
