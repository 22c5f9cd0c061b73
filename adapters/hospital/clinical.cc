#include "adapters/hospital/clinical.h"

#include <algorithm>
#include <array>

#include "adapters/hospital/document.h"
#include "adapters/hospital/values.h"
#include "crypto/base/bytes.h"

namespace adapters::hospital {
namespace {

using schemas::Code;

bool said(const Code& c) { return !c.code.empty() || !c.text.empty(); }

void add(std::vector<Code>& to, Code c) {
  if (said(c)) to.push_back(std::move(c));
}

// ICD-10-CM chapter F, self-harm and its neighbours.
bool mental_health(const Code& c) {
  constexpr std::array<std::string_view, 7> kOthers = {"R45", "T14.91", "X7", "X8", "Z91.5", "SI", "SA"};
  if (c.code.size() >= 3 && c.code[0] == 'F' && c.code[1] >= '0' && c.code[1] <= '9') return true;
  return std::any_of(kOthers.begin(), kOthers.end(),
                     [&](std::string_view p) { return p.size() == 2 && p[0] == 'S' ? c.code == p : c.code.starts_with(p); });
}
bool substance_use(const Code& c) { return c.code.size() >= 3 && c.code.starts_with("F1") && c.code[2] >= '0' && c.code[2] <= '9'; }

void map_labels(const MappingOptions& options, schemas::Referral& r) {
  bool mh = false, sud = false;
  for (const auto* list : {&r.diagnoses, &r.reasons}) {
    for (const Code& c : *list) mh = mh || mental_health(c), sud = sud || substance_use(c);
  }
  r.labels.emplace_back("general");
  if (mh) r.labels.emplace_back("mh");
  if (sud && options.part2_program) r.labels.emplace_back("part2");
}

void map_observation(const hl7::Message& m, const hl7::Segment& obx, const std::string& offset, Mapped& out) {
  const std::string type = m.value(obx, {.field = 2});
  const Code what = code_of({m, obx, 3});
  if (!said(what)) {
    out.faults.push_back({hl7::kRequiredMissing, m.place(obx, 3), "an observation that does not say what was observed"});
    return;
  }
  if (type == "ED") return take_document(m, obx, what.text.empty() ? what.code : what.text, out.referral.attachments, out.faults);
  const auto at = iso_time(m.value(obx, {.field = 14, .component = 1}), offset);
  if (!at) out.faults.push_back({hl7::kDataType, m.place(obx, 14), "not a date or time"});
  out.referral.observations.push_back({.code = what,
                                       .value = observed_value(m, obx),
                                       .unit = m.value(obx, {.field = 6, .component = 1}),
                                       .at = at.value_or(""),
                                       .abnormal = m.value(obx, {.field = 8, .component = 1}),
                                       .status = m.value(obx, {.field = 11})});
}

void map_allergy(const hl7::Message& m, const hl7::Segment& al1, Mapped& out) {
  Code c = code_of({m, al1, 3});
  if (c.text.empty() && c.system.empty()) std::swap(c.text, c.code);
  if (const std::string reaction = m.value(al1, {.field = 5}); !reaction.empty()) c.text += (c.text.empty() ? "" : ": ") + reaction;
  add(out.referral.allergies, std::move(c));
}

}  // namespace

std::string observed_value(const hl7::Message& m, const hl7::Segment& obx) {
  const std::string type = m.value(obx, {.field = 2});
  const bool coded = type == "CE" || type == "CWE" || type == "CNE" || type == "CF";
  std::string out;
  for (unsigned rep = 1; rep <= m.repetitions(obx, 5); ++rep) {
    const At at{m, obx, 5, rep};
    std::string one = at.part(0);
    if (coded) one = at.part(2).empty() ? at.part(1) : at.part(2);
    if (!one.empty()) out += (out.empty() ? "" : ", ") + one;
  }
  return out;
}

void map_clinical(const hl7::Message& m, const MappingOptions& options, const std::string& offset, Mapped& out) {
  schemas::Referral& r = out.referral;
  for (const auto* s : m.all("DG1")) {
    Code c = code_of({m, *s, 3});
    if (c.text.empty()) c.text = m.value(*s, {.field = 4});
    add(r.diagnoses, std::move(c));
  }
  for (const auto* s : m.all("PRB")) add(r.diagnoses, code_of({m, *s, 3}));
  for (const auto* s : m.all("AL1")) map_allergy(m, *s, out);
  for (const auto* s : m.all("RXE")) add(r.medications, code_of({m, *s, 2}));
  for (const auto* s : m.all("RXA")) add(r.medications, code_of({m, *s, 5}));
  for (const auto* s : m.all("OBX")) map_observation(m, *s, offset, out);
  if (r.reasons.empty()) r.reasons = r.diagnoses;
  map_labels(options, r);
}

}  // namespace adapters::hospital
