#include "adapters/facade/capability.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace adapters::facade {

using schemas::Json;

namespace {

Json parameter(const char* name, const char* type) { return {{"name", name}, {"type", type}}; }

Json of(const char* type, const std::vector<const char*>& interactions, bool patient, const char* words) {
  Json r{{"type", type}, {"documentation", words}, {"versioning", "versioned-update"}, {"conditionalCreate", true}};
  for (const char* i : interactions) r["interaction"].push_back({{"code", i}});
  r["searchParam"] = {parameter("_id", "token"), parameter("_lastUpdated", "date"), parameter("identifier", "token"), parameter("status", "token")};
  if (patient) r["searchParam"].push_back(parameter("patient", "reference")), r["searchParam"].push_back(parameter("subject", "reference"));
  return r;
}

}  // namespace

Json capability_statement(const Settings& settings, const std::string& agency) {
  Json rest{{"mode", "server"}, {"security", {{"cors", false}, {"service", {{{"coding", {{{"system", "http://terminology.hl7.org/CodeSystem/restful-security-service"}, {"code", "SMART-on-FHIR"}}}}}}}, {"description", "Bearer tokens by client credentials; see .well-known/smart-configuration"}}}};
  const std::vector<const char*> all{"create", "read", "update", "search-type"}, kept{"create", "read", "update", "delete", "search-type"}, sent{"create", "read", "search-type"};
  rest["resource"] = {
      of("ServiceRequest", all, true, "A create sends a referral; an update with status revoked takes it back."),
      of("Task", all, true, "Its id is the thread's. An update with a new status answers the referral."),
      of("Patient", kept, false, "Kept until a request refers to it."),
      of("Communication", sent, true, "A create sends a message in the thread that `about` names."),
      of("Consent", sent, true, "A create sends a consent."),
      of("DocumentReference", sent, true, "With context.related a message with its attachment, else kept until a request refers to it."),
      of("Encounter", sent, true, "A create sends an encounter notification."),
      of("Appointment", sent, true, "A create with status booked or noshow tells of an appointment."),
  };
  for (const char* type : {"Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "Location", "Condition", "Observation", "AllergyIntolerance", "MedicationStatement", "MedicationRequest", "Flag", "Coverage"}) {
    rest["resource"].push_back(of(type, kept, true, "Kept until a request refers to it."));
  }
  rest["resource"].push_back({{"type", "Binary"}, {"interaction", {{{"code", "read"}}}}, {"documentation", "Content of attachments."}});
  rest["resource"].push_back({{"type", "Subscription"}, {"interaction", {{{"code", "create"}}, {{"code", "read"}}, {{"code", "update"}}, {{"code", "delete"}}, {{"code", "search-type"}}}}, {"documentation", "rest-hook on Task, ServiceRequest or Communication; calls carry ids only."}});
  rest["interaction"] = {{{"code", "transaction"}}, {{"code", "batch"}}};
  rest["operation"] = {{{"name", "process-message"}, {"definition", "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message"}}};
  Json out{{"resourceType", "CapabilityStatement"}, {"status", "active"}, {"date", "2026-10-01"}, {"kind", "instance"}, {"fhirVersion", "4.0.1"}, {"format", {"application/fhir+json"}}, {"software", {{"name", "Handoff"}}}, {"implementation", {{"description", "FHIR facade of " + agency}}}, {"rest", {std::move(rest)}}};
  if (!settings.base_url.empty()) out["implementation"]["url"] = settings.base_url;
  return out;
}

}  // namespace adapters::facade
