#include "adapters/hospital/referral_out.h"

#include <algorithm>
#include <array>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/text.h"
#include "adapters/hospital/document.h"
#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

using schemas::Code;
using schemas::Referral;

const hl7::Delimiters kPlain;

using Fields = std::vector<std::string>;
void put(Fields& f, unsigned field, std::string value) {
  if (f.size() < field) f.resize(field);
  f[field - 1] = std::move(value);
}
std::string segment(std::string_view name, const Fields& f) { return hl7::segment(kPlain, name, f) + "\r"; }
std::string text(std::string_view s) { return hl7::escape(s, kPlain); }
std::string coded(const Code& c) { return hl7::components(kPlain, {c.code, c.text, c.system}); }
std::string named(const schemas::Name& n) { return hl7::components(kPlain, {n.family, n.given, n.middle, n.suffix}); }
std::string provider(const schemas::Name& n) { return hl7::components(kPlain, {"", n.family, n.given, n.middle, n.suffix}); }
std::string telecom(const std::string& phone, const std::string& email, std::string_view use) {
  if (phone.empty() && email.empty()) return {};
  if (phone.empty()) return hl7::components(kPlain, {"", "NET", "Internet", email});
  return hl7::components(kPlain, {phone, use, "PH", email});
}
std::string repeated(const std::vector<Code>& codes) {
  std::string out;
  for (const Code& c : codes) out += (out.empty() ? "" : "~") + coded(c);
  return out;
}

std::string sex_out(const std::string& sex) {
  if (sex == "male") return "M";
  if (sex == "female") return "F";
  return sex == "unknown" ? "U" : sex == "other" ? "O" : sex;
}
std::string priority(const std::string& urgency) { return urgency == "emergent" ? "S" : urgency == "urgent" ? "A" : urgency == "routine" ? "R" : ""; }
std::string category(const std::string& setting) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSettings = {
      std::pair{"emergency", "E"}, {"inpatient", "I"}, {"outpatient", "O"}, {"ambulatory", "A"}};
  for (const auto& [word, code] : kSettings) {
    if (setting == word) return std::string(code);
  }
  return {};
}
// "Given Family" as it was made by plain(): the last word is the family name.
schemas::Name split(const std::string& whole) {
  const std::size_t at = whole.rfind(' ');
  if (at == std::string::npos) return {.family = whole, .given = {}, .middle = {}, .suffix = {}};
  return {.family = whole.substr(at + 1), .given = whole.substr(0, at), .middle = {}, .suffix = {}};
}

std::string number_of(const Outgoing& o) {
  return o.referral.source_ref.empty() ? base::uuid(o.delivery.thread_id) : o.referral.source_ref;
}

std::string contacts(const Referral& r) {
  std::string out;
  unsigned n = 0;
  for (const schemas::Contact& c : r.subject.contacts)
    out += segment("NK1", {std::to_string(++n), named(c.name), text(c.role), "", telecom(c.phone, c.email, "PRN")});
  return out;
}

std::string insurance(const Referral& r) {
  if (r.payer.empty() && r.member_id.empty()) return {};
  Fields in1 = {"1", "", "", text(r.payer)};
  if (!r.member_id.empty()) put(in1, 36, text(r.member_id));
  return segment("IN1", in1);
}

std::string rf1(const Outgoing& o, const Standing& s) {
  const Referral& r = o.referral;
  const std::string code(rf1_status(s.status));
  std::string reasons = s.reason.empty() ? repeated(r.reasons) : hl7::components(kPlain, {s.reason});
  return segment("RF1", {code, priority(r.urgency), coded(r.service), "", category(r.setting), text(number_of(o)), hl7_moment(r.effective_from),
                         hl7_moment(r.effective_until), hl7_moment(r.requested_at), reasons, hl7::components(kPlain, {base::uuid(o.delivery.thread_id), "SFH"})});
}

std::string providers(const Outgoing& o) {
  const schemas::Contact& c = o.referral.requester;
  const std::string name = hl7::components(kPlain, {c.name.family, c.name.given, c.name.middle, c.name.suffix, "", c.role});
  return segment("PRD", {"RP", name, "", "", telecom(c.phone, c.email, "WPN")}) +
         segment("PRD", {"RT", named(split(o.referral.target_service_person)), "", "", "", "", text(o.own)});
}

