// An agency's keys are exchanged: what lies in its folder at every step, and that the power may go between any two of them.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "adapters/agent/key_file.h"
#include "adapters/agent/terms.h"
#include "tests/unit/agent_rotate_kit.h"

using namespace rig;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

bool there(const std::string& path) { return fs::exists(path); }

json health_of(AgentBox& box) {
  const auto answer = agent::web::healthz(*box);
  json out = json::parse(answer.body);
  out["code"] = answer.status;
  return out;
}

}  // namespace

TEST_CASE("a rotation begins with one request, which stays the same; the present keys are not touched") {
  Rotating t;
  const std::string sealed = kit::read_file(t.mercy.dir() + "/keys.sealed");
  const agent::Rotation first = t.rotate();
  CHECK(first.serial == 2);
  CHECK_FALSE(first.repeated);
  CHECK(first.recovery_path.empty());
  const std::string request = kit::read_file(first.request_path), pending = kit::read_file(t.mercy.dir() + "/keys.pending");
  const agent::Rotation again = t.rotate();
  CHECK(again.repeated);
  CHECK(kit::read_file(first.request_path) == request);
  CHECK(kit::read_file(t.mercy.dir() + "/keys.pending") == pending);
  CHECK(kit::read_file(t.mercy.dir() + "/keys.sealed") == sealed);
  const auto other = agent::rotate_keys(t.mercy.dir(), agent::KeySet{true, false, false, false}, pass(), crypto::system_random());
  CHECK(other.error().kind == base::Kind::kConflict);
  const auto note = crypto::parse_note(request);
  REQUIRE(note.ok());
  const auto vault = t.vault();
  const auto asked = *agent::requested(t.mercy.dir());
  const std::string name = crypto::agent_name(t.hub.hub().c.name(), t.mercy.id());
  CHECK(note->signed_by({name, crypto::NoteAlg::kEd25519, asked.sign}));
  CHECK(note->signed_by({name, crypto::NoteAlg::kEd25519, vault->sign().public_key()}));
  CHECK(asked.sign != vault->sign().public_key());
  CHECK(asked.transport != vault->transport().public_key());
  CHECK(asked.witness != vault->witness().public_key());
  CHECK(agent::parse_key_set("sign,recovery")->recovery);
  CHECK_FALSE(agent::parse_key_set("sign,epoch").ok());
  CHECK_FALSE(agent::parse_key_set("").ok());
}

TEST_CASE("the recovery key alone is exchanged, and handed out once") {
  Rotating t;
  const auto before = crypto::parse_cert(crypto::parse_note(t.mercy->cert_note())->text);
  const agent::Rotation r = t.rotate(agent::KeySet{false, false, false, true});
  REQUIRE(there(r.recovery_path));
  const auto seed = base::unbase64(kit::read_file(r.recovery_path).substr(0, 44));
  REQUIRE(seed);
  const auto asked = *agent::requested(t.mercy.dir());
  CHECK(crypto::SignKey::from_seed(crypto::Secret<32>(base::fixed<32>(*seed))).public_key() == asked.recovery);
  CHECK(asked.recovery != before->recovery);
  CHECK(asked.sign == before->sign);
  fs::remove(r.recovery_path);
  CHECK(t.rotate().recovery_path.empty());
  REQUIRE(t.countersign(t.issue()).ok());
  REQUIRE_MESSAGE(eventually([&] { return t.mercy.renewals > 0; }), t.alarms(t.mercy));
  t.begin_anew();
  CHECK(t.serial(t.harbor) == 2);
  CHECK(crypto::parse_cert(crypto::parse_note(t.mercy->cert_note())->text)->recovery == asked.recovery);
  CHECK_FALSE(there(t.mercy.dir() + "/keys.pending"));
  CHECK(t.delivered(t.refer("R-1")));
}

