// init and enroll.
#include "adapters/agent/enrol.h"

#include <algorithm>

#include "adapters/agent/files.h"
#include "crypto/note.h"
#include "hub/client/anchors.h"
#include "schemas/registry.h"

namespace adapters::agent {
namespace {

constexpr crypto::KeyFileCost kLowCost{1, 8ULL << 20};

base::Status check_names(const InitOptions& o) {
  const auto kinds = schemas::agency_kinds();
  if (std::find(kinds.begin(), kinds.end(), o.kind) == kinds.end()) {
    std::string known;
    for (const std::string_view k : kinds) known += (known.empty() ? "" : ", ") + std::string(k);
    return base::Error{base::Kind::kUsage, "there is no such kind of agency", "--kind", known};
  }
  const bool slug = !o.slug.empty() && o.slug.size() <= 64 && o.slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!slug) return base::Error{base::Kind::kUsage, "a short name has lower-case letters, digits and dashes", "--slug"};
  return {};
}

base::Result<std::string> request_note(const InitOptions& o, const Publics& keys, const Initialised& ids, const crypto::SignKey& sign) {
  crypto::Request request;
  request.consortium = o.consortium;
  if (o.auditor) request.cert.type = "auditor";
  request.cert.agency = ids.agency;
  request.cert.agent = ids.agent;
  request.cert.kind = o.kind;
  request.cert.name = o.slug;
  request.cert.sign = keys.sign;
  request.cert.transport = keys.transport;
  request.cert.witness = keys.witness;
  request.cert.recovery = keys.recovery;
  crypto::Note note;
  note.text = request.text();
  TRY_ASSIGN(const crypto::Request again, crypto::parse_request(note.text));  // what could not be read back is refused here
  note.sign(crypto::agent_name(again.consortium, ids.agent), sign);
  return note.whole();
}

// What `handoff` needs to ask the hub itself: the transport secret in the clear, since there is no agent to hold it.
base::Status write_profile(const InitOptions& o, const Vault& vault) {
  std::string hex = base::hex(vault.transport().secret().view()) + "\n";
  const base::Status kept = write_atomic(o.dir + "/transport.key", base::view(hex), 0600);
  crypto::wipe(hex.data(), hex.size());
  TRY(kept);
  return write_atomic(o.dir + "/profile.toml", base::view("hub = \"" + o.hub + "\"\nanchor = \"" + o.dir + "/anchor.note\"\nkey = \"" + o.dir + "/transport.key\"\n"), 0644);
}

// "SFHK" | u16 1 | u16 kdf | u32 opslimit | u64 memlimit ...
bool cheap_key_file(base::View file) {
  return file.size() > 20 && base::load_le<std::uint16_t>(file.data() + 6) == 1 && base::load_le<std::uint64_t>(file.data() + 12) < crypto::KeyFileCost{}.memlimit;
}

// The hash that was read aloud may be that of the first anchor, or of a later one.
bool one_has(const std::vector<std::string>& anchors, const base::Hash& hash) {
  return std::any_of(anchors.begin(), anchors.end(), [&](const std::string& whole) {
    const auto note = crypto::parse_note(whole);
    return note.ok() && note->hash() == hash;
  });
}

// By the authorities of one of these anchors; which of them counts is judged by the log.
base::Status enough_signed(const crypto::Note& cert, const std::vector<std::string>& anchors, const std::string& path) {
  base::Error why{base::Kind::kBadSignature, "too few authorities have signed the certificate", path};
  for (const std::string& whole : anchors) {
    TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
    TRY_ASSIGN(const crypto::Anchor anchor, crypto::parse_anchor(note.text));
    const auto signers = crypto::count_signers(cert, anchor.authorities);
    if (signers.ok() && *signers >= anchor.threshold) return {};
    if (!signers.ok() && anchors.size() == 1) why = signers.error();
  }
  return why;
}

}  // namespace

