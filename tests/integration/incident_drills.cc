// The days on which keys have to go, with real processes: the consortium's authorities are exchanged, and the hub's own keys after a theft (T20).
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "crypto/note.h"
#include "tests/integration/drill_county.h"
#include "tests/kit/files.h"

using namespace agent_kit;
using hub_kit::eventually;
using hub_kit::run_hub;
namespace fs = std::filesystem;

namespace {

struct County : DrillCounty {
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(world.dir.path(name), std::ios::binary) << text;
    return world.dir.path(name);
  }
  int add(const std::string& note) { return run_hub({"add", world.folder(), file("in.note", note), "--wait"}).code; }
  // What the next anchor says, before anything is changed in it.
  crypto::Anchor next() {
    crypto::Anchor a = world.c.anchor_values();
    a.prev = crypto::sha256(base::view(a.text()));
    a.version = 2;
    return a;
  }
};

bool connected(const AgentProcess& a) { return a.must({{"op", "status"}}).at("hub").at("connected").get<bool>(); }
std::uint64_t anchor_at(const AgentProcess& a) { return a.must({{"op", "directory"}}).at("anchor").at("version").get<std::uint64_t>(); }

}  // namespace

TEST_CASE("the authorities are exchanged under a running hub: enough of the old and of the new must sign, and everybody follows") {
  County c;
  std::vector<crypto::SignKey> fresh;
  crypto::Anchor next = c.next();
  next.authorities.resize(1);  // the first stays; 4 and 5 are new, 2 and 3 leave
  for (const unsigned i : {4U, 5U}) {
    fresh.push_back(crypto::SignKey::generate(crypto::system_random()));
    next.authorities.push_back({crypto::authority_name(next.consortium, i), crypto::NoteAlg::kEd25519, fresh.back().public_key()});
  }
  const auto note = [&](const std::string& text, unsigned old_ones, std::initializer_list<unsigned> new_ones) {
    crypto::Note n{text, {}};
    if (old_ones > 0) n = *crypto::parse_note(c.world.c.sign_by_authorities(text, old_ones));
    for (const unsigned i : new_ones) n.sign(crypto::authority_name(next.consortium, i), fresh[i - 4]);
    return n;
  };
  CHECK(c.add(note(next.text(), 3, {}).whole()) == 1);      // only old: 1 alone is of the new ones
  CHECK(c.add(note(next.text(), 0, {4, 5}).whole()) == 1);  // only new
  CHECK(c.add(note(next.text(), 1, {4, 5}).whole()) == 1);
  auto twice = note(next.text(), 1, {4, 5});
  twice.signatures.push_back(twice.signatures[0]);
  CHECK(c.add(twice.whole()) == 1);  // a key that signs twice counts once
  CHECK(c.mercy.ask({{"op", "directory.offer"}, {"note", twice.whole()}}).at("error").at("kind") == "bad_signature");
  CHECK(anchor_at(c.mercy) == 1);
  REQUIRE(c.add(note(next.text(), 2, {4}).whole()) == 0);
  REQUIRE(eventually([&] { return anchor_at(c.mercy) == 2 && anchor_at(c.harbor) == 2; }));

  const crypto::Cert harbor = *crypto::parse_cert(crypto::parse_note(kit::read_file(c.harbor.dir() + "/cert.note"))->text);
  crypto::RevokeNote revoke;
  revoke.cert = crypto::sha256(base::view(harbor.text()));
  revoke.reason = "closed";
  CHECK(c.add(note(revoke.text(), 2, {}).whole()) == 1);  // 2 has left
  const std::string thread = c.received("R-1");           // nothing of it touched the mail
  REQUIRE(c.add(note(revoke.text(), 1, {5}).whole()) == 0);
  CHECK(eventually([&] { return !County::can(c.mercy, "harbor"); }));
  CHECK(c.mercy.must({{"op", "audit.verify"}}).at("holds") == true);
  CHECK(c.mercy.phase(thread) == "received");
}

