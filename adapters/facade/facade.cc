#include "adapters/facade/facade.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "adapters/facade/capability.h"
#include "adapters/facade/desk.h"
#include "adapters/facade/push.h"
#include "adapters/transport/http_server.h"
#include "adapters/transport/scopes.h"

namespace adapters::facade {
namespace {

using agent::Delivery;
using base::Error;
using base::Kind;
constexpr std::string_view kBase = "/fhir/R4";

bool wants_json(const HttpRequest& r) {
  if (const auto f = r.query.find("_format"); f != r.query.end()) return f->second.find("json") != std::string::npos;
  const std::string_view accept = r.header("accept");
  if (accept.empty()) return true;
  if (accept.find("json") != std::string_view::npos || accept.find("*/*") != std::string_view::npos || accept.find("application/*") != std::string_view::npos) {
    // A FHIR version other than R4 that is asked for by name is not served.
    const auto version = accept.find("fhirVersion=");
    return version == std::string_view::npos || accept.substr(version + 12).starts_with("4.0");
  }
  return false;
}
bool sends_json(const HttpRequest& r) {
  const std::string_view type = r.header("content-type");
  return type.starts_with("application/fhir+json") || type.starts_with("application/json");
}

class Facade : public agent::Adapter {
 public:
  explicit Facade(Settings s) : settings_(std::move(s)), catalogue_(settings_), hooks_(settings_), desk_(settings_, catalogue_, hooks_), push_(settings_.push) {}
  ~Facade() override { Facade::stop(); }

  base::Status start(agent::Host& host) override {
    host_ = &host;
    catalogue_.load(host);
    desk_.start(host);
    hooks_.start(host);
    host.say(settings_.name, "FHIR R4 below /fhir/R4");
    return {};
  }
  void stop() override {
    push_.stop();
    hooks_.stop();
  }
  base::Status deliver(const Delivery& d) override;
  [[nodiscard]] std::vector<agent::HttpMount> http_mounts() const override {
    return {{std::string(kBase), agent::HttpAuth::kBearer}, {std::string(kBase) + "/metadata", agent::HttpAuth::kOwn}};
  }
  HttpResponse http(const HttpRequest& r) override {
    HttpResponse out = answer(r);
    if (out.status == 201 || (out.status == 200 && (r.method == "PUT" || r.method == "POST"))) ++accepted_;
    if (out.status >= 400) ++refused_;
    return out;
  }
  [[nodiscard]] agent::Health health() const override {
    return {.ok = !push_trouble_,
            .words = push_trouble_ ? "the server behind push_to does not take what is sent" : "FHIR R4 below /fhir/R4, " + std::to_string(hooks_.waiting()) + " calls to subscribers wait",
            .accepted = accepted_,
            .refused = refused_,
            .delivered = delivered_,
            .failed = 0};
  }

 private:
  HttpResponse answer(const HttpRequest& r);
  HttpResponse route(const HttpRequest& r, const std::string& type, const std::string& id);
  HttpResponse written(const HttpRequest& r, const std::string& type, const std::string& id);
  HttpResponse bundle(const HttpRequest& r, const Json& j);
  HttpResponse batch(const HttpRequest& r, const Json& j);
  HttpResponse read(const HttpRequest& r, const std::string& type, const std::string& id);
  HttpResponse binary(const HttpRequest& r, const std::string& id);
  base::Status push(const Delivery& d);

