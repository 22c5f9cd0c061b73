// See crash_log.h.
#include "tests/fault/crash_log.h"

#include "crypto/note.h"
#include "hub/store/env.h"

namespace fault {

std::string LogWitness::look(const std::string& hub_dir) {
  auto env = hub::store::Env::open(hub_dir + "/store/core", {.map_size = 64ULL << 30, .read_only = true});
  if (!env.ok()) return env.error().message();
  const auto log = env->table("log"), checkpoints = env->table("ckpt");
  if (!log.ok() || !checkpoints.ok()) return "the store lacks its tables";
  const auto txn = env->begin_read();
  if (!txn.ok()) return txn.error().message();
  crypto::Frontier tree;
  base::Hash then = tree.root();
  txn->scan(*log, {}, [&](base::View, base::View row) {
    tree.append(crypto::merkle_leaf(row.first(112)));
    if (tree.size() == size_) then = tree.root();
    return true;
  });
  if (tree.size() < size_) return "the log has lost entries: " + std::to_string(tree.size()) + " of " + std::to_string(size_);
  if (then != root_) return "the log does not extend what it was at size " + std::to_string(size_);
  const auto newest = txn->last(*checkpoints);
  const auto note = newest ? crypto::parse_note(base::text(newest->second)) : base::Result<crypto::Note>(base::malformed("none"));
  const auto c = note.ok() ? crypto::parse_checkpoint(note->text) : base::Result<crypto::Checkpoint>(note.error());
  if (!c.ok() || c->size != tree.size() || c->root != tree.root()) return "the newest checkpoint is not of the whole log";
  size_ = tree.size();
  root_ = tree.root();
  return {};
}

}  // namespace fault