TEST_CASE("the hub's stolen keys are exchanged by a new anchor: mail in flight arrives, and the thief can neither pose as the hub nor sign for its log") {
  County c;
  (void)c.received("R-1");
  const std::string stolen = c.world.dir.path("stolen"), folder = c.world.folder(), endpoint = c.world.hub->endpoint();
  REQUIRE(run_hub({"backup", folder, stolen}).code == 0);  // what the thief holds: store, log key, transport key
  const auto made = run_hub({"keygen", folder, "--next", "--json"});
  REQUIRE(made.code == 0);
  CHECK(run_hub({"keygen", folder, "--next", "--json"}).out == made.out);
  REQUIRE(c.world.hub->end(SIGTERM) == 0);
  c.world.start();  // now it has them at hand
  const Json keys = Json::parse(made.out);
  crypto::Anchor next = c.next();
  const crypto::VerifierKey old_log = next.log;
  next.log = *crypto::parse_vkey(keys.at("vkey").get<std::string>());
  next.hub_transport = base::fixed<32>(base::View(*base::unbase64(keys.at("transport").get<std::string>())));
  CHECK(next.log.name == old_log.name);

  CHECK(c.harbor.end(SIGTERM) == 0);  // away while it happens
  const std::string flying = c.refer("R-2");
  const std::string note = c.world.c.sign_by_authorities(next.text(), 2);
  REQUIRE(c.add(note) == 0);
  REQUIRE(eventually([&] { return anchor_at(c.mercy) == 2 && connected(c.mercy); }));  // the old line goes on until the hub changes its key
  CHECK(c.world.hub->end(SIGTERM) == 0);
  CHECK(run_hub({"check", folder}).code == 0);
  c.world.start();
  CHECK_FALSE(fs::exists(folder + "/next-log.key"));
  CHECK(kit::read_file(folder + "/log.key") != kit::read_file(stolen + "/log.key"));
  CHECK(kit::read_file(folder + "/transport.key") != kit::read_file(stolen + "/transport.key"));
  REQUIRE(eventually([&] { return connected(c.mercy); }));
  const std::string after = c.refer("R-3");

  c.harbor.start();
  CHECK_FALSE(c.harbor.must({{"op", "directory"}}).at("anchor").at("by_file").get<bool>());
  const Json offered = c.harbor.must({{"op", "directory.offer"}, {"note", note}});
  CHECK(offered.at("type") == "anchor");
  CHECK(offered.at("state") == "kept");  // it cannot have reached the hub: it knew the old key only
  REQUIRE(eventually([&] { return c.harbor.count(flying) > 0 && c.harbor.count(after) > 0; }));
  REQUIRE(eventually([&] { return c.mercy.phase(after) == "received" && c.mercy.phase(flying) == "received"; }));
  for (const AgentProcess* a : {&c.mercy, &c.harbor}) {
    CHECK(a->must({{"op", "audit.verify"}}).at("holds") == true);
    CHECK(eventually([&] { return a->must({{"op", "directory"}}).at("offers").empty(); }));
    CHECK(fs::exists(a->dir() + "/anchor-2.note"));
  }
  REQUIRE(c.world.hub->end(SIGTERM) == 0);
  CHECK(run_hub({"check", folder}).code == 0);

  // The thief serves the stolen disk at the hub's address.
  hub_kit::HubProcess thief({"run", stolen, "--listen", endpoint});
  hub_kit::Line deceived(c.world.context, c.world.c.agent("police").transport, endpoint, c.world.c.hub_transport().public_key());
  REQUIRE(deceived.up());  // who knows the old anchor alone would believe it
  CHECK(c.mercy.end(SIGTERM) == 0);
  c.mercy.start();  // dials anew, and again and again
  CHECK(c.harbor.end(SIGTERM) == 0);
  const auto doctor = run_agent({"doctor", c.harbor.dir()});  // a visit of its own, with the key of anchor-2.note
  CHECK_MESSAGE(doctor.out.find("the hub does not answer") != std::string::npos, doctor.out);
  c.harbor.start();
  CHECK_FALSE(connected(c.mercy));
  CHECK_FALSE(connected(c.harbor));
  CHECK(thief.end(SIGTERM) == 0);

  // A member whom the thief has turned brings the hub a longer tree, signed with the stolen key: the hub goes on writing.
  c.world.start();
  REQUIRE(eventually([&] { return connected(c.mercy) && connected(c.harbor); }));
  const std::string lie = crypto::sign_checkpoint({old_log.name, 1'000'000, base::Hash{7}}, c.world.c.log_key());
  hub_kit::Line liar(c.world.context, c.world.c.agent("police").transport, endpoint, next.hub_transport, 64, lie);
  REQUIRE(liar.up());
  CHECK_FALSE(liar.hello().read_only);
  (void)c.received("R-4");
}
