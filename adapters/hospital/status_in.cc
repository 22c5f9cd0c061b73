#include "adapters/hospital/status_in.h"

#include <array>

#include "adapters/hospital/appointment_in.h"
#include "adapters/hospital/lines.h"
#include "adapters/hospital/values.h"
#include "schemas/values.h"

namespace adapters::hospital {
namespace {

using hl7::Message;
using schemas::Phase;
using schemas::StatusUpdate;

bool undecided(Phase p) { return p == Phase::kRequested || p == Phase::kReceived || p == Phase::kInfoRequested; }

std::string cancelled(Phase phase, bool requester) {
  return std::string(schemas::name(requester && !undecided(phase) ? Phase::kCancelRequested : Phase::kCancelled));
}

// RF1-1 of an answer. "" says nothing new.
std::string of_referral(const Message& m, Phase phase, bool noted) {
  const std::string event = m.value("MSH-9.2"), code = m.value("RF1-1.1");
  if (event == "I14") return "cancelled";
  if (code == "R" || code == "E") return "rejected";
  if (code == "A" && undecided(phase)) return "accepted";
  if (code == "A" && event == "I13" && (phase == Phase::kAccepted || phase == Phase::kScheduled)) return "in-progress";
  if (code == "P" && noted && phase == Phase::kReceived) return "info_requested";
  return {};
}

struct Row {
  std::string_view code, status;
};
// Table 0119, as a filler uses it.
constexpr std::array kControls = {Row{"OK", "accepted"},  Row{"UA", "rejected"},  Row{"CR", "cancelled"},   Row{"OC", "cancelled"}, Row{"CA", "cancelled"},
                                  Row{"DC", "cancelled"}, Row{"DR", "cancelled"}, Row{"OD", "cancelled"},   Row{"OH", "on-hold"},   Row{"HR", "on-hold"},
                                  Row{"HD", "on-hold"},   Row{"OE", "in-progress"}, Row{"UC", "in-progress"}, Row{"UD", "in-progress"}};
// Table 0038.
constexpr std::array kStates = {Row{"SC", "scheduled"}, Row{"A", "in-progress"}, Row{"CM", "completed"}, Row{"CA", "cancelled"}, Row{"DC", "cancelled"},
                                Row{"HD", "on-hold"},   Row{"RP", "cancelled"}};

std::string of_order(const Message& m, Phase phase) {
  const std::string control = m.value("ORC-1.1"), state = m.value("ORC-5.1");
  if (control == "OK" && !undecided(phase)) return {};  // said before
  for (const Row& r : kControls) {
    if (r.code == control) return std::string(r.status);
  }
  if (state == "IP") return undecided(phase) ? "accepted" : "in-progress";
  for (const Row& r : kStates) {
    if (r.code == state) return std::string(r.status);
  }
  return {};
}

std::string status_of(const Message& m, Phase phase, bool requester, bool noted) {
  const std::string type = m.value("MSH-9.1"), whole = m.value("ZCR-1");
  if (schemas::phase_of(whole) && whole != "none") return whole;
  if (type == "REF" || type == "OMG") return cancelled(phase, requester);
  if (type == "RRI") return of_referral(m, phase, noted);
  const std::string status = of_order(m, phase);
  return status == "cancelled" ? cancelled(phase, requester) : status;
}

bool in_set(const char* set, const std::string& code) {
  const schemas::ValueSet* values = schemas::value_set(set);
  return values != nullptr && schemas::allowed(*values, code);
}

// The code of the set that this move takes; a code of their own, or words, become "other" with the words.
void reason(const Message& m, const char* set, StatusUpdate& u) {
  if (u.reason.empty()) {
    for (const char* path : {"RF1-10", "ORC-16"}) {
      const std::string code = m.value(std::string(path) + ".1"), text = m.value(std::string(path) + ".2");
      if (code.empty() && text.empty()) continue;
      u.reason = code.empty() ? text : code;
      if (!text.empty() && text != u.reason && !in_set(set, u.reason)) u.reason += " " + text;
      break;
    }
  }
  if (in_set(set, u.reason)) return;
  if (!u.reason.empty()) u.text = u.text.empty() ? u.reason : u.reason + "\n" + u.text;
  if (u.text.empty()) u.text = "the hospital's system gave no reason";
  u.reason = "OTH";
}

// Where a field that the move requires would have stood.
std::string_view place_of_field(std::string_view field) {
  if (field == "callback") return "PRD[1]-5";
  if (field == "appointment_at") return "TQ1[1]-7";
  return field == "outcome" ? "ORC[1]-25" : "NTE[1]-3";
}
std::string_view mend_of_field(std::string_view field) {
  if (field == "callback") return "send PRD-5 or CTD-5, a note \"Callback: number\", or set `callback`";
  if (field == "appointment_at") return "send TQ1-7, or a note \"Appointment: time\"";
  return field == "outcome" ? "send its code in ORC-25, or in a note \"Outcome: CODE\"" : "say it in a note";
}

void people(const Message& m, const StatusOptions& options, StatusUpdate& u) {
  const hl7::Segment *prd = nullptr, *ctd = m.find("CTD"), *orc = m.find("ORC");
  for (const hl7::Segment* s : m.all("PRD")) {
    if (m.value(*s, {.field = 1, .component = 1}) == "RT") prd = s;
  }
  if (u.actor_name.empty() && prd != nullptr) u.actor_name = plain(name_of({m, *prd, 2}));
  for (const hl7::Segment* s : {ctd, prd}) {
    if (s != nullptr && u.callback.empty()) u.callback = phone_of({m, *s, 5});
  }
  if (orc != nullptr && u.callback.empty()) u.callback = phone_of({m, *orc, 14});
  if (u.callback.empty()) u.callback = options.callback;
  u.actor_role = u.actor_name.empty() ? "machine" : "clinician";
}

}  // namespace

Told status_from(const Message& m, Phase phase, bool requester, const StatusOptions& options) {
  Told out;
  StatusUpdate u;
  const std::string offset = offset_in(m, options.utc_offset);
  take_lines(note_lines(m), u);
  u.status = status_of(m, phase, requester, !u.text.empty());
  if (u.status.empty() || (u.status == schemas::name(phase) && u.status != "scheduled")) return out;
  u.at = base::parse_rfc3339(iso_time(m.value("MSH-7.1"), offset).value_or("")).value_or(options.now);
  people(m, options, u);
  if (u.appointment_at.empty()) u.appointment_at = appointment_start(m, offset, false, out.faults);
  if (u.outcome.empty()) u.outcome = m.value("ORC-25.1");
  if (u.status == "no-show" && u.next_action.empty()) u.next_action = options.next_action;
  const bool off = u.status == "cancelled" || u.status == "cancel_requested" || u.status == "entered-in-error";
  if (off) reason(m, requester ? "cancel_reason" : "decline_reason", u);
  if (u.status == "rejected" && m.value("RF1-1.1") == "E" && u.text.empty()) u.text = "the referral expired in the hospital's system";
  if (u.status == "rejected") reason(m, "decline_reason", u);
  if (u.status == "on-hold" && u.reason.empty()) reason(m, "decline_reason", u);
  for (const schemas::Move& move : schemas::moves()) {
    if (move.from != phase || schemas::name(move.to) != u.status || (move.who == schemas::Party::kRequester) != requester) continue;
    const std::string_view f = move.requires_field;
    const bool missing = (f == "callback" && u.callback.empty()) || (f == "appointment_at" && u.appointment_at.empty()) ||
                         (f == "outcome" && u.outcome.empty()) || (f == "text" && u.text.empty()) || (f == "next_action" && u.next_action.empty());
    if (missing)
      out.faults.push_back({hl7::kRequiredMissing, std::string(place_of_field(f)),
                            "this status needs " + std::string(f) + "; " + std::string(mend_of_field(f))});
  }
  if (u.status != "accepted") u.callback.clear();
  out.update = std::move(u);
  return out;
}

}  // namespace adapters::hospital
