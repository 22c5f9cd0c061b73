// See vouched.h.
#include "cli/counter/vouched.h"

#include "crypto/log_keys.h"
#include "crypto/merkle.h"
#include "crypto/witness.h"

namespace cli::counter {

base::Result<Vouched> vouched(const crypto::Directory& directory, const std::string& witnessed, const crypto::Checkpoint& head, const ConsistencyAt& consistency) {
  Vouched out;
  out.quorum = crypto::has_quorum_rule(directory.anchor());
  if (!out.quorum || witnessed.empty()) return out;
  TRY_ASSIGN(const auto note, crypto::parse_note(witnessed));
  TRY_ASSIGN(const auto tree, crypto::open_checkpoint(witnessed, directory));
  const auto cosigned = crypto::cosigned(directory.anchor(), note);
  if (!cosigned.quorum) return out;
  out.size = tree.size;
  out.by = cosigned.names;
  if (tree.size > head.size) {
    out.bad = {head.size, "witnesses have signed " + std::to_string(tree.size) + " entries, and the hub shows " + std::to_string(head.size)};
    return out;
  }
  std::vector<crypto::Hash> proof;
  if (tree.size != 0 && tree.size != head.size) {
    TRY_ASSIGN(proof, consistency(tree.size, head.size));
  }
  if (tree.size != 0 && !crypto::verify_consistency(tree.size, head.size, tree.root, head.root, proof))
    out.bad = {tree.size - 1, "witnesses have signed another tree of the entries up to this one"};
  return out;
}

}  // namespace cli::counter
