#include "adapters/facade/hooks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/transport/http_server.h"

namespace adapters::facade {
namespace {

constexpr std::string_view kSubscription = "subscription/", kCall = "hook/";
constexpr std::size_t kMaxSubscriptions = 100, kMaxCalls = 10'000;

std::string text_at(const Json& j, const char* key) {
  if (!j.is_object()) return {};
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

base::Result<Hooks::Subscription> Hooks::parse(const Json& j) const {
  const auto no = [](std::string words, std::string where, std::string mend = {}) { return base::Error{base::Kind::kUsage, std::move(words), "Subscription." + where, std::move(mend)}; };
  const std::string criteria = text_at(j, "criteria");
  const auto mark = criteria.find('?');
  Subscription s;
  s.type = criteria.substr(0, mark);
  if (s.type != "Task" && s.type != "ServiceRequest" && s.type != "Communication") return no("not criteria that can be watched", "criteria", "Task, ServiceRequest or Communication, with search parameters: Task?status=accepted");
  TRY_ASSIGN(const Search search, parse_search(s.type, transport::query_of(mark == std::string::npos ? "" : std::string_view(criteria).substr(mark + 1)), false));
  s.filter = search.filter;
  if (!j.contains("channel") || text_at(j["channel"], "type") != "rest-hook") return no("only rest-hook channels are served", "channel.type");
  const Json& channel = j["channel"];
  if (const auto url = transport::check_url(text_at(channel, "endpoint")); !url.ok()) return no(url.error().what, "channel.endpoint", url.error().mend);
  const std::string payload = text_at(channel, "payload");
  if (!payload.empty() && payload != "application/fhir+json") return no("only application/fhir+json, or none", "channel.payload");
  if (channel.contains("header")) {
    if (!channel["header"].is_array() || channel["header"].size() > 20) return no("a list of at most 20", "channel.header");
    for (const Json& h : channel["header"]) {
      if (!h.is_string() || h.get<std::string>().find(':') == std::string::npos || h.get<std::string>().find_first_of("\r\n") != std::string::npos) return no("a header is \"Name: value\"", "channel.header");
    }
  }
  return s;
}

Json Hooks::shown(const Json& j) {
  Json out = j;
  if (out["channel"].contains("header")) out["channel"].erase("header");
  return out;
}

void Hooks::start(agent::Host& host) {
  host_ = &host;
  for (auto& [key, bytes] : host.kept(settings_.name)) {
    const auto json = schemas::parse_json(base::text(bytes));
    if (!json.ok()) continue;
    if (key.starts_with(kSubscription)) {
      if (auto s = parse(**json); s.ok()) {
        s->json = *json;
        subscriptions_[key.substr(kSubscription.size())] = std::move(s).value();
      }
    } else if (key.starts_with(kCall)) {
      calls_.push_back({key, text_at(**json, "subscription"), text_at(**json, "what"), base::parse_rfc3339(text_at(**json, "since")).value_or(host.now()), {}, 0});
      next_ = std::max<std::uint64_t>(next_, std::strtoull(key.c_str() + kCall.size(), nullptr, 10));
    }
  }
  thread_ = std::thread([this] { loop(); });
}

void Hooks::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  caller_.stop();
  const std::lock_guard held(stopping_);
  if (thread_.joinable()) thread_.join();
}

HttpResponse Hooks::keep(Json j, const std::string& id, int status) {
  auto parsed = parse(j);
  if (!parsed.ok()) return failed(parsed.error());
  {
    const std::lock_guard lock(mutex_);
    if (!subscriptions_.contains(id) && subscriptions_.size() >= kMaxSubscriptions) return failed(422, "too-costly", "there are too many subscriptions", "Subscription");
  }
  j["id"] = id;
  if (text_at(j, "status") != "off") j["status"] = "active";
  j.erase("error");
  j["meta"]["lastUpdated"] = base::rfc3339(host_->now());
  j["meta"]["versionId"] = std::to_string(host_->now().ms);
  if (const auto kept = host_->keep(settings_.name, std::string(kSubscription) + id, base::view(schemas::dump(j))); !kept.ok()) return failed(kept.error());
  parsed->json = std::make_shared<Json>(j);
  HttpResponse out = resource(status, shown(j));
  out.headers.emplace_back("Location", (settings_.base_url.empty() ? "/fhir/R4" : settings_.base_url) + "/Subscription/" + id);
  out.headers.emplace_back("ETag", "W/\"" + text_at(j["meta"], "versionId") + "\"");
  const std::lock_guard lock(mutex_);
  subscriptions_[id] = std::move(parsed).value();
  return out;
}

HttpResponse Hooks::create(const Json& j, const std::string& id) { return keep(j, id, 201); }
HttpResponse Hooks::update(const Json& j, const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    if (!subscriptions_.contains(id)) return failed(405, "not-supported", "ids are given here: create it with POST", "Subscription.id");
  }
  return keep(j, id, 200);
}
HttpResponse Hooks::remove(const std::string& id) {
  if (const auto s = host_->keep(settings_.name, std::string(kSubscription) + id, {}); !s.ok()) return failed(s.error());
  const std::lock_guard lock(mutex_);
  subscriptions_.erase(id);
  return {.status = 204, .type = "", .body = ""};
}
HttpResponse Hooks::read(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto it = subscriptions_.find(id);
  return it == subscriptions_.end() ? failed(404, "not-found", "no such Subscription") : resource(200, shown(*it->second.json));
}
HttpResponse Hooks::list() const {
  const std::lock_guard lock(mutex_);
  Json out{{"resourceType", "Bundle"}, {"type", "searchset"}, {"total", subscriptions_.size()}};
  for (const auto& [id, s] : subscriptions_) out["entry"].push_back({{"resource", shown(*s.json)}, {"search", {{"mode", "match"}}}});
  return resource(200, out);
}

std::size_t Hooks::waiting() const {
  const std::lock_guard lock(mutex_);
  return calls_.size();
}

base::Status Hooks::tell(const std::vector<Item>& changed) {
  std::vector<Call> fresh;
  {
    const std::lock_guard lock(mutex_);
    for (const Item& i : changed) {
      for (const auto& [id, s] : subscriptions_) {
        if (s.type != i.type || text_at(*s.json, "status") != "active" || !s.filter(i)) continue;
        fresh.push_back({std::string(kCall) + std::to_string(++next_), id, i.type + "/" + i.id, host_->now(), host_->now(), 0});
      }
    }
    if (calls_.size() + fresh.size() > kMaxCalls) return base::Error{base::Kind::kBusy, "too many calls to subscribers wait", settings_.name};
  }
  for (const Call& c : fresh) {
    TRY(host_->keep(settings_.name, c.key, base::view(schemas::dump(Json{{"subscription", c.subscription}, {"what", c.what}, {"since", base::rfc3339(c.since)}}))));
  }
  const std::lock_guard lock(mutex_);
  for (Call& c : fresh) calls_.push_back(std::move(c));
  changed_.notify_all();
  return {};
}

bool Hooks::call(const Call& c, const Json& subscription) {
  const Json& channel = subscription["channel"];
  transport::OutboundCall out{.method = "POST", .url = text_at(channel, "endpoint"), .type = text_at(channel, "payload"), .body = ""};
  if (!out.type.empty()) {
    Json entry{{"fullUrl", (settings_.base_url.empty() ? "/fhir/R4" : settings_.base_url) + "/" + c.what}, {"request", {{"method", "PUT"}, {"url", c.what}}}, {"response", {{"status", "200"}}}};
    out.body = schemas::dump(Json{{"resourceType", "Bundle"}, {"type", "history"}, {"timestamp", base::rfc3339(c.since)}, {"entry", {std::move(entry)}}});
  }
  if (channel.contains("header")) {
    for (const Json& h : channel["header"]) {
      const std::string line = h.get<std::string>();
      const auto colon = line.find(':');
      out.headers.emplace_back(line.substr(0, colon), line.substr(line.find_first_not_of(' ', colon + 1) == std::string::npos ? line.size() : line.find_first_not_of(' ', colon + 1)));
    }
  }
  const auto answer = caller_.call(out);
  return answer.ok() && answer->status >= 200 && answer->status < 300;
}

std::uint64_t Hooks::run_once() {
  const base::Instant now = host_->now();
  std::uint64_t wait = base::kMinute;
  std::vector<Call> due;
  {
    const std::lock_guard lock(mutex_);
    for (const Call& c : calls_) {
      if (c.due <= now) due.push_back(c);
      else wait = std::min(wait, c.due.ms - now.ms);
    }
  }
  for (Call& c : due) {
    std::shared_ptr<const Json> subscription;
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return wait;
      if (const auto it = subscriptions_.find(c.subscription); it != subscriptions_.end()) subscription = it->second.json;
    }
    const bool done = !subscription || call(c, *subscription);
    const bool given_up = !done && c.since.plus(base::kDay) < now;
    if (done || given_up) (void)host_->keep(settings_.name, c.key, {});  // a call that is made twice after a crash is harmless
    if (given_up && subscription) {
      Json j = *subscription;
      j["status"] = "error", j["error"] = "no answer for a day";
      (void)host_->keep(settings_.name, std::string(kSubscription) + c.subscription, base::view(schemas::dump(j)));
      host_->say(settings_.name, "a subscriber has not answered for a day: its subscription has stopped");
      const std::lock_guard lock(mutex_);
      if (const auto it = subscriptions_.find(c.subscription); it != subscriptions_.end()) it->second.json = std::make_shared<Json>(std::move(j));
    }
    const std::lock_guard lock(mutex_);
    const auto it = std::find_if(calls_.begin(), calls_.end(), [&](const Call& o) { return o.key == c.key; });
    if (it == calls_.end()) continue;
    if (done || given_up) {
      calls_.erase(it);
    } else {
      const std::uint64_t pause = std::min<std::uint64_t>(5 * base::kMinute, base::kSecond << std::min(++it->tries, 9U));
      it->due = host_->now().plus(pause);
      wait = std::min(wait, pause);
    }
  }
  return wait;
}

void Hooks::loop() {
  for (;;) {
    const std::uint64_t wait = run_once();
    std::unique_lock lock(mutex_);
    if (stop_) return;
    const base::Instant now = host_->now();
    if (std::any_of(calls_.begin(), calls_.end(), [&](const Call& c) { return c.due <= now; })) continue;
    changed_.wait_for(lock, std::chrono::milliseconds(wait));
    if (stop_) return;
  }
}

}  // namespace adapters::facade
