// Witnesses: what they sign and what never; quorums; a hub that shows two histories, and what convicts it.
#include "adapters/agent/mail/conflict.h"
#include "adapters/agent/witness/witness.h"
#include "cli/verify/evidence.h"
#include "crypto/merkle.h"
#include "tests/unit/agent_rig.h"

using namespace rig;
using adapters::agent::witness::Judged;
using adapters::agent::witness::judge;
using adapters::agent::witness::Signed;

namespace {

// A log of its own: entries 0..n-1, signed at any size.
struct Log {
  crypto::SignKey key = crypto::SignKey::generate(crypto::system_random());
  std::string origin = "sfh.example.org/hub9";
  std::vector<base::Hash> leaves;
  explicit Log(std::size_t n, char salt = 'a') {
    for (std::size_t i = 0; i < n; ++i) leaves.push_back(crypto::merkle_leaf(base::view(std::string(1, salt) + std::to_string(i))));
  }
  [[nodiscard]] crypto::VerifierKey vkey() const { return {origin, crypto::NoteAlg::kEd25519, key.public_key()}; }
  [[nodiscard]] base::Hash root(std::size_t n) const { return crypto::merkle_root(std::span(leaves).first(n)); }
  [[nodiscard]] crypto::Checkpoint at(std::size_t n) const { return {origin, n, root(n)}; }
  [[nodiscard]] std::string note(std::size_t n) const { return crypto::sign_checkpoint(at(n), key); }
  [[nodiscard]] crypto::AddCheckpoint from(std::size_t old, std::size_t n) const {
    crypto::AddCheckpoint out{old, {}, note(n)};
    const auto node = [&](unsigned level, std::uint64_t i) -> std::optional<base::Hash> {
      const std::size_t width = std::size_t{1} << level;
      if ((i + 1) * width > leaves.size()) return std::nullopt;
      return crypto::merkle_root(std::span(leaves).subspan(i * width, width));
    };
    if (old > 0 && old < n) out.proof = crypto::prove_consistency(old, n, node).value();
    return out;
  }
};

std::vector<std::string> policy_lines(FakeHub& hub, const std::vector<AgentBox*>& boxes, const std::string& k) {
  std::vector<std::string> lines;
  std::string group = "group all-of-us " + k;
  for (AgentBox* box : boxes) {
    const std::string name = crypto::witness_name(hub.hub().c.name(), box->id());
    const std::string slug = "w" + base::hex(base::View(box->id())).substr(24);
    const crypto::Member* m = hub.hub().journal->directory().member(box->id());
    REQUIRE(m != nullptr);
    lines.push_back("witness " + slug + " " + crypto::VerifierKey{name, crypto::NoteAlg::kCosignature, m->cert.witness}.text());
    group += " " + slug;
  }
  lines.push_back(group);
  lines.emplace_back("quorum all-of-us");
  return lines;
}

// Both may write to each other.
bool ready(FakeHub& hub, AgentBox& a, AgentBox& b) {
  const auto knows = [&](AgentBox& box, const base::Id& other) {
    (void)box->office().replica.sync(box->hub());
    return box->office().desk().stale.empty() && box->office().replica.directory().usable_epoch(other, hub.clock.now()) != nullptr;
  };
  return eventually([&] { return knows(a, b.id()) && knows(b, a.id()); });
}

std::string witnessed_at(FakeHub& hub) {
  const std::lock_guard lock(hub.mutex);
  return hub.hub().ask([](const hub::state::Reader& r) { return r.witnessed(); });
}

// The newest evidence that can be judged offline; it is kept a moment after the alarm is up.
std::string evidence_of(AgentBox& box) {
  std::string out;
  REQUIRE(eventually([&] {
    return box->office().store.read([&](keep::Tx& tx) {
             tx.scan_back(keep::Table::kEvidence, {}, [&](base::View, base::View v) {
               const auto at = base::text(v).find("{\"format\"");
               if (at != std::string_view::npos) out = base::text(v).substr(at);
               return out.empty();
             });
             return base::Status{};
           }).ok() && !out.empty();
  }));
  return out;
}

}  // namespace

