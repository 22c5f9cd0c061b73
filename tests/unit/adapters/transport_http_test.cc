// The HTTP server over real loopback sockets, with bare bytes and with curl's library; the clock belongs to the test.
#include "adapters/transport/address.h"
#include "adapters/transport/http_server.h"
#include "adapters/transport/outbound.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

using namespace adapters::transport;
using base::Kind;
namespace fs = std::filesystem;

namespace {

HttpResponse echo(const HttpRequest& r) {
  if (r.path == "/boom") throw std::runtime_error("no");
  std::string text = r.method + " " + r.path + " " + std::to_string(r.body.size()) + " " + std::string(r.header("x-a")) + " [" + r.client + "]";
  for (const auto& [name, value] : r.query) text += " " + name + "=" + value;
  return {.status = r.path == "/bad" ? 422 : 200, .type = "text/plain", .body = text, .headers = {{"X-Mine", "1"}, {"X-Evil", "a\r\nX-Split: 1"}}};
}

struct Server {
  std::atomic<std::uint64_t> now{1'000'000};
  HttpServer server;
  explicit Server(HttpServerOptions o = {}, HttpHandler h = echo) : server(with(std::move(o)), std::move(h)) { REQUIRE(server.start().ok()); }
  HttpServerOptions with(HttpServerOptions o) {
    if (o.listen == HttpServerOptions{}.listen) o.listen = "127.0.0.1:0";
    o.clock = [this] { return base::Instant{now.load()}; };
    return o;
  }
};

// A bare socket: waits as long as it takes.
struct Bare {
  StopFlag stop;
  Descriptor socket;
  std::string got;
  explicit Bare(const Server& s) { socket = std::move(connect_to(parse_address(s.server.address()).value(), stop, 5000)).value(); }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      wait_for(socket.get(), POLLOUT, stop, 60'000);
      const ssize_t n = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  bool more() {
    char room[4096];
    wait_for(socket.get(), POLLIN, stop, 600'000);
    const ssize_t n = ::recv(socket.get(), room, sizeof room, 0);
    if (n > 0) got.append(room, static_cast<std::size_t>(n));
    return n > 0;
  }
  std::string until_closed() {
    while (more()) {
    }
    return got;
  }
  void until(std::string_view what) {
    while (got.find(what) == std::string::npos) REQUIRE(more());
  }
};

std::string once(const Server& s, const std::string& request) {
  Bare b(s);
  b.send(request);
  return b.until_closed();
}

struct Keys {  // of this run's own making
  std::string root;
  Keys() {
    std::string pattern = (fs::temp_directory_path() / "handoff-http-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    make("server", "/CN=localhost", "-addext subjectAltName=DNS:localhost,IP:127.0.0.1");
    make("client", "/CN=alder-emr", "");
    make("stranger", "/CN=stranger", "");
  }
  ~Keys() { fs::remove_all(root); }
  void make(const std::string& name, const std::string& subject, const std::string& more) const {
    const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout " + root + "/" + name + ".key -out " + root + "/" + name +
                                ".pem -subj " + subject + " " + more + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  [[nodiscard]] std::string at(const std::string& file) const { return root + "/" + file; }
};
const Keys& keys() {
  static const Keys k;
  return k;
}
HttpServerOptions over_tls(bool clients) {
  HttpServerOptions o;
  o.cert_file = keys().at("server.pem"), o.key_file = keys().at("server.key");
  if (clients) o.client_ca = keys().at("client.pem");
  return o;
}
base::Result<OutboundAnswer> call_tls(const Server& s, const std::string& who) {
  OutboundOptions o;
  o.ca_file = keys().at("server.pem");
  if (!who.empty()) o.client_cert = keys().at(who + ".pem"), o.client_key = keys().at(who + ".key");
  Outbound out(o);
  return out.call({.method = "GET", .url = "https://" + s.server.address() + "/x", .type = {}, .body = {}});
}

}  // namespace

TEST_CASE("a request's method, path, query, headers and body arrive decoded; a header that would split the answer is left out") {
  Server s;
  const std::string a = once(s, "POST /a%2Fb%20c?x=1&y=a+b%26&x=2 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
  CHECK(a.starts_with("HTTP/1.1 200"));
  CHECK(a.find("POST /a/b c 3 1, 2 [] x=1 x=2 y=a b&") != std::string::npos);
  CHECK(a.find("X-Mine: 1") != std::string::npos);
  CHECK(a.find("Split") == std::string::npos);
}

TEST_CASE("one connection serves one request after another until one is refused") {
  Server s;
  Bare b(s);
  b.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  b.until("GET /1");
  b.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  b.until("GET /2");
  b.send("GET /bad HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string all = b.until_closed();
  CHECK(all.find("422") != std::string::npos);
  CHECK(all.find("smuggled") == std::string::npos);
}

TEST_CASE("what is too large, compressed, doubled, unknown or no HTTP is refused and the connection closed") {
  HttpServerOptions o;
  o.max_body = 100, o.max_header = 4096;
  Server s(o);
  CHECK(once(s, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x')).starts_with("HTTP/1.1 413"));
  CHECK(once(s, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n").find(" 413 ") != std::string::npos);
  CHECK(once(s, "POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx").starts_with("HTTP/1.1 415"));
  CHECK(once(s, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(once(s, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx").starts_with("HTTP/1.1 400"));
  CHECK(once(s, "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").starts_with("HTTP/1.1 4"));
  CHECK(once(s, "GET /" + std::string(3000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n").starts_with("HTTP/1.1 414"));
  CHECK(once(s, "nonsense\r\n\r\n").find(" 200 ") == std::string::npos);
  CHECK(once(s, "GET / HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n").find(" 200 ") == std::string::npos);
  CHECK(once(s, "GET /boom HTTP/1.1\r\nHost: h\r\n\r\n").starts_with("HTTP/1.1 500"));
}

TEST_CASE("a client that sends a request too slowly is let go, whatever it still sends") {
  Server s;
  Bare slow(s);
  slow.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  slow.until("GET /");  // its thread is at work now
  slow.send("GET / HT");
  while (slow.got.size() < (1u << 20)) {  // until the server has noticed
    slow.send("TP");
    s.now += base::kMinute;
    char room[16];
    if (wait_for(slow.socket.get(), POLLIN, slow.stop, 1) == Ready::kYes && ::recv(slow.socket.get(), room, sizeof room, 0) <= 0) break;
  }
  CHECK(once(s, "GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").find("GET /next") != std::string::npos);
}

TEST_CASE("a stream runs in a thread of its own, learns that its reader has gone, and ends when the server stops") {
  std::mutex mutex;
  std::condition_variable changed;
  int running = 0, ended = 0;
  Server s({}, [&](const HttpRequest& r) -> HttpResponse {
    if (r.path != "/events") return {.status = 200, .type = "text/plain", .body = "meanwhile"};
    return {.status = 200, .type = "text/event-stream", .body = {}, .headers = {}, .stream = [&](const auto& write) {
              write("data: hello\n\n");
              {
                const std::lock_guard held(mutex);
                ++running;
              }
              while (write("")) {
                std::unique_lock held(mutex);
                changed.wait_for(held, std::chrono::milliseconds(5));
              }
              const std::lock_guard held(mutex);
              ++ended;
              changed.notify_all();
            }};
  });
  {
    Bare first(s);
    first.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
    first.until("data: hello");
    CHECK(once(s, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").find("meanwhile") != std::string::npos);
  }
  {
    std::unique_lock held(mutex);
    changed.wait(held, [&] { return ended == 1; });  // it hung up
  }
  Bare second(s);
  second.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
  second.until("data: hello");
  s.server.stop();
  CHECK(ended == 2);
}

TEST_CASE("more connections than allowed are closed at once") {
  HttpServerOptions o;
  o.max_connections = 1;
  Server s(o);
  Bare first(s);
  first.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  first.until("GET /1");
  Bare second(s);
  CHECK(second.until_closed().empty());
  CHECK(s.server.turned_away() == 1);
}

TEST_CASE("TLS is spoken with a client that checks us; a client certificate is asked for where an authority is named") {
  Server open(over_tls(false));
  const auto a = call_tls(open, "");
  REQUIRE(a.ok());
  CHECK(a->body == "GET /x 0  []");
  CHECK(*open.server.certificate_days() > 19'000);  // the test's clock stands in 1970
  Server closed(over_tls(true));
  CHECK_FALSE(call_tls(closed, "").ok());
  CHECK_FALSE(call_tls(closed, "stranger").ok());
  const auto known = call_tls(closed, "client");
  REQUIRE(known.ok());
  CHECK(known->body == "GET /x 0  [alder-emr]");
  CHECK(once(open, "GET / HTTP/1.1\r\nHost: h\r\n\r\n").find("HTTP/1.1") == std::string::npos);  // plain to a TLS port
}

TEST_CASE("TLS older than 1.2 is not spoken") {
  Server s(over_tls(false));
  const std::string port = parse_address(s.server.address())->port;
  const auto client = [&](const std::string& version) {
    return std::system(("openssl s_client -connect 127.0.0.1:" + port + " -cipher ALL:@SECLEVEL=0 " + version + " </dev/null >/dev/null 2>&1").c_str());
  };
  CHECK(client("-tls1_1") != 0);
  CHECK(client("-tls1_2") == 0);
  CHECK(client("-tls1_3") == 0);
}

TEST_CASE("plain HTTP beyond this machine, half a certificate, a wrong key: refused with what to do") {
  const auto why = [](HttpServerOptions o) {
    o.clock = base::real_now;
    HttpServer s(std::move(o), echo);
    const auto started = s.start();
    return started.ok() ? std::string("started") : started.error().where + "|" + started.error().mend;
  };
  HttpServerOptions o;
  o.listen = "0.0.0.0:0";
  CHECK(why(o).find("tls_cert") != std::string::npos);
  o.plain_on_network = true;
  CHECK(why(o) == "started");
  o = {};
  o.listen = "127.0.0.1:0", o.cert_file = keys().at("server.pem");
  CHECK(why(o).find("http.tls_key") != std::string::npos);
  o.key_file = keys().at("client.key");
  CHECK(why(o).find("http.tls_key") != std::string::npos);
  o.cert_file = keys().at("none.pem");
  CHECK(why(o).find("http.tls_cert") != std::string::npos);
}
