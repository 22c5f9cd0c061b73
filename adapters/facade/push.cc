#include "adapters/facade/push.h"

#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/parts.h"
#include "schemas/json.h"

namespace adapters::facade {

using schemas::Json;
namespace fhir = formats::fhir;

namespace {

std::string ours(const std::string& id) { return "urn:uuid:" + id; }

void mark(Json& resource) {
  const std::string value = ours(resource["id"]);
  if (resource.contains("identifier")) {
    for (const Json& i : resource["identifier"]) {
      if (i.value("system", "") == fhir::kUri && i.value("value", "") == value) return;
    }
  }
  resource["identifier"].push_back(fhir::identifier(fhir::kUri, value));
}

}  // namespace

std::optional<std::string> push_bundle(const agent::Delivery& d) {
  fhir::Context c{.thread_id = d.thread_id, .from = d.opening_from, .from_kind = {}, .to = d.opening_to, .to_kind = {}, .at = d.received, .test = d.test};
  if (const auto* r = std::get_if<schemas::Referral>(&d.body.payload)) {
    c.from = d.from, c.from_kind = d.from_kind, c.to = d.to;
    const auto bundle = schemas::parse_json(fhir::referral_bundle(d.body, *r, c));
    if (!bundle.ok()) return std::nullopt;
    for (Json& e : (**bundle)["entry"]) {
      mark(e["resource"]);
      const std::string type = e["resource"]["resourceType"], id = e["resource"]["id"];
      e["request"] = {{"method", "POST"}, {"url", type}, {"ifNoneExist", "identifier=" + std::string(fhir::kUri) + "|" + ours(id)}};
      e["resource"].erase("id");  // the server gives its own
    }
    return schemas::dump(**bundle);
  }
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&d.body.payload); u != nullptr && !u->status.empty()) {
    const auto task = schemas::parse_json(fhir::status_task(*u, c));
    if (!task.ok()) return std::nullopt;
    Json& t = **task;
    const auto conditional = [&](const char* type) { return std::string(type) + "?identifier=" + std::string(fhir::kUri) + "|" + ours(fhir::resource_id(d.thread_id, type)); };
    mark(t);
    t.erase("id");
    t["focus"]["reference"] = conditional("ServiceRequest");
    t["for"]["reference"] = conditional("Patient");
    Json bundle{{"resourceType", "Bundle"}, {"type", "transaction"}};
    bundle["entry"].push_back({{"resource", t}, {"request", {{"method", "PUT"}, {"url", conditional("Task")}}}});
    return schemas::dump(bundle);
  }
  return std::nullopt;
}

}  // namespace adapters::facade
