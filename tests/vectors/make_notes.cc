// V5: a directory, note by note. Each is tried where the script stands; a refused one leaves no trace. Then standings at places of the log,
// and ledger heads. What must follow is written here by hand; no code under test decides it.
#include "crypto/certificate.h"
#include "crypto/merkle.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

using crypto::Cert;
using crypto::Hash;
using crypto::Note;
constexpr const char* kConsortium = "vectors.example";
constexpr base::Instant kT0 = kCreated;

std::string n(std::size_t i) { return std::to_string(i); }
std::string authority(int i) { return crypto::authority_name(kConsortium, static_cast<unsigned>(i)); }
crypto::SignKey authority_key(int i) { return sign_key(0x40 + i); }
Hash hash_of(const std::string& text) { return crypto::sha256(base::view(text)); }

struct By {  // signature lines, in this order
  std::vector<int> authorities;
  std::vector<std::pair<std::string, int>> others;  // name, seed byte
};
std::string sign(const std::string& text, const By& by) {
  Note note;
  note.text = text;
  for (const int i : by.authorities) note.sign(authority(i), authority_key(i));
  for (const auto& [name, seed] : by.others) note.sign(name, sign_key(seed));
  return note.whole();
}

crypto::Anchor anchor(std::uint32_t version, const std::vector<int>& authorities, const Hash& prev) {
  crypto::Anchor a;
  a.consortium = kConsortium;
  a.version = version;
  a.threshold = a.revoke_threshold = 2;
  for (const int i : authorities) a.authorities.push_back({authority(i), crypto::NoteAlg::kEd25519, authority_key(i).public_key()});
  a.log = {kOrigin, crypto::NoteAlg::kEd25519, sign_key(0x14).public_key()};
  a.hub_transport = epoch_key(0x15).public_key();
  a.tlog_policy = {"quorum none"};
  a.prev = prev;
  return a;
}

const Hash& consortium() {
  static const Hash hash = hash_of(anchor(1, {1, 2, 3}, {}).text());
  return hash;
}

// Keys of a member are four seeds from `first` on: sign, transport, witness, recovery.
Cert cert(const char* name, int id, int first) {
  Cert c;
  c.consortium = consortium();
  c.agency = filled<16>(id);
  c.agent = filled<16>(id + 1);
  c.kind = "hospital_ed";
  c.name = name;
  c.sign = sign_key(first).public_key();
  c.transport = epoch_key(first + 1).public_key();
  c.witness = sign_key(first + 2).public_key();
  c.recovery = sign_key(first + 3).public_key();
  c.not_before = kT0;
  c.not_after = kT0.plus(365 * base::kDay);
  return c;
}
Cert renewed(const Cert& old, int first) {
  Cert c = cert(old.name.c_str(), old.agency[0], first);
  c.serial = old.serial + 1;
  c.prev = hash_of(old.text());
  return c;
}
crypto::EpochNote epochs(const Cert& c, const Hash& prev = {}) {
  crypto::EpochNote e;
  e.cert = hash_of(c.text());
  for (std::uint32_t i = 0; i < 2; ++i) {
    const base::Instant from = kT0.plus(i * base::kDay);
    e.keys.push_back({i + 1, from, from.plus(base::kDay), from.plus(8 * base::kDay), epoch_key(0xe0 + static_cast<int>(i)).public_key()});
  }
  e.prev = prev;
  return e;
}
crypto::RevokeNote revoke(const Cert& c, bool suspend, std::uint64_t since = 0) {
  crypto::RevokeNote r;
  r.cert = hash_of(c.text());
  r.reason = "test";
  r.suspend = suspend;
  if (since != 0) r.compromised_since = base::Instant{since};
  return r;
}

