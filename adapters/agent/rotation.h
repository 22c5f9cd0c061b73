// Rotation: an agency's keys are exchanged while its mail goes on (docs/guide/keys.md, decision 16). Three steps, each of them one rename:
//
//   rotate_keys      keys.pending (the new private halves, sealed like keys.sealed) and rotate.note, for the authority
//   countersign      cert.next: the certificate that answers it, signed by the old sign key as well
//   exchange         once that certificate stands in the log: keys.pending becomes keys.sealed, cert.next becomes cert.note
//
// Until the last one the agent lives by its old keys, from then on by the new ones. A crash between any two files is mended by open_keys().
#pragma once

#include "adapters/agent/vault.h"
#include "crypto/directory.h"

namespace adapters::agent {

struct KeySet {
  bool sign = true, transport = true, witness = true, recovery = false;
};
base::Result<KeySet> parse_key_set(std::string_view list);  // "sign,transport,witness,recovery"

struct Rotation {
  std::string request_path, recovery_path;  // the latter empty: that key stays
  std::uint64_t serial = 0;                 // that the certificate will have
  bool repeated = false;                    // it had begun before: the same request
};
// `keys` absent: all but recovery, or what a rotation under way exchanges. kConflict: one of other keys is under way; the folder's
// certificate is another's. kNotFound: not enrolled.
base::Result<Rotation> rotate_keys(const std::string& dir, const std::optional<KeySet>& keys, base::View secret_input, crypto::Random& random);

struct Countersigned {
  std::string path;  // cert-N.note, for the authority's register; and for the hub's operator, where the agent cannot run
  std::uint64_t serial = 0;
  base::Instant not_after;
  bool logged = false;
};
// `directory`: the agent's own. kConflict: it answers another request, or does not follow the present certificate. kBadSignature: too few
// authorities. kStale: it has ended.
base::Result<Countersigned> countersign(const std::string& dir, std::string_view cert, const Vault& vault, const crypto::Directory& directory, base::Instant now);

[[nodiscard]] bool rotation_pending(const std::string& dir);  // there is a keys.pending
// The request's public keys, without any secret; nullopt: none is under way.
std::optional<crypto::Cert> requested(const std::string& dir);
[[nodiscard]] bool same_keys(const crypto::Cert& a, const crypto::Cert& b);
base::Result<std::optional<crypto::BoxKey>> pending_transport(const std::string& dir, base::View secret_input);

struct Keys {
  std::unique_ptr<Vault> vault;
  std::string cert;  // whole note
};
// The folder's keys and the certificate that is theirs. kConflict: the certificate belongs to other keys.
base::Result<Keys> open_keys(const std::string& dir, base::View secret_input, crypto::Random& random);

// Takes over a certificate of this agent that the directory holds and that follows `now`, if its keys are here. nullopt: nothing to do.
base::Result<std::optional<Keys>> exchange(const std::string& dir, const Keys& now, const crypto::Directory& directory, base::View secret_input, crypto::Random& random);

}  // namespace adapters::agent