TEST_CASE("an add-checkpoint body is read and written byte for byte, and nothing else is taken") {
  const Log log(9);
  const std::string body = log.from(5, 9).text();
  const auto read = crypto::parse_add_checkpoint(body);
  REQUIRE(read.ok());
  CHECK(read->old == 5);
  CHECK(read->text() == body);
  for (const std::string& bad : {std::string(), std::string("old 5"), std::string("old -1\n\nx"), std::string("old 05\n\nx"), std::string("old 1\nAAAA\n\nx"), std::string("old 1\n\n"), body.substr(4)}) {
    CAPTURE(bad);
    CHECK_FALSE(crypto::parse_add_checkpoint(bad).ok());
  }
  std::string long_proof = "old 1\n";
  for (int i = 0; i < 64; ++i) long_proof += base::base64(base::View(base::Hash{})) + "\n";
  CHECK_FALSE(crypto::parse_add_checkpoint(long_proof + "\nx").ok());
}

TEST_CASE("a witness signs what extends what it signed, and says of all else what is wrong") {
  const Log log(300), fork(300, 'b');
  const Signed none, five{log.origin, 5, log.root(5)};
  for (std::size_t n = 1; n <= 64; ++n) {
    CHECK(judge(none, log.vkey(), log.from(0, n)).status == 200);
    if (n >= 5) CHECK(judge(five, log.vkey(), log.from(5, n)).status == 200);
  }
  CHECK(judge(five, log.vkey(), log.from(5, 300)).status == 200);
  const auto status = [&](const Signed& own, const crypto::AddCheckpoint& r) { return judge(own, log.vkey(), r).status; };
  CHECK(status(five, {5, {}, "no note"}) == 400);
  CHECK(status(five, log.from(9, 7)) == 400);                      // a tree that shrank
  CHECK(status(five, log.from(4, 9)) == 409);
  CHECK(judge(five, log.vkey(), log.from(4, 9)).words == "5");     // where to begin
  Log other(9);
  other.origin = "sfh.example.org/other";
  CHECK(status(five, other.from(5, 9)) == 404);
  CHECK(status(five, Log(9).from(5, 9)) == 403);                   // the same name, another key
  auto proof = log.from(5, 9);
  proof.proof[0][0] ^= 1;
  CHECK(status(five, proof) == 422);
  crypto::AddCheckpoint proved = log.from(0, 9);
  proved.proof = log.from(5, 9).proof;
  CHECK(status(none, proved) == 422);
  // Signed by the log, and false beside what was signed: that convicts.
  Log forked = Log(9, 'b');
  const crypto::VerifierKey key{log.origin, crypto::NoteAlg::kEd25519, forked.key.public_key()};
  const Judged grown = judge({log.origin, 5, log.root(5)}, key, forked.from(5, 9));
  CHECK(grown.status == 422);
  CHECK(grown.convicts);
  const Judged same = judge({log.origin, 9, log.root(9)}, key, forked.from(9, 9));
  CHECK(same.status == 409);
  CHECK(same.convicts);
  CHECK_FALSE(judge({log.origin, 9, log.root(9)}, log.vkey(), log.from(9, 9)).convicts);
}

TEST_CASE("a quorum is what the anchor's lines say: k of a group, groups of groups, or nobody") {
  crypto::Anchor a;
  a.tlog_policy = {"witness a k", "witness b k", "witness c k", "witness d k", "group pair all a b", "group one any c d", "group q 2 pair one", "quorum q"};
  const auto met = [&](std::vector<std::string> names) { return crypto::quorum_of(a, names); };
  CHECK(met({"a", "b", "c"}));
  CHECK(met({"a", "b", "d"}));
  CHECK_FALSE(met({"a", "c", "d"}));
  CHECK_FALSE(met({"a", "b"}));
  CHECK_FALSE(met({}));
  CHECK(crypto::has_quorum_rule(a));
  a.tlog_policy = {"quorum none"};
  CHECK_FALSE(crypto::has_quorum_rule(a));
  CHECK_FALSE(met({"a", "b", "c", "d"}));
}

