#include "tests/conformance/fhir_structure.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

namespace fhir_structure {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

struct Rule {
  Words required, known;
  std::map<std::string, std::set<std::string>> codes;
};

const std::set<std::string> kPriority{"routine", "urgent", "asap", "stat"};

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> kRules{
      {"Bundle", {{"type"}, {"timestamp", "entry"}, {{"type", {"transaction"}}}}},
      {"Task",
       {{"status", "intent", "code", "focus", "for", "requester", "owner", "identifier", "lastModified"},
        {"businessStatus", "statusReason", "priority", "authoredOn", "restriction", "input", "output", "note"},
        {{"status",
          {"requested", "received", "accepted", "rejected", "in-progress", "on-hold", "completed", "cancelled", "entered-in-error"}},
         {"intent", {"order"}},
         {"priority", kPriority}}}},
      {"ServiceRequest",
       {{"status", "intent", "subject", "requester", "performer", "priority", "authoredOn"},
        {"identifier", "category", "code", "occurrencePeriod", "reasonCode", "reasonReference", "supportingInfo", "insurance", "note"},
        {{"status", {"active"}}, {"intent", {"order"}}, {"priority", kPriority}}}},
      {"Patient",
       {{"name"},
        {"identifier", "extension", "gender", "birthDate", "deceasedBoolean", "telecom", "address", "maritalStatus", "communication",
         "contact"},
        {{"gender", {"male", "female", "other", "unknown"}}}}},
      {"Organization", {{"name", "identifier"}, {"active", "type"}, {}}},
      {"Practitioner", {{}, {"name"}, {}}},
      {"PractitionerRole", {{"practitioner", "organization"}, {"code", "telecom"}, {}}},
      {"Condition", {{"subject", "clinicalStatus", "code"}, {"verificationStatus", "category"}, {}}},
      {"Observation",
       {{"status", "code", "subject"},
        {"effectiveDateTime", "valueQuantity", "valueString", "dataAbsentReason", "interpretation"},
        {{"status", {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"}}}}},
      {"AllergyIntolerance", {{"patient", "clinicalStatus", "code"}, {"verificationStatus"}, {}}},
      {"MedicationStatement", {{"status", "medicationCodeableConcept", "subject"}, {}, {{"status", {"active"}}}}},
      {"DocumentReference", {{"status", "content"}, {"subject"}, {{"status", {"current"}}}}},
      {"Flag", {{"status", "code", "subject"}, {"category"}, {{"status", {"active"}}}}},
      {"Consent", {{"status", "scope", "category", "policyRule", "patient"}, {"identifier"}, {{"status", {"active"}}}}},
      {"AuditEvent",
       {{"type", "recorded", "agent", "source"}, {"subtype", "action", "outcome", "entity"}, {{"action", {"C", "R", "U", "D", "E"}}, {"outcome", {"0", "4", "8", "12"}}}}},
      {"Coverage", {{"status", "beneficiary", "payor"}, {"subscriberId"}, {{"status", {"active"}}}}},
  };
  return kRules;
}

class Checker {
 public:
  Words run(const Json& resource) {
    root_ = &resource;
    top(resource, resource.value("resourceType", "?"));
    walk(resource, resource.value("resourceType", "?"));
    return std::move(faults_);
  }

 private:
  void fault(const std::string& where, const std::string& what) { faults_.push_back(where + ": " + what); }

  void top(const Json& r, const std::string& where) {
    const auto it = rules().find(r.value("resourceType", ""));
    if (it == rules().end()) return fault(where, "unknown resource type");
    const Rule& rule = it->second;
    for (const auto& name : rule.required) {
      if (!r.contains(name)) fault(where + "." + name, "missing");
    }
    for (const auto& [name, value] : r.items()) {
      const bool common = name == "resourceType" || name == "id" || name == "meta";
      const auto in = [&name = name](const Words& w) { return std::find(w.begin(), w.end(), name) != w.end(); };
      if (!common && !in(rule.required) && !in(rule.known)) fault(where + "." + name, "no such element");
    }
    for (const auto& [name, set] : rule.codes) {
      if (r.contains(name) && set.count(r[name].get<std::string>()) == 0) fault(where + "." + name, "not in the code set");
    }
    if (r.contains("id") && !std::regex_match(r["id"].get<std::string>(), std::regex("[A-Za-z0-9.-]{1,64}")))
      fault(where + ".id", "not an id");
    for (std::size_t i = 0; r.contains("entry") && i < r["entry"].size(); ++i) {
      const std::string at = where + ".entry[" + std::to_string(i) + "].resource";
      if (!r["entry"][i].contains("request") || !r["entry"][i].contains("fullUrl")) fault(at, "no request or fullUrl");
      top(r["entry"][i]["resource"], at);
    }
  }

  void walk(const Json& j, const std::string& where) {
    if (j.is_null() || ((j.is_object() || j.is_array() || j.is_string()) && (j.empty() || j == ""))) return fault(where, "empty");
    if (j.is_object()) {
      for (const auto& [name, value] : j.items()) {
        if (value.is_string()) leaf(name, value.get<std::string>(), where + "." + name);
        walk(value, where + "." + name);
      }
    }
    for (std::size_t i = 0; j.is_array() && i < j.size(); ++i) walk(j[i], where + "[" + std::to_string(i) + "]");
  }

  void leaf(const std::string& name, const std::string& text, const std::string& where) {
    static const std::regex kCode("[^\\s]+(\\s[^\\s]+)*"), kUri("\\S+"), kBase64("[0-9a-zA-Z+/=]*"), kDate("\\d{4}(-\\d\\d(-\\d\\d)?)?"),
        kDateTime("\\d{4}(-\\d\\d(-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d))?)?)?"),
        kInstant("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
    static const std::map<std::string, const std::regex*> kForms{{"code", &kCode},
                                                                 {"system", &kUri},
                                                                 {"url", &kUri},
                                                                 {"reference", &kUri},
                                                                 {"data", &kBase64},
                                                                 {"birthDate", &kDate},
                                                                 {"authoredOn", &kDateTime},
                                                                 {"lastModified", &kDateTime},
                                                                 {"effectiveDateTime", &kDateTime},
                                                                 {"start", &kDateTime},
                                                                 {"end", &kDateTime},
                                                                 {"timestamp", &kInstant}};
    const auto form = kForms.find(name);
    if (form != kForms.end() && !std::regex_match(text, *form->second)) fault(where, "not of its form");
    if (name == "reference" && text.starts_with("urn:uuid:") && !resolves(text)) fault(where, "leads nowhere");
  }
  bool resolves(const std::string& url) const {
    if (!root_->contains("entry")) return false;
    return std::any_of((*root_)["entry"].begin(), (*root_)["entry"].end(), [&](const Json& e) { return e.value("fullUrl", "") == url; });
  }

  const Json* root_ = nullptr;
  Words faults_;
};

}  // namespace

Words check(const Json& resource) { return Checker().run(resource); }

}  // namespace fhir_structure