base::Result<Initialised> init_agent(const InitOptions& o, crypto::Random& random) {
  TRY(check_names(o));
  TRY_ASSIGN(const crypto::SecretBytes secret, unlock_secret(o.unlock, o.credentials_directory));
  TRY(make_folder(o.dir));
  const crypto::KeyFileCost cost = !o.unlock.key_file.empty() && secret.size() == 32 ? crypto::KeyFileCost{0, 0} : o.low_cost ? kLowCost : crypto::KeyFileCost{};
  TRY_ASSIGN(const Created created, Vault::create(o.dir, secret.view(), cost, random));
  TRY_ASSIGN(const auto vault, Vault::open(o.dir, secret.view(), random));
  Initialised out;
  out.agency = o.agency ? *o.agency : random.bytes<16>();
  out.agent = random.bytes<16>();
  TRY_ASSIGN(const std::string note, request_note(o, created.keys, out, vault->sign()));
  out.request_path = o.dir + "/request.note";
  out.recovery_path = o.dir + "/recovery.key";
  TRY(write_atomic(out.request_path, base::view(note), 0644));
  base::Bytes recovery = base::to_bytes(base::base64(created.recovery_seed.view()) + "\n");
  const base::Status kept = write_atomic(out.recovery_path, recovery, 0600);
  crypto::wipe(recovery.data(), recovery.size());
  TRY(kept);
  TRY(write_atomic(o.dir + "/agent.toml", base::view(settings_text(o.hub, o.unlock)), 0600));
  if (o.auditor) TRY(write_profile(o, *vault));
  return out;
}

base::Result<Enrolled> enroll_agent(const EnrollOptions& o, base::Instant now) {
  TRY_ASSIGN(const std::string anchor_whole, read_text(o.anchor_path));
  TRY_ASSIGN(const std::string cert_whole, read_text(o.cert_path));
  TRY_ASSIGN(const std::string request_whole, read_text(o.dir + "/request.note"));
  const std::vector<std::string> anchors = hub::client::anchor_notes(o.anchor_path);
  TRY_ASSIGN(const crypto::Anchor anchor, crypto::verify_anchor_chain(anchors));
  TRY_ASSIGN(const crypto::Note anchor_note, crypto::parse_note(anchor_whole));
  if (o.anchor_hash && !one_has(anchors, *o.anchor_hash)) {
    return base::Error{base::Kind::kBadSignature, "the anchor is not the one whose hash was given", o.anchor_path, "compare the hash by telephone"};
  }
  TRY_ASSIGN(const crypto::Note cert_note, crypto::parse_note(cert_whole));
  TRY_ASSIGN(const crypto::Cert cert, crypto::parse_cert(cert_note.text));
  TRY(enough_signed(cert_note, anchors, o.cert_path));
  TRY_ASSIGN(const crypto::Note request_note, crypto::parse_note(request_whole));
  TRY_ASSIGN(const crypto::Request request, crypto::parse_request(request_note.text));
  if (cert.sign != request.cert.sign || cert.transport != request.cert.transport || cert.agent != request.cert.agent) {
    return base::Error{base::Kind::kConflict, "the certificate answers another request", o.cert_path, "hand request.note of this folder to the authority"};
  }
  if (cert.not_after <= now) return base::Error{base::Kind::kStale, "the certificate has ended", o.cert_path};
  TRY_ASSIGN(const base::Bytes keys, read_file(o.dir + "/keys.sealed"));
  if (cheap_key_file(keys) && !anchor.test) {
    return base::Error{base::Kind::kDenied, "these keys are sealed with the cheap hash for tests, and this consortium is a real one", o.dir + "/keys.sealed", "run init again without --low-cost-kdf"};
  }
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    TRY(write_atomic(hub::client::anchor_file(o.dir + "/anchor.note", static_cast<unsigned>(i + 1)), base::view(anchors[i]), 0644));
  }
  TRY(write_atomic(o.dir + "/cert.note", base::view(cert_whole), 0644));
  return Enrolled{anchor.consortium, cert.name, cert.serial, cert.not_after, anchor_note.hash(), anchor.test};
}

}  // namespace adapters::agent
