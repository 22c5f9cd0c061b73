// See evidence.h.
#include "adapters/agent/keep/evidence.h"
#include "crypto/log_keys.h"

#include <nlohmann/json.hpp>

namespace adapters::agent::keep {

std::string two_trees(const Replica& replica, const crypto::Checkpoint& theirs, std::string_view note) {
  using nlohmann::ordered_json;
  const crypto::Directory directory = replica.directory();
  ordered_json out{{"format", "handoff-evidence/v1"}, {"what", "two-trees"}, {"anchors", ordered_json::array()}};
  out["anchors"].push_back(replica.anchor_note());
  for (const std::string& n : directory.notes()) {
    if (n.starts_with("sfh-anchor/") && n != replica.anchor_note()) out["anchors"].push_back(n);
  }
  const std::string ours = replica.checkpoint();
  const auto mine = crypto::open_checkpoint(ours, directory);
  out["one"] = ours, out["other"] = note;
  if (mine.ok() && theirs.size < mine->size) {  // our tree, cut at their size, has another root
    const auto root = replica.root_at(theirs.size);
    const auto proof = replica.consistency(theirs.size, mine->size);
    if (root.ok() && proof.ok()) {
      out["root"] = base::base64(*root);
      out["proof"] = ordered_json::array();
      for (const base::Hash& h : *proof) out["proof"].push_back(base::base64(h));
    }
  }
  return out.dump();
}

}  // namespace adapters::agent::keep