TEST_CASE("agents cosign the hub's tree, a quorum is kept, shown to all, and found again after a restart") {
  FakeHub hub;
  AgentBox mercy(hub, "mercy", "hospital_ed"), bridge(hub, "bridge", "crisis_center"), third(hub, "third", "ems");
  for (AgentBox* b : {&mercy, &bridge, &third}) b->adjust = [](agent::Settings& s) { s.witness_every_ms = 1; };
  hub.quorum(policy_lines(hub, {&mercy, &bridge, &third}, "2"));
  mercy.start();
  REQUIRE(eventually([&] { return mercy->office().replica.size() > 0; }));
  CHECK(witnessed_at(hub).empty());  // one of two
  bridge.start();
  REQUIRE(eventually([&] { return !witnessed_at(hub).empty(); }));
  const auto held = [](AgentBox& box) {
    std::string note;
    REQUIRE(box->office().store.read([&](keep::Tx& tx) { return note = agent::witness::witnessed(tx), base::Status{}; }).ok());
    return note;
  };
  REQUIRE(eventually([&] { return !held(mercy).empty() && !held(bridge).empty(); }));
  const auto note = crypto::parse_note(held(mercy));
  CHECK(crypto::cosigned(hub.hub().journal->directory().anchor(), *note).quorum);
  const std::string before = held(bridge);
  bridge.stop();
  bridge.start();
  CHECK(held(bridge) == before);
}

TEST_CASE("own mail that no quorum signs within five minutes is an alarm") {
  FakeHub hub;
  AgentBox mercy(hub, "mercy", "hospital_ed"), bridge(hub, "bridge", "crisis_center");
  for (AgentBox* b : {&mercy, &bridge}) b->adjust = [](agent::Settings& s) { s.witness_every_ms = 1; };
  hub.quorum(policy_lines(hub, {&mercy, &bridge}, "all"));
  mercy.start();
  bridge.start();
  REQUIRE(ready(hub, mercy, bridge));
  bridge.stop();  // it signs nothing any more
  const auto sent = mercy.refer("bridge");
  REQUIRE(sent.ok());
  REQUIRE(eventually([&] { return mercy.progress(sent->msg_id) >= keep::Progress::kSent; }));
  CHECK_FALSE(mercy.alarm("unwitnessed"));
  hub.clock.ahead(6 * base::kMinute);
  REQUIRE(eventually([&] { return mercy.alarm("unwitnessed"); }));
  bridge.start();
  REQUIRE(eventually([&] { return !mercy.alarm("unwitnessed"); }));
}

TEST_CASE("a hub with two trees for two agents gets no quorum, and their mail convicts it offline") {
  FakeHub hub;
  AgentBox mercy(hub, "mercy", "hospital_ed"), bridge(hub, "bridge", "crisis_center");
  for (AgentBox* b : {&mercy, &bridge}) b->adjust = [](agent::Settings& s) { s.witness_every_ms = 1; };
  hub.quorum(policy_lines(hub, {&mercy, &bridge}, "all"));
  mercy.start();
  bridge.start();
  REQUIRE(eventually([&] { return !witnessed_at(hub).empty(); }));
  REQUIRE(ready(hub, mercy, bridge));
  hub.fork(bridge.id());
  std::uint64_t at = 0;
  {
    const std::lock_guard lock(hub.mutex);
    at = hub.hub().size();
  }
  // What mercy's tree has next, bridge's has not.
  const auto hidden = mercy.refer("bridge", "R-2");
  REQUIRE(hidden.ok());
  REQUIRE(eventually([&] { return mercy.progress(hidden->msg_id) >= keep::Progress::kSent; }));
  const auto told = bridge.refer("mercy", "R-3");
  REQUIRE(told.ok());
  REQUIRE(eventually([&] { return bridge->office().replica.size() > at; }));
  const auto again = bridge.refer("mercy", "R-4");  // sealed after its own tree grew: it tells of it
  REQUIRE(again.ok());
  REQUIRE(eventually([&] { return mercy->office().replica.stopped() || bridge->office().replica.stopped(); }));
  AgentBox& finder = mercy->office().replica.stopped() ? mercy : bridge;
  CHECK(finder.alarm("log"));
  const std::string file = evidence_of(finder);
  const auto verdict = cli::verify::verify_evidence(file, std::nullopt);
  CHECK_MESSAGE(verdict.holds, verdict.why);
  // A cosigned tree of both never came to be: each side's newest quorum is from before the fork.
  const auto newest = crypto::open_checkpoint(witnessed_at(hub), hub.hub().journal->directory().anchor().log);
  REQUIRE(newest.ok());
  CHECK(newest->size <= at);
  // One changed letter of it, and it convicts nobody.
  std::string altered = file;
  const auto root = altered.find("\\n", altered.find("\"one\""));
  altered[root + 6] = altered[root + 6] == 'A' ? 'B' : 'A';
  CHECK_FALSE(cli::verify::verify_evidence(altered, std::nullopt).holds);
}

