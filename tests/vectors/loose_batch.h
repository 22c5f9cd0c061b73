// A batch as bytes that a test may bend: cut from a sealed one, altered, hashed and signed again as a hostile sender would.
#pragma once

#include "crypto/seal.h"

namespace vectors {

struct LooseMessage {
  base::Bytes hdr, commit, ct, ct_hash;
};
struct LooseGroup {
  base::Bytes grp, path;
  std::vector<LooseMessage> msgs;
};
struct LooseBatch {
  base::Bytes bst, sig;
  std::vector<LooseGroup> groups;

  static LooseBatch of(const crypto::SealedBatch& sealed);
  [[nodiscard]] crypto::BatchParts parts() const;
  // Makes root and signature fit the (altered) groups again.
  void restamp(const crypto::SignKey& sign);
  // What the hub hands out for one group; erased: hashes in place of the ciphertexts.
  [[nodiscard]] LooseBatch deliver(std::size_t group, bool erased = false) const;

 private:
  [[nodiscard]] std::vector<base::Hash> group_leaves() const;
};

// The recipient's checks in the order of protocol 4.2, as one line: "accepted", or "<stage> <error kind>".
std::string outcome(const LooseBatch& batch, crypto::Frame frame, const crypto::PublicKey& sender, const base::Id& self,
                    const crypto::BoxKey& epoch_key);

}  // namespace vectors
