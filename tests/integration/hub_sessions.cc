// Who is heard: sessions, take-over, revocation, strangers, and a log that somebody knows better.
#include "crypto/note.h"
#include "tests/integration/hub_kit.h"

using namespace hub_kit;
using schemas::NackCode;
using schemas::Op;

namespace {

// An agent without hub/client: one request, one answer, and no HELLO of its own.
struct RawAgent {
  hub::net::Dealer dealer;
  RawAgent(World& w, const std::string& slug)
      : dealer(std::move(
            *hub::net::Dealer::connect(w.context, w.hub->endpoint(), w.c.hub_transport().public_key(), w.c.agent(slug).transport))) {}
  std::pair<wire::Head, base::Bytes> ask(Op op, base::View payload, std::uint64_t req = 7) {
    REQUIRE(dealer.send(wire::encode(wire::Head{op, wire::kVersion, req}), payload).ok());
    std::vector<hub::net::PollItem> items{{dealer.raw()}};
    hub::net::poll(items, static_cast<int>(kPatience));
    auto m = dealer.receive();
    REQUIRE(m);
    const auto head = wire::decode_head(m->first);
    REQUIRE(head.ok());
    return {*head, m->second};
  }
  NackCode refused(Op op, base::View payload) {
    const auto [head, bytes] = ask(op, payload);
    REQUIRE(head.op == Op::kNack);
    return wire::decode<wire::Nack>(bytes)->code;
  }
};

}  // namespace

TEST_CASE("a second HELLO takes over: the first line is told, the mail goes to the second") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy"), first = w.line("crisis");
  REQUIRE((mercy.up() && first.up()));
  auto second = w.line("crisis");
  REQUIRE(second.up());
  CHECK(first.goes_down());
  acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  CHECK(open_group(second.delivery()).messages == 1);
  CHECK(first.deliveries_waiting() == 0);
}

TEST_CASE("before its HELLO an agent is heard in nothing else") {
  World w({"mercy", "crisis"});
  RawAgent raw(w, "crisis");
  CHECK(raw.refused(Op::kStatus, wire::encode(wire::StatusQuery{})) == NackCode::kBusy);
  wire::Hello hello;
  CHECK(raw.ask(Op::kHello, wire::encode(hello)).first.op == Op::kHello);
  CHECK(raw.ask(Op::kStatus, wire::encode(wire::StatusQuery{})).first.op == Op::kStatus);
}

TEST_CASE("a HELLO of a version that the hub does not speak is refused") {
  World w({"mercy", "crisis"});
  RawAgent raw(w, "crisis");
  wire::Hello hello;
  hello.versions = {9};
  CHECK(raw.refused(Op::kHello, wire::encode(hello)) == NackCode::kSuite);
}

TEST_CASE("an op that only the hub may say, and a head that is none, are refused and the line lives on") {
  World w({"mercy", "crisis"});
  RawAgent raw(w, "crisis");
  REQUIRE(raw.ask(Op::kHello, wire::encode(wire::Hello{})).first.op == Op::kHello);
  CHECK(raw.refused(Op::kDeliver, {}) == NackCode::kMalformed);
  CHECK(raw.refused(Op::kWitness, wire::encode(wire::Witness{})) == NackCode::kMalformed);
  CHECK(raw.ask(Op::kStatus, wire::encode(wire::StatusQuery{})).first.op == Op::kStatus);
}

TEST_CASE("a revoked agent with an open session gets NACK 4 and nothing else, and no mail; a new line is refused") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  RawAgent crisis(w, "crisis");
  REQUIRE(mercy.up());
  wire::Hello hello;
  hello.credit = 10;
  REQUIRE(crisis.ask(Op::kHello, wire::encode(hello)).first.op == Op::kHello);
  acked(mercy->dir_put({w.c.revoke("crisis", false), {}}));
  CHECK(crisis.refused(Op::kStatus, wire::encode(wire::StatusQuery{})) == NackCode::kCert);
  CHECK(crisis.refused(Op::kBatch, w.send("crisis", {{.to = "mercy"}})) == NackCode::kCert);
  CHECK(crisis.refused(Op::kHello, wire::encode(hello)) == NackCode::kCert);
  CHECK(nacked(mercy->batch(w.send("mercy", {{.to = "crisis"}}))).code == NackCode::kRecipient);
  hub::net::Context other;
  auto again = hub::net::Dealer::connect(other, w.hub->endpoint(), w.c.hub_transport().public_key(), w.c.agent("crisis").transport);
  REQUIRE(again.ok());
  std::vector<hub::net::PollItem> items{{again->monitor_raw()}};
  for (int i = 0; i < 3 && !again->lost(); ++i) hub::net::poll(items, static_cast<int>(kPatience));
  CHECK(again->lost());
}