TEST_CASE("whatever moment the power goes at, the folder opens as a working agent, with the old keys or with the new ones") {
  enum Moment { kRequested, kAnswered, kLoggedWhileAway, kKeysRenamed, kAllRenamed };
  for (const Moment moment : {kRequested, kAnswered, kLoggedWhileAway, kKeysRenamed, kAllRenamed}) {
    CAPTURE(moment);
    Rotating t;
    const std::string dir = t.mercy.dir();
    t.rotate();
    t.mercy.stop();
    fs::copy_file(dir + "/keys.sealed", dir + "/keys.sealed.new");  // a write that was cut short
    if (moment == kRequested) {
      t.mercy.start();
      CHECK(t.delivered(t.refer("R-0")));
      CHECK(t.mercy->office().vault.sign().public_key() != agent::requested(dir)->sign);
      t.mercy.stop();
    }
    const auto answered = t.countersign(t.issue());
    REQUIRE_MESSAGE(answered.ok(), (answered.ok() ? "" : answered.error().message()));
    const std::string next = kit::read_file(dir + "/cert.next");
    if (moment >= kLoggedWhileAway) REQUIRE(t.log(next).ok());
    if (moment >= kKeysRenamed) fs::rename(dir + "/keys.pending", dir + "/keys.sealed");
    if (moment == kAllRenamed) fs::rename(dir + "/cert.next", dir + "/cert.note");
    t.mercy.start();
    if (moment < kKeysRenamed) {
      REQUIRE_MESSAGE(eventually([&] { return t.mercy.renewals > 0; }), t.alarms(t.mercy));
      t.begin_anew();
    }
    CHECK(t.serial(t.harbor) == 2);
    CHECK(kit::read_file(dir + "/cert.note") == next);
    CHECK_FALSE(there(dir + "/keys.pending"));
    CHECK_FALSE(there(dir + "/cert.next"));
    const auto now = crypto::parse_cert(crypto::parse_note(next)->text);
    CHECK(t.vault()->sign().public_key() == now->sign);
    const base::Id thread = t.refer("R-1");
    CHECK_MESSAGE(t.delivered(thread), t.alarms(t.mercy));
    REQUIRE(eventually([&] { return t.knows(t.harbor, t.mercy.id()); }));
    REQUIRE(t.harbor.status(thread, "accepted").ok());
    CHECK(eventually([&] { return t.mercy.phase(thread) == schemas::Phase::kAccepted; }));
    t.nothing_twice();
  }
}

TEST_CASE("a certificate takes no key over that it does not fit, that its authorities did not sign, or to which the old key did not agree") {
  Rotating t;
  t.rotate();
  const std::string good = t.issue();
  CHECK(t.log(good).error().kind == base::Kind::kBadSignature);  // the old sign key has not signed
  CHECK(t.countersign(t.issue(365, 1)).error().kind == base::Kind::kBadSignature);
  crypto::Cert other = *crypto::parse_cert(crypto::parse_note(good)->text);
  const auto by_authorities = [&](const crypto::Cert& c) {
    const std::lock_guard lock(t.hub.mutex);
    return t.hub.hub().c.sign_by_authorities(c.text(), 2);
  };
  other.transport = crypto::BoxKey::generate(crypto::system_random()).public_key();
  CHECK(t.countersign(by_authorities(other)).error().kind == base::Kind::kConflict);
  other = *crypto::parse_cert(crypto::parse_note(good)->text);
  other.prev = {};
  other.prev[0] = 1;
  CHECK(t.countersign(by_authorities(other)).error().kind == base::Kind::kConflict);
  CHECK(t.countersign(t.mercy->cert_note()).error().kind == base::Kind::kConflict);
  CHECK_FALSE(there(t.mercy.dir() + "/cert.next"));
  CHECK(t.mercy.renewals == 0);
  CHECK(t.serial(t.harbor) == 1);
  CHECK(t.delivered(t.refer("R-1")));
}

