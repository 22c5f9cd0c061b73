// MLLP over TLS: who gets in, who does not, and what either side is told. Certificates are made here.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>

#include "adapters/transport/mllp_client.h"
#include "adapters/transport/mllp_server.h"
#include "tests/unit/adapters/tls_kit.h"

using namespace adapters::transport;

namespace {

struct Bench {
  std::atomic<std::uint64_t> now{1000};
  base::Clock clock() {
    return [this] { return base::Instant{now.load()}; };
  }
};

struct Town {
  tls_kit::Folder folder;
  tls_kit::Authority ours{folder, "ours"}, theirs{folder, "theirs"};
  tls_kit::Pair server = ours.issue("server", "IP:127.0.0.1"), named = ours.issue("named", "DNS:hospital.test"), client = ours.issue("client", "DNS:client"),
                stranger = theirs.issue("stranger", "DNS:client");
};

struct Server {
  Bench bench;
  MllpServer server;
  explicit Server(const TlsServerFiles& tls, const std::string& listen = "127.0.0.1:0", bool plain = false)
      : server({.listen = listen, .tls = tls, .plain_on_network = plain, .clock = bench.clock()},
               {[](std::string_view m) -> std::optional<std::string> { return "ok:" + std::string(m); },
                [](Framed::What, std::string_view) -> std::optional<std::string> { return std::nullopt; }}) {}
};

base::Result<std::string> ask(Server& s, const TlsClientFiles& tls, const std::string& text = "hello") {
  MllpClientOptions o;
  o.to = s.server.address(), o.attempts = 1, o.tls = tls, o.clock = s.bench.clock();
  return MllpClient(o).send(text, [](std::string_view) { return true; });
}
Descriptor blocking(const std::string& to) {
  StopFlag stop;
  Descriptor s = std::move(connect_to(parse_address(to).value(), stop, 5000)).value();
  ::fcntl(s.get(), F_SETFL, ::fcntl(s.get(), F_GETFL) & ~O_NONBLOCK);
  return s;
}

}  // namespace

TEST_CASE("mutual TLS: both certificates are good, and a message of 10 MB passes") {
  Town t;
  Server s({t.server.cert, t.server.key, t.ours.ca()});
  REQUIRE(s.server.start().ok());
  const TlsClientFiles files{.ca = t.ours.ca(), .cert = t.client.cert, .key = t.client.key, .name = {}};
  const auto small = ask(s, files);
  REQUIRE_MESSAGE(small.ok(), small.error().message());
  CHECK(*small == "ok:hello");
  MllpClientOptions o;
  o.to = s.server.address(), o.attempts = 1, o.tls = files, o.max_answer = 16u << 20, o.clock = s.bench.clock();
  MllpClient client(o);
  const std::string large(10u << 20, 'x');
  for (int i = 0; i < 3; ++i) {  // on one connection
    const auto got = client.send(large, [](std::string_view) { return true; });
    REQUIRE(got.ok());
    CHECK(got->size() == large.size() + 3);
  }
}

TEST_CASE("a server of another CA, or of another name, is not spoken to; the name may be given") {
  Town t;
  Server s({t.server.cert, t.server.key, {}});
  REQUIRE(s.server.start().ok());
  const auto other_ca = ask(s, {.ca = t.theirs.ca(), .cert = {}, .key = {}, .name = {}});
  CHECK(other_ca.error().kind == base::Kind::kBusy);
  CHECK(other_ca.error().what.starts_with("TLS: "));
  const auto other_name = ask(s, {.ca = t.ours.ca(), .cert = {}, .key = {}, .name = "hospital.test"});
  CHECK(other_name.error().what == "TLS: hostname mismatch");
  Server named({t.named.cert, t.named.key, {}});
  REQUIRE(named.server.start().ok());
  CHECK(ask(named, {.ca = t.ours.ca(), .cert = {}, .key = {}, .name = "hospital.test"}).ok());
  CHECK_FALSE(ask(named, {.ca = t.ours.ca(), .cert = {}, .key = {}, .name = {}}).ok());
}

TEST_CASE("a client without a certificate, or with one of another CA, is turned away") {
  Town t;
  Server s({t.server.cert, t.server.key, t.ours.ca()});
  REQUIRE(s.server.start().ok());
  CHECK(ask(s, {.ca = t.ours.ca(), .cert = {}, .key = {}, .name = {}}).error().kind == base::Kind::kBusy);
  CHECK(ask(s, {.ca = t.ours.ca(), .cert = t.stranger.cert, .key = t.stranger.key, .name = {}}).error().kind == base::Kind::kBusy);
  CHECK(ask(s, {.ca = t.ours.ca(), .cert = t.client.cert, .key = t.client.key, .name = {}}).ok());
  s.server.stop();
  CHECK(s.server.turned_away() == 2);
}

