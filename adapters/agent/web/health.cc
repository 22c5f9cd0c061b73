// /healthz and /metrics: figures about the agent and nothing about anybody.
#include <nlohmann/json.hpp>

#include "adapters/agent/agent.h"
#include "adapters/agent/keep/offers.h"
#include "adapters/agent/terms.h"
#include "adapters/agent/web/web.h"
#include "schemas/json.h"

namespace adapters::agent::web {
namespace {

using schemas::Json;
using transport::HttpResponse;

std::uint64_t epochs_left(const crypto::Directory& directory, const base::Id& self, base::Instant now) {
  std::uint64_t n = 0;
  for (const crypto::EpochKey* key = directory.usable_epoch(self, now); key != nullptr; key = directory.usable_epoch(self, key->until)) ++n;
  return n;
}

std::string label_value(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\\' || c == '"' ? std::string{'\\', c} : c == '\n' ? std::string("\\n") : std::string{c};
  return "\"" + out + "\"";
}

class Page {
 public:
  void help(std::string_view name, std::string_view type, std::string_view words) {
    text_ += "# HELP handoff_" + std::string(name) + " " + std::string(words) + "\n# TYPE handoff_" + std::string(name) + " " + std::string(type) + "\n";
  }
  void line(std::string_view name, const std::string& labels, std::int64_t value) {
    text_ += "handoff_" + std::string(name) + (labels.empty() ? "" : "{" + labels + "}") + " " + std::to_string(value) + "\n";
  }
  void one(std::string_view name, std::string_view type, std::string_view words, std::int64_t value) {
    help(name, type, words);
    line(name, "", value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::int64_t i(std::uint64_t n) { return static_cast<std::int64_t>(n); }

void adapters_on(Page& p, const std::vector<AdapterStatus>& all) {
  const auto each = [&](std::string_view name, std::string_view type, std::string_view words, auto value) {
    p.help(name, type, words);
    for (const AdapterStatus& a : all) p.line(name, "adapter=" + label_value(a.name), value(a));
  };
  each("adapter_up", "gauge", "1: the adapter works", [](const AdapterStatus& a) { return i(a.health.ok ? 1 : 0); });
  each("adapter_queue", "gauge", "events that it has not finished", [](const AdapterStatus& a) { return i(a.queue); });
  each("adapter_accepted_total", "counter", "records taken since it started", [](const AdapterStatus& a) { return i(a.health.accepted); });
  each("adapter_refused_total", "counter", "records refused since it started", [](const AdapterStatus& a) { return i(a.health.refused); });
  each("adapter_delivered_total", "counter", "events handed out since it started", [](const AdapterStatus& a) { return i(a.health.delivered); });
  each("adapter_failed_total", "counter", "events that could not be handed out since it started", [](const AdapterStatus& a) { return i(a.health.failed); });
}

}  // namespace

// 200: all is well, or only dates draw near. 503: an alarm is up, or something ends within a week (`status` is then "red").
HttpResponse healthz(Agent& agent) {
  const Alarms& up = agent.office().alarms;
  const std::size_t alarms = up.list().size();
  const bool stopped = !agent.courier().stopped().empty();
  bool good = alarms == (up.has("cert") ? 1U : 0U) && !stopped, red = false;  // the certificate has its own grade below
  Json adapters = Json::array(), dates = Json::array();
  for (const AdapterStatus& a : agent.supervisor().status()) {
    good = good && a.health.ok;
    adapters.push_back({{"name", a.name}, {"ok", a.health.ok}, {"queue", a.queue}});
  }
  std::uint64_t by_file = 0;
  for (const keep::Offered& o : keep::offers(agent.office().store)) by_file += o.suspends(agent.office().clock()) ? 1 : 0;
  const mail::Desk desk = agent.office().desk();
  for (const Term& t : terms(desk)) {
    red = red || t.grade == Grade::kRed;
    if (t.grade != Grade::kFine) dates.push_back({{"what", t.what}, {"grade", name(t.grade)}, {"days", t.end > desk.now ? (t.end.ms - desk.now.ms) / base::kDay : 0}});
  }
  const Json out{{"status", red ? "red" : good ? "ok" : "degraded"}, {"hub", agent.connection().up}, {"sending_stopped", stopped}, {"alarms", alarms}, {"suspended_by_file", by_file}, {"adapters", adapters}, {"terms", dates}};
  return {.status = good && !red ? 200 : 503, .type = "application/json", .body = schemas::dump(out) + "\n", .headers = {{"Cache-Control", "no-store"}}};
}

HttpResponse metrics(Agent& agent, const transport::HttpServer& server) {
  mail::Office& o = agent.office();
  const base::Instant now = o.clock();
  const crypto::Directory directory = o.replica.directory();
  mail::Waiting w;
  std::uint64_t quarantine = 0, threads = 0;
  (void)o.store.read([&](keep::Tx& tx) {
    w = mail::waiting(tx, now);
    quarantine = tx.count(keep::Table::kQuarantine);
    threads = tx.count(keep::Table::kThread);
    return base::Status{};
  });
  Page p;
  p.one("hub_connected", "gauge", "1: the line to the hub is up", agent.connection().up ? 1 : 0);
  p.one("outbox_waiting", "gauge", "messages that wait for sealing", i(w.waiting));
  p.one("outbox_in_flight", "gauge", "messages sealed and not yet acknowledged", i(w.in_flight));
  p.one("outbox_oldest_age_seconds", "gauge", "age of the oldest of them", i(w.oldest_age_ms / 1000));
  p.one("facts_waiting", "gauge", "loop facts that wait for the coordinator", i(w.facts));
  p.one("sending_stopped", "gauge", "1: sending has stopped and a person is needed", agent.courier().stopped().empty() ? 0 : 1);
  p.one("quarantine", "gauge", "records in quarantine", i(quarantine));
  p.one("threads", "gauge", "threads that this agency holds", i(threads));
  p.one("alarms", "gauge", "alarms that are up", i(o.alarms.list().size()));
  p.one("epoch_keys_left", "gauge", "published keys that senders can use, this one included", i(epochs_left(directory, o.self, now)));
  if (const crypto::Cert* cert = directory.cert(o.cert)) p.one("certificate_days_left", "gauge", "days until the agency's certificate ends", cert->not_after > now ? i((cert->not_after.ms - now.ms) / base::kDay) : 0);
  if (const auto days = server.certificate_days()) p.one("http_certificate_days_left", "gauge", "days until this server's TLS certificate ends", *days);
  p.one("http_turned_away_total", "counter", "connections closed because there were too many", i(server.turned_away()));
  p.one("store_fill_percent", "gauge", "how full the agent's store is", static_cast<std::int64_t>(o.store.fill() * 100));
  adapters_on(p, agent.supervisor().status());
  return {.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8", .body = p.take()};
}

}  // namespace adapters::agent::web