TEST_CASE("after the exchange the old private halves are nowhere: not in the folder, and not where they lay") {
  Rotating t;
  const auto old = agent::key_file::open(t.mercy.dir() + "/keys.sealed", pass());
  REQUIRE(old.ok());
  const int fd = ::open((t.mercy.dir() + "/keys.sealed").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  t.rotate();
  REQUIRE(t.countersign(t.issue()).ok());
  REQUIRE(eventually([&] { return t.mercy.renewals > 0; }));
  t.begin_anew();
  std::string left(4096, 'x');
  const ssize_t n = ::pread(fd, left.data(), left.size(), 0);
  ::close(fd);
  REQUIRE(n > 200);
  CHECK(left.substr(0, static_cast<std::size_t>(n)).find_first_not_of('\0') == std::string::npos);
  const auto now = agent::key_file::open(t.mercy.dir() + "/keys.sealed", pass());
  REQUIRE(now.ok());
  namespace k = agent::key_file;
  for (const std::size_t i : {k::kSign, k::kWitness, k::kTransport}) CHECK_FALSE(base::equal(k::seed(now->view(), i).view(), k::seed(old->view(), i).view()));
  for (const std::size_t i : {k::kStore, k::kHedge, k::kEpochFile}) CHECK(base::equal(k::seed(now->view(), i).view(), k::seed(old->view(), i).view()));
  for (const auto& f : fs::directory_iterator(t.mercy.dir())) {
    const std::string name = f.path().filename().string();
    if (name.find("key") != std::string::npos && name != "recovery.key") CHECK(name == "keys.sealed");
  }
}

TEST_CASE("what ends is said at 60 days, a warning at 30, red at 7: doctor and /healthz, before anything stops") {
  const base::Instant now = kit::kStart;
  CHECK(agent::grade_of(now.plus(61 * base::kDay), now) == agent::Grade::kFine);
  CHECK(agent::grade_of(now.plus(60 * base::kDay), now) == agent::Grade::kNote);
  CHECK(agent::grade_of(now.plus(30 * base::kDay), now) == agent::Grade::kWarning);
  CHECK(agent::grade_of(now.plus(7 * base::kDay), now) == agent::Grade::kRed);
  CHECK(agent::grade_of(now, now) == agent::Grade::kRed);
  struct Case {
    std::uint64_t days;
    const char* grade;
    int code;
    const char* status;
  };
  Rotating t;
  REQUIRE_MESSAGE(eventually([&] { return health_of(t.mercy)["code"] == 200; }), health_of(t.mercy).dump() << t.alarms(t.mercy));
  CHECK(health_of(t.mercy)["terms"].empty());
  for (const Case& c : {Case{45, "note", 200, "ok"}, Case{20, "warning", 200, "ok"}, Case{5, "red", 503, "red"}}) {
    CAPTURE(c.days);
    t.rotate();
    REQUIRE(t.countersign(t.issue(c.days)).ok());
    const unsigned before = t.mercy.renewals;
    REQUIRE(eventually([&] { return t.mercy.renewals > before; }));
    t.begin_anew();
    const json wanted = json::array({{{"what", "certificate"}, {"grade", c.grade}, {"days", c.days - 1}}});
    CHECK_MESSAGE(eventually([&] {
      const json h = health_of(t.mercy);
      return h["code"] == c.code && h["status"] == c.status && h["terms"] == wanted;
    }), health_of(t.mercy).dump() << t.alarms(t.mercy));
    bool said = false;
    for (const agent::Finding& f : agent::examine_inside(*t.mercy, true)) {
      if (!f.words.starts_with("certificate: mercy until ")) continue;
      said = true;
      CHECK(f.good == (c.days > 30));
      CHECK(f.warning == (c.days == 20));
    }
    CHECK(said);
  }
  // Nobody publishes keys for a week: red while a week of them is still left.
  t.mercy.stop();
  t.hub.clock.ahead(8 * base::kDay);
  const auto desk = [&] {
    mail::Desk d = t.harbor->office().desk();
    d.self = t.mercy.id();
    d.cert = d.directory.member(d.self)->cert_hash;
    return d;
  };
  (void)t.harbor->office().replica.sync(t.harbor->hub());
  bool red = false;
  for (const agent::Term& term : agent::terms(desk())) red = red || (std::string(term.what) == "epoch_keys" && term.grade == agent::Grade::kRed);
  CHECK(red);
}
