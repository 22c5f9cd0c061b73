// Mail while keys are exchanged, while its reader is away for two weeks, and after the keys that opened it have been destroyed.
#include <filesystem>

#include "adapters/agent/key_file.h"
#include "adapters/agent/ledger/logged.h"
#include "adapters/agent/mail/succession.h"
#include "adapters/agent/witness/witness.h"
#include "crypto/seal.h"
#include "schemas/frames.h"
#include "tests/unit/agent_rotate_kit.h"

using namespace rig;
using keep::Progress;
namespace fs = std::filesystem;

namespace {

void exchange(Rotating& t) {
  t.rotate();
  REQUIRE(t.countersign(t.issue()).ok());
  REQUIRE_MESSAGE(eventually([&] { return t.mercy.renewals > 0; }), t.alarms(t.mercy));
}

// Every epoch key in a stolen folder, by the passphrase that was stolen with it; and whatever else in it could be one.
std::vector<crypto::BoxKey> keys_in(const std::string& dir) {
  namespace k = agent::key_file;
  std::vector<crypto::BoxKey> out;
  const auto sealed = k::open(k::sealed(dir), pass());
  REQUIRE(sealed.ok());
  for (std::size_t i = 0; i < k::kSeeds; ++i) out.push_back(crypto::BoxKey::from_secret(k::seed(sealed->view(), i)));
  const auto file = agent::read_file(dir + "/epochs.sealed");
  REQUIRE(file.ok());
  const auto plain = crypto::unlock_key_file(k::seed(sealed->view(), k::kEpochFile).view(), *file);
  REQUIRE(plain.ok());
  for (std::size_t at = 0; at + 60 <= plain->size(); at += 60) {
    crypto::Secret<32> sk;
    std::copy_n(plain->data() + at + 28, 32, sk.data());
    out.push_back(crypto::BoxKey::from_secret(sk));
  }
  return out;
}

bool opens(const base::Bytes& frame, const base::Id& reader, const std::vector<crypto::BoxKey>& keys) {
  const auto deliver = schemas::decode_deliver(frame);
  REQUIRE(deliver.ok());
  const auto parsed = crypto::parse_batch(deliver->batch, crypto::Frame::kDeliver);
  REQUIRE(parsed.ok());
  REQUIRE_FALSE(parsed->groups[0].tombstone);
  return std::any_of(keys.begin(), keys.end(), [&](const crypto::BoxKey& key) { return crypto::open(deliver->batch.groups[0], parsed->groups[0], reader, key).ok(); });
}

}  // namespace

TEST_CASE("keys are exchanged with mail in flight both ways: nothing is lost, nothing goes twice") {
  Rotating t;
  const base::Id first = t.refer("R-1");
  REQUIRE(t.delivered(first));
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.loses_answer = [&](const base::Id& from) { return from == t.mercy.id(); };  // logged, and mercy does not learn it
  }
  const base::Id logged = t.refer("R-2");
  REQUIRE(eventually([&] { return t.harbor.messages(logged).size() >= 1; }));
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.loses_answer = {};
    t.hub.on_batch = [&](const base::Id& from, base::View) -> std::optional<base::Result<Answer>> {
      if (from != t.mercy.id()) return std::nullopt;
      return base::Result<Answer>(base::Error{base::Kind::kBusy, "lost on its way"});
    };
  }
  const base::Id waits = t.refer("R-3");
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_deliver = [&](const base::Id& to, base::Bytes&) { return to != t.mercy.id(); };  // on its way
  }
  REQUIRE(t.harbor.status(first, "accepted").ok());
  REQUIRE(eventually([&] { return t.harbor.messages(first).back().progress == Progress::kSent; }));
  exchange(t);
  // The old process is still there, and the hub takes nothing of it any more. What comes now is receipted under the old certificate.
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_deliver = {};
  }
  t.hub.redeliver(t.mercy.id(), t.harbor.messages(first).back().index);
  REQUIRE(eventually([&] { return t.mercy.phase(first) == schemas::Phase::kAccepted; }));
  const base::Id queued = t.refer("R-4");
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_batch = {};
  }
  t.begin_anew();
  CHECK_MESSAGE(t.delivered(logged), t.alarms(t.mercy));
  CHECK_MESSAGE(t.delivered(waits), t.alarms(t.mercy));
  CHECK_MESSAGE(t.delivered(queued), t.alarms(t.mercy));
  const auto receipted = [&] {
    const auto all = t.harbor.messages(first);
    return std::all_of(all.begin(), all.end(), [](const keep::Message& m) { return !m.outgoing || m.progress == Progress::kDelivered; });
  };
  CHECK_MESSAGE(eventually(receipted), t.alarms(t.harbor));
  for (const base::Id& thread : {logged, waits, queued}) CHECK(t.harbor.messages(thread).size() == 2);  // the referral, and that it was received
  REQUIRE(eventually([&] { return t.knows(t.harbor, t.mercy.id()); }));
  REQUIRE(t.harbor.say(first, "send them over").ok());
  CHECK(eventually([&] { return t.mercy.messages(first).size() == 4; }));
  CHECK(t.serial(t.harbor) == 2);
  t.nothing_twice();
}

