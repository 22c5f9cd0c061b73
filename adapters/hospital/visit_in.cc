#include "adapters/hospital/visit_in.h"

#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

using hl7::Message;

std::string event_of(const Message& m, const std::string& disposition) {
  const std::string trigger = m.value("MSH-9.2"), standing = m.value("PV1-2.1") == "I" ? "admitted" : "arrived";
  const std::string gone = disposition.starts_with("07") ? "left" : "discharged";  // table 0112, 07: against advice
  if (trigger == "A02" || trigger == "A09") return "transferred";
  if (trigger == "A06") return "admitted";
  if (trigger == "A07" || trigger == "A10") return "arrived";
  if (trigger == "A03") return gone;
  if (trigger == "A08") return m.value("PV1-45.1").empty() ? standing : gone;
  if (trigger == "A11") return "left";
  return trigger == "A13" ? "admitted" : standing;
}

std::string words_of(const Message& m, std::string disposition) {
  const std::string trigger = m.value("MSH-9.2");
  if (trigger == "A11") return "the arrival was cancelled";
  if (trigger == "A13") return "the discharge was cancelled";
  if (trigger == "A12") return "the transfer was cancelled";
  if (trigger == "A06") return "an outpatient became an inpatient";
  if (trigger == "A07") return "an inpatient became an outpatient";
  if (trigger == "A09") return "on the way to another place";
  return disposition;
}

// The first of these fields that says a time.
std::string time_of(const Message& m, const std::string& offset, Visit& out) {
  const std::string trigger = m.value("MSH-9.2");
  std::vector<std::string> fields = {"EVN-6.1", "EVN-2.1", "MSH-7.1"};
  if (trigger == "A01" || trigger == "A04") fields.insert(fields.begin(), "PV1-44.1");
  if (trigger == "A03") fields.insert(fields.begin(), "PV1-45.1");
  for (const std::string& field : fields) {
    const std::string raw = m.value(field);
    if (raw.empty() || raw == "\"\"") continue;
    const auto at = iso_time(raw, offset);
    if (at) return *at;
    out.faults.push_back({hl7::kDataType, field.substr(0, 3) + "[1]" + field.substr(3, field.find('.') - 3), "not a date or time"});
    return {};
  }
  out.faults.push_back({hl7::kRequiredMissing, "EVN[1]-2", "the time of the event is missing"});
  return {};
}

}  // namespace

Visit visit_from(const Message& m, const std::string& utc_offset) {
  Visit out;
  std::string offset = offset_of(m.value("MSH-7.1"));
  if (offset.empty()) offset = utc_offset;
  if (m.find("PID") == nullptr) out.faults.push_back({hl7::kSegmentSequence, "PID[1]", "no PID segment"});
  schemas::EncounterNotification& e = out.encounter;
  e.disposition = m.value("PV1-36.1");
  if (const std::string text = m.value("PV1-36.2"); !text.empty()) e.disposition += " " + text;
  e.event = event_of(m, e.disposition);
  e.disposition = words_of(m, e.disposition);
  e.at = time_of(m, offset, out);
  e.facility = m.value("PV1-3.4");
  if (e.facility.empty()) e.facility = m.value("MSH-4.1");
  e.visit = m.value("PV1-19.1");
  e.subject = match_keys(m, offset);
  return out;
}

}  // namespace adapters::hospital
