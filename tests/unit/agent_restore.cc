// An agent that comes back from a backup (threat T41): it takes its place in its own chains from the log, by proof, before it says a word.
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <set>

#include "adapters/agent/backup.h"
#include "adapters/agent/files.h"
#include "adapters/agent/keep/restored.h"
#include "adapters/agent/mail/sender.h"
#include "schemas/frames.h"
#include "tests/unit/agent_two.h"

using namespace rig;
using keep::Progress;

namespace {

struct Two : TwoAgents {
  TempDir safe;
  Two() { start(); }
  void delivered(const base::Id& thread) { REQUIRE_MESSAGE(TwoAgents::delivered(thread), alarms(mercy)); }
  agent::Settings settings() const {
    agent::Settings s;
    s.dir = mercy.dir();
    s.endpoint = "tcp://127.0.0.1:1";
    s.unlock.passphrase_file = s.dir + "/pass";
    s.store_bytes = 256u << 20;
    return s;
  }
  void back_up() {  // while it runs
    const auto made = agent::backup_agent(settings(), mercy->office().vault, safe.path() + "/backup", crypto::system_random(), hub.clock.now(),
                                          [this](const std::string& dir) { return mercy->office().store.copy_to(dir); });
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message()));
  }
  void come_back(const std::string& name = "restored") {
    mercy.stop();
    const std::string to = safe.path() + "/" + name;
    const auto r = agent::restore_agent(safe.path() + "/backup", to, settings().unlock, crypto::system_random(), hub.clock.now(), nullptr);
    REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message()));
    mercy.adjust = [to](agent::Settings& s) { s.dir = to; };
    mercy.start();
  }
  std::size_t sent() {
    const std::lock_guard lock(hub.mutex);
    return hub.batches.size();
  }
  // Every batch that ever left: one number, one content; each follows the one before it.
  void no_number_twice() {
    const std::lock_guard lock(hub.mutex);
    std::map<std::pair<base::Id, std::uint64_t>, base::Bytes> seen;
    for (const base::Bytes& frame : hub.batches) {
      const auto parts = schemas::decode_batch(frame);
      REQUIRE(parts.ok());
      const auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
      REQUIRE(parsed.ok());
      const auto [at, fresh] = seen.try_emplace({parsed->bst.sender, parsed->bst.batch_seq}, base::to_bytes(parts->bst));
      CHECK((fresh || at->second == base::to_bytes(parts->bst)));
    }
  }
  bool restored_done() {
    std::optional<keep::Restored> mark;
    REQUIRE(mercy->office().store.read([&](keep::Tx& tx) {
      mark = keep::restored(tx);
      return base::Status{};
    }).ok());
    return mark && mark->heads && mark->mail;
  }
};

}  // namespace

TEST_CASE("an agent restored from an old backup goes on where the log says it was: no batch number twice, nothing twice, no conflict") {
  Two t;
  const base::Id first = t.refer("R-1");
  t.delivered(first);
  t.hub.connection(t.mercy.id(), false);
  const base::Id waits = t.refer("R-2");  // in the backup's outbox, and sent after it
  t.back_up();
  t.hub.connection(t.mercy.id(), true);
  t.delivered(waits);
  const base::Id later = t.refer("R-3");  // the backup has never heard of it
  t.delivered(later);
  REQUIRE(t.harbor.status(first, "accepted").ok());
  REQUIRE(eventually([&] { return t.mercy.phase(first) == schemas::Phase::kAccepted; }));
  REQUIRE(t.mercy.say(first, "on our way").ok());
  REQUIRE(eventually([&] { return t.harbor.messages(first).size() == 4; }));

  t.come_back();
  REQUIRE(eventually([&] { return t.restored_done(); }));
  CHECK(eventually([&] { return t.mercy.phase(first) == schemas::Phase::kAccepted; }));  // received since the backup: asked for again
  const base::Id after = t.refer("R-4");
  REQUIRE(t.mercy.say(first, "arrived").ok());
  t.delivered(after);
  REQUIRE(eventually([&] { return t.harbor.messages(first).size() == 5; }));
  t.delivered(waits);

  t.no_number_twice();
  CHECK(t.harbor.messages(waits).size() == 2);
  CHECK(t.harbor.messages(later).size() == 2);
  CHECK(t.harbor.messages(after).size() == 2);
  for (const char* alarm : {"conflict", "chain-restart", "state-lost", "gap", "apply"}) CHECK_FALSE(t.harbor.alarm(alarm));
  CHECK_FALSE(t.mercy.alarm("restore"));
  CHECK_FALSE(t.mercy.alarm("nack"));
  CHECK(t.mercy.alarm("restored"));  // people are told that something is known by number only
  CHECK(t.mercy->courier().stopped().empty());
  std::set<std::uint32_t> numbers;  // this sender's event numbers in the thread: none twice
  for (const keep::Message& m : t.harbor.messages(first)) {
    if (!m.outgoing) CHECK(numbers.insert(m.thread_seq).second);
  }
}

