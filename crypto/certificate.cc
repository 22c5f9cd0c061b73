// Certificates, epoch keys, revocations, policies, ledger heads and requests as note texts. See certificate.h; the anchor is in anchor.cc.
#include "crypto/certificate.h"

#include <algorithm>
#include <set>

#include "crypto/internal/lines.h"

namespace crypto {

using base::Error;
using base::Kind;
using base::Result;
using base::View;
using internal::LineReader;
using internal::put;

namespace {

constexpr std::string_view kFirstLines[] = {"sfh-anchor/v1", "sfh-cert/v1",   "sfh-epoch/v1",
                                            "sfh-revoke/v1", "sfh-policy/v1", "sfh-ledger/v1"};
constexpr std::uint64_t kMaxExpiryMs = 7 * base::kDay;  // protocol 4, HDR1

std::string hash_text(const Hash& h) { return base::hex(View(h)); }
std::string key_text(const PublicKey& k) { return base::base64(View(k)); }

template <class Container>
std::string joined(const Container& words) {
  std::string out;
  for (const auto& w : words) {
    if (!out.empty()) out += ',';
    out += w;
  }
  return out.empty() ? "-" : out;
}

// The lines that a certificate and its request share: type to recovery.
void put_identity(std::string& out, const Cert& c) {
  put(out, "type", c.type);
  put(out, "agency", base::hex(View(c.agency)));
  put(out, "agent", base::hex(View(c.agent)));
  put(out, "kind", c.kind);
  put(out, "name", c.name);
  put(out, "roles", joined(c.roles));
  put(out, "sign", key_text(c.sign));
  put(out, "transport", key_text(c.transport));
  put(out, "witness", key_text(c.witness));
  put(out, "recovery", key_text(c.recovery));
}

void read_identity(LineReader& r, Cert& c) {
  c.type = r.code("type");
  if (c.type != "agent" && c.type != "hub" && c.type != "auditor") r.fail("type is agent, hub or auditor");
  c.agency = r.id("agency");
  c.agent = r.id("agent");
  c.kind = r.code("kind");
  c.name = r.value("name");
  if (!internal::is_slug(c.name)) r.fail("name is not a slug of a-z 0-9 -");
  auto roles = r.value("roles");
  if (roles != "-") {
    for (auto role : internal::split(roles, ',')) {
      if (!internal::is_code(role) || (!c.roles.empty() && role <= c.roles.back())) r.fail("roles are codes, sorted, once each");
      c.roles.emplace_back(role);
    }
  }
  c.sign = r.key("sign");
  c.transport = r.key("transport");
  c.witness = r.key("witness");
  c.recovery = r.key("recovery");
  if (std::set<PublicKey>{c.sign, c.transport, c.witness, c.recovery}.size() != 4) r.fail("one key has two roles");
}

std::string star_or_word(LineReader& r, std::string_view word) {
  if (word != "*" && !internal::is_word(word)) r.fail("a matrix cell is a word or *");
  return std::string(word);
}

}  // namespace

std::string Cert::text() const {
  std::string out = "sfh-cert/v1\n";
  put(out, "consortium", hash_text(consortium));
  put(out, "serial", serial);
  put_identity(out, *this);
  put(out, "not-before", not_before.ms);
  put(out, "not-after", not_after.ms);
  put(out, "prev", hash_text(prev));
  return out;
}

Result<Cert> parse_cert(std::string_view note_text) {
  LineReader r(note_text, "sfh-cert/v1");
  Cert c;
  c.consortium = r.hash("consortium");
  c.serial = r.number("serial");
  read_identity(r, c);
  c.not_before = r.time("not-before");
  c.not_after = r.time("not-after");
  if (c.not_after <= c.not_before) r.fail("not-after is not after not-before");
  c.prev = r.hash("prev");
  if (c.serial == 0 || (c.serial == 1) != base::all_zero(View(c.prev))) r.fail("only serial 1 has no predecessor");
  TRY(r.done());
  return c;
}

std::string EpochNote::text() const {
  std::string out = "sfh-epoch/v1\n";
  put(out, "cert", hash_text(cert));
  std::vector<std::string> ids;
  for (auto s : suites) ids.push_back(std::to_string(s));
  put(out, "suites", joined(ids));
  for (const auto& k : keys) {
    put(out, "key",
        std::to_string(k.epoch) + " " + std::to_string(k.from.ms) + " " + std::to_string(k.until.ms) + " " +
            std::to_string(k.destroy_after.ms) + " " + key_text(k.key));
  }
  put(out, "prev", hash_text(prev));
  return out;
}

Result<EpochNote> parse_epoch(std::string_view note_text) {
  LineReader r(note_text, "sfh-epoch/v1");
  EpochNote n;
  n.cert = r.hash("cert");
  n.suites.clear();
  for (auto word : internal::split(r.value("suites"), ',')) {
    auto id = r.as_number(word);
    if (id == 0 || id > UINT16_MAX || (!n.suites.empty() && id <= n.suites.back())) r.fail("suites are ids, sorted, once each");
    n.suites.push_back(static_cast<std::uint16_t>(id));
  }
  while (r.next_is("key")) {
    auto w = r.values("key", 5);
    auto epoch = r.as_number(w[0]);
    EpochKey k{static_cast<std::uint32_t>(epoch), r.as_time(w[1]), r.as_time(w[2]), r.as_time(w[3]), r.as_key(w[4])};
    if (epoch > UINT32_MAX || (!n.keys.empty() && k.epoch <= n.keys.back().epoch)) r.fail("epochs rise, once each");
    if (k.until <= k.from || k.destroy_after < k.until) r.fail("an epoch's times are not in order");
    n.keys.push_back(k);
  }
  if (n.keys.empty()) r.fail("an epoch note without a key");
  n.prev = r.hash("prev");
  TRY(r.done());
  return n;
}

std::string RevokeNote::text() const {
  std::string out = "sfh-revoke/v1\n";
  put(out, "cert", hash_text(cert));
  put(out, "reason", reason);
  out += suspend ? "suspend\n" : "revoke\n";
  if (compromised_since) put(out, "compromised-since", compromised_since->ms);
  return out;
}

Result<RevokeNote> parse_revoke(std::string_view note_text) {
  LineReader r(note_text, "sfh-revoke/v1");
  RevokeNote n;
  n.cert = r.hash("cert");
  n.reason = r.code("reason");
  n.suspend = r.flag("suspend");
  if (!n.suspend && !r.flag("revoke")) r.fail("expected suspend or revoke");
  if (r.next_is("compromised-since")) n.compromised_since = r.time("compromised-since");
  TRY(r.done());
  return n;
}

std::string PolicyNote::text() const {
  std::string out = "sfh-policy/v1\n";
  put(out, "version", version);
  put(out, "rules", hash_text(rules));
  for (const auto& m : matrix) put(out, "matrix", m.from_kind + " " + m.to_kind + " " + m.kind + " " + m.purpose);
  for (const auto& [kind, ms] : expiry) put(out, "expiry", kind + " " + std::to_string(ms));
  put(out, "from-time", from.ms);
  return out;
}

Result<PolicyNote> parse_policy_note(std::string_view note_text) {
  LineReader r(note_text, "sfh-policy/v1");
  PolicyNote n;
  auto version = r.number("version");
  if (version == 0 || version > UINT32_MAX) r.fail("version is out of range");
  n.version = static_cast<std::uint32_t>(version);
  n.rules = r.hash("rules");
  while (r.next_is("matrix")) {
    auto w = r.values("matrix", 4);
    n.matrix.push_back({star_or_word(r, w[0]), star_or_word(r, w[1]), star_or_word(r, w[2]), star_or_word(r, w[3])});
  }
  std::set<std::string> kinds;
  while (r.next_is("expiry")) {
    auto w = r.values("expiry", 2);
    auto ms = r.as_number(w[1]);
    if (!internal::is_word(w[0]) || !kinds.emplace(w[0]).second || ms == 0 || ms > kMaxExpiryMs)
      r.fail("an expiry is one kind, once, and 1 ms to 7 days");
    n.expiry.emplace_back(w[0], ms);
  }
  n.from = r.time("from-time");
  TRY(r.done());
  return n;
}

std::string LedgerNote::text() const {
  std::string out = "sfh-ledger/v1\n";
  put(out, "cert", hash_text(cert));
  put(out, "size", size);
  put(out, "root", base::base64(View(root)));
  put(out, "prev", hash_text(prev));
  return out;
}

Result<LedgerNote> parse_ledger(std::string_view note_text) {
  LineReader r(note_text, "sfh-ledger/v1");
  LedgerNote n;
  n.cert = r.hash("cert");
  n.size = r.number("size");
  auto root = base::unbase64(r.value("root"));
  if (root && root->size() == 32) {
    n.root = base::fixed<32>(View(*root));
  } else {
    r.fail("root is not base64 of 32 bytes");
  }
  n.prev = r.hash("prev");
  TRY(r.done());
  return n;
}

std::string Request::text() const {
  std::string out = "sfh-request/v1\n";
  put(out, "consortium", consortium);
  put_identity(out, cert);
  return out;
}

Result<Request> parse_request(std::string_view note_text) {
  LineReader r(note_text, "sfh-request/v1");
  Request q;
  q.consortium = r.value("consortium");
  if (!internal::is_name(q.consortium)) r.fail("not a fit consortium name");
  read_identity(r, q.cert);
  TRY(r.done());
  return q;
}

Result<NoteType> note_type(std::string_view note_text) {
  auto first = note_text.substr(0, note_text.find('\n'));
  for (std::size_t i = 0; i < std::size(kFirstLines); ++i) {
    if (kFirstLines[i] == first) return static_cast<NoteType>(i);
  }
  return base::malformed("not a note of the directory", "note line 1");
}

Result<unsigned> count_signers(const Note& note, std::span<const VerifierKey> set, std::span<const VerifierKey> others) {
  auto holds = [&](const NoteSignature& s, const VerifierKey& k) {
    return s.name == k.name && s.key_id == k.id() && s.sig.size() == 64 && verify(k.key, base::view(note.text), View(s.sig));
  };
  std::set<PublicKey> signers;
  for (const auto& s : note.signatures) {
    auto by = [&](const VerifierKey& k) { return holds(s, k); };
    if (auto it = std::find_if(set.begin(), set.end(), by); it != set.end()) {
      signers.insert(it->key);
    } else if (std::none_of(others.begin(), others.end(), by)) {
      return Error{Kind::kBadSignature, "a signature line that does not hold, or of a signer who has no say here"};
    }
  }
  return static_cast<unsigned>(signers.size());
}

std::string authority_name(std::string_view consortium, unsigned i) { return std::string(consortium) + "/authority/" + std::to_string(i); }
std::string agent_name(std::string_view consortium, const Id& agent) {
  return std::string(consortium) + "/agent/" + base::hex(View(agent));
}
std::string witness_name(std::string_view consortium, const Id& agent) {
  return std::string(consortium) + "/witness/" + base::hex(View(agent));
}

}  // namespace crypto
