#include "adapters/hospital/words_in.h"

#include <algorithm>
#include <array>

#include "adapters/hospital/clinical.h"
#include "adapters/hospital/document.h"
#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

using hl7::Message;
using hl7::Segment;
using schemas::Code;
using schemas::Referral;

std::string words(const Code& c) { return c.text.empty() ? c.code : c.text; }

void line(std::string& to, const std::string& text) {
  if (!text.empty()) to += (to.empty() ? "" : "\n") + text;
}

// "Blood alcohol: 80 mg/dL (H, final) at 2026-..."
std::string result_line(const Message& m, const Segment& obx, const std::string& offset) {
  const std::string what = words(code_of({m, obx, 3})), unit = m.value(obx, {.field = 6, .component = 1});
  std::string out = what.empty() ? std::string() : what + ": ";
  out += observed_value(m, obx);
  if (!unit.empty()) out += " " + unit;
  std::string marks = m.value(obx, {.field = 8, .component = 1});
  const std::string status = m.value(obx, {.field = 11});
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kStates = {
      std::pair{"F", "final"}, {"C", "corrected"}, {"P", "preliminary"}, {"D", "deleted"}, {"W", "wrong"}, {"X", "not obtained"}};
  for (const auto& [code, text] : kStates) {
    if (code == status) marks += (marks.empty() ? "" : ", ") + std::string(text);
  }
  if (!marks.empty()) out += " (" + marks + ")";
  const auto at = iso_time(m.value(obx, {.field = 14, .component = 1}), offset);
  return at && !at->empty() ? out + " at " + *at : out;
}

bool is_text(const std::string& type) { return type == "TX" || type == "FT" || type == "ST"; }

std::string text_of(const Message& m, const Segment& obx) {
  std::string out;
  for (unsigned rep = 1; rep <= m.repetitions(obx, 5); ++rep) line(out, At{m, obx, 5, rep}.part(0));
  return out;
}

std::string author(const Message& m, std::initializer_list<std::pair<const char*, unsigned>> places) {
  for (const auto& [segment, field] : places) {
    const Segment* s = m.find(segment);
    if (s == nullptr) continue;
    if (std::string name = plain(person_of({m, *s, field})); !name.empty()) return name;
  }
  return {};
}

std::string listed(const std::vector<Code>& codes) {
  std::string out;
  for (const Code& c : codes) out += (out.empty() ? "" : "; ") + words(c);
  return out;
}

struct Part {
  std::string_view label;
  std::string (*of)(const Referral&);
};
constexpr std::array kParts = {
    Part{"Urgency", [](const Referral& r) { return r.urgency; }},
    Part{"Service", [](const Referral& r) { return words(r.service); }},
    Part{"Reasons", [](const Referral& r) { return listed(r.reasons); }},
    Part{"Diagnoses", [](const Referral& r) { return listed(r.diagnoses); }},
    Part{"Allergies", [](const Referral& r) { return listed(r.allergies); }},
    Part{"Medications", [](const Referral& r) { return listed(r.medications); }},
    Part{"Name", [](const Referral& r) { return plain(r.subject.name); }},
    Part{"Date of birth", [](const Referral& r) { return r.subject.dob; }},
    Part{"Sex", [](const Referral& r) { return r.subject.sex; }},
    Part{"Phone", [](const Referral& r) { return r.subject.phone; }},
    Part{"Address", [](const Referral& r) { return r.subject.address.line + " " + r.subject.address.city + " " + r.subject.address.postal; }},
    Part{"Language", [](const Referral& r) { return r.subject.language; }},
    Part{"Location now", [](const Referral& r) { return r.location_now; }},
    Part{"Requested by", [](const Referral& r) { return plain(r.requester.name); }},
    Part{"Callback", [](const Referral& r) { return r.requester.phone; }},
    Part{"From", [](const Referral& r) { return r.effective_from; }},
    Part{"Until", [](const Referral& r) { return r.effective_until; }},
    Part{"Payer", [](const Referral& r) { return r.payer; }},
    Part{"Member", [](const Referral& r) { return r.member_id; }},
};

bool blank(const std::string& s) { return s.find_first_not_of(' ') == std::string::npos; }

std::string observed(const schemas::Observation& o) {
  return words(o.code) + ": " + o.value + (o.unit.empty() ? "" : " " + o.unit);
}

}  // namespace