TEST_CASE("a batch that nobody had accepted before the new certificate is sealed anew, and its old bytes are worth nothing") {
  Rotating t;
  std::optional<base::Bytes> held;
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_batch = [&](const base::Id& from, base::View frame) -> std::optional<base::Result<Answer>> {
      if (from != t.mercy.id()) return std::nullopt;
      held = base::to_bytes(frame);
      return base::Result<Answer>(base::Error{base::Kind::kBusy, "lost on its way"});
    };
  }
  const base::Id thread = t.refer("R-1");
  REQUIRE(eventually([&] {
    const std::lock_guard lock(t.hub.mutex);
    return held.has_value();
  }));
  exchange(t);
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_batch = {};
    t.hub.hub().now = t.hub.clock.now();
    CHECK(t.hub.hub().batch(*held).code == schemas::NackCode::kCert);
  }
  t.begin_anew();
  CHECK_MESSAGE(t.delivered(thread), t.alarms(t.mercy));
  CHECK(t.harbor.messages(thread).size() == 2);
  t.nothing_twice();
}

TEST_CASE("that a message could not be opened was said under the old certificate: it is said again under the new one, and the message comes once more") {
  Rotating t;
  const base::Id thread = t.refer("R-1");
  REQUIRE(t.delivered(thread));
  const auto withhold = [&](bool yes) {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_deliver = [&t, yes](const base::Id& to, base::Bytes&) { return !yes || to != t.mercy.id(); };
  };
  withhold(true);
  REQUIRE(t.harbor.status(thread, "accepted").ok());
  REQUIRE(eventually([&] { return t.harbor.messages(thread).back().progress == Progress::kSent; }));
  t.mercy.stop();
  fs::remove(t.mercy.dir() + "/epochs.sealed");  // the key that it was sealed to is gone
  t.mercy.start();
  exchange(t);
  withhold(false);
  t.hub.redeliver(t.mercy.id(), t.harbor.messages(thread).back().index);
  REQUIRE(eventually([&] { return t.mercy.alarm("undecryptable"); }));
  CHECK(t.harbor.messages(thread).back().progress == Progress::kSent);  // the hub takes no receipt under the old certificate
  t.begin_anew();
  CHECK_MESSAGE(eventually([&] { return t.mercy.phase(thread) == schemas::Phase::kAccepted; }), t.alarms(t.mercy) << " / " << t.alarms(t.harbor));
  CHECK(eventually([&] { return t.harbor.messages(thread).back().progress == Progress::kDelivered; }));
}

TEST_CASE("a ledger head that was not answered before the new certificate holds up none after it, and the witness goes on from what it signed") {
  Rotating t;
  REQUIRE(t.delivered(t.refer("R-1")));
  agent::witness::Signed before;
  const auto signed_so_far = [&] {
    agent::witness::Signed s;
    REQUIRE(t.mercy->office().store.read([&](keep::Tx& tx) { return s = agent::witness::signed_so_far(tx), tx.fault(); }).ok());
    return s;
  };
  REQUIRE(eventually([&] { return (before = signed_so_far()).size > 0; }));
  exchange(t);
  const std::uint64_t day = t.hub.clock.now().ms / base::kDay + 1;  // kept under the old certificate, and never logged
  REQUIRE(t.mercy->office().store.write([&](keep::Tx& tx) {
    crypto::LedgerNote head;
    head.cert = t.mercy->office().cert;
    head.size = 1;
    head.root[0] = 7;
    crypto::Note note;
    note.text = head.text();
    note.sign(crypto::agent_name(t.hub.hub().c.name(), t.mercy.id()), t.mercy->office().vault.sign());
    agent::ledger::save(tx, {day, 1, keep::kNoIndex, head.root, note.whole()});
    return base::Status{};
  }).ok());
  t.begin_anew();
  CHECK(signed_so_far().size >= before.size);
  CHECK(eventually([&] {
    std::vector<agent::ledger::LoggedHead> heads;
    REQUIRE(t.mercy->office().store.read([&](keep::Tx& tx) { return heads = agent::ledger::logged(tx), tx.fault(); }).ok());
    return std::none_of(heads.begin(), heads.end(), [&](const auto& h) { return h.day == day; });
  }));
  crypto::AddCheckpoint anew;  // as if this witness had signed nothing yet: whatever is shown would be signed
  anew.checkpoint = t.mercy->office().replica.checkpoint();
  CHECK(agent::witness::judge(signed_so_far(), t.mercy->office().replica.directory().anchor().log, anew).status == 409);
  CHECK(t.delivered(t.refer("R-2")));
  t.nothing_twice();
}