class Script {
 public:
  explicit Script(File& f) : f_(f) {}
  void note(const char* rule, bool good, const std::string& text, const By& by, base::Instant at = kT0) {
    const std::string step = "step." + n(steps_++) + ".", whole = sign(text, by);
    f_.put(step + "rule", std::string(rule));
    f_.put(step + "note", base::view(whole));
    f_.put(step + "index", index_);
    f_.put(step + "hub_time", at.ms);
    f_.put(step + "subject", crypto::sha256(base::view(whole)));
    f_.put(step + "expect", std::string(good ? "accepted" : "refused"));
    if (good) ++index_;
  }
  [[nodiscard]] std::uint64_t next_index() const { return index_; }
  // Asked at the end, when all is logged.
  void standing(const Cert& c, std::uint64_t index, base::Instant at, const char* expect) {
    const std::string q = "standing." + n(standings_++) + ".";
    f_.put(q + "cert", hash_of(c.text()));
    f_.put(q + "index", index);
    f_.put(q + "hub_time", at.ms);
    f_.put(q + "expect", std::string(expect));
  }
  void finish() {
    f_.put("n_steps", steps_);
    f_.put("n_standings", standings_);
  }

 private:
  File& f_;
  std::uint64_t steps_ = 0, standings_ = 0, index_ = 10;  // other entries stand before
};

const std::string kBobName = crypto::agent_name(kConsortium, filled<16>(0xb3)),
                  kCarolName = crypto::agent_name(kConsortium, filled<16>(0xc4));

void certificates(Script& s, const Cert& bob, const Cert& carol) {
  const std::string text = bob.text();
  s.note("a certificate with one signature too few", false, text, {{1}, {}});
  s.note("one authority that signs twice counts once", false, text, {{1, 1}, {}});
  s.note("a signature line of somebody without a say", false, text, {{1, 2}, {{"vectors.example/authority/9", 0x49}}});
  s.note("a signature that is another's", false, text, {{1}, {{authority(2), 0x43}}});
  s.note("k signatures", true, text, {{1, 2}, {}});
  s.note("the same text again, whoever signs", false, text, {{1, 3}, {}});
  Cert c = carol;
  c.sign = bob.sign;
  s.note("a key that another agent has in the same role", false, c.text(), {{1, 3}, {}});
  c = carol;
  c.witness = bob.recovery;
  s.note("a key that another agent has in another role", false, c.text(), {{1, 3}, {}});
  c = carol;
  c.name = bob.name;
  s.note("a name that another agent has", false, c.text(), {{1, 3}, {}});
  c = carol;
  c.consortium[0] ^= 1;
  s.note("of another consortium", false, c.text(), {{1, 3}, {}});
  c = carol;
  c.serial = 2;
  s.note("a first certificate with serial 2", false, c.text(), {{1, 3}, {}});
  s.note("another member", true, carol.text(), {{1, 3}, {}});
}

void epoch_notes(Script& s, const Cert& bob) {
  const crypto::EpochNote good = epochs(bob);
  const By by{{}, {{kBobName, 0x81}}};
  const auto bent = [&](const char* rule, auto bend) {
    crypto::EpochNote e = good;
    bend(e);
    s.note(rule, false, e.text(), by);
  };
  bent("an epoch of more than 7 days", [](auto& e) { e.keys[1].until = e.keys[1].from.plus(7 * base::kDay + 1); });
  bent("destroyed more than 30 days after", [](auto& e) { e.keys[1].destroy_after = e.keys[1].until.plus(30 * base::kDay + 1); });
  bent("begins more than 31 days ahead", [](auto& e) {
    e.keys[1] = {2, kT0.plus(31 * base::kDay + 1), kT0.plus(32 * base::kDay), kT0.plus(33 * base::kDay), e.keys[1].key};
  });
  bent("no suite that is known", [](auto& e) { e.suites = {0x7f01}; });
  bent("a predecessor that is none", [](auto& e) { e.prev[0] = 1; });
  bent("a key of somebody else", [&](auto& e) { e.keys[1].key = bob.transport; });
  s.note("epoch keys that another member signed", false, good.text(), {{}, {{kBobName, 0x91}}});
  s.note("epoch keys signed by an authority", false, good.text(), {{1}, {}});
  s.note("epoch keys", true, good.text(), by);
  const Hash prev = hash_of(good.text());
  const auto later = [&](const char* rule, bool fine, auto bend) {
    crypto::EpochNote e = epochs(bob, prev);
    bend(e);
    s.note(rule, fine, e.text(), by);
  };
  later("a published epoch with another key", false, [](auto& e) { e.keys[0].key = epoch_key(0xee).public_key(); });
  later("a published epoch that lasts longer", false, [](auto& e) { e.keys[0].until = e.keys[0].until.plus(1); });
  later("a published epoch destroyed later", false, [](auto& e) { e.keys[0].destroy_after = e.keys[0].destroy_after.plus(1); });
  later("a published epoch cut short", true, [](auto& e) { e.keys[0].until = e.keys[0].until.minus(base::kHour); });
}

