// People of one agency, met as a browser meets them: a whole agent with its HTTP server, and a client that keeps cookies.
#pragma once

#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/people/people.h"
#include "adapters/transport/outbound.h"
#include "tests/unit/agent_county.h"
#include "tests/unit/agent_keys.h"  // last: brings doctest

namespace rig {

namespace people = adapters::agent::people;
namespace transport = adapters::transport;

inline constexpr const char* kPassword = "four horses under water";

inline std::string header(const transport::OutboundAnswer& a, const std::string& name) {
  std::string all;
  for (const auto& [n, v] : a.headers) all += n == name ? v + "\n" : "";
  return all;
}

struct House {
  TempDir dir;
  FakeHub hub;
  AgentBox box{hub, "harbor", "crisis_center"};
  people::InboxSettings inbox;

  House() {
    inbox.sessions.cost = {1, 8u << 10};  // cheap: what it costs is not what is tested here
    hub.policy(county_policy(2, R"(role = [
 {id="clinician", may=["create","accept","decline","handoff","view_timeline"]},
 {id="csu", may=["view_timeline"], services=["CSU_BED"], without_labels=["part2"]},
 {id="it_admin", may=["keys"]},
]
)"));
    box.http.emplace();
    box.http->listen = "127.0.0.1:0";
    box.http->public_url = "http://localhost:8460";
    box.adjust = [this](agent::Settings& s) { s.inbox = inbox; };
  }
  void start() {
    box.start();
    REQUIRE(eventually([&] { return box->office().desk().stale.empty(); }));
  }
  people::People& staff() { return box->people(); }
  // An account with kPassword, not a first one.
  base::Id add(const std::string& login, std::vector<std::string> roles = {"clinician"}) {
    people::PersonRow row;
    row.login = login, row.name = "M. Okafor", row.roles = std::move(roles);
    REQUIRE(staff().save(row).ok());
    const base::Id id = staff().find(login)->id;
    REQUIRE(staff().set_password(id, kPassword, false).ok());
    return id;
  }
  std::vector<agent::ledger::LedgerRow> ledger() {
    std::vector<agent::ledger::LedgerRow> out;
    REQUIRE(box->office().store.read([&](keep::Tx& tx) -> base::Status {
      const auto head = agent::ledger::head(tx);
      for (std::uint64_t n = 1; n <= head.size; ++n) out.push_back(*agent::ledger::row(tx, n));
      CHECK_FALSE(agent::ledger::first_bad(tx));
      return {};
    }).ok());
    return out;
  }
  std::size_t recorded(agent::ledger::Access access, const std::string& words) {
    const auto rows = ledger();
    return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const auto& r) { return r.access == access && r.words.find(words) != std::string::npos; }));
  }
  Json ask(const Json& request) {
    Json out;
    agent::api::answer(*box, request.dump(), {1000, "okonjo"}, [&](const std::string& line) {
      out = Json::parse(line);
      return true;
    });
    return out;
  }
};

class Browser {
 public:
  explicit Browser(House& house) : house_(&house) {}
  std::string cookie, csrf, origin = "http://localhost:8460";
  std::vector<std::pair<std::string, std::string>> more;

  transport::OutboundAnswer send(const std::string& method, const std::string& path, const std::string& body, const std::string& type = "application/json") {
    transport::OutboundCall c{.method = method, .url = "http://" + (*house_).box->web()->address() + path, .type = body.empty() ? "" : type, .body = body};
    if (!cookie.empty()) c.headers.emplace_back("Cookie", cookie);
    if (!csrf.empty()) c.headers.emplace_back("X-Handoff-CSRF", csrf);
    if (!origin.empty()) c.headers.emplace_back("Origin", origin);
    for (const auto& h : more) c.headers.push_back(h);
    const auto a = transport::Outbound({}).call(c);
    REQUIRE_MESSAGE(a.ok(), (a.ok() ? "" : a.error().what));
    return *a;
  }
  transport::OutboundAnswer post(const std::string& path, const Json& body = Json::object()) {
    auto a = send("POST", path, body.dump());
    keep(a);
    return a;
  }
  transport::OutboundAnswer get(const std::string& path) { return send("GET", path, ""); }
  // The session's cookie and word, as a page of ours would take them up.
  void keep(const transport::OutboundAnswer& a) {
    for (const auto& [name, value] : a.headers) {
      if (name == "set-cookie" && value.starts_with("handoff_session=")) cookie = value.substr(0, value.find(';'));
    }
    const Json j = Json::parse(a.body, nullptr, false);
    if (j.is_object() && j.contains("csrf")) csrf = j["csrf"];
  }
  int login(const std::string& login, const std::string& password = kPassword) { return post("/auth/login", {{"login", login}, {"password", password}}).status; }
  int state() { return get("/auth/session").status; }

 private:
  House* house_;
};

}  // namespace rig
