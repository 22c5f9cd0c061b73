// Statuses posted to a system of the desk's own: what is in them, when they are tried again, and that the secret is told to nobody else.
#include "adapters/police/status_hook.h"

#include <filesystem>

#include "adapters/police/police.h"
#include "tests/unit/adapters/outbound_server.h"
#include "tests/unit/adapters_fake_host.h"
#include "tests/unit/police/kit.h"

#include <doctest/doctest.h>

using namespace adapters;
using base::Kind;
using outbound_kit::Server;

namespace {

const std::string kSecret = "0123456789abcdef-secret";

void answer_with(int status) {
  const Server& s = Server::one();
  std::filesystem::remove(s.root + "/hook.log");
  REQUIRE(transport::write_file(s.root, "hook.status", std::to_string(status)).ok());
}
std::string log() {
  const std::string path = Server::one().root + "/hook.log";
  return std::filesystem::exists(path) ? police_kit::read(path) : "";
}
schemas::StatusUpdate declined() {
  schemas::StatusUpdate u;
  u.status = "declined", u.at = {1791208924000}, u.reason_class = "capacity", u.reason = "CAP_FULL", u.text = "note",
  u.actor_name = "N. Urse";
  u.actor_role = "intake", u.place = "1 Harbor Rd", u.callback = "+1-555-0102", u.outcome = "ADMITTED", u.appointment_at = "2026-10-06";
  return u;
}
agent::Delivery delivery() {
  agent::Delivery d;
  d.kind = schemas::MsgKind::kStatus;
  d.msg_id = fake::Host::id(3), d.thread_id = fake::Host::id(0), d.opening_from = "apd", d.from = "harbor";
  auto opening = std::make_shared<schemas::Body>();
  schemas::Referral r;
  r.incident_ref = "26-104417";
  opening->payload = r;
  d.opening = opening;
  d.body.payload = declined();
  return d;
}
police::HookSettings settings() { return {Server::one().https(Server::one().good, "/hook"), kSecret, Server::one().root + "/ca.pem"}; }

}  // namespace

TEST_CASE("a status is posted with what the police may learn and nothing else, under the secret and the event's id") {
  answer_with(204);
  police::StatusHook hook(settings());
  REQUIRE(hook.post(delivery(), declined()).ok());
  CHECK(log() ==
        "Bearer " + kSecret + " " + base::uuid(fake::Host::id(3)) + " " + R"({"at":")" + base::rfc3339({1791208924000}) +
            R"(","callback":"+1-555-0102","decline_class":"capacity","place":"1 Harbor Rd","source_ref":"26-104417","status":"declined",)" +
            R"("thread":")" + base::uuid(fake::Host::id(0)) + "\"}\n");
}

TEST_CASE("what may change is tried again with the same id, what never will is not") {
  police::StatusHook hook(settings());
  for (const int status : {302, 401, 403, 404, 408, 429, 500, 503}) {
    answer_with(status);
    const auto s = hook.post(delivery(), declined());
    REQUIRE_FALSE(s.ok());
    CHECK(s.error().kind == Kind::kBusy);
    CHECK(s.error().what == "the webhook answered " + std::to_string(status));
    CHECK(s.error().message().find(kSecret) == std::string::npos);
  }
  for (const int status : {400, 409, 410, 422}) {
    answer_with(status);
    CHECK(hook.post(delivery(), declined()).error().kind == Kind::kDenied);
  }
  police::StatusHook stranger({Server::one().https(Server::one().elsewhere, "/hook"), kSecret, Server::one().root + "/ca.pem"});
  answer_with(200);
  CHECK(stranger.post(delivery(), declined()).error().kind == Kind::kBusy);
  CHECK(log().empty());  // nothing went to a system of another name
}

TEST_CASE("the adapter posts instead of writing rows, and its health says when that fails") {
  const Server& s = Server::one();
  std::string pattern = (std::filesystem::temp_directory_path() / "handoff-hook-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  REQUIRE(transport::write_file(pattern, "secret", kSecret + "\n").ok());
  fake::Host host;
  host.own = "apd", host.kind = "police";
  const auto config = [&](const std::string& url, const std::string& secret) {
    return schemas::Config::parse(police_kit::config(pattern) + "status_webhook = \"" + url + "\"\nwebhook_secret_file = \"" + pattern +
                                  secret + "\"\nwebhook_ca_file = \"" + s.root + "/ca.pem\"\n")
        .value();
  };
  auto made = police::police_folder().make(config(s.https(s.good, "/hook"), "/secret"), "cad");
  REQUIRE_MESSAGE(made.ok(), made.error().message());
  const auto& adapter = *made;
  REQUIRE(adapter->start(host).ok());
  answer_with(503);
  CHECK(adapter->deliver(delivery()).error().kind == Kind::kBusy);
  CHECK_FALSE(adapter->health().ok);
  CHECK(adapter->health().words == "the webhook does not take statuses");
  answer_with(200);
  CHECK(adapter->deliver(delivery()).ok());
  CHECK(adapter->health().ok);
  CHECK(adapter->health().delivered == 1);
  CHECK_FALSE(std::filesystem::exists(pattern + "/out/status_out.layout=2.csv"));
  adapter->stop();
  CHECK(adapter->deliver(delivery()).error().kind == Kind::kBusy);

  const auto wrong = [&](const std::string& url, const std::string& secret) {
    return police::police_folder().make(config(url, secret), "cad").error();
  };
  CHECK(wrong("http://ehr.example/hook", "/secret").where == "cad.status_webhook");
  CHECK(wrong("https://ehr.example/hook", "/none").kind == Kind::kNotFound);
  REQUIRE(transport::write_file(pattern, "short", "abc").ok());
  CHECK(wrong("https://ehr.example/hook", "/short").kind == Kind::kUsage);
  std::filesystem::remove_all(pattern);
}