void suspensions(Script& s, const Cert& bob) {
  const auto day = [](std::uint64_t d) { return kT0.plus(d * base::kDay); };
  const std::uint64_t first = s.next_index();
  s.note("suspended by one authority", true, revoke(bob, true).text(), {{1}, {}}, day(2));
  s.note("by the same one within 30 days", false, revoke(bob, true, 1).text(), {{1}, {}}, day(32).minus(1));
  s.note("by another one", true, revoke(bob, true, 2).text(), {{2}, {}}, day(10));
  s.note("by the recovery key", true, revoke(bob, true, 3).text(), {{}, {{kBobName, 0x84}}}, day(20));
  s.note("by the recovery key again, at once", true, revoke(bob, true, 4).text(), {{}, {{kBobName, 0x84}}}, day(20));
  s.note("by the sign key, which has no say", false, revoke(bob, true, 5).text(), {{}, {{kBobName, 0x81}}}, day(24));
  s.note("by the first again after 30 days", true, revoke(bob, true, 6).text(), {{1}, {}}, day(32));
  s.standing(bob, first, day(2), "active");
  s.standing(bob, first + 1, day(2), "suspended");
  s.standing(bob, first + 1, day(5), "suspended");
  s.standing(bob, first + 1, day(5).plus(1), "active");
  s.standing(bob, first + 2, day(13), "suspended");
  s.standing(bob, 10, kT0, "unknown");
  s.standing(bob, 11, kT0, "active");
}

// Returns the certificate that stands at the end.
void rotations(Script& s, const Cert& bob) {
  const base::Instant at = kT0.plus(40 * base::kDay);
  const std::uint64_t before = s.next_index();
  const Cert next = renewed(bob, 0xa1);
  s.note("a rotation without the old key", false, next.text(), {{1, 2}, {}}, at);
  s.note("a rotation without the old key, whoever else signs", false, next.text(), {{1, 2, 3}, {}}, at);
  s.note("a rotation with the new key instead", false, next.text(), {{1, 2}, {{kBobName, 0xa1}}}, at);
  s.note("a rotation by the old key and one authority", false, next.text(), {{1}, {{kBobName, 0x81}}}, at);
  Cert c = next;
  c.serial = 3;
  s.note("a serial is left out", false, c.text(), {{1, 2}, {{kBobName, 0x81}}}, at);
  c = next;
  c.agency[0] ^= 1;
  s.note("another agency", false, c.text(), {{1, 2}, {{kBobName, 0x81}}}, at);
  c = next;
  c.prev[0] ^= 1;
  s.note("follows another certificate", false, c.text(), {{1, 2}, {{kBobName, 0x81}}}, at);
  s.note("a rotation", true, next.text(), {{1, 2}, {{kBobName, 0x81}}}, at);
  s.standing(bob, before + 1, at, "superseded");
  s.note("revoked by one authority", false, revoke(next, false).text(), {{1}, {}}, at);
  s.note("revoked by one that signs twice", false, revoke(next, false).text(), {{1, 1}, {}}, at);
  s.note("revoked by the recovery key", false, revoke(next, false).text(), {{}, {{kBobName, 0xa4}}}, at);
  s.note("revoked", true, revoke(next, false).text(), {{1, 3}, {}}, at);
  s.standing(next, before + 1, at, "active");
  s.standing(next, before + 2, at, "revoked");
  s.note("epoch keys of a revoked certificate", false, epochs(next).text(), {{}, {{kBobName, 0xa1}}}, at);
  const Cert third = renewed(next, 0xb1);
  s.note("after a revocation the old key has no say", false, third.text(), {{1, 2}, {{kBobName, 0xa1}}}, at);
  s.note("after a revocation r authorities renew", true, third.text(), {{1, 2}, {}}, at);
}

