// See evidence.h.
#include "adapters/agent/keep/evidence.h"
#include "crypto/log_keys.h"
#include "crypto/merkle.h"

#include <nlohmann/json.hpp>

namespace adapters::agent::keep {
namespace {

using nlohmann::ordered_json;

ordered_json trees(const Replica& replica, std::string_view one, std::string_view other) {
  ordered_json out{{"format", "handoff-evidence/v1"}, {"what", "two-trees"}, {"anchors", ordered_json::array()}};
  out["anchors"].push_back(replica.anchor_note());
  for (const std::string& n : replica.directory().notes()) {
    if (n.starts_with("sfh-anchor/") && n != replica.anchor_note()) out["anchors"].push_back(n);
  }
  out["one"] = one, out["other"] = other;
  return out;
}

void add_proof(ordered_json& out, const base::Hash& root, std::span<const base::Hash> proof) {
  out["root"] = base::base64(root);
  out["proof"] = ordered_json::array();
  for (const base::Hash& h : proof) out["proof"].push_back(base::base64(h));
}

}  // namespace

std::string two_trees(hub::client::Client& hub, const Replica& replica, const crypto::Checkpoint& newest, std::string_view newest_note, const crypto::Checkpoint& theirs,
                      std::string_view note, const base::Hash& root) {
  if (newest.size < theirs.size || (newest.size == theirs.size && newest.root == theirs.root)) return {};
  ordered_json out = trees(replica, newest_note, note);
  if (newest.size > theirs.size) {
    schemas::wire::LogGet q;
    q.what = schemas::wire::LogGet::What::kConsistency;
    q.from = theirs.size, q.to = newest.size;
    const auto got = hub.log_get(q);
    if (!got.ok() || !crypto::verify_consistency(theirs.size, newest.size, root, newest.root, got->path)) return {};
    add_proof(out, root, got->path);
  }
  return out.dump();
}

std::string two_trees(const Replica& replica, const crypto::Checkpoint& theirs, std::string_view note) {
  const std::string ours = replica.checkpoint();
  const auto mine = crypto::open_checkpoint(ours, replica.directory());
  ordered_json out = trees(replica, ours, note);
  if (mine.ok() && theirs.size < mine->size) {  // our tree, cut at their size, has another root
    const auto root = replica.root_at(theirs.size);
    const auto proof = replica.consistency(theirs.size, mine->size);
    if (root.ok() && proof.ok()) add_proof(out, *root, *proof);
  }
  return out.dump();
}

}  // namespace adapters::agent::keep