std::string clinical(const Referral& r) {
  std::string out;
  unsigned n = 0;
  for (const Code& c : r.diagnoses) out += segment("DG1", {std::to_string(++n), "", coded(c), "", "", "W"});
  n = 0;
  for (const Code& c : r.allergies) out += segment("AL1", {std::to_string(++n), "", coded(c)});
  for (const Code& c : r.medications) out += segment("RXE", {"", coded(c)});
  return out;
}

std::string observations(const Outgoing& o) {
  std::string out;
  unsigned n = 0;
  for (const schemas::Observation& v : o.referral.observations) {
    Fields f = {std::to_string(++n), "ST", coded(v.code), "", text(v.value), text(v.unit), "", text(v.abnormal), "", "", text(v.status)};
    put(f, 14, hl7_moment(v.at));
    out += segment("OBX", f);
  }
  for (const Fetched& a : o.fetched) {
    if (a.bytes.empty()) continue;
    out += segment("OBX", {std::to_string(++n), "ED", hl7::components(kPlain, {"", a.attachment.title}), "", document_value(kPlain, a.attachment, a.bytes)});
  }
  return out;
}

void say(std::vector<std::string>& to, std::string_view label, const std::string& value) {
  if (!value.empty()) to.push_back(std::string(label) + ": " + value);
}

// What HL7 has no field for, for people.
std::vector<std::string> beside(const Outgoing& o) {
  const Referral& r = o.referral;
  std::vector<std::string> out;
  say(out, "Age", r.subject.age_band);
  say(out, "Gender", r.subject.gender);
  say(out, "Safe to contact", r.subject.safe_to_contact);
  if (r.subject.interpreter) out.emplace_back("An interpreter is needed");
  say(out, "Risk to self", r.risk.self);
  say(out, "Risk to others", r.risk.others);
  say(out, "Gravely disabled", r.risk.grave);
  say(out, "Weapons", r.risk.weapons);
  say(out, "Weapons secured", r.risk.weapons_secured);
  say(out, "Access to means", r.risk.means);
  say(out, "Hold", r.hold.form + (r.hold.form.empty() || r.hold.basis.empty() ? "" : ", ") + r.hold.basis);
  say(out, "Hold began", r.hold.start);
  say(out, "Hold ends", r.hold.expires);
  say(out, "Medical clearance", r.clearance.status.empty() ? r.med_clearance : r.clearance.status);
  if (r.transport_needed) out.emplace_back("Transport is needed");
  say(out, "Restraint", r.restraint);
  say(out, "Injury", r.injury);
  say(out, "Dependents", r.dependents);
  say(out, "Veteran", r.veteran);
  say(out, "Housing", r.housing);
  say(out, "Discharge plan", r.discharge_plan);
  for (const Code& c : r.medications_given) say(out, "Given", c.text.empty() ? c.code : c.text);
  for (const std::string& refusal : r.refusals) say(out, "Refused", refusal);
  for (const Fetched& a : o.fetched) {
    if (a.bytes.empty()) say(out, "Attachment " + a.attachment.title, a.why);
  }
  return out;
}

std::string notes(const std::vector<std::string>& lines) {
  std::string out;
  unsigned n = 0;
  for (const std::string& line : lines) out += segment("NTE", {std::to_string(++n), "", text(line)});
  return out;
}

std::string order(const Outgoing& o, Act act, const Standing& s) {
  const Referral& r = o.referral;
  const std::string number = text(number_of(o)), phone = telecom(r.requester.phone, r.requester.email, "WPN");
  Fields orc = {act == Act::kNew ? "NW" : act == Act::kChange ? "XO" : "CA", number};
  put(orc, 9, hl7_moment(r.requested_at));
  put(orc, 12, provider(r.requester.name));
  put(orc, 14, phone);
  if (!s.reason.empty()) put(orc, 16, hl7::components(kPlain, {s.reason}));
  Fields obr = {"1", number, "", coded(r.service)};
  put(obr, 16, provider(r.requester.name));
  put(obr, 31, repeated(r.reasons));
  return segment("ORC", orc) + segment("TQ1", {"1", "", "", "", "", "", hl7_moment(r.effective_from), hl7_moment(r.effective_until), priority(r.urgency)}) +
         segment("OBR", obr);
}

}  // namespace

