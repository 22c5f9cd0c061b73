// What a document is, and which reader takes it.
#include "adapters/formats/fhir/read.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

using base::Kind;
using schemas::Json;

void collect(const Json& j, const std::string& path, std::vector<std::string>& out) {
  if (j.is_object()) {
    for (const auto& [key, value] : j.items()) collect(value, path.empty() ? key : path + "." + key, out);
  } else if (j.is_array()) {
    for (std::size_t i = 0; i < j.size(); ++i) collect(j[i], path + "[" + std::to_string(i) + "]", out);
  } else if (path != "kind") {
    out.push_back(path);
  }
}

// The narrative, the language and the bookkeeping of a resource say nothing that its elements do not.
void pass_frame(const Node& n) {
  for (const char* frame : {"text", "language"}) n[frame].pass();
  for (const char* frame : {"versionId", "lastUpdated", "profile", "source"}) n["meta"][frame].pass();
}

// FHIR R4 2.4: who does not know a modifier extension, or the rules that a resource was written under, must not process it.
void check_modifiers(const Node& n, Read& r) {
  if (r.error) return;
  for (const char* key : {"modifierExtension", "implicitRules"}) {
    if (n[key]) r.error = base::Error{Kind::kUnsupported, "it changes the meaning in a way that is not known here", n[key].path(), "send it without"};
  }
}

bool asks(const Node& task) {
  const Node status = task["status"];
  if (!status || !status.json()->is_string()) return true;
  const std::string s = status.json()->get<std::string>();
  if (s != "requested" && s != "draft" && s != "ready") return false;
  for (const Node& c : task["businessStatus"]["coding"].each()) {
    if (const Node code = c["code"]; code && code.json()->is_string() && (*code.json() == "received" || *code.json() == "info-requested")) return false;
  }
  return true;
}
bool fulfils(const Node& task) {
  const std::string code = code_of(task["code"], "http://hl7.org/fhir/CodeSystem/task-code");
  return code == "fulfill" || task["focus"]["reference"].text().find("ServiceRequest/") != std::string::npos;
}

// A resource that is no message by itself.
void part_in(const Node& n, Read& r) {
  const std::string type = n.is();
  schemas::Referral part;
  if (is_clinical(type)) {
    clinical_in(n, part, r);
    r.note = "travels as a part of a referral";
    r.body.payload = std::move(part);
  } else if (type == "OperationOutcome") {
    n.pass();
    r.note = "an answer of a server: it asks for nothing";
  } else {
    r.note = "this exchange does not carry it";
  }
}

void single_in(const Node& n, Read& r) {
  const std::string type = n.is();
  if (type == "ServiceRequest") {
    referral_in(n, {}, r);
  } else if (type == "Task") {
    if (!asks(n)) {
      task_in(n, r);
    } else if (fulfils(n)) {
      referral_in({}, n, r);
    } else {
      n["status"].pass(), n["code"].pass();
      r.note = "a Task that asks for something other than the fulfilment of a request: this exchange does not carry it";
    }
  } else if (type == "Appointment") {
    appointment_in(n, r);
  } else if (type == "Encounter") {
    encounter_in(n, r);
  } else if (type == "Communication") {
    communication_in(n, r);
  } else if (type == "DocumentReference") {
    document_in(n, r);
  } else if (type == "Consent") {
    consent_in(n, r);
  } else {
    part_in(n, r);
  }
}

// The resource of a Bundle that says what the Bundle is about.
Node main_of(const Document& d, Read& r) {
  const auto requests = d.all("ServiceRequest"), tasks = d.all("Task");
  for (const Node& t : tasks) {
    if (!asks(t) && requests.empty()) return t;
  }
  if (!requests.empty() && d.all("DiagnosticReport").empty()) {
    for (const Node& extra : requests) {
      if (!extra.same(requests.front())) warn(r, extra, "a second request: hand it in by itself");
    }
    return requests.front();
  }
  if (!requests.empty()) r.note = "the report of a finished examination with its order: this exchange does not carry it";
  if (requests.empty()) {
    for (const char* type : {"Task", "Communication", "Appointment", "Consent", "Encounter", "DocumentReference"}) {
      if (const auto found = d.all(type); !found.empty()) return found.front();
    }
  }
  return {};
}

void bundle_in(const Document& d, Read& r) {
  const Node root = d.root();
  for (const char* known : {"type", "timestamp", "total", "identifier", "link"}) root[known].pass();
  for (const Node& e : root["entry"].each()) {
    for (const char* known : {"fullUrl", "request", "search", "response", "link"}) e[known].pass();
  }
  for (const Node& header : d.all("MessageHeader")) header.pass();
  const Node main = main_of(d, r);
  if (!main) {
    schemas::Referral parts;
    bool any = false;
    for (const Node& n : d.resources()) {
      if (!is_clinical(n.is())) continue;
      any = true;
      clinical_in(n, parts, r);
    }
    if (any) r.body.payload = std::move(parts);
    if (r.note.empty()) r.note = any ? "holds parts of a referral, but no request" : "holds nothing that this exchange carries";
    return;
  }
  r.main = {main.path()};
  if (main.is() != "ServiceRequest") return single_in(main, r);
  Node task;
  for (const Node& t : d.all("Task")) {
    if (!asks(t)) {  // an answer that brings its question along
      r.main = {t.path()};
      return task_in(t, r);
    }
    if (!task || d.resolve(t["focus"]).same(main)) task = t;
  }
  if (task) r.main.push_back(task.path());
  referral_in(main, task, r);
}

Read refused(base::Error e, std::string note) {
  Read r;
  r.note = std::move(note);
  r.error = std::move(e);
  return r;
}

base::Result<std::shared_ptr<Json>> parse(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const auto first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '<')
    return base::Error{Kind::kUnsupported, "XML; only the JSON form of FHIR is read", "byte " + std::to_string(first), "send application/fhir+json"};
  return schemas::parse_json(bytes);
}

}  // namespace

Read read(std::string_view bytes) {
  auto json = parse(bytes);
  if (!json.ok()) return refused(json.error(), "cannot be read");
  if (!(*json)->is_object()) return refused(base::malformed("a JSON object was expected", "resourceType"), "cannot be read");
  Document d(std::move(json).value());
  const Node root = d.root();
  Read r;
  r.type = root.is();
  r.id = root["id"].text();
  if (r.type.empty())
    return refused(base::malformed("no resourceType: not a FHIR resource", "resourceType", "hand in a FHIR R4 resource or Bundle"), "not FHIR");
  pass_frame(root);
  for (const Node& n : d.resources()) pass_frame(n);
  std::vector<std::string> labels;
  labels_in(root, labels, r);
  if (r.type == "Bundle") {
    bundle_in(d, r);
  } else {
    single_in(root, r);
  }
  if (!r.kind.empty() || r.type != "Bundle") check_modifiers(root, r);
  for (const Node& n : d.resources()) check_modifiers(n, r);
  if (!r.kind.empty() && r.note.empty()) r.note = (r.kind == "EncounterNotification" ? "read as an " : "read as a ") + r.kind;
  r.unmapped = d.unread();
  collect(*schemas::to_json(r.body), "", r.fields);
  std::sort(r.refs.begin(), r.refs.end());
  r.refs.erase(std::unique(r.refs.begin(), r.refs.end()), r.refs.end());
  return r;
}

}  // namespace adapters::formats::fhir
