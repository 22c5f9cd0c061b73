#include "adapters/facade/thread_view.h"

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::facade {
namespace {

using agent::Delivery;
using schemas::Json;
namespace fhir = formats::fhir;

// "urn:uuid:X" -> "Type/X", in every reference of the resource.
void relink(Json& j, const std::map<std::string, std::string>& types) {
  if (j.is_object()) {
    if (const auto it = j.find("reference"); it != j.end() && it->is_string()) {
      const std::string target = it->get<std::string>();
      if (const auto type = types.find(target.starts_with("urn:uuid:") ? target.substr(9) : ""); type != types.end()) *it = type->second + "/" + type->first;
    }
  }
  if (j.is_structured()) {
    for (Json& inner : j) relink(inner, types);
  }
}

std::string_view request_status(schemas::Phase p) {
  using schemas::Phase;
  switch (p) {
    case Phase::kOnHold: return "on-hold";
    case Phase::kCompleted: return "completed";
    case Phase::kCancelled:
    case Phase::kExpired: return "revoked";
    case Phase::kEnteredInError: return "entered-in-error";
    default: return "active";
  }
}

class View {
 public:
  View(const std::vector<Delivery>& events, const Settings& settings) : events_(events), settings_(settings) {}

  std::vector<Item> build() {
    for (const Delivery& d : events_) {
      if (!d.conflict && std::holds_alternative<schemas::Referral>(d.body.payload)) opening_ = &d;
    }
    if (opening_ != nullptr) referral();
    for (const Delivery& d : events_) {
      if (d.conflict) continue;
      if (const auto* m = std::get_if<schemas::SecureMessage>(&d.body.payload)) message(d, *m);
      if (const auto* u = std::get_if<schemas::StatusUpdate>(&d.body.payload)) appointment(d, *u);
      if (const auto* e = std::get_if<schemas::EncounterNotification>(&d.body.payload)) encounter(d, *e);
      if (const auto* c = std::get_if<schemas::Consent>(&d.body.payload)) consent(d, *c);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string type_id(const char* type) const { return std::string(type) + "/" + fhir::resource_id(context_.thread_id, type); }

  void put(Json j, base::Instant updated, const std::string& version) {
    j["meta"]["versionId"] = version;
    j["meta"]["lastUpdated"] = base::rfc3339(updated);
    out_.push_back(item_of(std::make_shared<Json>(std::move(j)), updated, version));
    if (opening_ != nullptr) out_.back().patient = fhir::resource_id(context_.thread_id, "Patient");
  }

  void referral() {
    const auto& r = std::get<schemas::Referral>(opening_->body.payload);
    context_ = {.thread_id = opening_->thread_id, .from = opening_->from, .from_kind = opening_->from_kind, .to = opening_->to, .to_kind = {}, .at = opening_->received, .test = opening_->test};
    auto bundle = schemas::parse_json(fhir::referral_bundle(opening_->body, r, context_));
    if (!bundle.ok()) return;
    std::map<std::string, std::string> types;
    for (const Json& e : (**bundle)["entry"]) types[e["resource"]["id"]] = e["resource"]["resourceType"];
    std::size_t documents = 0;
    for (Json& e : (**bundle)["entry"]) {
      Json& j = e["resource"];
      relink(j, types);
      const std::string type = j["resourceType"];
      if (type == "DocumentReference") point_to_binary(j["content"][0]["attachment"], *opening_, documents++);
      if (type == "Task") task(j);
      if (type == "ServiceRequest") request(j);
      const bool moves = type == "Task" || type == "ServiceRequest";
      put(std::move(j), moves ? updated_ : opening_->received, moves ? std::to_string(events_.size()) : "1");
    }
  }

  void request(Json& j) {
    j["status"] = request_status(events_.back().loop.phase);
    if (settings_.profile == "sdoh-cc" && j["priority"] == "stat") soften(j);
    updated_ = events_.back().received;
  }
  // SDOH-CC binds routine and urgent only; ours goes into an extension.
  static void soften(Json& j) {
    j["priority"] = "urgent";
    j["extension"].push_back({{"url", fhir::kUrgency}, {"valueCode", "emergent"}});
  }

  void task(Json& j) {
    updated_ = events_.back().received;
    std::string status(schemas::name(events_.back().loop.phase));
    if (status == "none") status = "requested";
    const schemas::StatusUpdate* last = nullptr;
    for (const Delivery& d : events_) {
      const auto* u = std::get_if<schemas::StatusUpdate>(&d.body.payload);
      if (u == nullptr || d.conflict || u->status.empty()) continue;
      const auto& refused = d.loop.refused;
      if (std::none_of(refused.begin(), refused.end(), [&](const auto& r) { return r.msg_id == d.msg_id; })) last = u;
    }
    if (last != nullptr) {
      schemas::StatusUpdate shown = *last;
      shown.status = status;
      if (const auto answer = schemas::parse_json(fhir::status_task(shown, context_)); answer.ok()) {
        for (const char* key : {"statusReason", "note", "output", "location", "executionPeriod"}) {
          if ((*answer)->contains(key)) j[key] = (**answer)[key];
        }
      }
    }
    j["status"] = fhir::task_status(status);
    j["businessStatus"] = fhir::business_status(status);
    if (status == "expired") j["statusReason"] = fhir::concept_of(fhir::kOwnCodes, "expired");
    if (settings_.profile == "sdoh-cc") {
      if (j["status"] == "received") j["status"] = "requested";
      if (j["priority"] == "stat") soften(j);
    }
    if (settings_.profile == "bser" && j["businessStatus"]["coding"][0]["system"] == fhir::kOwnCodes) j.erase("businessStatus");
    j["lastModified"] = base::rfc3339(updated_);
  }

  static void point_to_binary(Json& attachment, const Delivery& d, std::size_t n) {
    attachment.erase("data");
    attachment["url"] = "Binary/" + base::uuid(d.msg_id) + "." + std::to_string(n);
  }

  Json own(const char* type, const Delivery& d) const {
    Json j{{"resourceType", type}, {"id", base::uuid(d.msg_id)}};
    if (d.test) j["meta"]["security"].push_back({{"system", "http://terminology.hl7.org/CodeSystem/v3-ActReason"}, {"code", "HTEST"}});
    return j;
  }
  [[nodiscard]] Json patient() const { return {{"reference", type_id("Patient")}}; }

  void message(const Delivery& d, const schemas::SecureMessage& m) {
    Json j = own("Communication", d);
    j["status"] = "completed";
    if (opening_ != nullptr) {
      j["about"].push_back({{"reference", "Task/" + base::uuid(d.thread_id)}});
      j["subject"] = patient();
    }
    j["sent"] = base::rfc3339(d.received);
    j["sender"] = {{"identifier", fhir::identifier(fhir::kAgencies, d.from)}};
    fhir::put(j["sender"], "display", m.author_name);
    j["recipient"].push_back({{"identifier", fhir::identifier(fhir::kAgencies, d.to)}});
    Json text = Json::object();
    fhir::put(text, "contentString", m.text);
    if (!text.empty()) j["payload"].push_back(std::move(text));
    for (std::size_t n = 0; n < m.attachments.size(); ++n) {
      Json a = Json::object();
      fhir::put(a, "contentType", m.attachments[n].media_type);
      fhir::put(a, "title", m.attachments[n].title);
      point_to_binary(a, d, n);
      Json document = own("DocumentReference", d);
      document["id"] = base::uuid(d.msg_id) + "." + std::to_string(n);
      document["status"] = "current";
      if (opening_ != nullptr) document["subject"] = patient();
      document["content"].push_back({{"attachment", a}});
      put(std::move(document), d.received, "1");
      j["payload"].push_back({{"contentAttachment", std::move(a)}});
    }
    put(std::move(j), d.received, "1");
  }

  void appointment(const Delivery& d, const schemas::StatusUpdate& u) {
    if (u.status != "scheduled" && u.status != "no-show") return;
    Json j = own("Appointment", d);
    j["status"] = u.status == "scheduled" ? "booked" : "noshow";
    j["basedOn"].push_back({{"reference", type_id("ServiceRequest")}});
    if (const auto start = base::parse_rfc3339(u.appointment_at)) {
      j["start"] = base::rfc3339(*start);
      j["end"] = base::rfc3339(start->plus(base::kHour));
      j["comment"] = "The end is not known; one hour is assumed.";
    } else if (u.status == "scheduled") {
      return;  // a booked appointment without a time that FHIR knows is no Appointment
    } else if (const auto missed = base::parse_rfc3339(u.last_attempt_at)) {
      j["start"] = base::rfc3339(*missed);
      j["end"] = base::rfc3339(missed->plus(base::kHour));
    } else {
      return;
    }
    j["participant"].push_back({{"actor", patient()}, {"status", "accepted"}});
    if (!u.place.empty()) j["participant"].push_back({{"actor", {{"display", u.place}}}, {"status", "accepted"}});
    put(std::move(j), d.received, "1");
  }

  void encounter(const Delivery& d, const schemas::EncounterNotification& e) {
    Json j = own("Encounter", d);
    const bool left = e.event == "discharged" || e.event == "left" || e.event == "transferred";
    j["status"] = left ? "finished" : e.event == "arrived" ? "arrived" : "in-progress";
    j["class"] = fhir::coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", e.event == "admitted" ? "IMP" : "EMER");
    if (!e.visit.empty()) j["identifier"].push_back(fhir::identifier("", e.visit));
    if (opening_ != nullptr) j["subject"] = patient();
    if (fhir::is_datetime(e.at)) j["period"][left ? "end" : "start"] = e.at;
    if (!e.facility.empty()) j["serviceProvider"]["display"] = e.facility;
    if (!e.disposition.empty()) j["hospitalization"]["dischargeDisposition"] = fhir::text_concept(e.disposition);
    put(std::move(j), d.received, "1");
  }

  void consent(const Delivery& d, const schemas::Consent& c) {
    Json j = own("Consent", d);
    if (!c.id.empty()) j["identifier"].push_back(fhir::identifier("", c.id));
    j["status"] = c.revoked_at.ms != 0 ? "inactive" : "active";
    j["scope"] = fhir::concept_of("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy");
    j["category"].push_back(fhir::concept_of("http://loinc.org", "59284-0", "Consent Document"));
    if (opening_ != nullptr) j["patient"] = patient();
    if (c.granted_at.ms != 0) j["dateTime"] = base::rfc3339(c.granted_at);
    j["policyRule"] = fhir::concept_of("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN");
    for (const std::string& who : c.recipients)
      j["provision"]["actor"].push_back({{"role", fhir::concept_of("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PRCP")}, {"reference", {{"identifier", fhir::identifier(fhir::kAgencies, who)}}}});
    for (const std::string& label : c.scope) {
      const char* code = label == "part2" ? "42CFRPart2" : label == "mh" ? "PSY" : label == "hiv" ? "HIV" : nullptr;
      if (code != nullptr) j["provision"]["securityLabel"].push_back(fhir::coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", code));
    }
    if (c.expires.ms != 0) j["provision"]["period"]["end"] = base::rfc3339(c.expires);
    put(std::move(j), d.received, "1");
  }

  const std::vector<Delivery>& events_;
  const Settings& settings_;
  const Delivery* opening_ = nullptr;
  fhir::Context context_{};
  base::Instant updated_{};
  std::vector<Item> out_;
};

std::string text_at(const Json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

Item item_of(std::shared_ptr<schemas::Json> resource, base::Instant updated, const std::string& version) {
  const Json& j = *resource;
  Item i{text_at(j, "resourceType"), text_at(j, "id"), version, updated, text_at(j, "status"), {}, {}, {}};
  for (const char* key : {"subject", "patient", "for", "beneficiary"}) {
    if (!j.contains(key) || !j[key].is_object()) continue;
    const std::string target = text_at(j[key], "reference");
    if (target.starts_with("Patient/")) i.patient = target.substr(8);
  }
  if (j.contains("identifier") && j["identifier"].is_array()) {
    for (const Json& one : j["identifier"]) {
      if (one.is_object()) i.identifiers.push_back(text_at(one, "system") + "|" + text_at(one, "value"));
    }
  }
  i.json = std::move(resource);
  return i;
}

std::vector<Item> thread_items(const std::vector<Delivery>& events, const Settings& settings) {
  if (events.empty()) return {};
  return View(events, settings).build();
}

std::optional<BinaryName> binary_name(std::string_view id) {
  const auto dot = id.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto msg = base::parse_uuid(id.substr(0, dot));
  BinaryName out;
  const auto [end, error] = std::from_chars(id.data() + dot + 1, id.data() + id.size(), out.n);
  if (!msg || error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  out.msg_id = *msg;
  return out;
}

const std::vector<schemas::Attachment>* attachments_of(const schemas::Body& body) {
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) return &r->attachments;
  if (const auto* m = std::get_if<schemas::SecureMessage>(&body.payload)) return &m->attachments;
  return nullptr;
}

}  // namespace adapters::facade