  Settings settings_;
  Catalogue catalogue_;
  Hooks hooks_;
  Desk desk_;
  transport::Outbound push_;
  agent::Host* host_ = nullptr;
  std::atomic<std::uint64_t> accepted_{0}, refused_{0}, delivered_{0};
  std::atomic<bool> push_trouble_{false};
};

bool known_type(const std::string& type) { return waits(type) || carried(type) || type == "Subscription" || type == "Binary"; }

std::optional<HttpResponse> not_allowed(const HttpRequest& r, const std::string& type, char letter) {
  const std::string wanted = "system/" + type + "." + letter;
  if (transport::scope_covers(r.scopes, wanted)) return std::nullopt;
  HttpResponse no = failed(403, "forbidden", "the token does not allow it; needed: " + wanted);
  no.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"handoff\", error=\"insufficient_scope\", scope=\"" + wanted + "\"");
  return no;
}

HttpResponse Facade::answer(const HttpRequest& r) {
  if (!wants_json(r)) return failed(406, "not-supported", "only FHIR R4 as JSON is served: Accept: application/fhir+json");
  std::string path = r.path.substr(std::min(kBase.size(), r.path.size()));
  while (path.ends_with('/')) path.pop_back();
  if (path == "/metadata") return r.method == "GET" || r.method == "HEAD" ? resource(200, capability_statement(settings_, host_->own_slug())) : failed(405, "not-supported", "GET it");
  std::string type, id;
  if (path.size() > 1) {
    const auto slash = path.find('/', 1);
    type = path.substr(1, slash == std::string::npos ? slash : slash - 1);
    id = slash == std::string::npos ? "" : path.substr(slash + 1);
  }
  if (id.find('/') != std::string::npos) return failed(404, "not-supported", "histories, compartments and operations of resources are not served");
  if (!type.empty() && type != "$process-message" && !known_type(type)) return failed(404, "not-supported", "this resource type is not served; see /metadata");
  return route(r, type, id);
}

HttpResponse Facade::route(const HttpRequest& r, const std::string& type, const std::string& id) {
  const bool lenient = r.header("prefer").find("handling=lenient") != std::string_view::npos;
  if (r.method == "GET" || r.method == "HEAD") {
    if (type.empty() || type.starts_with('$')) return failed(405, "not-supported", "name a resource type");
    return id.empty() ? [&]() -> HttpResponse {
      if (auto no = not_allowed(r, type, 's')) return std::move(*no);
      if (type == "Binary") return failed(405, "not-supported", "Binary is not searched");
      return type == "Subscription" ? hooks_.list() : search(*host_, catalogue_, settings_, type, r.query, lenient);
    }() : read(r, type, id);
  }
  if (r.method == "POST" && id == "_search") {
    if (auto no = not_allowed(r, type, 's')) return std::move(*no);
    if (!r.header("content-type").starts_with("application/x-www-form-urlencoded")) return failed(415, "not-supported", "send application/x-www-form-urlencoded");
    Query all = r.query;
    for (auto& pair : transport::query_of(r.body)) all.insert(std::move(pair));
    return search(*host_, catalogue_, settings_, type, all, lenient);
  }
  if (r.method == "DELETE") {
    if (type.empty() || id.empty()) return failed(405, "not-supported", "name a resource");
    if (auto no = not_allowed(r, type, 'd')) return std::move(*no);
    return desk_.remove(type, id);
  }
  if (r.method == "POST" || r.method == "PUT") return written(r, type, id);
  return failed(405, "not-supported", "GET, POST, PUT and DELETE are served");
}

HttpResponse Facade::read(const HttpRequest& r, const std::string& type, const std::string& id) {
  if (auto no = not_allowed(r, type, 'r')) return std::move(*no);
  if (type == "Binary") return binary(r, id);
  if (type == "Subscription") return hooks_.read(id);
  const auto item = catalogue_.find(*host_, type, id);
  if (!item || !item->json) return failed(404, "not-found", "no such resource");
  const std::string tag = "W/\"" + item->version + "\"";
  if (r.header("if-none-match") == tag) return {.status = 304, .type = "", .body = "", .headers = {{"ETag", tag}}};
  HttpResponse out = resource(200, *item->json);
  out.headers.emplace_back("ETag", tag);
  return out;
}

HttpResponse Facade::binary(const HttpRequest& r, const std::string& id) {
  const auto name = binary_name(id);
  if (!name) return failed(404, "not-found", "no such Binary");
  const auto thread = catalogue_.thread_of("DocumentReference", id);
  // The attachments of a referral are DocumentReferences with ids of their own: its thread is found by its message.
  std::vector<base::Id> places;
  if (thread) {
    places.push_back(*thread);
  } else {
    for (std::uint64_t before = 0; places.empty();) {
      const agent::ThreadPage page = host_->threads(before, 256);
      for (const auto& t : page.threads) {
        for (const auto& e : t.loop.applied) {
          if (e.msg_id == name->msg_id) places.push_back(t.thread_id);
        }
      }
      if (before = page.next; before == 0) break;
    }
  }
  for (const base::Id& place : places) {
    for (const Delivery& d : host_->events(place)) {
      const auto* all = attachments_of(d.body);
      if (d.msg_id != name->msg_id || all == nullptr || name->n >= all->size()) continue;
      const schemas::Attachment& a = (*all)[name->n];
      const auto bytes = host_->attachment(place, a);
      if (!bytes.ok()) return failed(bytes.error());
      if (r.header("accept").find("fhir+json") != std::string_view::npos)
        return resource(200, {{"resourceType", "Binary"}, {"id", id}, {"contentType", a.media_type.empty() ? "application/octet-stream" : a.media_type}, {"data", base::base64(*bytes)}});
      return {.status = 200, .type = a.media_type.empty() ? "application/octet-stream" : a.media_type, .body = base::to_string(*bytes), .headers = {{"Cache-Control", "no-store"}, {"Content-Disposition", "attachment"}}};
    }
  }
  return failed(404, "not-found", "no such Binary");
}

HttpResponse Facade::written(const HttpRequest& r, const std::string& type, const std::string& id) {
  if (!sends_json(r)) return failed(415, "not-supported", "only FHIR R4 as JSON is read: Content-Type: application/fhir+json");
  const auto json = schemas::parse_json(r.body);
  if (!json.ok()) return failed(400, "structure", "not JSON: " + json.error().message());
  const Json& j = **json;
  if (!j.is_object() || !j.contains("resourceType") || !j["resourceType"].is_string()) return failed(400, "structure", "a FHIR resource has a resourceType", "resourceType");
  if (j.contains("meta") && !j["meta"].is_object()) return failed(400, "structure", "meta is an object", "meta");
  const std::string is = j["resourceType"];
  if (type.empty() || type == "$process-message") {
    if (r.method != "POST") return failed(405, "not-supported", "POST it");
    if (is != "Bundle") return failed(400, "invalid", "a Bundle is POSTed here", "resourceType");
    if (type == "$process-message" || (j.contains("type") && j["type"] == "message")) {
      if (auto no = not_allowed(r, "*", 'c')) return std::move(*no);
      return desk_.message(j, r);
    }
    return bundle(r, j);
  }
  if (is != type) return failed(400, "invalid", "the resource is of another type than the path", "resourceType");
  if (r.method == "POST") {
    if (!id.empty()) return failed(405, "not-supported", "POST to the type, PUT to a resource");
    if (type == "Binary") return failed(405, "not-supported", "put the content into an attachment, or the Binary into a transaction", type);
    if (auto no = not_allowed(r, type, 'c')) return std::move(*no);
    return desk_.create(type, j, r);
  }
  if (id.empty()) return failed(405, "not-supported", "conditional updates are not served; PUT to a resource");
  if (auto no = not_allowed(r, type, 'u')) return std::move(*no);
  return desk_.update(type, id, j, r);
}

HttpResponse Facade::bundle(const HttpRequest& r, const Json& j) {
  const std::string kind = j.contains("type") && j["type"].is_string() ? j["type"].get<std::string>() : "";
  if (kind == "batch") return batch(r, j);
  if (kind != "transaction") return failed(422, "not-supported", "a transaction, a batch or a message is taken", "Bundle.type");
  if (j.contains("entry") && j["entry"].is_array()) {
    for (const Json& e : j["entry"]) {
      if (!e.is_object() || !e.contains("resource") || !e["resource"].is_object() || !e["resource"].contains("resourceType") || !e["resource"]["resourceType"].is_string()) continue;
      const bool put = e.contains("request") && e["request"].is_object() && e["request"].contains("method") && e["request"]["method"] == "PUT";
      if (auto no = not_allowed(r, e["resource"]["resourceType"], put ? 'u' : 'c')) return std::move(*no);
    }
  }
  return desk_.transaction(j, r);
}

// Each entry is a request of its own; none depends on another.
HttpResponse Facade::batch(const HttpRequest& r, const Json& j) {
  Json out{{"resourceType", "Bundle"}, {"type", "batch-response"}};
  if (!j.contains("entry") || !j["entry"].is_array() || j["entry"].size() > 1000) return failed(422, "invalid", "a batch has 1 to 1000 entries", "Bundle.entry");
  for (const Json& e : j["entry"]) {
    HttpResponse one = failed(400, "invalid", "an entry of a batch has a request", "Bundle.entry.request");
    if (e.is_object() && e.contains("request") && e["request"].is_object()) {
      const auto text = [&](const char* key) { return e["request"].contains(key) && e["request"][key].is_string() ? e["request"][key].get<std::string>() : std::string(); };
      HttpRequest inner = r;
      const std::string url = text("url");
      const auto mark = url.find('?');
      inner.method = text("method");
      inner.path = std::string(kBase) + "/" + transport::percent_decoded(url.substr(0, mark));
      inner.query = mark == std::string::npos ? Query{} : transport::query_of(std::string_view(url).substr(mark + 1));
      inner.body = e.contains("resource") ? schemas::dump(e["resource"]) : "";
      inner.headers["content-type"] = "application/fhir+json";
      inner.headers["if-none-exist"] = text("ifNoneExist"), inner.headers["if-match"] = text("ifMatch"), inner.headers["if-none-match"] = text("ifNoneMatch");
      inner.headers["accept"] = "application/fhir+json";
      const bool nested = e.contains("resource") && e["resource"].is_object() && e["resource"].contains("resourceType") && e["resource"]["resourceType"] == "Bundle";
      one = nested || url.empty() ? failed(422, "not-supported", "a batch holds no Bundles", "Bundle.entry.resource") : answer(inner);
    }
    Json entry{{"response", {{"status", std::to_string(one.status)}}}};
    for (const auto& [name, value] : one.headers) {
      if (name == "Location") entry["response"]["location"] = value;
      if (name == "ETag") entry["response"]["etag"] = value;
    }
    if (const auto body = schemas::parse_json(one.body); body.ok()) (one.status < 400 ? entry["resource"] : entry["response"]["outcome"]) = **body;
    out["entry"].push_back(std::move(entry));
  }
  return resource(200, out);
}

base::Status Facade::push(const Delivery& d) {
  if (settings_.push_to.empty() || d.outgoing) return {};
  const auto bundle = push_bundle(d);
  if (!bundle) return {};
  transport::OutboundCall call{.method = "POST", .url = settings_.push_to, .type = "application/fhir+json", .body = *bundle, .headers = {{"Accept", "application/fhir+json"}, {"Prefer", "return=minimal"}}};
  if (!settings_.push_token.empty()) call.headers.emplace_back("Authorization", "Bearer " + settings_.push_token);
  const auto answer = push_.call(call);
  const bool taken = answer.ok() && answer->status >= 200 && answer->status < 300;
  push_trouble_ = !taken;
  if (taken) return {};
  // A refusal may be a server in maintenance or a token that has expired: the event is kept and asked about again, an operator sees why.
  return Error{Kind::kBusy, answer.ok() ? "the FHIR server answered " + std::to_string(answer->status) : answer.error().what, settings_.name + ".push_to"};
}

base::Status Facade::deliver(const Delivery& d) {
  if (d.conflict) return Error{Kind::kStale, "contradicts an earlier message with the same id"};
  catalogue_.refresh(*host_, d.thread_id);
  TRY(push(d));
  std::vector<Item> changed;
  const bool message = std::holds_alternative<schemas::SecureMessage>(d.body.payload);
  for (const Item& i : thread_items(host_->events(d.thread_id), settings_)) {
    const bool moved = !message && (i.type == "Task" || i.type == "ServiceRequest");
    if (moved || (message && i.type == "Communication" && i.id == base::uuid(d.msg_id))) changed.push_back(i);
  }
  TRY(hooks_.tell(changed));
  ++delivered_;
  return {};
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<Facade>(std::move(s)));
}

}  // namespace

agent::AdapterType fhir_facade() { return {"fhir-facade", make}; }

}  // namespace adapters::facade