TEST_CASE("who stole the log's key gets no cosignature under a rewritten history, and is convicted by the request") {
  FakeHub hub;
  AgentBox mercy(hub, "mercy", "hospital_ed");
  mercy.adjust = [](agent::Settings& s) { s.witness_every_ms = 1; };
  hub.quorum(policy_lines(hub, {&mercy}, "1"));
  mercy.start();
  REQUIRE(eventually([&] { return !witnessed_at(hub).empty(); }));
  std::uint64_t signed_size = 0;
  {
    const std::lock_guard lock(hub.mutex);
    hub.on_witness = [&](const base::Id&, const std::string&) {
      const auto real = crypto::open_checkpoint(hub.hub().journal->read().value()->reader().witnessed(), hub.hub().journal->directory().anchor().log);
      signed_size = real->size;
      crypto::Checkpoint forged = *real;
      forged.root[0] ^= 1;  // the same size, another past
      return crypto::AddCheckpoint{real->size, {}, crypto::sign_checkpoint(forged, hub.hub().c.log_key())}.text();
    };
  }
  REQUIRE(eventually([&] { return mercy.alarm("log"); }));
  const auto newest = crypto::open_checkpoint(witnessed_at(hub), hub.hub().journal->directory().anchor().log);
  CHECK(newest->size == signed_size);
  const auto verdict = cli::verify::verify_evidence(evidence_of(mercy), std::nullopt);
  CHECK_MESSAGE(verdict.holds, verdict.why);
}

TEST_CASE("a state that says more than the own log holds signs nothing: an older store never forks") {
  FakeHub hub;
  AgentBox mercy(hub, "mercy", "hospital_ed");
  mercy.adjust = [](agent::Settings& s) { s.witness_every_ms = 1; };
  hub.quorum(policy_lines(hub, {&mercy}, "1"));
  mercy.start();
  REQUIRE(eventually([&] { return !witnessed_at(hub).empty(); }));
  Signed own;
  REQUIRE(mercy->office().store.read([&](keep::Tx& tx) { return own = agent::witness::signed_so_far(tx), base::Status{}; }).ok());
  CHECK(own.size > 0);
  CHECK(own.size <= mercy->office().replica.size());
  CHECK(own.root == mercy->office().replica.root_at(own.size).value());
}

TEST_CASE("two groups for one place, as a file: offline it convicts the sender of two batches with one number, or the hub that logged both") {
  const auto frame = [](kit::HubRig& hub, const std::string& text, std::uint64_t later) {
    auto r = hub.c.request("hospital", {{"crisis", text}}, hub.now, hub.dir_seq());
    r.batch_seq += later;
    const auto o = hub.send("hospital", r);
    REQUIRE_MESSAGE(o.accepted, o.words);
    return *hub.ask([&](const hub::state::Reader& reader) { return reader.deliver_frame(o.first_index); });
  };
  kit::HubRig one, other, third;  // the same keys, three logs
  const base::Bytes a = frame(one, "one", 0), b = frame(other, "two", 0), c = frame(third, "two", 1);
  const auto file = [&](const base::Bytes& x, const base::Bytes& y, const char* cert) {
    return mail::conflict_file({x, y}, one.c.anchor(), one.journal->directory(), one.c.agent(cert).cert_hash);
  };
  const auto guilty = [&](const std::string& text) {
    const auto v = cli::verify::verify_evidence(text, std::nullopt);
    for (const auto& [key, value] : v.facts) {
      if (v.holds && key == "guilty") return value;
    }
    return std::string("nobody");
  };
  CHECK(guilty(file(a, b, "hospital")) == "sender");
  CHECK(guilty(file(a, c, "hospital")) == "hub");
  CHECK(guilty(file(a, a, "hospital")) == "nobody");
  CHECK(guilty(file(a, b, "crisis")) == "nobody");
  CHECK(guilty(file(a, {}, "hospital")) == "nobody");
  CHECK_FALSE(cli::verify::verify_evidence(file(a, b, "hospital"), base::Hash{1}).holds);
  base::Bytes altered = b;
  altered[altered.size() / 2] ^= 1;
  CHECK(guilty(file(a, altered, "hospital")) == "nobody");
}
