#include "adapters/facade/desk.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/facade/stray.h"
#include "adapters/formats/fhir/parts.h"
#include "adapters/transport/http_server.h"

namespace adapters::facade {
namespace {

using base::Error;
using base::Kind;
namespace fhir = formats::fhir;

constexpr std::array kWaiting = {"Patient",          "Practitioner",       "PractitionerRole",  "Organization", "RelatedPerson", "Location", "Condition", "Observation",
                                 "AllergyIntolerance", "MedicationStatement", "MedicationRequest", "Flag",         "Coverage"};
constexpr std::array kCarried = {"ServiceRequest", "Task", "Communication", "Consent", "DocumentReference", "Encounter", "Appointment"};

std::string text_at(const Json& j, const char* key) {
  const auto it = j.is_object() ? j.find(key) : j.end();
  return j.is_object() && it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string fingerprint(std::string_view bytes) {
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  base::Fixed<8> out{};
  base::store_be(out.data(), h);
  return base::hex(out) + "." + std::to_string(bytes.size());
}

// The first identifier of a resource, as "system|value".
std::string identifier_of(const Json& j) {
  if (!j.contains("identifier") || !j["identifier"].is_array()) return {};
  for (const Json& i : j["identifier"]) {
    if (const std::string value = text_at(i, "value"); !value.empty()) return text_at(i, "system") + "|" + value;
  }
  return {};
}

void each_reference(const Json& j, const std::function<void(const std::string&)>& f) {
  if (j.is_object()) {
    if (const std::string target = text_at(j, "reference"); !target.empty()) f(target);
  }
  if (j.is_structured()) {
    for (const Json& inner : j) each_reference(inner, f);
  }
}

void relink(Json& j, const std::map<std::string, std::string>& ids) {
  if (j.is_object()) {
    if (const auto it = ids.find(text_at(j, "reference")); it != ids.end()) j["reference"] = it->second;
  }
  if (j.is_structured()) {
    for (Json& inner : j) relink(inner, ids);
  }
}

// "https://agency.example/fhir/R4/Patient/7/_history/1" -> {"Patient", "7"}
std::pair<std::string, std::string> type_and_id(std::string target) {
  target = target.substr(0, target.find("/_history/"));
  const auto slash = target.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  const auto before = target.rfind('/', slash - 1);
  const std::size_t from = before == std::string::npos ? 0 : before + 1;
  return {target.substr(from, slash - from), target.substr(slash + 1)};
}

}  // namespace

bool waits(std::string_view type) { return std::find(kWaiting.begin(), kWaiting.end(), type) != kWaiting.end(); }
bool carried(std::string_view type) { return std::find(kCarried.begin(), kCarried.end(), type) != kCarried.end(); }

std::string Desk::location(const Item& i) const {
  return (settings_.base_url.empty() ? "/fhir/R4" : settings_.base_url) + "/" + i.type + "/" + i.id + "/_history/" + i.version;
}

HttpResponse Desk::shown(const std::string& type, const std::string& id, int status) {
  const auto item = catalogue_.find(*host_, type, id);
  if (!item || !item->json) return resource(status, operation_outcome({{"information", "informational", "taken; it has no resource of this type to show", ""}}));
  HttpResponse out = resource(status, *item->json);
  out.headers.emplace_back("ETag", "W/\"" + item->version + "\"");
  if (status == 201 || status == 200) out.headers.emplace_back("Location", location(*item));
  return out;
}

HttpResponse Desk::keep(const std::string& type, Json j, const std::string& id, int status, std::uint64_t version) {
  j["id"] = id;
  j["meta"]["versionId"] = std::to_string(version);
  j["meta"]["lastUpdated"] = base::rfc3339(host_->now());
  if (const auto kept = catalogue_.keep_draft(*host_, j); !kept.ok()) return failed(kept.error());
  return shown(type, id, status);
}

// The resource with what it refers to, as far as it is here: what the reader needs to see at once.
Json Desk::gather(const Json& first) const {
  Json bundle{{"resourceType", "Bundle"}, {"type", "collection"}};
  bundle["entry"].push_back({{"resource", first}});
  std::set<std::string> seen;
  std::vector<std::string> open;
  const auto note = [&](const Json& j) { each_reference(j, [&](const std::string& t) { open.push_back(t); }); };
  note(first);
  while (!open.empty() && seen.size() < 500) {
    const auto [type, id] = type_and_id(std::move(open.back()));
    open.pop_back();
    const bool wanted = waits(type) || type == "ServiceRequest" || type == "DocumentReference" || type == "Consent";
    if (!wanted || !seen.insert(type + "/" + id).second) continue;
    const auto item = catalogue_.find(*host_, type, id);
    if (!item || !item->json) continue;
    note(*item->json);
    bundle["entry"].push_back({{"resource", *item->json}});
  }
  return bundle;
}

std::optional<base::Id> Desk::thread_by(const fhir::Read& r) const {
  if (r.thread && host_->thread(*r.thread)) return r.thread;
  for (const std::string& ref : r.refs) {
    for (const char* type : {"Task", "ServiceRequest"}) {
      if (const auto thread = catalogue_.thread_of(type, ref)) return thread;
    }
    if (const auto found = host_->threads_by_ref(ref); found.size() == 1) return found.front().thread_id;
  }
  return std::nullopt;
}

base::Status Desk::address(fhir::Read& r, agent::Submission& s, const std::optional<base::Id>& thread) {
  if (auto* f = std::get_if<schemas::Referral>(&s.body.payload)) {
    if (!r.to.empty()) {
      const auto slug = host_->slug_for(r.to);
      if (!slug) return Error{Kind::kUsage, "no agency of the name that is asked is in the directory", "Task.owner", "name it by its identifier (system urn:handoff:agency), or add an alias to the agent's configuration"};
      s.to = *slug;
    } else if (!settings_.to.empty()) {
      s.to = settings_.to;
    } else {
      return Error{Kind::kUsage, "nobody is asked", "Task.owner", "name the agency as the Task's owner or the request's performer"};
    }
    if (f->authority_basis.empty()) f->authority_basis = settings_.authority_basis;
    if (f->requester.phone.empty()) f->requester.phone = settings_.callback;
    return {};
  }
  s.thread = thread ? thread : thread_by(r);
  if (!s.thread) return Error{Kind::kNotFound, "it belongs to no referral that is known here", r.type + (r.type == "Communication" ? ".about" : r.type == "DocumentReference" ? ".context.related" : r.type == "Task" ? ".identifier" : ".basedOn"), "refer to the Task or to the ServiceRequest"};
  if (const auto info = host_->thread(*s.thread)) s.to = info->other;
  if (auto* u = std::get_if<schemas::StatusUpdate>(&s.body.payload)) {
    if (u->at.ms == 0) u->at = host_->now();
    if (u->callback.empty() && u->status == "accepted") u->callback = settings_.callback;
    if (u->reason == "OTH" && u->text.empty()) u->text = "no further words";
  }
  return {};
}

base::Result<Desk::Sent> Desk::send(fhir::Read r, const std::string& bytes, const std::string& key, std::optional<base::Id> thread, const std::string& client) {
  if (r.error) return *r.error;
  if (r.kind.empty()) return Error{Kind::kUnsupported, r.note, r.type};
  for (const fhir::Remark& w : r.warnings) {  // content that would not be sent
    if (w.where.ends_with("ttachment.url") || w.where.ends_with("ttachment.data")) return Error{Kind::kUnsupported, w.what, w.where, "put it into attachment.data as base64"};
  }
  agent::Submission s;
  s.purpose = settings_.purpose, s.test = r.test, s.person = client;
  s.body = std::move(r.body);
  s.body.source = {"fhir-r4", base::to_bytes(bytes)};
  const auto addressed = address(r, s, thread);
  s.dedupe_key = "fhir:" + client + ":" + key + (s.thread ? ":" + base::hex(*s.thread) : ":" + s.to);
  if (const auto* e = std::get_if<schemas::EncounterNotification>(&s.body.payload); e != nullptr && !addressed.ok()) {
    const schemas::Subject who = e->subject;  // which goes with `s`
    TRY_ASSIGN(const auto proposal, host_->propose_match(settings_.name, who, std::move(s)));
    if (proposal) return Sent{{}, true};
  }
  TRY(addressed);
  TRY_ASSIGN(const agent::Submitted done, host_->submit(std::move(s)));
  catalogue_.refresh(*host_, done.thread_id);
  return Sent{done, false};
}

HttpResponse Desk::send_created(const std::string& type, const Json& document, const HttpRequest& r, const std::string& key) {
  const std::string bytes = schemas::dump(document);
  fhir::Read read = fhir::read(bytes);
  const bool referral = read.kind == "Referral";
  const auto sent = send(std::move(read), bytes, key, std::nullopt, r.client);
  if (!sent.ok()) return failed(sent.error());
  if (sent->proposed) return resource(202, operation_outcome({{"information", "informational", "kept; a person is asked which referral it belongs to", ""}}));
  const base::Id& thread = sent->done.thread_id;
  const std::string id = !referral ? base::uuid(type == "Task" ? thread : sent->done.msg_id) : fhir::resource_id(thread, type);
  return shown(type, id, sent->done.repeat ? 200 : 201);
}

HttpResponse Desk::create(const std::string& type, const Json& j, const HttpRequest& r) {
  std::string key = identifier_of(j);
  key = key.empty() ? "bytes:" + fingerprint(schemas::dump(j)) : "id:" + type + ":" + key;
  if (const std::string_view condition = r.header("if-none-exist"); !condition.empty()) {
    const auto mark = condition.find('?');
    const auto parsed = parse_search(type, transport::query_of(mark == std::string_view::npos ? condition : condition.substr(mark + 1)), false);
    if (!parsed.ok()) return failed(400, "invalid", parsed.error().what, "If-None-Exist");
    if (parsed->used.empty()) return failed(400, "invalid", "a condition that says nothing", "If-None-Exist");
    const auto there = catalogue_.list(type, parsed->filter);
    if (there.size() > 1) return failed(412, "multiple-matches", "more than one resource meets the condition", "If-None-Exist");
    if (there.size() == 1) return shown(type, there.front().id, 200);
    key = "if:" + type + ":" + std::string(condition);
  }
  if (type == "Subscription") return hooks_.create(j, catalogue_.new_id(*host_));
  if (waits(type)) return keep(type, j, catalogue_.new_id(*host_), 201, 1);
  if (type == "ServiceRequest") {
    const bool known = j.contains("performer") || !settings_.to.empty();
    if (text_at(j, "status") == "active" && known) return send_created(type, gather(j), r, key);
    const fhir::Read read = fhir::read(schemas::dump(j));
    if (read.error) return failed(*read.error);
    return keep(type, j, catalogue_.new_id(*host_), 201, 1);  // until a Task says who is asked
  }
  if (type == "Task") {
    const auto [focus, id] = type_and_id(j.contains("focus") ? text_at(j["focus"], "reference") : "");
    if (const auto thread = catalogue_.thread_of(focus, id)) {
      if (text_at(j, "status") == "requested") return shown("Task", base::uuid(*thread), 200);  // it was asked with the request
    } else if (text_at(j, "status") == "requested" && !catalogue_.is_draft(focus, id) && !j.contains("contained")) {
      return failed(422, "not-found", "the ServiceRequest that it asks for is not here; create it first, or send both in a transaction", "Task.focus");
    }
    return send_created(type, text_at(j, "status") == "requested" ? gather(j) : j, r, key);
  }
  if (type == "DocumentReference" && !thread_by(fhir::read(schemas::dump(j)))) return keep(type, j, catalogue_.new_id(*host_), 201, 1);
  return send_created(type, j, r, key);
}

std::optional<HttpResponse> Desk::stale(const std::string& type, const std::string& id, std::string_view if_match) const {
  if (if_match.empty()) return std::nullopt;
  const auto item = catalogue_.find(*host_, type, id);
  if (item && (if_match == "W/\"" + item->version + "\"" || if_match == "\"" + item->version + "\"")) return std::nullopt;
  return failed(412, "conflict", "it was changed since; read it again", "If-Match");
}

HttpResponse Desk::update(const std::string& type, const std::string& id, const Json& j, const HttpRequest& r) {
  if (text_at(j, "id") != id) return failed(400, "invalid", "the id in the resource is not that of the path", type + ".id");
  if (type == "Subscription") return hooks_.update(j, id);
  const auto item = catalogue_.find(*host_, type, id);
  if (!item) return failed(405, "not-supported", "ids are given here: create it with POST", type + ".id");
  if (auto no = stale(type, id, r.header("if-match"))) return std::move(*no);
  if (catalogue_.is_draft(type, id)) return keep(type, j, id, 200, std::strtoull(item->version.c_str(), nullptr, 10) + 1);
  if (type == "Task") return answer_task(id, j, r);
  if (type == "ServiceRequest") return revoke(*catalogue_.thread_of(type, id), j, r);
  return failed(405, "not-supported", "what has been sent is not changed; say what is new with a Task or a Communication", type);
}

HttpResponse Desk::answer_task(const std::string& id, const Json& j, const HttpRequest& r) {
  const auto thread = base::parse_uuid(id);
  const auto info = thread ? host_->thread(*thread) : std::nullopt;
  if (!info) return failed(404, "not-found", "no such Task", "Task.id");
  const std::string bytes = schemas::dump(j);
  fhir::Read read = fhir::read(bytes);
  if (read.kind == "Referral") {  // still asking: nothing new is said
    if (info->loop.phase == schemas::Phase::kRequested || info->loop.phase == schemas::Phase::kReceived) return shown("Task", id, 200);
    return failed(409, "business-rule", "it has been answered; it cannot be requested again", "Task.status");
  }
  const auto* u = std::get_if<schemas::StatusUpdate>(&read.body.payload);
  if (u != nullptr && !read.error && u->status != "scheduled" && u->status != "completed" && u->status == schemas::name(info->loop.phase)) return shown("Task", id, 200);
  const auto item = catalogue_.find(*host_, "Task", id);
  const auto sent = send(std::move(read), bytes, "task:" + (item ? item->version : "") + ":" + fingerprint(bytes), *thread, r.client);
  return sent.ok() ? shown("Task", id, 200) : failed(sent.error());
}

HttpResponse Desk::revoke(const base::Id& thread, const Json& j, const HttpRequest& r) {
  const std::string id = text_at(j, "id"), status = text_at(j, "status");
  if (status == "active") return shown("ServiceRequest", id, 200);
  if (status != "revoked" && status != "entered-in-error")
    return failed(422, "business-rule", "a request that was sent can only be revoked; the Task says the rest", "ServiceRequest.status");
  const auto info = host_->thread(thread);
  const bool early = info && (info->loop.phase == schemas::Phase::kRequested || info->loop.phase == schemas::Phase::kReceived || info->loop.phase == schemas::Phase::kInfoRequested);
  fhir::Read read;
  read.type = "ServiceRequest", read.kind = "StatusUpdate";
  schemas::StatusUpdate u;
  u.status = status == "entered-in-error" ? status : early ? "cancelled" : "cancel_requested";
  u.reason = status == "entered-in-error" ? "ERROR" : "CLIENT_WITHDREW";
  if (j.contains("note") && j["note"].is_array() && !j["note"].empty()) u.text = text_at(j["note"][0], "text");
  read.body.payload = std::move(u);
  const auto sent = send(std::move(read), schemas::dump(j), "revoke:" + status, thread, r.client);
  return sent.ok() ? shown("ServiceRequest", id, 200) : failed(sent.error());
}

HttpResponse Desk::remove(const std::string& type, const std::string& id) {
  if (type == "Subscription") return hooks_.remove(id);
  if (!catalogue_.is_draft(type, id)) return failed(405, "not-supported", "what has been sent is not deleted; revoke the request", type);
  if (const auto s = catalogue_.drop_draft(*host_, type, id); !s.ok()) return failed(s.error());
  return {.status = 204, .type = "", .body = ""};
}

// A transaction of resources that only wait: each gets an id, and what refers to it by urn:uuid refers to that.
HttpResponse Desk::keep_all(const Json& bundle) {
  std::map<std::string, std::string> ids;
  std::vector<Json> all;
  for (const Json& e : bundle["entry"]) {
    Json j = e["resource"];
    const std::string type = text_at(j, "resourceType"), id = catalogue_.new_id(*host_);
    if (!waits(type) && type != "ServiceRequest" && type != "DocumentReference") return failed(422, "not-supported", "this type is not taken here", "Bundle.entry[" + std::to_string(all.size()) + "].resource");
    j["id"] = id;
    if (const std::string url = text_at(e, "fullUrl"); !url.empty()) ids[url] = type + "/" + id;
    all.push_back(std::move(j));
  }
  Json out{{"resourceType", "Bundle"}, {"type", "transaction-response"}};
  for (Json& j : all) {
    relink(j, ids);
    const std::string type = j["resourceType"], id = j["id"];
    const HttpResponse kept = keep(type, std::move(j), id, 201, 1);
    if (kept.status != 201) return kept;
    out["entry"].push_back({{"response", {{"status", "201 Created"}, {"location", type + "/" + id}, {"etag", "W/\"1\""}}}});
  }
  return resource(200, out);
}

HttpResponse Desk::transaction(const Json& bundle, const HttpRequest& r) {
  if (!bundle.contains("entry") || !bundle["entry"].is_array() || bundle["entry"].empty()) return failed(422, "invalid", "a transaction without entries", "Bundle.entry");
  std::string key, task_id, if_match, condition_type, condition, closed;
  std::size_t n = 0;
  for (const Json& e : bundle["entry"]) {
    const std::string where = "Bundle.entry[" + std::to_string(n++) + "]";
    if (!e.is_object() || !e.contains("resource") || !e["resource"].is_object() || !e.contains("request")) return failed(422, "invalid", "an entry of a transaction has a resource and a request", where);
    const std::string method = text_at(e["request"], "method"), type = text_at(e["resource"], "resourceType");
    if (method != "POST" && method != "PUT") return failed(422, "not-supported", "only POST and PUT are taken in a transaction; send the rest as a batch", where + ".request.method");
    if (const std::string status = text_at(e["resource"], "status"); type == "ServiceRequest" && (status == "revoked" || status == "entered-in-error" || status == "completed")) closed = where;
    if (method == "PUT" && type == "ServiceRequest" && catalogue_.thread_of(type, text_at(e["resource"], "id"))) closed = where;
    if ((type == "ServiceRequest" || type == "Task") && key.empty()) key = identifier_of(e["resource"]);
    if (type == "Task" && method == "PUT" && !text_at(e["resource"], "id").empty()) task_id = text_at(e["resource"], "id"), if_match = text_at(e["request"], "ifMatch");
    if (const std::string c = text_at(e["request"], "ifNoneExist"); !c.empty() && (type == "ServiceRequest" || type == "Task")) condition = c, condition_type = type;
  }
  const std::string bytes = schemas::dump(bundle);
  fhir::Read read = fhir::read(bytes);
  if (const auto lost = stray(bundle, read)) return failed(*lost);
  if (!condition.empty()) {
    const auto parsed = parse_search(condition_type, transport::query_of(condition.substr(condition.find('?') == std::string::npos ? 0 : condition.find('?') + 1)), false);
    if (!parsed.ok()) return failed(400, "invalid", parsed.error().what, "Bundle.entry.request.ifNoneExist");
    if (const auto there = catalogue_.list(condition_type, parsed->filter); there.size() == 1) {
      Json out{{"resourceType", "Bundle"}, {"type", "transaction-response"}};
      for (std::size_t i = 0; i < bundle["entry"].size(); ++i) out["entry"].push_back({{"response", {{"status", "200 OK"}, {"location", condition_type + "/" + there.front().id}}}});
      return resource(200, out);
    } else if (there.size() > 1) {
      return failed(412, "multiple-matches", "more than one resource meets the condition", "Bundle.entry.request.ifNoneExist");
    }
  }
  if (read.kind.empty() && !read.error) return keep_all(bundle);
  const bool referral = read.kind == "Referral";
  if (referral && !closed.empty())
    return failed(422, "business-rule", "it was sent before, or is not an open request; to take a request back, PUT it to ServiceRequest by itself", closed + ".resource.status");
  if (!task_id.empty() && !referral) {
    if (auto no = stale("Task", task_id, if_match)) return std::move(*no);
  }
  const auto sent = send(std::move(read), bytes, key.empty() ? "bytes:" + fingerprint(bytes) : "id:transaction:" + key, std::nullopt, r.client);
  if (!sent.ok()) return failed(sent.error());
  Json out{{"resourceType", "Bundle"}, {"type", "transaction-response"}};
  std::map<std::string, std::size_t> counts;
  for (const Json& e : bundle["entry"]) {
    const std::string type = text_at(e["resource"], "resourceType");
    const std::string id = referral ? fhir::resource_id(sent->done.thread_id, type, counts[type]++) : base::uuid(type == "Task" ? sent->done.thread_id : sent->done.msg_id);
    Json response{{"status", sent->proposed ? "202 Accepted" : sent->done.repeat ? "200 OK" : "201 Created"}};
    if (const auto item = catalogue_.find(*host_, type, id)) response["location"] = type + "/" + id, response["etag"] = "W/\"" + item->version + "\"";
    out["entry"].push_back({{"response", std::move(response)}});
  }
  return resource(200, out);
}

// $process-message: the answer is a message that names the one it answers.
HttpResponse Desk::message(const Json& bundle, const HttpRequest& r) {
  const Json* header = nullptr;
  if (bundle.contains("entry") && bundle["entry"].is_array() && !bundle["entry"].empty() && bundle["entry"][0].is_object() && bundle["entry"][0].contains("resource")) header = &bundle["entry"][0]["resource"];
  if (header == nullptr || text_at(*header, "resourceType") != "MessageHeader") return failed(422, "required", "a message begins with its MessageHeader", "Bundle.entry[0].resource");
  const std::string bytes = schemas::dump(bundle), id = text_at(*header, "id");
  fhir::Read read = fhir::read(bytes);
  if (const auto lost = stray(bundle, read)) return failed(*lost);
  const auto sent = send(std::move(read), bytes, id.empty() ? "bytes:" + fingerprint(bytes) : "message:" + id, std::nullopt, r.client);
  if (!sent.ok()) return failed(sent.error());
  Json answer{{"resourceType", "MessageHeader"}, {"id", base::uuid(sent->done.msg_id)}, {"source", {{"name", host_->own_slug()}, {"endpoint", settings_.base_url.empty() ? "urn:handoff:agency:" + host_->own_slug() : settings_.base_url}}}};
  for (const char* event : {"eventCoding", "eventUri"}) {
    if (header->contains(event)) answer[event] = (*header)[event];
  }
  answer["response"] = {{"identifier", id.empty() ? "unknown" : id}, {"code", "ok"}};
  if (!sent->proposed) answer["focus"].push_back({{"reference", "Task/" + base::uuid(sent->done.thread_id)}});
  Json out{{"resourceType", "Bundle"}, {"type", "message"}, {"timestamp", base::rfc3339(host_->now())}};
  out["entry"].push_back({{"fullUrl", "urn:uuid:" + base::uuid(sent->done.msg_id)}, {"resource", std::move(answer)}});
  return resource(200, out);
}

}  // namespace adapters::facade
