// The steps of sealing with every secret passed in, so that the test vectors can choose e and G (protocol 4.1, 9).
// Outside crypto only tests and the vector generator may include this: whoever chooses G twice breaks the encryption.
#pragma once

#include "crypto/seal.h"
#include "crypto/suite/sealing.h"

namespace crypto::internal {

// A key on the stack or in a container: cheaper than Secret<N>'s own pages, wiped like it. For the span of one call.
template <std::size_t N>
struct Scratch {
  base::Fixed<N> bytes{};
  Scratch() = default;
  Scratch(Scratch&& o) noexcept : bytes(o.bytes) {}  // the other is wiped when it dies
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() { wipe(bytes.data(), N); }
};

struct BatchSecrets {
  Scratch<32> e;
  std::vector<Scratch<32>> g;  // one per group
};

struct PreparedMessage {
  Hdr1 hdr;
  base::Bytes text;  // padded body, with room for the tag: encrypted in place
};
struct PreparedGroup {
  Grp1 grp;  // no ephemeral and no wrapped keys yet
  std::vector<PublicKey> epoch_keys;
  std::vector<PreparedMessage> msgs;
};
struct Prepared {  // a checked request, laid out; wipes what it still holds
  const SealingSuite* suite = nullptr;
  Bst1 bst;        // no root yet
  std::vector<PreparedGroup> groups;
  Prepared() = default;
  Prepared(Prepared&&) = default;
  Prepared& operator=(Prepared&&) = delete;
  ~Prepared();
};

base::Result<Prepared> prepare(const SealRequest& request);
Hash hedge_digest(const Prepared& prepared);  // D
void derive(const SealingSuite& suite, const Hash& d, std::uint64_t batch_seq, base::View rand32, base::View hedge_secret, std::uint64_t now_ns, BatchSecrets& out);
base::Result<SealedBatch> finish(Prepared prepared, const SealRequest& request, const BatchSecrets& secrets, const SignKey& sign);

SealedMessage encrypt(const SealingSuite& suite, PreparedMessage prepared, const Scratch<32>& g, const Hash& gctx, std::uint32_t i);

// The derivations that sealing and opening share.
void key_encryption_key(const SealingSuite& suite, base::View ss, base::View grp_prefix, base::View slot, const PublicKey& epoch_key, Scratch<32>& kek);
base::Fixed<160> associated_data(const Hash& gctx, base::View hdr);

}  // namespace crypto::internal
