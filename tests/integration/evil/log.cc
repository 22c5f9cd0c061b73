// What a hub can do with its log and its directory, tried on real agents.
#include "tests/integration/evil/county.h"

#include <signal.h>

#include <filesystem>
#include <fstream>


using namespace evil;

namespace {

constexpr const char* kBroken = "the hub's log does not hold together: ";

}  // namespace

TEST_CASE("two trees for two agents: the first message tells its reader, and both say so, keep what convicts, and send nothing more") {
  County c;
  Forger log(c.world);
  log.reject();
  c.hub.trick([&](Frame& f) { return f.agent == "mercy" ? log.serve(f) : Go::kOn; });
  REQUIRE(eventually([&] { return c.mercy.must({{"op", "status"}}).at("hub").at("root") == base::hex(log.root()); }));
  const std::string thread = c.refer();  // its body says which tree mercy has seen
  REQUIRE(eventually([&] { return c.harbor.count(thread) > 0; }));
  c.hub.trick();
  for (const AgentProcess* at : {&c.mercy, &c.harbor}) {
    CHECK(County::says(*at, kBroken));
    CHECK(at->must({{"op", "audit.verify"}}).at("holds") == false);
    const Json kept = at->must({{"op", "evidence.list"}}).at("evidence");
    REQUIRE(!kept.empty());
    CHECK(kept[0].at("offline") == true);  // handoff-verify judges it
  }
  c.note(thread, "after that");
  CHECK(County::says(c.mercy, "nothing is sent any more: the hub's log has a fault"));
  const auto sent = c.hub.seen("mercy", false, Op::kBatch);
  for (const auto& frame : sent) CHECK(frame == sent[0]);
}

TEST_CASE("cut and restarted: a HELLO that knows more makes the hub read-only; where it is kept from the hub, the agent finds the other tree") {
  County c;
  const std::string old = c.world.dir.path("old");
  REQUIRE(c.world.hub->end(SIGTERM) == 0);
  std::filesystem::copy(c.world.folder(), old, std::filesystem::copy_options::recursive);
  c.world.start();
  const std::string thread = c.refer();
  REQUIRE(eventually([&] { return c.mercy.phase(thread) == "received"; }));
  bool hidden = false;
  SUBCASE("as it comes") {}
  SUBCASE("with the agents' checkpoints taken out of their HELLO") { hidden = true; }
  c.hub.trick([&](Frame& f) {
    if (!hidden || f.down || f.op != Op::kHello) return Go::kOn;
    auto hello = *wire::decode<wire::Hello>(f.payload);
    hello.checkpoint.clear();
    f.payload = wire::encode(hello);
    return Go::kOn;
  });
  REQUIRE(c.world.hub->end(SIGKILL) == 128 + SIGKILL);
  std::filesystem::remove_all(c.world.folder());
  std::filesystem::copy(old, c.world.folder(), std::filesystem::copy_options::recursive);
  c.world.start();
  if (hidden) {
    CHECK(County::says(c.mercy, "two signed trees of "));
    CHECK(County::says(c.harbor, "two signed trees of "));
  } else {
    CHECK(eventually([&] {
      auto line = c.world.line("police");
      return line.up() && line.hello().read_only;
    }));
  }
}

TEST_CASE("a revocation that the hub hides: the entry without its note is named, and mail that it logged afterwards is refused") {
  County c;
  const std::string revoke = c.world.c.revoke("police", false);
  SUBCASE("the note is not handed out") {
    c.hub.trick([&](Frame& f) {
      if (f.agent != "mercy" || !f.down || f.op != Op::kDirGet) return Go::kOn;
      auto got = *wire::decode<wire::DirGot>(f.payload);
      std::erase_if(got.notes, [&](const wire::DirNote& n) { return n.note == revoke; });
      f.payload = wire::encode(got);
      return Go::kOn;
    });
    std::ofstream(c.world.dir.path("revoke.note"), std::ios::binary) << revoke;
    REQUIRE(hub_kit::run_hub({"add", c.world.folder(), c.world.dir.path("revoke.note"), "--wait"}).code == 0);
    CHECK(County::says(c.mercy, "the hub does not hand out a note that it logged"));
    c.hub.trick();
    CHECK(eventually([&] { return c.mercy.must({{"op", "status"}}).at("alarms").empty(); }));
  }
  SUBCASE("mail of the revoked is logged all the same, its reader was away") {
    const auto sealed = c.sealed("after its end");
    const base::Bytes frame = kit::Consortium::frame(sealed);
    Forger log(c.world);
    log.note(revoke);
    const auto at = log.accept(frame);
    c.hub.trick([&](Frame& f) { return f.agent == "harbor" ? log.serve(f) : Go::kOn; });
    c.hub.push("harbor", Op::kDeliver, log.deliver(frame, 0, at));
    CHECK(County::says(c.harbor, "the sender's certificate was not valid at this entry"));
    CHECK(c.hub.seen("harbor", false, Op::kReceipt).empty());
  }
}

TEST_CASE("an epoch key that its agent did not sign, and a certificate with one signature too few: logged, found, and nothing is sealed to them") {
  County c;
  const crypto::Directory d = c.directory();
  const crypto::Member* harbor = nullptr;
  for (const crypto::Member* m : d.members()) {
    if (m->cert.name == "harbor") harbor = m;
  }
  REQUIRE(harbor != nullptr);
  Forger log(c.world);
  std::string words;
  SUBCASE("an epoch key") {
    const crypto::EpochKey* known = d.usable_epoch(harbor->cert.agent, c.world.now());
    crypto::EpochNote fake;
    fake.cert = harbor->cert_hash;
    fake.keys = {*known};
    fake.keys[0].epoch += 1;
    fake.keys[0].key = crypto::BoxKey::generate(crypto::system_random()).public_key();
    fake.prev = d.last_epoch_note(harbor->cert.agent).value_or(base::Hash{});
    crypto::Note note;
    note.text = fake.text();
    note.sign(crypto::agent_name(d.anchor().consortium, harbor->cert.agent), c.world.c.log_key());
    log.note(note.whole());
    words = "a logged note is not valid where it stands";
  }
  SUBCASE("a certificate") {
    crypto::Cert cert = harbor->cert;
    cert.agent[0] ^= 1;
    cert.name = "imposter";
    log.note(c.world.c.sign_by_authorities(cert.text(), 1));
    words = "a logged note is not valid where it stands";
  }
  c.hub.trick([&](Frame& f) { return f.agent == "mercy" ? log.serve(f) : Go::kOn; });
  CHECK(County::says(c.mercy, kBroken + words));
  c.refer();
  CHECK(County::says(c.mercy, "nothing is sent any more: the hub's log has a fault"));
}
