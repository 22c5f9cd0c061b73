// The MLLP server and client over real loopback sockets; the clock belongs to the test.
#include "adapters/transport/mllp_client.h"
#include "adapters/transport/mllp_server.h"

#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <future>

#include <doctest/doctest.h>

using namespace adapters::transport;

namespace {

struct Bench {
  std::atomic<std::uint64_t> now{1000};
  [[nodiscard]] base::Clock clock() {
    return [this] { return base::Instant{now.load()}; };
  }
};

// Echoes "ok:<message>"; "silent" gets no answer.
MllpHandlers echo() {
  return {[](std::string_view m) -> std::optional<std::string> {
            if (m == "silent") return std::nullopt;
            return "ok:" + std::string(m);
          },
          [](Framed::What what, std::string_view) -> std::optional<std::string> {
            return what == Framed::What::kTooLarge ? "too large" : "refused";
          }};
}

struct Server {
  Bench bench;
  MllpServer server;
  explicit Server(MllpServerOptions o = {}, MllpHandlers h = echo()) : server(with(std::move(o), bench), std::move(h)) {
    REQUIRE(server.start().ok());
  }
  static MllpServerOptions with(MllpServerOptions o, Bench& b) {
    o.listen = "127.0.0.1:0";
    o.clock = b.clock();
    return o;
  }
};

// A bare socket: sends exactly these bytes, reads until a number of frames has come or the other side closes. Waits as long as it takes.
struct Bare {
  StopFlag stop;
  Descriptor socket;
  Framer framer{1u << 20};
  std::vector<std::string> got;
  explicit Bare(const std::string& to) { socket = std::move(connect_to(parse_address(to).value(), stop, 5000)).value(); }
  void send(std::string_view bytes) const { ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // False: closed before that. With a bench, its clock goes on by a minute whenever nothing comes: nobody can say when the server has
  // read what was sent to it.
  bool read(std::size_t frames, Bench* bench = nullptr) {
    char room[4096];
    while (got.size() < frames) {
      if (wait_for(socket.get(), POLLIN, stop, bench != nullptr ? 50 : 1000) != Ready::kYes) {
        if (bench != nullptr) bench->now += 61000;
        continue;
      }
      const ssize_t n = ::recv(socket.get(), room, sizeof room, 0);
      if (n <= 0) return false;
      for (Framed& f : framer.feed({room, static_cast<std::size_t>(n)})) got.push_back(f.bytes);
    }
    return true;
  }
  bool closed(Bench* bench = nullptr) { return !read(got.size() + 1, bench); }
};

MllpClientOptions client_to(const std::string& to, Bench& bench) {
  MllpClientOptions o;
  o.to = to, o.attempts = 1, o.first_wait_ms = 1, o.clock = bench.clock();
  return o;
}

}  // namespace

TEST_CASE("several messages on one connection are answered in order, however they arrive") {
  Server s;
  Bare c(s.server.address());
  c.send(frame("one") + frame("two") + "\x0Bth");
  CHECK(c.read(2));
  c.send("ree\x1C");
  c.send("\r");
  CHECK(c.read(3));
  CHECK(c.got == std::vector<std::string>{"ok:one", "ok:two", "ok:three"});
}

TEST_CASE("an oversized frame is answered, then its connection is closed; others go on") {
  Server s({.max_message = 1000, .clock = {}});
  Bare bad(s.server.address()), good(s.server.address());
  bad.send("\x0B" + std::string(5000, 'x'));
  CHECK(bad.read(1));
  CHECK(bad.got[0] == "too large");
  CHECK(bad.closed());
  good.send(frame("still here"));
  CHECK(good.read(1));
}

TEST_CASE("a broken frame is refused and the next message on the connection is served") {
  Server s;
  Bare c(s.server.address());
  c.send("\x0Bhalf" + frame("whole"));
  CHECK(c.read(2));
  CHECK(c.got == std::vector<std::string>{"refused", "ok:whole"});
}

TEST_CASE("an idle client and a client that never finishes its message are cut off by the clock") {
  Server s({.idle_ms = 60000, .frame_ms = 10000, .clock = {}});
  Bare idle(s.server.address()), slow(s.server.address());
  idle.send(frame("hello"));
  slow.send(frame("hello"));
  CHECK(idle.read(1));
  CHECK(slow.read(1));
  slow.send("\x0Bhalf a mess");
  s.bench.now += 59000;  // one more message shows that neither limit has been misread
  idle.send(frame("again"));
  CHECK(idle.read(2));
  CHECK(slow.closed(&s.bench));
  CHECK(idle.closed(&s.bench));
}

TEST_CASE("connections beyond the limit are closed at once") {
  Server s({.max_connections = 1, .clock = {}});
  Bare first(s.server.address());
  first.send(frame("a"));
  CHECK(first.read(1));
  Bare second(s.server.address());
  CHECK(second.closed());
  CHECK(s.server.turned_away() == 1);
}

TEST_CASE("stopping ends open connections") {
  Server s;
  Bare c(s.server.address());
  c.send(frame("a"));
  CHECK(c.read(1));
  s.server.stop();
  CHECK(c.closed());
}

TEST_CASE("a listener without a host binds loopback only") {
  CHECK(parse_address("2575").value().host == "127.0.0.1");
  CHECK(parse_address(":2575").value().host == "127.0.0.1");
  CHECK(parse_address("[::1]:2575").value().host == "::1");
  CHECK(parse_address("example:port").error().kind == base::Kind::kUsage);
  CHECK(parse_address("1.2.3.4:70000").error().kind == base::Kind::kUsage);
}

TEST_CASE("the client keeps its connection and hands back the answer") {
  Server s({.max_connections = 1, .clock = {}});
  MllpClient client(client_to(s.server.address(), s.bench));
  for (const std::string m : {"a", "b", "c"}) {
    const auto answer = client.send(m, [](std::string_view) { return true; });
    REQUIRE(answer.ok());
    CHECK(*answer == "ok:" + m);
  }
  CHECK(s.server.turned_away() == 0);
}

TEST_CASE("an answer to something else is never credited") {
  MllpHandlers two = echo();
  two.message = [](std::string_view m) {
    return std::optional(
        "stray\x1C\r\x0B"
        "for " +
        std::string(m));
  };
  Server s({}, std::move(two));
  MllpClient client(client_to(s.server.address(), s.bench));
  const auto answer = client.send("me", [](std::string_view reply) { return reply == "for me"; });
  REQUIRE(answer.ok());
  CHECK(*answer == "for me");
  CHECK(client.strays() == 1);
}

TEST_CASE("no answer in time is busy, and a late answer finds the connection closed") {
  Server s;
  MllpClient client(client_to(s.server.address(), s.bench));
  auto waiting = std::async(std::launch::async, [&] { return client.send("silent", [](std::string_view) { return true; }); });
  while (waiting.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout) s.bench.now += 31000;
  CHECK(waiting.get().error().kind == base::Kind::kBusy);
  CHECK(client.send("next", [](std::string_view r) { return r == "ok:next"; }).ok());
}

TEST_CASE("attempts are bounded when nobody listens") {
  Bench bench;
  std::string nowhere;
  {
    Server s;
    nowhere = s.server.address();
  }
  auto o = client_to(nowhere, bench);
  o.attempts = 3;
  MllpClient client(o);
  CHECK(client.send("x", [](std::string_view) { return true; }).error().kind == base::Kind::kBusy);
}

TEST_CASE("stop ends a long wait between attempts") {
  Bench bench;
  std::string nowhere;
  {
    Server s;
    nowhere = s.server.address();
  }
  auto o = client_to(nowhere, bench);
  o.attempts = 1000, o.first_wait_ms = 3600 * base::kSecond;
  MllpClient client(o);
  auto waiting = std::async(std::launch::async, [&] { return client.send("x", [](std::string_view) { return true; }); });
  client.stop();
  CHECK(waiting.get().error().kind == base::Kind::kBusy);
}