TEST_CASE("a client with the keys of two certificates is let in by the one that the directory holds, whichever that is") {
  World w({"mercy", "crisis"});
  const auto stranger = crypto::BoxKey::generate(crypto::system_random());
  const auto& known = w.c.agent("mercy").transport;
  for (const bool first : {true, false}) {
    hub::client::Options o;
    o.endpoint = w.hub->endpoint();
    o.server = w.c.hub_transport().public_key();
    o.checkpoint = [] { return std::string(); };
    o.other_key = first ? &stranger : &known;
    auto client = hub::client::Client::start(w.context, first ? known : stranger, std::move(o), {});
    REQUIRE(client.ok());
    CHECK((*client)->wait_connected(kPatience));
  }
}

TEST_CASE("a stranger's client never comes up, and the hub counts the attempt") {
  World w({"mercy"});
  const auto stranger = crypto::BoxKey::generate(crypto::system_random());
  auto dealer = hub::net::Dealer::connect(w.context, w.hub->endpoint(), w.c.hub_transport().public_key(), stranger);
  REQUIRE(dealer.ok());
  std::vector<hub::net::PollItem> items{{dealer->monitor_raw()}};
  for (int i = 0; i < 3 && !dealer->lost(); ++i) hub::net::poll(items, static_cast<int>(kPatience));
  CHECK(dealer->lost());
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const auto status = mercy->status();
  REQUIRE(status.ok());
  CHECK(status->json.find("\"handshakes_refused\":0") == std::string::npos);
}

TEST_CASE("a checkpoint that is larger than the log, signed by its own key, makes the hub read-only") {
  World w({"mercy", "crisis"});
  crypto::Checkpoint more;
  more.origin = w.c.anchor_values().log.name;
  more.size = 1'000'000;
  auto crisis = w.line("crisis", 64, crypto::sign_checkpoint(more, w.c.log_key()));
  CHECK(crisis.hello().read_only);
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  CHECK(nacked(mercy->batch(w.send("mercy", {{.to = "crisis"}}))).code == NackCode::kBusy);
  CHECK(mercy->log_get({.what = wire::LogGet::What::kCheckpoint}).ok());
  CHECK(mercy->dir_get({}).ok());
}

TEST_CASE("an older checkpoint of the same log is no reason for alarm, and a foreign signature is no evidence") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const auto old = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}}))).checkpoint;
  acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  auto crisis = w.line("crisis", 64, old);
  CHECK_FALSE(crisis.hello().read_only);
  crypto::Checkpoint more;
  more.origin = w.c.anchor_values().log.name;
  more.size = 1'000'000;
  auto again = w.line("crisis", 64, crypto::sign_checkpoint(more, crypto::SignKey::generate(crypto::system_random())));
  CHECK_FALSE(again.hello().read_only);
}

TEST_CASE("a peer that does not read stalls its own mail only, and then gets all of it in order") {
  constexpr std::uint64_t kGroups = 3200;  // more than both ends' queues and the socket between them hold
  World w({"mercy", "crisis", "police"}, {},
          "[limits]\nsignature_checks_per_second = 100000\nwindow_bytes = 1000000000\nbytes_per_second = 1000000000\n");
  auto mercy = w.line("mercy"), police = w.line("police");
  RawAgent crisis(w, "crisis");
  REQUIRE((mercy.up() && police.up()));
  wire::Hello hello;
  hello.credit = kGroups;
  REQUIRE(crisis.ask(Op::kHello, wire::encode(hello)).first.op == Op::kHello);
  const std::string body(8000, 'x');
  std::vector<base::Bytes> frames;
  for (std::uint64_t i = 0; i < kGroups; ++i) frames.push_back(w.send("mercy", {{.to = "crisis", .body = body}}));
  const auto sent = send_all(mercy, frames);
  acked(mercy->batch(w.send("mercy", {{.to = "police"}})));
  police.delivery();
  std::size_t count = 0;
  std::vector<hub::net::PollItem> items{{crisis.dealer.raw()}};
  while (count < kGroups) {
    auto m = crisis.dealer.receive();
    if (!m) {
      hub::net::poll(items, static_cast<int>(kPatience));
      REQUIRE(items[0].readable);
      continue;
    }
    if (wire::decode_head(m->first)->op != Op::kDeliver) continue;
    REQUIRE(open_group(m->second).index == sent[count]);
    ++count;
    REQUIRE(crisis.dealer.send(wire::encode(wire::Head{Op::kCredit, wire::kVersion, 0}), wire::encode(wire::Credit{1})).ok());
  }
}