void anchors_and_policies(Script& s, const Cert& carol) {
  const base::Instant at = kT0.plus(41 * base::kDay);
  crypto::PolicyNote p;
  p.version = 1;
  p.rules = hash_of("the text of a policy");
  p.matrix = {{"police", "*", "Referral", "CRISIS"}};
  p.expiry = {{"Referral", base::kDay}};
  p.from = at;
  s.note("a policy with one signature too few", false, p.text(), {{3}, {}}, at);
  s.note("a policy", true, p.text(), {{2, 3}, {}}, at);
  p.from = at.plus(1);
  s.note("a policy of the same version", false, p.text(), {{2, 3}, {}}, at);
  const Hash first = consortium();
  const crypto::Anchor good = anchor(2, {1, 2, 4}, first);
  s.note("an anchor without enough of the old ones", false, good.text(), {{1, 4}, {}}, at);
  s.note("an anchor that skips a version", false, anchor(3, {1, 2, 4}, first).text(), {{1, 2}, {}}, at);
  s.note("an anchor that follows another", false, anchor(2, {1, 2, 4}, hash_of("another")).text(), {{1, 2}, {}}, at);
  crypto::Anchor test = good;
  test.test = true;
  s.note("an anchor that becomes one for tests", false, test.text(), {{1, 2}, {}}, at);
  s.note("an anchor without enough of the new ones", false, anchor(2, {1, 4, 5}, first).text(), {{1, 2, 3}, {}}, at);
  s.note("an anchor, by k of the old and k of the new", true, good.text(), {{1, 2}, {}}, at);
  const Cert next = renewed(carol, 0xd1);
  s.note("by an authority that has gone", false, next.text(), {{1, 3}, {{kCarolName, 0x91}}}, at);
  s.note("by the new ones", true, next.text(), {{1, 4}, {{kCarolName, 0x91}}}, at);
  s.standing(next, s.next_index(), kT0.plus(365 * base::kDay).minus(1), "active");
  s.standing(next, s.next_index(), kT0.plus(365 * base::kDay), "expired");
  s.standing(next, s.next_index(), kT0.minus(1), "not-yet-valid");
}

void ledgers(File& f, const Cert& carol) {
  const Cert now = renewed(carol, 0xd1);
  crypto::LedgerNote l;
  l.cert = hash_of(now.text());
  l.size = 4;
  l.root = hash_of("a ledger");
  const auto put = [&](std::size_t i, const char* rule, const By& by, const char* expect) {
    const std::string at = "ledger." + n(i) + ".", whole = sign(l.text(), by);
    f.put(at + "rule", std::string(rule));
    f.put(at + "note", base::view(whole));
    f.put(at + "subject", crypto::sha256(base::view(whole)));
    f.put(at + "expect", std::string(expect));
  };
  put(0, "by its agent", {{}, {{kCarolName, 0xd1}}}, "accepted");
  put(1, "by another", {{}, {{kCarolName, 0x81}}}, "refused");
  put(2, "by an authority", {{1}, {}}, "refused");
  l.cert = hash_of(carol.text());
  put(3, "by a certificate that has been renewed", {{}, {{kCarolName, 0x91}}}, "refused");
  f.put("n_ledgers", std::uint64_t{4});
  f.put("ledger_time", kT0.plus(42 * base::kDay).ms);
}

}  // namespace

void add_notes(Files& files) {
  File f;
  f.put("anchor", base::view(sign(anchor(1, {1, 2, 3}, {}).text(), {{1, 2}, {}})));
  f.put("anchor_hash", consortium());
  f.put("anchor_short", base::view(sign(anchor(1, {1, 2, 3}, {}).text(), {{1, 1}, {}})));  // one authority twice: no anchor
  Script script(f);
  const Cert bob = cert("bob", 0xb2, 0x81), carol = cert("carol", 0xc3, 0x91);
  certificates(script, bob, carol);
  epoch_notes(script, bob);
  suspensions(script, bob);
  rotations(script, bob);
  anchors_and_policies(script, carol);
  script.finish();
  ledgers(f, carol);
  files["v5.txt"] = f.txt();
  files["v5.json"] = f.json() + "\n";
}

}  // namespace vectors