std::string hl7_moment(const std::string& iso) {
  std::string out;
  const std::size_t t = iso.find('T');
  for (std::size_t i = 0; i < iso.size(); ++i) {
    const char c = iso[i];
    const bool zone = t != std::string::npos && i > t && (c == '+' || c == '-');
    if ((c >= '0' && c <= '9') || c == '.' || zone) out += c;
    if (c == 'Z') out += "+0000";
  }
  return iso_time(out, "+00:00") ? out : std::string();
}

std::string person_out(const Referral& r) {
  const schemas::Subject& s = r.subject;
  std::string ids;
  for (const schemas::Identifier& id : s.ids) {
    if (id.system != "SSN") ids += (ids.empty() ? "" : "~") + hl7::components(kPlain, {id.value, "", "", id.system});
  }
  Fields pid = {"1", "", ids, "", s.unknown ? hl7::components(kPlain, {"UNKNOWN", s.descriptor}) : named(s.name), "", hl7_moment(s.dob), sex_out(s.sex)};
  put(pid, 10, text(s.race));
  const schemas::Address& a = s.address;
  put(pid, 11, hl7::components(kPlain, {a.line, "", a.city, a.state, a.postal, a.country}));
  put(pid, 13, telecom(s.phone, "", "PRN"));
  put(pid, 15, text(s.language));
  put(pid, 16, text(s.marital));
  put(pid, 22, text(s.ethnicity));
  put(pid, 30, s.deceased == "yes" ? "Y" : s.deceased == "no" ? "N" : "");
  Fields pv1 = {"1", "U", text(r.location_now)};
  if (!r.incident_ref.empty()) put(pv1, 19, text(r.incident_ref));
  return segment("PID", pid) + segment("PV1", pv1);
}

std::string header_out(const Outgoing& o, std::string_view type, std::string_view event, std::string_view structure, bool beyond_ascii) {
  const agent::Delivery& d = o.delivery;
  return hl7::header(kPlain, {"HANDOFF", text(d.from), "", text(o.own), base::hl7_time(made_at(d.msg_id)), "", hl7::components(kPlain, {type, event, structure}),
                              control_id_for(d.msg_id), d.test ? "T" : "P", "2.5.1", "", "", "", "", "", beyond_ascii ? "UNICODE UTF-8" : ""}) +
         "\r";
}

std::string referral_out(const Outgoing& o, Language language, Act act, const Standing& s) {
  const Referral& r = o.referral;
  const bool whole = act == Act::kNew, ref = language == Language::kRef;
  std::vector<std::string> lines = whole ? r.notes : s.notes;
  if (whole) {
    for (std::string& line : beside(o)) lines.push_back(std::move(line));
  }
  std::string person = person_out(r);
  const std::size_t pv1 = person.find("\rPV1") + 1;
  const std::string obx = whole ? observations(o) : std::string();
  std::string out;
  if (ref) {
    out = rf1(o, s) + providers(o) + person.substr(0, pv1);
    if (whole) out += contacts(r) + insurance(r) + clinical(r) + (obx.empty() ? "" : segment("OBR", {"1", "", "", "OBS^Observations"})) + obx;
    out += person.substr(pv1);
  } else {
    out = person.substr(0, pv1) + (whole ? contacts(r) : "") + person.substr(pv1) + (whole ? insurance(r) : "") + order(o, act, s);
    if (whole) out += clinical(r) + obx;
  }
  out += notes(lines) + zcr(kPlain, s) + "\r";
  const char* event = ref ? (act == Act::kNew ? "I12" : act == Act::kChange ? "I13" : "I14") : "O19";
  return header_out(o, ref ? "REF" : "OMG", event, ref ? "REF_I12" : "OMG_O19", !hl7::ascii(out)) + out;
}

}  // namespace adapters::hospital