TEST_CASE("a restored agent believes no head without its proof: nothing is sent until the hub shows one that holds") {
  Two t;
  t.delivered(t.refer("R-0"));
  t.delivered(t.refer("R-1"));
  t.back_up();
  t.delivered(t.refer("R-2"));
  t.delivered(t.refer("R-3"));
  using Lie = std::function<void(wire::Fetched&)>;
  using Part = std::function<base::View(const schemas::Deliver&)>;
  const auto flipped = [](Part part) -> Lie {
    return [part](wire::Fetched& got) {
      for (base::Bytes& frame : got.delivers) {
        const auto d = schemas::decode_deliver(frame);
        REQUIRE(d.ok());
        const base::View v = part(*d);
        frame[static_cast<std::size_t>(v.data() - frame.data()) + v.size() / 2] ^= 1;
      }
    };
  };
  std::vector<Lie> lies = {[](wire::Fetched& got) { got.delivers.clear(); },           // "you have never sent anything"
                           [&](wire::Fetched& got) {                                   // an old one as the last one
                             const auto reader = [&](const hub::state::Reader& r) {
                               for (std::uint64_t i = 0; i < r.size(); ++i) {
                                 auto frame = r.deliver_frame(i);
                                 if (frame.ok() && r.party_to(i, t.mercy.id())) return std::move(*frame);
                               }
                               return base::Bytes{};
                             };
                             got.delivers = {t.hub.hub().ask(reader)};
                           }};
  const Part parts[] = {[](const auto& d) { return d.batch.bst; },  [](const auto& d) { return d.batch.sig; },
                        [](const auto& d) { return d.batch.groups[0].grp; }, [](const auto& d) { return d.batch.groups[0].msgs[0].hdr; },
                        [](const auto& d) { return d.ent; }, [](const auto& d) { return d.incl; }, [](const auto& d) { return d.ckpt; }};
  for (const Part& part : parts) lies.push_back(flipped(part));
  std::size_t round = 0;
  for (const Lie& lie : lies) {
    {
      const std::lock_guard lock(t.hub.mutex);
      t.hub.on_fetch = [&](const base::Id& who, const wire::Fetch& q, wire::Fetched& got) {
        if (who == t.mercy.id() && q.what == wire::Fetch::What::kOwnLast) lie(got);
      };
    }
    t.come_back("lied-to-" + std::to_string(round++));
    const std::size_t before = t.sent();
    REQUIRE(t.mercy.refer("harbor", "R-9").ok());
    CHECK_MESSAGE(eventually([&] { return t.mercy.alarm("restore"); }), "lie " << round);
    CHECK(t.sent() == before);
  }
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_fetch = {};
  }
  t.hub.clock.ahead(31 * base::kSecond);
  t.mercy->courier().wake();
  CHECK_MESSAGE(eventually([&] { return t.restored_done() && !t.mercy.alarm("restore"); }, 30'000), t.alarms(t.mercy));
  CHECK(eventually([&] { return t.sent() > 0 && !t.mercy.alarm("nack"); }));
  t.no_number_twice();
  CHECK_FALSE(t.harbor.alarm("conflict"));
}

TEST_CASE("a head that cannot be proved and a new certificate: the chains begin anew, and the other side is told") {
  Two t;
  t.delivered(t.refer("R-1"));
  t.back_up();
  t.delivered(t.refer("R-2"));
  t.delivered(t.refer("R-3"));
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_fetch = [&](const base::Id& who, const wire::Fetch& q, wire::Fetched& got) {
      const auto newest = t.hub.hub().ask([&](const hub::state::Reader& r) { return r.last_batch(t.mercy.id()); }).value_or(0);
      if (who == t.mercy.id() && q.what == wire::Fetch::What::kIndex && q.from != newest) got.delivers.clear();  // long gone
    };
  }
  t.come_back();
  REQUIRE(eventually([&] { return t.mercy.alarm("restore"); }));
  std::string renewed;
  {
    const auto old = crypto::parse_note(t.mercy->cert_note());
    REQUIRE(old.ok());
    crypto::Cert cert = *crypto::parse_cert(old->text);
    cert.serial = 2;
    cert.prev = old->hash();
    const std::lock_guard lock(t.hub.mutex);
    auto note = crypto::parse_note(t.hub.hub().c.sign_by_authorities(cert.text(), 2));
    REQUIRE(note.ok());
    note->sign(crypto::agent_name(t.hub.hub().c.name(), cert.agent), t.mercy->office().vault.sign());
    renewed = note->whole();
    const auto o = t.hub.hub().apply(kit::item(kit::EntryType::kDir, base::to_bytes(renewed)));
    REQUIRE_MESSAGE(o.accepted, o.words);
  }
  t.mercy.stop();
  REQUIRE(agent::write_atomic(t.safe.path() + "/restored/cert.note", base::view(renewed)).ok());
  t.mercy.start();
  REQUIRE(eventually([&] { return t.restored_done(); }));
  const base::Id after = t.refer("R-4");
  t.delivered(after);
  CHECK(t.harbor.alarm("chain-restart"));
  CHECK_FALSE(t.harbor.alarm("conflict"));
  CHECK_FALSE(t.mercy.alarm("restore"));
  CHECK(t.harbor.messages(after).size() == 2);
  t.no_number_twice();
}

