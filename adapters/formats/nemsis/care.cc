// What they measured and did: eVitals, eLabs, eExam, eHistory, eMedications, eProcedures, eProtocols, eNarrative.
#include "adapters/formats/nemsis/codes.h"
#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::nemsis {
namespace {

struct Vital {
  const char *number, *loinc, *text, *unit;
};
constexpr Vital kVitals[] = {
    {"eVitals.06", "8480-6", "Systolic blood pressure", "mm[Hg]"},
    {"eVitals.07", "8462-4", "Diastolic blood pressure", "mm[Hg]"},
    {"eVitals.10", "8867-4", "Heart rate", "/min"},
    {"eVitals.12", "59408-5", "Oxygen saturation by pulse oximetry", "%"},
    {"eVitals.14", "9279-1", "Respiratory rate", "/min"},
    {"eVitals.16", "19891-1", "End-tidal carbon dioxide", "mm[Hg]"},
    {"eVitals.18", "2339-0", "Glucose", "mg/dL"},
    {"eVitals.19", "9267-6", "Glasgow coma score, eye", ""},
    {"eVitals.20", "9270-0", "Glasgow coma score, verbal", ""},
    {"eVitals.21", "9268-4", "Glasgow coma score, motor", ""},
    {"eVitals.23", "9269-2", "Glasgow coma score, total", ""},
    {"eVitals.24", "8310-5", "Body temperature", "Cel"},
    {"eVitals.26", "67775-7", "Level of responsiveness (AVPU)", ""},
    {"eVitals.27", "72514-3", "Pain score", ""},
};

schemas::Observation observed(schemas::Code code, std::string value, std::string unit, std::string at) {
  return {.code = std::move(code), .value = std::move(value), .unit = std::move(unit), .at = std::move(at), .abnormal = {}, .status = {}};
}

void map_vitals(Record& r) {
  auto& out = r.out().referral.observations;
  for (const Element* group : r.all("eVitals.VitalGroup")) {
    const std::string at = r.time(*group, "eVitals.01", "observations.at");
    for (const Vital& v : kVitals) {
      std::string value = r.value(*group, v.number, "observations." + std::string(v.loinc));
      if (value.empty()) continue;
      if (value.size() == 7) value = words(value);  // a code
      out.push_back(observed({"LOINC", v.loinc, v.text}, std::move(value), v.unit, at));
    }
  }
}

// Values of one element as one observation.
void map_findings(Record& r, const Element& group, const char* number, const char* text, const std::string& at) {
  std::string value;
  for (const Element* e : r.values(group, number, "observations." + std::string(number)))
    value += (value.empty() ? "" : ", ") + words(e->text);
  if (!value.empty()) r.out().referral.observations.push_back(observed({"NEMSIS", number, text}, std::move(value), "", at));
}

void map_exam(Record& r) {
  for (const Element* group : r.all("eExam.AssessmentGroup")) {
    map_findings(r, *group, "eExam.19", "Mental status", r.time(*group, "eExam.03", "observations.at"));
  }
  map_findings(r, r.report(), "eHistory.17", "Alcohol or drug use indicators", "");
  for (const Element* group : r.all("eLabs.LabGroup")) {
    const std::string at = r.time(*group, "eLabs.01", "observations.at");
    for (const Element* result : r.all(*group, "eLabs.LabResultGroup")) {
      const std::string type = r.value(*result, "eLabs.03", "observations.eLabs.03"),
                        value = r.value(*result, "eLabs.04", "observations.eLabs.04");
      if (!type.empty() && !value.empty())
        r.out().referral.observations.push_back(observed({"NEMSIS eLabs.03", type, words(type)}, value, "", at));
    }
  }
}

schemas::Code coded(const Element& e) {
  const std::string_view type = e.attribute("CodeType");
  return {type.empty() ? "RxNorm" : code_system(type), std::string(e.text), ""};
}

void map_medications(Record& r) {
  schemas::Referral& out = r.out().referral;
  for (const Element* e : r.values("eHistory.06", "allergies")) out.allergies.push_back(coded(*e));
  for (const Element* e : r.values("eHistory.12", "medications")) out.medications.push_back(coded(*e));
  for (const Element* group : r.all("eMedications.MedicationGroup")) {
    const std::string at = r.time(*group, "eMedications.01", "medications_given");
    const std::string dose = r.value(*group, "eMedications.05", "medications_given"),
                      unit = r.value(*group, "eMedications.06", "medications_given");
    for (const Element* e : r.values(*group, "eMedications.03", "medications_given")) {
      schemas::Code given = coded(*e);
      if (!dose.empty()) given.text = dose + (unit.empty() ? "" : " " + words(unit));
      if (!at.empty()) given.text += (given.text.empty() ? "" : ", ") + at;
      out.medications_given.push_back(std::move(given));
    }
  }
}

// 8801019, refused: of a medication or a procedure. What was refused is told, because it was not done.
void map_refused(Record& r) {
  for (const auto& [number, what] : {std::pair{"eMedications.03", "Medication refused"}, {"eProcedures.03", "Procedure refused"}}) {
    for (const Element* e : r.all(number)) {
      if (absence(*e) != "pn:8801019") continue;
      r.out().referral.refusals.push_back(std::string(what) + (e->text.empty() ? "" : ": " + coded(*e).system + " " + std::string(e->text)));
    }
  }
}

void map_restraint(Record& r) {
  bool restrained = false;
  for (const Element* e : r.values("eProtocols.01", "restraint")) restrained = restrained || e->text == "9914053";
  for (const Element* e : r.values("eHistory.01", "restraint")) restrained = restrained || e->text == "3101017";
  for (const Element* e : r.values("eProcedures.03", "restraint"))
    restrained = restrained || e->text == "386423001";  // SNOMED CT: physical restraint
  if (restrained) r.out().referral.restraint = "yes";
}

}  // namespace

void map_care(Record& r) {
  map_vitals(r);
  map_exam(r);
  map_medications(r);
  map_refused(r);
  map_restraint(r);
  r.out().narrative = r.value("eNarrative.01", "notes");
  if (!r.out().narrative.empty()) r.out().referral.notes.push_back(r.out().narrative);
}

}  // namespace adapters::formats::nemsis
