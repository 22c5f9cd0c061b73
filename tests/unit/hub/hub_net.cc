// hub/net on real loopback sockets: the six fail-open traps of protocol section 5, each with an attacker who tries it.
#include "hub/net/net.h"

#include <doctest/doctest.h>
#include <zmq.hpp>

#include <thread>

using namespace hub::net;
using base::Bytes;
using base::to_bytes;
using base::view;

namespace {

constexpr int kPatience = 10'000;  // an upper bound for a wait that ends by an event
constexpr int kSilence = 300;      // how long "nothing arrives" is watched after the event that would have brought it

struct Hub {
  Context context;
  crypto::BoxKey key = crypto::BoxKey::generate(crypto::system_random());
  crypto::BoxKey alice = crypto::BoxKey::generate(crypto::system_random());
  crypto::BoxKey bob = crypto::BoxKey::generate(crypto::system_random());
  std::unique_ptr<ZapGate> gate;
  std::optional<Router> router;

  Hub() {
    auto g = ZapGate::start(context, [this](const crypto::PublicKey& k) -> std::optional<std::string> {
      if (k == alice.public_key()) return "alice";
      if (k == bob.public_key()) return "bob";
      return std::nullopt;
    });
    REQUIRE(g.ok());
    gate = std::move(*g);
    Router::Options options;
    options.endpoint = "tcp://127.0.0.1:*";
    auto r = Router::bind(context, key, options);
    REQUIRE(r.ok());
    router = std::move(*r);
  }
  std::optional<Message> next(int ms = kPatience) {
    std::vector<PollItem> items{{router->raw()}};
    for (;;) {  // what arrives may be dropped: then go on waiting
      if (auto m = router->receive()) return m;
      poll(items, ms);
      if (!items[0].readable) return std::nullopt;
    }
  }
};

Dealer dial(Context& context, const Hub& hub, const crypto::BoxKey& own) {
  auto d = Dealer::connect(context, hub.router->endpoint(), hub.key.public_key(), own);
  REQUIRE(d.ok());
  return std::move(*d);
}

bool line_breaks(Dealer& d) {
  std::vector<PollItem> items{{d.monitor_raw()}};
  for (int i = 0; i < 3 && !d.lost(); ++i) poll(items, kPatience);
  return d.lost();
}

// A peer that bends the rules: any routing id, any number of parts.
struct Forger {
  zmq::context_t context;
  zmq::socket_t socket{context, zmq::socket_type::dealer};
  Forger(const Hub& hub, const crypto::BoxKey& key, const std::string& routing_id) {
    socket.set(zmq::sockopt::linger, 1000);
    if (!routing_id.empty()) socket.set(zmq::sockopt::routing_id, routing_id);
    socket.set(zmq::sockopt::curve_publickey, zmq::const_buffer(key.public_key().data(), 32));
    socket.set(zmq::sockopt::curve_secretkey, zmq::const_buffer(key.secret().data(), 32));
    socket.set(zmq::sockopt::curve_serverkey, zmq::const_buffer(hub.key.public_key().data(), 32));
    socket.connect(hub.router->endpoint());
  }
  void send(const std::vector<std::string>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      socket.send(zmq::buffer(parts[i]), i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }
};

}  // namespace

TEST_CASE("a member's message arrives with the name the gate gave it, and the answer finds its way back") {
  Hub hub;
  auto d = dial(hub.context, hub, hub.alice);
  REQUIRE(d.send(view("head"), view("hello")).ok());
  auto m = hub.next();
  REQUIRE(m);
  CHECK(m->user_id == "alice");
  CHECK(m->payload == to_bytes("hello"));
  REQUIRE(m->route.size() == 5);
  CHECK(m->route[0] == 0);
  REQUIRE(hub.router->send(m->route, view("head"), view("answer")).ok());
  std::vector<PollItem> items{{d.raw()}};
  poll(items, kPatience);
  auto back = d.receive();
  REQUIRE(back);
  CHECK(back->second == to_bytes("answer"));
}

TEST_CASE("a stranger's key is refused at the handshake") {
  Hub hub;
  const auto stranger = crypto::BoxKey::generate(crypto::system_random());
  auto d = dial(hub.context, hub, stranger);
  REQUIRE(d.send(view("head"), view("let me in")).ok());
  CHECK(line_breaks(d));
  CHECK(hub.gate->refused() >= 1);
  CHECK_FALSE(hub.next(kSilence));
}

TEST_CASE("without a gate nobody gets in, not even a member") {
  Hub hub;
  hub.gate.reset();
  auto d = dial(hub.context, hub, hub.alice);
  REQUIRE(d.send(view("head"), view("hello")).ok());
  CHECK(line_breaks(d));
  CHECK_FALSE(hub.next(kSilence));
}

TEST_CASE("an empty ZAP domain is refused before anything listens") {
  Hub hub;
  Router::Options options;
  options.endpoint = "tcp://127.0.0.1:*";
  options.zap_domain = "";
  CHECK(Router::bind(hub.context, hub.key, options).error().kind == base::Kind::kUsage);
}

TEST_CASE("a client that expects another server's key gets no connection and says nothing") {
  Hub hub;
  const auto other = crypto::BoxKey::generate(crypto::system_random());
  auto d = Dealer::connect(hub.context, hub.router->endpoint(), other.public_key(), hub.alice);
  REQUIRE(d.ok());
  REQUIRE(d->send(view("head"), view("secret")).ok());
  // The hub cannot read the handshake and drops the line, or leaves it to the time limit: either way nothing comes out at its end.
  CHECK_FALSE(hub.next(kSilence));
  CHECK_FALSE(d->receive());
}

TEST_CASE("a squatted routing id is dropped and the peer whose name it is keeps its mail") {
  Hub hub;
  auto honest = dial(hub.context, hub, hub.bob);
  REQUIRE(honest.send(view("head"), view("first")).ok());
  auto m = hub.next();
  REQUIRE(m);
  Forger named(hub, hub.alice, "agent-B");
  named.send({"head", "I am B"});
  Forger short_name(hub, hub.alice, "abcde");  // five bytes, but not starting 0x00
  short_name.send({"head", "I am B too"});
  Forger marker(hub, hub.alice, "");
  marker.send({"head", "honest"});
  // Three peers write; only the one with libzmq's own routing id is heard.
  auto heard = hub.next();
  REQUIRE(heard);
  CHECK(heard->payload == to_bytes("honest"));
  while (hub.router->dropped() < 2) {
    std::vector<PollItem> items{{hub.router->raw()}};
    poll(items, kPatience);
    REQUIRE_FALSE(hub.router->receive());
  }
  REQUIRE(hub.router->send(m->route, view("head"), view("for bob")).ok());
  std::vector<PollItem> items{{honest.raw()}};
  poll(items, kPatience);
  REQUIRE(honest.receive());
}

TEST_CASE("messages of the wrong number of parts are dropped whole and the next good one is heard") {
  Hub hub;
  Forger f(hub, hub.alice, "");
  f.send({"alone"});
  f.send({"a", "b", "c", "d"});
  f.send({"head", "good"});
  auto m = hub.next();
  REQUIRE(m);
  CHECK(m->payload == to_bytes("good"));
  CHECK(hub.router->dropped() == 2);
}

TEST_CASE("a frame over the limit breaks the line of its sender alone") {
  Hub hub;
  auto honest = dial(hub.context, hub, hub.bob);
  auto d = dial(hub.context, hub, hub.alice);
  const Bytes big((4 << 20) + 1);
  REQUIRE(d.send(view("head"), big).ok());
  CHECK(line_breaks(d));
  REQUIRE(honest.send(view("head"), view("still here")).ok());
  auto m = hub.next();
  REQUIRE(m);
  CHECK(m->user_id == "bob");
}

TEST_CASE("sending to a peer that has gone says so") {
  Hub hub;
  CHECK(hub.router->send(Bytes{0, 1, 2, 3, 4}, view("head"), view("x")).error().kind == base::Kind::kNotFound);
}

TEST_CASE("the self-test holds on a guarded router") {
  Hub hub;
  CHECK(prove_gate_closed(hub.context, hub.router->endpoint(), hub.key.public_key(), crypto::system_random()).ok());
  hub.gate.reset();  // fail closed is closed, too
  CHECK(prove_gate_closed(hub.context, hub.router->endpoint(), hub.key.public_key(), crypto::system_random()).ok());
}

TEST_CASE("the self-test finds a CURVE router that has no gate") {
  zmq::context_t context;
  const auto key = crypto::BoxKey::generate(crypto::system_random());
  zmq::socket_t open(context, zmq::socket_type::router);
  open.set(zmq::sockopt::curve_server, 1);
  open.set(zmq::sockopt::curve_secretkey, zmq::const_buffer(key.secret().data(), 32));
  open.set(zmq::sockopt::zap_domain, std::string("handoff"));  // a domain alone closes nothing
  open.bind("tcp://127.0.0.1:*");
  Context own;
  const auto status = prove_gate_closed(own, open.get(zmq::sockopt::last_endpoint), key.public_key(), crypto::system_random());
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().kind == base::Kind::kDenied);
}

TEST_CASE("the self-test finds a router without any CURVE") {
  zmq::context_t context;
  zmq::socket_t open(context, zmq::socket_type::router);
  open.bind("tcp://127.0.0.1:*");
  Context own;
  const auto key = crypto::BoxKey::generate(crypto::system_random());
  const auto status = prove_gate_closed(own, open.get(zmq::sockopt::last_endpoint), key.public_key(), crypto::system_random());
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().kind == base::Kind::kDenied);
}

TEST_CASE("a waker ends a poll from another thread") {
  Waker waker;
  std::thread t([&] { waker.wake(); });
  std::vector<PollItem> items{{nullptr, waker.fd()}};
  poll(items, kPatience);
  CHECK(items[0].readable);
  waker.drain();
  poll(items, 0);
  CHECK_FALSE(items[0].readable);
  t.join();
}
