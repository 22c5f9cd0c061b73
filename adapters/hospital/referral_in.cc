#include "adapters/hospital/referral_in.h"

#include <array>
#include <tuple>

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
  Mapper(const Message& m, const MappingOptions& options)
      : m_(m), order_(m.value("MSH-9.1") == "OMG" ? m.find("ORC") : nullptr), options_(options), offset_(offset_in(m, options.utc_offset)) {}

  Mapped run() {
    patient();
    contacts();
    request();
    providers();
    insurance();
    visit();
    for (const Segment* s : m_.all("NTE")) note(*s);
    map_clinical(m_, options_, offset_, out_);
    if (r_.reasons.empty() && !options_.reason.empty()) r_.reasons.push_back({{}, {}, options_.reason});
    if (r_.reasons.empty())
      fault(hl7::kRequiredMissing, "RF1[1]-10", "no reason: neither RF1-10 nor a diagnosis; send one of them, or set `reason`");
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
    if (At{m_, *pid, 7}.part(1).empty()) fault(hl7::kRequiredMissing, "PID[1]-7", "the date of birth is missing; the year alone will do");
    s.sex = sex_of(value(*pid, 8, 1, "subject.sex"));
    s.race = text_or_code(*pid, 10, "subject.race");
    s.ethnicity = text_or_code(*pid, 22, "subject.ethnicity");
    s.language = value(*pid, 15, 1, "subject.language");
    s.marital = value(*pid, 16, 1, "subject.marital");
    const std::string deceased = value(*pid, 30, 1, "subject.deceased");
    s.deceased = deceased == "Y" ? "yes" : deceased == "N" ? "no" : "";
    value(*pid, 11, 1, "subject.address");
    s.address = address_of({m_, *pid, 11});
    for (unsigned rep = 1; rep <= m_.repetitions(*pid, 13) && s.phone.empty(); ++rep) s.phone = phone_of({m_, *pid, 13, rep});
    s.ids = identifiers_of(m_, *pid, options_.keep_ssn);
  }
  std::string date_of_birth(const Segment& pid) {
    if (value(pid, 7, 1, "subject.dob").empty()) return {};
    return time(&pid, 7).substr(0, 10);
  }
  std::string text_or_code(const Segment& s, unsigned field, std::string_view path) {
    const std::string code = value(s, field, 1, path), text = m_.value(s, {.field = field, .component = 2});
    return text.empty() ? code : text;
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
    r_.authority_basis = options_.basis;
    r_.source_ref = m_.value("MSH-10");
    r_.requested_at = time(m_.find("MSH"), 7);
    if (rf1 == nullptr && order_ != nullptr) return order();
    if (rf1 == nullptr) return service(nullptr);
    urgency(*rf1);
    service(rf1);
    for (unsigned rep = 1; rep <= m_.repetitions(*rf1, 10); ++rep) r_.reasons.push_back(code_of({m_, *rf1, 10, rep}));
    if (const std::string id = m_.value(*rf1, {.field = 6, .component = 1}); !id.empty()) r_.source_ref = id;
    const std::string category = m_.value(*rf1, {.field = 5, .component = 1});
    r_.setting = category == "E" ? "emergency" : category == "I" ? "inpatient" : category == "O" ? "outpatient" : category == "A" ? "ambulatory" : "";
    r_.effective_from = time(rf1, 7);
    r_.effective_until = time(rf1, 8);
    if (const std::string at = time(rf1, 9); !at.empty()) r_.requested_at = at;
  }
  // IHE 360X: a referral as an order for a consultation. OBR-4 is LOINC 57133-1 (referral note) there, which names no service.
  void order() {
    const Segment *obr = m_.find("OBR"), *tq1 = m_.find("TQ1");
    for (const std::string& id : {m_.value(*order_, {.field = 2, .component = 1}), m_.value("OBR-2.1")}) {
      if (!id.empty()) r_.source_ref = id;
      if (!id.empty()) break;
    }
    const schemas::Code asked = obr == nullptr ? schemas::Code{} : code_of({m_, *obr, 4});
    const bool named = (!asked.code.empty() || !asked.text.empty()) && asked.code != "57133-1";
    if (named || r_.service.code.empty()) r_.service = asked;
    if (r_.service.code.empty() && r_.service.text.empty())
      fault(hl7::kRequiredMissing, "OBR[1]-4", "the service asked for is missing; send OBR-4, or set `service`");
    for (unsigned rep = 1; obr != nullptr && rep <= m_.repetitions(*obr, 31); ++rep) r_.reasons.push_back(code_of({m_, *obr, 31, rep}));
    if (obr != nullptr) relevant(m_.value(*obr, {.field = 13}));
    std::string priority = tq1 == nullptr ? "" : m_.value(*tq1, {.field = 9, .component = 1});
    if (priority.empty()) priority = m_.value(*order_, {.field = 7, .component = 6});
    if (priority.empty() && obr != nullptr) priority = m_.value(*obr, {.field = 5, .component = 1});
    if (priority == "S") r_.urgency = "emergent";
    if (priority == "A") r_.urgency = "urgent";
    if (priority == "R") r_.urgency = "routine";
    r_.effective_from = time(tq1, 7);
    r_.effective_until = time(tq1, 8);
    if (const std::string at = time(order_, 9); !at.empty()) r_.requested_at = at;
  }
  void relevant(std::string clinical) {
    if (!clinical.empty() && clinical != kNull) r_.notes.push_back(std::move(clinical));
  }
  // The kind of referral, or the order that goes with it, or what the agency always asks for.
  void service(const Segment* rf1) {
    const auto take = [&](const Segment* s, unsigned field) {
      const schemas::Code code = s == nullptr ? schemas::Code{} : code_of({m_, *s, field});
      if (!code.code.empty() || !code.text.empty()) r_.service = code;
    };
    if (m_.find("OBX") == nullptr) take(m_.find("OBR"), 4);  // with results it names a test that was done
    take(rf1, 3);
    if (r_.service.code.empty() && r_.service.text.empty())
      fault(hl7::kRequiredMissing, "RF1[1]-3", "the service asked for is missing; send RF1-3 or OBR-4, or set `service`");
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
    if (from == nullptr && order_ == nullptr) return fault(hl7::kSegmentSequence, "PRD[1]-1", "no referring provider: no PRD with role RP");
    if (from == nullptr) {
      ordering();
    } else {
      r_.requester.name = name_of({m_, *from, 2});
      r_.requester.role = m_.value(*from, {.field = 2, .component = 6});
      r_.requester.phone = phone_of({m_, *from, 5});
      r_.requester.email = email_of({m_, *from, 5});
    }
    if (r_.requester.role.empty()) r_.requester.role = "clinician";
    if (const Segment* ctd = m_.find("CTD"); ctd != nullptr && !phone_of({m_, *ctd, 5}).empty())
      r_.requester.phone = phone_of({m_, *ctd, 5});
    if (r_.requester.phone.empty()) r_.requester.phone = options_.callback;
    if (r_.requester.phone.empty())
      fault(hl7::kRequiredMissing, from == nullptr ? "ORC[1]-14" : m_.place(*from, 5),
            "there is no number to call back; send PRD-5, CTD-5 or ORC-14, or set `callback`");
    if (plain(r_.requester.name).empty()) fault(hl7::kRequiredMissing, from == nullptr ? "ORC[1]-12" : m_.place(*from, 2), "the referring provider's name is missing");
    if (to != nullptr) r_.target_service_person = plain(name_of({m_, *to, 2}));
    addressee(to);
  }
  void ordering() {
    const Segment* obr = m_.find("OBR");
    for (const auto& [segment, field, phone] : {std::tuple{order_, 12u, 14u}, std::tuple{obr, 16u, 17u}}) {
      if (segment == nullptr || !plain(r_.requester.name).empty()) continue;
      r_.requester.name = person_of({m_, *segment, field});
      r_.requester.phone = phone_of({m_, *segment, phone});
      r_.requester.email = email_of({m_, *segment, phone});
    }
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
  const Segment* order_;  // of an OMG
  const MappingOptions& options_;
  std::string offset_;
  Mapped out_;
  schemas::Referral& r_ = out_.referral;
};

}  // namespace

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