TEST_CASE("TLS 1.1 is refused") {
  Town t;
  Server s({t.server.cert, t.server.key, {}});
  REQUIRE(s.server.start().ok());
  const Descriptor socket = blocking(s.server.address());
  CHECK_FALSE(tls_kit::old_client_connects(socket.get()));
}

TEST_CASE("plain text to a TLS port ends the connection, silence ends with the time, and others are served meanwhile") {
  Town t;
  Server s({t.server.cert, t.server.key, {}});
  REQUIRE(s.server.start().ok());
  const Descriptor plain = blocking(s.server.address()), silent = blocking(s.server.address());
  const std::string bytes = frame("MSH|^~\\&|A");
  REQUIRE(::send(plain.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0);
  char room[256];
  while (::recv(plain.get(), room, sizeof room, 0) > 0) {  // an alert may come before the end
  }
  CHECK(ask(s, {.ca = t.ours.ca(), .cert = {}, .key = {}, .name = {}}).ok());
  StopFlag stop;
  while (wait_for(silent.get(), POLLIN, stop, 20) == Ready::kTimeout) s.bench.now += 61000;
  CHECK(::recv(silent.get(), room, sizeof room, 0) <= 0);
}

TEST_CASE("TLS to a plain port fails and does not hang") {
  Town t;
  Server s({});
  REQUIRE(s.server.start().ok());
  MllpClientOptions o;
  o.to = s.server.address(), o.attempts = 1, o.tls = {.ca = t.ours.ca(), .cert = {}, .key = {}, .name = {}};
  o.clock = [&] { return base::Instant{s.bench.now += 50}; };
  CHECK(MllpClient(o).send("hello", [](std::string_view) { return true; }).error().kind == base::Kind::kBusy);
}

TEST_CASE("a file that is missing or wrong is named") {
  Town t;
  const auto where = [](const TlsServerFiles& f) {
    const auto made = tls_server(f);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().kind == base::Kind::kUsage);
    return made.error().where;
  };
  CHECK(where({t.folder.file("none.pem"), t.server.key, {}}) == t.folder.file("none.pem"));
  CHECK(where({t.server.cert, t.client.key, {}}) == t.client.key);
  CHECK(where({t.server.cert, {}, {}}) == t.server.cert);
  CHECK(where({t.server.cert, t.server.key, t.server.key}) == t.server.key);
  const auto client = tls_client({.ca = t.folder.file("none.pem"), .cert = {}, .key = {}, .name = {}});
  CHECK(client.error().where == t.folder.file("none.pem"));
  CHECK(tls_client({}).value() == nullptr);
  CHECK(tls_client({.ca = "system", .cert = {}, .key = {}, .name = {}}).ok());
}

TEST_CASE("a listener that the network can reach needs TLS, or somebody's word") {
  Town t;
  Server bare({}, "0.0.0.0:0"), tls({t.server.cert, t.server.key, {}}, "0.0.0.0:0"), word({}, "0.0.0.0:0", true), six({}, "[::]:0");
  const auto refused = bare.server.start();
  CHECK(refused.error().kind == base::Kind::kUsage);
  CHECK(refused.error().mend.find("plain_on_network") != std::string::npos);
  CHECK(tls.server.start().ok());
  CHECK(word.server.start().ok());
  CHECK_FALSE(six.server.start().ok());
}

TEST_CASE("writing to a TLS peer that has gone away is an error and no signal") {
  Town t;
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
  const auto there = tls_server({t.server.cert, t.server.key, {}}), here = tls_client({.ca = t.ours.ca(), .cert = {}, .key = {}, .name = {}});
  REQUIRE(there.ok());
  REQUIRE(here.ok());
  Stream server = Stream::accepted(Descriptor(ends[0]), *there), client = Stream::connected(Descriptor(ends[1]), *here, "127.0.0.1");
  for (int i = 0; i < 10; ++i) (void)client.handshake(), (void)server.handshake();
  std::size_t n = 0;
  REQUIRE(client.write("hello", n) == Stream::Io::kDone);
  server.reset();
  Stream::Io io = Stream::Io::kDone;
  for (int i = 0; i < 10 && io == Stream::Io::kDone; ++i) io = client.write("hello", n);
  CHECK(io == Stream::Io::kClosed);
  CHECK(client.why().starts_with("TLS: "));
}