Words results_from(const Message& m, const std::string& utc_offset) {
  Words out;
  const std::string offset = offset_in(m, utc_offset);
  schemas::SecureMessage& message = out.message;
  if (m.find("OBX") == nullptr) out.faults.push_back({hl7::kSegmentSequence, "OBX[1]", "no OBX segment: there is no result"});
  for (const Segment& s : m.segments) {
    if (s.name() == "OBR") line(message.text, "Results of " + words(code_of({m, s, 4})));
    if (s.name() == "NTE") line(message.text, At{m, s, 3}.part(0));
    if (s.name() != "OBX") continue;
    const std::string type = m.value(s, {.field = 2}), title = words(code_of({m, s, 3}));
    if (type == "ED") {
      take_document(m, s, title, message.attachments, out.faults);
      line(message.text, (title.empty() ? "A document" : title) + ": attached");
    } else {
      line(message.text, result_line(m, s, offset));
    }
  }
  message.author_role = "machine";
  message.author_name = author(m, {{"OBR", 32}, {"OBX", 16}, {"OBR", 16}});
  return out;
}

std::string document_number(const Message& m) { return m.value("TXA-12.1"); }

Words document_from(const Message& m) {
  Words out;
  schemas::SecureMessage& message = out.message;
  const std::string trigger = m.value("MSH-9.2");
  const Segment* txa = m.find("TXA");
  if (txa == nullptr) out.faults.push_back({hl7::kSegmentSequence, "TXA[1]", "no TXA segment"});
  if (m.find("OBX") == nullptr) out.faults.push_back({hl7::kSegmentSequence, "OBX[1]", "no OBX segment: the document has no content"});
  std::string kind = txa == nullptr ? "" : words(code_of({m, *txa, 2}));
  if (trigger == "T06") line(message.text, "An addendum to a document that was sent before.");
  if (trigger == "T08") line(message.text, "A document that was sent before, edited.");
  if (trigger == "T10") line(message.text, "This replaces a document that was sent before.");
  for (const Segment* s : m.all("OBX")) {
    const std::string type = m.value(*s, {.field = 2}), title = words(code_of({m, *s, 3}));
    if (kind.empty()) kind = title;
    if (type == "ED") {
      take_document(m, *s, title.empty() ? kind : title, message.attachments, out.faults);
    } else {
      line(message.text, is_text(type) || type.empty() ? text_of(m, *s) : result_line(m, *s, ""));
    }
  }
  for (const std::string& note : note_lines(m)) line(message.text, note);
  if (message.text.empty()) message.text = "A document: " + (kind.empty() ? std::string("untitled") : kind);
  message.author_role = "machine";
  message.author_name = author(m, {{"TXA", 9}, {"TXA", 5}});
  return out;
}

Words change_from(const Referral& before, const Mapped& now) {
  Words out;
  const auto broken = [](const hl7::Fault& f) { return f.code == hl7::kDataType || f.code == hl7::kTableValue; };
  std::copy_if(now.faults.begin(), now.faults.end(), std::back_inserter(out.faults), broken);  // what is left out has not changed
  const Referral& r = now.referral;
  std::string text;
  for (const Part& p : kParts) {
    const std::string value = p.of(r);
    if (!blank(value) && value != p.of(before)) line(text, std::string(p.label) + ": " + value);
  }
  for (const auto& o : r.observations) {
    const bool known = std::any_of(before.observations.begin(), before.observations.end(), [&](const auto& b) { return observed(b) == observed(o) && b.at == o.at; });
    if (!known) line(text, observed(o));
  }
  for (const std::string& note : r.notes) {
    if (std::find(before.notes.begin(), before.notes.end(), note) == before.notes.end()) line(text, note);
  }
  for (const auto& a : r.attachments) {
    const bool known = std::any_of(before.attachments.begin(), before.attachments.end(), [&](const auto& b) { return b.data == a.data && b.title == a.title; });
    if (known) continue;
    line(text, "Attached: " + a.title);
    out.message.attachments.push_back(a);
  }
  if (!text.empty()) out.message.text = "The referral was changed at the hospital.\n" + text;
  out.message.author_role = "machine";
  out.message.author_name = plain(r.requester.name);
  return out;
}

}  // namespace adapters::hospital