TEST_CASE("a recovery kit alone brings the agent's identity and chains back; its mail is gone, its words go on") {
  Two t;
  const base::Id first = t.refer("R-1");
  t.delivered(first);
  std::ofstream(t.mercy.dir() + "/agent.toml") << "[hub]\nendpoint = \"tcp://127.0.0.1:1\"\n\n[unlock]\npassphrase_file = \"pass\"\n";
  const auto kit = agent::kit_text(t.settings(), t.hub.clock.now());
  REQUIRE(kit.ok());
  CHECK(kit->find("correct horse") == std::string::npos);
  t.delivered(t.refer("R-2"));
  t.mercy.stop();
  const std::string to = t.safe.path() + "/from-kit";
  auto spoilt = *kit;
  spoilt[spoilt.find("-- file keys.sealed") + 110] ^= 1;
  CHECK_FALSE(agent::restore_from_kit(spoilt, to, t.settings().unlock, crypto::system_random(), t.hub.clock.now(), nullptr).ok());
  const auto r = agent::restore_from_kit(*kit, to, t.settings().unlock, crypto::system_random(), t.hub.clock.now(), nullptr);
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message()));
  t.mercy.adjust = [to](agent::Settings& s) { s.dir = to; };
  t.mercy.start();
  REQUIRE(eventually([&] { return t.restored_done(); }));
  REQUIRE(eventually([&] { return t.mercy->office().desk().stale.empty() && t.knows(t.harbor, t.mercy.id()); }));
  const base::Id after = t.refer("R-3");
  t.delivered(after);
  // A key of its own for every day that the lost one had published: who writes now is read.
  REQUIRE(t.harbor.status(after, "accepted").ok());
  CHECK(eventually([&] { return t.mercy.phase(after) == schemas::Phase::kAccepted; }));
  CHECK_FALSE(t.mercy.alarm("epochs"));
  t.no_number_twice();
  CHECK_FALSE(t.harbor.alarm("conflict"));
}

TEST_CASE("a backup is read back before it counts, opens with the passphrase alone, and is its owner's alone") {
  Two t;
  t.delivered(t.refer("R-1"));
  t.back_up();
  const std::string backup = t.safe.path() + "/backup";
  for (const char* name : {"/keys.sealed", "/epochs.sealed", "/store/data.mdb", "/backup.json"}) {
    struct stat st {};
    REQUIRE(::stat((backup + name).c_str(), &st) == 0);
    CHECK((st.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(agent::backup_agent(t.settings(), t.mercy->office().vault, backup, crypto::system_random(), t.hub.clock.now()).ok());  // never over another
  std::ofstream(t.safe.path() + "/wrong") << "another horse\n";
  agent::UnlockSource wrong;
  wrong.passphrase_file = t.safe.path() + "/wrong";
  const std::string to = t.safe.path() + "/never";
  CHECK_FALSE(agent::restore_agent(backup, to, wrong, crypto::system_random(), t.hub.clock.now(), nullptr).ok());
  auto keys = agent::read_file(backup + "/keys.sealed");
  REQUIRE(keys.ok());
  keys->back() ^= 1;
  REQUIRE(agent::write_atomic(backup + "/keys.sealed", *keys).ok());
  const auto spoilt = agent::restore_agent(backup, to, t.settings().unlock, crypto::system_random(), t.hub.clock.now(), nullptr);
  REQUIRE_FALSE(spoilt.ok());
  CHECK(spoilt.error().where == backup + "/keys.sealed");
  CHECK(::access(to.c_str(), F_OK) != 0);  // nothing half made stays behind
}

TEST_CASE("the witness key of a restored agent is silent until two peers' quorum sizes are passed") {
  Two t;
  const auto may = [&](std::uint64_t own, std::vector<std::uint64_t> peers) {
    bool out = false;
    REQUIRE(t.mercy->office().store.write([&](keep::Tx& tx) {
      out = keep::witness_may_sign(tx, own, peers);
      return base::Status{};
    }).ok());
    return out;
  };
  CHECK(may(1, {}));  // never restored
  t.back_up();
  t.come_back();
  CHECK_FALSE(may(100, {}));
  CHECK_FALSE(may(100, {90}));
  CHECK_FALSE(may(100, {90, 101}));
  t.mercy.stop();
  t.mercy.start();  // it outlives a restart
  CHECK_FALSE(may(100, {90}));
  CHECK(may(101, {90, 101}));
  CHECK(may(101, {}));  // over for good
}
