#include "adapters/hospital/appointment_in.h"

#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

using hl7::Message;

// SCH-11.4 up to 2.4, TQ1-7 since 2.5; then the start of a service, place or person.
constexpr const char* kStarts[] = {"SCH-11.4", "TQ1-7.1", "AIS-4.1", "AIL-6.1", "AIP-6.1"};

}  // namespace

std::string appointment_start(const Message& m, const std::string& offset, bool required, std::vector<hl7::Fault>& faults) {
  for (const std::string_view path : kStarts) {
    const std::string raw = m.value(path);
    if (raw.empty() || raw == "\"\"") continue;
    const auto at = iso_time(raw, offset);
    if (at && at->size() > 10) return *at;
    faults.push_back({hl7::kDataType, std::string(path.substr(0, 3)) + "[1]" + std::string(path.substr(3)), "not a date with a time"});
    return {};
  }
  if (required) faults.push_back({hl7::kRequiredMissing, "SCH[1]-11.4", "the time of the appointment is missing; send SCH-11.4 or TQ1-7"});
  return {};
}

namespace {

std::string place_of_appointment(const Message& m) {
  std::string out;
  for (const char* path : {"AIL-3.1", "AIL-3.2", "AIL-3.4"}) {
    if (const std::string part = m.value(path); !part.empty()) out += (out.empty() ? "" : " ") + part;
  }
  return out;
}

// What stays true of a referral whose appointment is called off.
schemas::Payload called_off(const Message& m, schemas::Phase phase, const std::string& at, schemas::StatusUpdate u) {
  const std::string why = m.value("SCH-6.2").empty() ? joined(note_lines(m)) : m.value("SCH-6.2");
  const std::string words =
      "The appointment" + (at.empty() ? std::string() : " of " + at) + " was cancelled" + (why.empty() ? "" : ": " + why);
  if (schemas::may_move(phase, schemas::Phase::kCancelled, schemas::Party::kTarget).ok()) {
    u.status = "cancelled", u.reason = "OTH", u.text = words;
    return u;
  }
  return schemas::SecureMessage{
      .text = words + ". The referral stands; a new time will follow.", .author_role = "machine", .author_name = {}, .attachments = {}};
}

}  // namespace

Appointment appointment_from(const Message& m, schemas::Phase phase, const AppointmentOptions& options) {
  Appointment out;
  const std::string trigger = m.value("MSH-9.2");
  const std::string offset = offset_in(m, options.utc_offset);
  if (m.find("SCH") == nullptr) {
    out.faults.push_back({hl7::kSegmentSequence, "SCH[1]", "no SCH segment"});
    return out;
  }
  const bool off = trigger == "S15" || trigger == "S16" || trigger == "S17", booked = !off && trigger != "S26";
  const std::string at = appointment_start(m, offset, booked, out.faults);
  schemas::StatusUpdate u;
  const auto said = base::parse_rfc3339(iso_time(m.value("MSH-7.1"), offset).value_or(""));
  u.at = said.value_or(options.now);  // a repeat must say the same
  u.actor_role = "machine";
  if (const hl7::Segment* aip = m.find("AIP")) u.actor_name = plain(person_of({m, *aip, 3}));
  if (booked) {
    u.status = "scheduled", u.appointment_at = at, u.place = place_of_appointment(m);
  } else if (trigger == "S26") {
    const std::string next = joined(note_lines(m));
    u.status = "no-show", u.attempts = 1, u.last_attempt_at = at;
    u.next_action = next.empty() ? options.next_action : next;
  } else {
    out.payload = called_off(m, phase, at, std::move(u));
    return out;
  }
  out.payload = std::move(u);
  return out;
}

}  // namespace adapters::hospital
