// Making, answering and taking over new keys.
#include "adapters/agent/rotation.h"

#include <unistd.h>

#include "adapters/agent/files.h"
#include "adapters/agent/key_file.h"

namespace adapters::agent {
namespace {

std::string request_path(const std::string& dir) { return dir + "/rotate.note"; }
std::string next_path(const std::string& dir) { return dir + "/cert.next"; }
std::string cert_path(const std::string& dir) { return dir + "/cert.note"; }
std::string recovery_path(const std::string& dir) { return dir + "/recovery-next.key"; }
bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

struct Read {
  std::string whole;
  crypto::Note note;
  crypto::Cert cert;
};
base::Result<Read> read_cert(const std::string& path) {
  Read out;
  TRY_ASSIGN(out.whole, read_text(path, 64 << 10));
  TRY_ASSIGN(out.note, crypto::parse_note(out.whole));
  TRY_ASSIGN(out.cert, crypto::parse_cert(out.note.text));
  return out;
}

bool fits(const Vault& v, const crypto::Cert& c) {
  return v.sign().public_key() == c.sign && v.transport().public_key() == c.transport && v.witness().public_key() == c.witness;
}
bool fits(base::View plain, const crypto::Cert& c) {
  return crypto::SignKey::from_seed(key_file::seed(plain, key_file::kSign)).public_key() == c.sign &&
         crypto::BoxKey::from_secret(key_file::seed(plain, key_file::kTransport)).public_key() == c.transport &&
         crypto::SignKey::from_seed(key_file::seed(plain, key_file::kWitness)).public_key() == c.witness;
}

base::Result<std::string> consortium_in(const std::string& dir) {
  TRY_ASSIGN(const std::string whole, read_text(dir + "/anchor.note"));
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
  TRY_ASSIGN(const crypto::Anchor anchor, crypto::parse_anchor(note.text));
  return anchor.consortium;
}

KeySet exchanged(const crypto::Cert& from, const crypto::Cert& to) {
  return {from.sign != to.sign, from.transport != to.transport, from.witness != to.witness, from.recovery != to.recovery};
}
bool equal(const KeySet& a, const KeySet& b) { return a.sign == b.sign && a.transport == b.transport && a.witness == b.witness && a.recovery == b.recovery; }

base::Result<Rotation> under_way(const std::string& dir, const std::optional<KeySet>& keys, const crypto::Cert& now) {
  const auto asked = requested(dir);
  if (!asked) return base::Error{base::Kind::kCorrupt, "new keys wait here, and their request is gone", request_path(dir), "delete keys.pending if no certificate was issued for them, and rotate again"};
  const KeySet under = exchanged(now, *asked);
  if (keys && !equal(*keys, under)) {
    return base::Error{base::Kind::kConflict, "a rotation of other keys is under way", request_path(dir), "finish it first; or, if no certificate was issued for it, delete keys.pending"};
  }
  return Rotation{request_path(dir), under.recovery && exists(recovery_path(dir)) ? recovery_path(dir) : "", now.serial + 1, true};
}

// Signed by the key that it asks a certificate for, and by the one that stands now: the authority sees that its holder asks.
base::Status write_request(const std::string& dir, const crypto::Cert& cert, const crypto::SignKey& fresh, const crypto::SignKey& old) {
  crypto::Request request;
  TRY_ASSIGN(request.consortium, consortium_in(dir));
  request.cert = cert;
  crypto::Note note;
  note.text = request.text();
  TRY_ASSIGN(const crypto::Request again, crypto::parse_request(note.text));  // what could not be read back is refused here
  const std::string name = crypto::agent_name(again.consortium, cert.agent);
  note.sign(name, fresh);
  if (fresh.public_key() != old.public_key()) note.sign(name, old);
  return write_atomic(request_path(dir), base::view(note.whole()), 0644);
}

base::Result<std::string> whole_in(const crypto::Directory& directory, const base::Hash& cert) {
  const auto notes = directory.notes();
  for (auto it = notes.rbegin(); it != notes.rend(); ++it) {
    const auto note = crypto::parse_note(*it);
    if (note.ok() && note->hash() == cert) return *it;
  }
  return base::Error{base::Kind::kNotFound, "the directory does not hold the certificate's note", "cert"};
}

// What has served its time. A crash that leaves one of them is harmless: the next rotation writes over it.
void tidy(const std::string& dir, const crypto::Cert& now) {
  const auto asked = requested(dir);
  if (asked && same_keys(*asked, now)) (void)::rename(request_path(dir).c_str(), (dir + "/request.note").c_str());
}

base::Status take_pending(const std::string& dir, const std::string& cert, const crypto::Cert& now) {
  TRY(write_atomic(next_path(dir), base::view(cert), 0644));
  TRY(rename_over(key_file::pending(dir), key_file::sealed(dir)));  // from here on the new keys are the agent's
  TRY(rename_over(next_path(dir), cert_path(dir)));
  tidy(dir, now);
  return {};
}

}  // namespace

base::Result<KeySet> parse_key_set(std::string_view list) {
  KeySet out{false, false, false, false};
  while (!list.empty()) {
    const auto comma = list.find(',');
    const std::string_view one = list.substr(0, comma);
    bool* const key = one == "sign" ? &out.sign : one == "transport" ? &out.transport : one == "witness" ? &out.witness : one == "recovery" ? &out.recovery : nullptr;
    if (key == nullptr) return base::Error{base::Kind::kUsage, "there is no such key", "--keys: " + std::string(one), "sign, transport, witness, recovery, with commas between them"};
    *key = true;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  if (equal(out, {false, false, false, false})) return base::Error{base::Kind::kUsage, "no key is named", "--keys"};
  return out;
}

bool rotation_pending(const std::string& dir) { return exists(key_file::pending(dir)); }

std::optional<crypto::Cert> requested(const std::string& dir) {
  const auto whole = read_text(request_path(dir));
  if (!whole.ok()) return std::nullopt;
  const auto note = crypto::parse_note(*whole);
  if (!note.ok()) return std::nullopt;
  auto request = crypto::parse_request(note->text);
  return request.ok() ? std::optional(std::move(request->cert)) : std::nullopt;
}

bool same_keys(const crypto::Cert& a, const crypto::Cert& b) { return a.agent == b.agent && equal(exchanged(a, b), {false, false, false, false}); }

base::Result<Rotation> rotate_keys(const std::string& dir, const std::optional<KeySet>& keys, base::View secret_input, crypto::Random& random) {
  crypto::init();
  TRY_ASSIGN(const Read now, read_cert(cert_path(dir)));
  TRY_ASSIGN(const base::Bytes file, read_file(key_file::sealed(dir)));
  TRY_ASSIGN(const crypto::SecretBytes old, key_file::open(key_file::sealed(dir), secret_input));
  if (!fits(old.view(), now.cert)) return base::Error{base::Kind::kConflict, "the certificate belongs to other keys", cert_path(dir), "start the agent once: it finishes an exchange that was interrupted"};
  if (rotation_pending(dir)) return under_way(dir, keys, now.cert);
  const KeySet set = keys.value_or(KeySet{});
  crypto::SecretBytes plain(old.view());
  const auto renew = [&](std::size_t i) { random.fill({plain.data() + key_file::kMagic.size() + 32 * i, 32}); };
  if (set.sign) renew(key_file::kSign);
  if (set.transport) renew(key_file::kTransport);
  if (set.witness) renew(key_file::kWitness);
  crypto::Cert wanted = now.cert;
  const auto sign = crypto::SignKey::from_seed(key_file::seed(plain.view(), key_file::kSign));
  wanted.sign = sign.public_key();
  wanted.transport = crypto::BoxKey::from_secret(key_file::seed(plain.view(), key_file::kTransport)).public_key();
  wanted.witness = crypto::SignKey::from_seed(key_file::seed(plain.view(), key_file::kWitness)).public_key();
  if (set.recovery) {
    crypto::Secret<32> seed;
    random.fill({seed.data(), 32});
    wanted.recovery = crypto::SignKey::from_seed(seed).public_key();
    base::Bytes text = base::to_bytes(base::base64(seed.view()) + "\n");
    const base::Status kept = write_over(recovery_path(dir), text);
    crypto::wipe(text.data(), text.size());
    TRY(kept);
  }
  TRY(write_request(dir, wanted, sign, crypto::SignKey::from_seed(key_file::seed(old.view(), key_file::kSign))));
  // Last: who finds it finds all of it.
  TRY(write_over(key_file::pending(dir), crypto::lock_key_file(secret_input, plain.view(), key_file::cost_of(file), random)));
  return Rotation{request_path(dir), set.recovery ? recovery_path(dir) : "", now.cert.serial + 1, false};
}

base::Result<Countersigned> countersign(const std::string& dir, std::string_view whole, const Vault& vault, const crypto::Directory& directory, base::Instant now) {
  TRY_ASSIGN(const Read ours, read_cert(cert_path(dir)));
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
  TRY_ASSIGN(const crypto::Cert cert, crypto::parse_cert(note.text));
  const auto asked = requested(dir);
  if (!rotation_pending(dir) || !asked || !same_keys(*asked, cert)) {
    return base::Error{base::Kind::kConflict, "the certificate answers another request", "--cert", "hand " + request_path(dir) + " to the authority"};
  }
  if (cert.serial != ours.cert.serial + 1 || cert.prev != ours.note.hash()) {
    return base::Error{base::Kind::kConflict, "the certificate does not follow the present one", "--cert", "the authority's register is behind: it records cert.note of this folder (handoff-authority record) and issues again"};
  }
  if (cert.not_after <= now) return base::Error{base::Kind::kStale, "the certificate has ended", "--cert"};
  Countersigned out{dir + "/cert-" + std::to_string(cert.serial) + ".note", cert.serial, cert.not_after, false};
  const std::string name = crypto::agent_name(directory.anchor().consortium, cert.agent);
  crypto::Note both = note;
  if (!both.signed_by({name, crypto::NoteAlg::kEd25519, ours.cert.sign})) both.sign(name, vault.sign());
  std::string complete = both.whole();
  base::Status valid = directory.check(complete, now);
  if (!valid.ok() && directory.check(whole, now).ok()) {  // the old certificate is revoked: its key has no say
    complete = std::string(whole);
    valid = {};
  }
  const crypto::Member* member = directory.member(cert.agent);
  out.logged = member != nullptr && member->cert_hash == note.hash();
  if (out.logged) return out;
  if (!valid.ok()) return valid.error();
  TRY(write_atomic(out.path, base::view(complete), 0644));
  TRY(write_atomic(next_path(dir), base::view(complete), 0644));
  return out;
}

base::Result<std::optional<crypto::BoxKey>> pending_transport(const std::string& dir, base::View secret_input) {
  if (!rotation_pending(dir)) return std::optional<crypto::BoxKey>{};
  TRY_ASSIGN(const crypto::SecretBytes plain, key_file::open(key_file::pending(dir), secret_input));
  return std::optional(crypto::BoxKey::from_secret(key_file::seed(plain.view(), key_file::kTransport)));
}

base::Result<Keys> open_keys(const std::string& dir, base::View secret_input, crypto::Random& random) {
  Keys out;
  TRY_ASSIGN(const Read now, read_cert(cert_path(dir)));
  TRY_ASSIGN(out.vault, Vault::open(dir, secret_input, random));
  out.cert = now.whole;
  if (fits(*out.vault, now.cert)) return out;
  const auto next = read_cert(next_path(dir));  // the power went between the two renames of take_pending()
  if (!next.ok() || !fits(*out.vault, next->cert)) {
    return base::Error{base::Kind::kConflict, "the certificate belongs to other keys", cert_path(dir), "enroll with the certificate for this folder's request"};
  }
  out.cert = next->whole;
  TRY(rename_over(next_path(dir), cert_path(dir)));
  tidy(dir, next->cert);
  return out;
}

base::Result<std::optional<Keys>> exchange(const std::string& dir, const Keys& now, const crypto::Directory& directory, base::View secret_input, crypto::Random& random) {
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(now.cert));
  TRY_ASSIGN(const crypto::Cert ours, crypto::parse_cert(note.text));
  const crypto::Member* member = directory.member(ours.agent);
  if (member == nullptr || member->cert.serial <= ours.serial) return std::optional<Keys>{};
  TRY_ASSIGN(const std::string whole, whole_in(directory, member->cert_hash));
  bool pending = rotation_pending(dir);
  if (pending) {
    TRY_ASSIGN(const crypto::SecretBytes plain, key_file::open(key_file::pending(dir), secret_input));
    pending = fits(plain.view(), member->cert);
  }
  if (pending) {
    TRY(take_pending(dir, whole, member->cert));
  } else if (fits(*now.vault, member->cert)) {
    TRY(write_atomic(cert_path(dir), base::view(whole), 0644));
  } else {
    return std::optional<Keys>{};
  }
  TRY_ASSIGN(Keys out, open_keys(dir, secret_input, random));
  return std::optional(std::move(out));
}

}  // namespace adapters::agent
