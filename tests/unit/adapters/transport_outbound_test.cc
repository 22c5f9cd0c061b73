// Calls to other systems: a real server on this machine, with keys of its own making.
#include "adapters/transport/outbound.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "tests/unit/adapters/outbound_server.h"

#include <doctest/doctest.h>

using namespace adapters::transport;
using outbound_kit::Server;
using base::Kind;
namespace fs = std::filesystem;

namespace {

OutboundCall get(const std::string& url) { return {.method = "GET", .url = url, .type = {}, .body = {}}; }

}  // namespace

TEST_CASE("a call brings back status, type, headers and body, and sends what it was given and no more") {
  const Server& s = Server::one();
  Outbound out({});
  const auto a = out.call({.method = "POST",
                           .url = s.http("/echo?x=1"),
                           .type = "application/json",
                           .body = "{\"a\":1}",
                           .headers = {{"X-Event", "7"}, {"X-None", ""}}});
  REQUIRE_MESSAGE(a.ok(), a.error().message());
  CHECK(a->status == 201);
  CHECK(a->type == "text/plain; charset=utf-8");
  CHECK(a->body.starts_with("POST /echo?x=1\n"));
  CHECK(a->body.ends_with("\n\n{\"a\":1}"));
  CHECK(a->body.find("x-event: 7\n") != std::string::npos);
  CHECK(a->body.find("x-none: \n") != std::string::npos);
  CHECK(a->body.find("content-type: application/json\n") != std::string::npos);
  CHECK(a->body.find("expect:") == std::string::npos);
  CHECK(std::ranges::find(a->headers, std::pair<std::string, std::string>("content-type", a->type)) != a->headers.end());
  CHECK(out.call(get(s.http("/echo")))->body.starts_with("GET /echo\n"));
  CHECK(out.call({.method = "DELETE", .url = s.http("/echo"), .type = {}, .body = {}})->body.starts_with("DELETE /echo\n"));
  CHECK(out.call({.method = "POST", .url = s.http("/echo"), .type = {}, .body = {}})->body.find("content-length: 0\n") !=
        std::string::npos);
}

TEST_CASE("a redirect is an answer and is not followed") {
  const auto a = Outbound({}).call(get(Server::one().http("/redirect")));
  REQUIRE(a.ok());
  CHECK(a->status == 302);
}

TEST_CASE("over TLS only the right name under the right authority is spoken to") {
  const Server& s = Server::one();
  CHECK(Outbound(s.trusting()).call(get(s.https(s.good)))->status == 201);
  const auto stranger = Outbound(s.trusting("stranger")).call(get(s.https(s.good)));
  CHECK(stranger.error().kind == Kind::kBusy);
  CHECK(Outbound({}).call(get(s.https(s.good))).error().kind == Kind::kBusy);  // the system's authorities
  const auto other = Outbound(s.trusting()).call(get(s.https(s.elsewhere)));
  CHECK(other.error().kind == Kind::kBusy);
  CHECK(other.error().where == "https://localhost:" + std::to_string(s.elsewhere));
  CHECK_FALSE(Outbound(s.trusting()).call(get("https://127.0.0.1:" + std::to_string(s.plain))).ok());  // no TLS there
}

TEST_CASE("a server that wants a certificate gets one") {
  const Server& s = Server::one();
  CHECK_FALSE(Outbound(s.trusting()).call(get(s.https(s.mutual))).ok());
  auto o = s.trusting();
  o.client_cert = s.root + "/caller.pem", o.client_key = s.root + "/caller.key";
  CHECK(Outbound(o).call(get(s.https(s.mutual)))->status == 201);
}

TEST_CASE("plain http is for this machine, and other addresses are not called") {
  for (const char* good :
       {"http://127.0.0.1:8080/x", "http://[::1]/", "http://localhost/", "http://127.9.9.9/", "https://ehr.example/fhir?x=1"})
    CHECK_MESSAGE(check_url(good).ok(), good);
  for (const char* bad :
       {"http://ehr.example/", "http://10.0.0.1/", "http://127.0.0.1.ehr.example/", "http://localhost.ehr.example/", "http://[::2]/",
        "ftp://localhost/", "file:///etc/passwd", "https://me:secret@ehr.example/", "ehr.example", "https://", ""})
    CHECK_MESSAGE(check_url(bad).error().kind == Kind::kUsage, bad);
  const auto refused = Outbound({}).call(get("http://ehr.example/path?token=secret"));
  CHECK(refused.error().kind == Kind::kUsage);
  CHECK(refused.error().message().find("secret") == std::string::npos);
}

TEST_CASE("a header or a method that would become two lines is refused") {
  const Server& s = Server::one();
  OutboundCall c = get(s.http("/echo"));
  c.headers = {{"X-A", "1\r\nX-B: 2"}};
  CHECK(Outbound({}).call(c).error().kind == Kind::kUsage);
  c = get(s.http("/echo"));
  c.type = "text/plain\nX-B: 2";
  CHECK(Outbound({}).call(c).error().kind == Kind::kUsage);
  c = get(s.http("/echo"));
  c.method = "GET / HTTP/1.1\r\n";
  CHECK(Outbound({}).call(c).error().kind == Kind::kUsage);
}

TEST_CASE("no answer in time, nobody there, and no end of an answer are errors that quote nothing") {
  const Server& s = Server::one();
  OutboundOptions hasty;
  hasty.connect_ms = 100, hasty.answer_ms = 100;
  const auto late = Outbound(hasty).call(
      {.url = s.http("/silent?who=secret"), .type = {}, .body = "secret", .headers = {{"Authorization", "Bearer secret"}}});
  CHECK(late.error().kind == Kind::kBusy);
  CHECK(late.error().message().find("secret") == std::string::npos);
  CHECK(Outbound({}).call(get("http://127.0.0.1:1/")).error().kind == Kind::kBusy);
  OutboundOptions small;
  small.max_answer = 100000;
  CHECK(Outbound(small).call(get(s.http("/huge"))).error().kind == Kind::kTooLarge);
}

TEST_CASE("stop ends a wait, and every call after it") {
  const Server& s = Server::one();
  fs::remove(s.root + "/silent");
  Outbound out({});
  std::thread stopper([&] {
    while (!fs::exists(s.root + "/silent")) ::usleep(2000);
    out.stop();
  });
  const auto ended = out.call(get(s.http("/silent")));
  stopper.join();
  CHECK(ended.error().kind == Kind::kBusy);
  CHECK(ended.error().what == "stopped");
  CHECK(out.call(get(s.http("/echo"))).error().what == "stopped");
}