TEST_CASE("an agent that was away for 13 days can be written to all the time, and reads what waits for it; after fifteen nobody has a key for it") {
  Rotating t;
  REQUIRE(t.delivered(t.refer("R-1")));
  t.harbor.stop();
  std::vector<base::Id> written;
  for (const std::uint64_t hours : {300U, 8U, 4U}) {  // 12.5, 12.8 and 13 days after
    t.hub.clock.ahead(hours * base::kHour);
    written.push_back(t.refer("R-" + std::to_string(hours)));
    t.mercy->courier().wake();
    REQUIRE_MESSAGE(eventually([&] { return t.mercy.messages(written.back())[0].progress == Progress::kSent; }), t.alarms(t.mercy));
  }
  t.harbor.start();
  for (const base::Id& thread : written) {
    CHECK_MESSAGE(t.delivered(thread), t.alarms(t.mercy));
    const auto all = t.harbor.messages(thread);  // what its timers said meanwhile stands there too
    CHECK(std::count_if(all.begin(), all.end(), [](const keep::Message& m) { return !m.outgoing && m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kReferral); }) == 1);
  }
  REQUIRE(eventually([&] {  // it has published its next two weeks
    (void)t.mercy->office().replica.sync(t.mercy->hub());
    return t.mercy->office().replica.directory().usable_epoch(t.harbor.id(), t.hub.clock.now().plus(13 * base::kDay)) != nullptr;
  }));
  CHECK_FALSE(t.harbor.alarm("undecryptable"));
  t.harbor.stop();
  t.hub.clock.ahead(16 * base::kDay);
  const base::Id late = t.refer("R-late");
  CHECK(eventually([&] { return t.mercy.alarm("epoch"); }));
  CHECK(t.mercy.messages(late)[0].progress == Progress::kWaiting);
  t.harbor.start();
  CHECK_MESSAGE(t.delivered(late), t.alarms(t.mercy));
}

TEST_CASE("after the grace the whole folder, its passphrase and the hub's frames open no old mail; before it they did") {
  Rotating t;
  const base::Id thread = t.refer("R-1");
  REQUIRE(t.delivered(thread));
  const auto sent = t.mercy.messages(thread)[0];
  base::Bytes frame;
  {
    const std::lock_guard lock(t.hub.mutex);
    const auto got = t.hub.hub().ask([&](const hub::state::Reader& r) { return r.deliver_frame(sent.index); });
    REQUIRE(got.ok());
    frame = *got;
  }
  TempDir safe;
  const std::string before = safe.path() + "/before", after = safe.path() + "/after";
  t.harbor.stop();
  fs::copy(t.harbor.dir(), before, fs::copy_options::recursive);
  CHECK(opens(frame, t.harbor.id(), keys_in(before)));
  t.hub.clock.ahead(7 * base::kDay);  // its day is over, its grace is not
  t.harbor.start();
  REQUIRE(eventually([&] { return t.knows(t.harbor, t.harbor.id()); }));
  t.harbor.stop();
  CHECK(opens(frame, t.harbor.id(), keys_in(t.harbor.dir())));
  t.hub.clock.ahead(2 * base::kDay);
  t.harbor.start();
  CHECK(eventually([&] { return !t.harbor->office().vault.any_due(t.hub.clock.now()); }));
  t.harbor.stop();
  fs::copy(t.harbor.dir(), after, fs::copy_options::recursive);
  CHECK_FALSE(opens(frame, t.harbor.id(), keys_in(after)));
  CHECK(opens(frame, t.harbor.id(), keys_in(before)));  // what was copied in time stays what it was: a backup is one
}
