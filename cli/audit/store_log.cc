// The log by itself, entry by entry (docs/spec/audit.md): bytes -> leaf hash -> tree nodes -> signed checkpoints.
#include "cli/audit/store.h"

namespace cli::audit {
namespace {

constexpr std::uint64_t kSayEvery = 10'000;

Bad bad(std::uint64_t index, std::string why) { return {index, std::move(why)}; }

Finding check_entry(const Store& store, std::uint64_t i, crypto::Frontier& tree, std::uint64_t& nodes) {
  const auto row = store.get(Rows::kLog, i);
  if (!row || row->size() != kLogRow) return bad(i, row ? "it has a wrong size" : "it is missing");
  const base::View entry = row->first(kEntry);
  const base::Hash leaf = crypto::merkle_leaf(entry);
  if (!base::equal(leaf, row->subspan(kEntry))) return bad(i, "its bytes do not give the leaf hash that is stored beside them");
  if (const auto e = crypto::parse_ent1(entry); !e.ok()) return bad(i, "it is not a log entry: " + e.error().what);
  Finding found;
  tree.append(leaf, [&](unsigned level, std::uint64_t n, const base::Hash& h) {
    if (level == 0 || level % 8 != 0) return;
    ++nodes;
    const auto node = store.get(Rows::kNode, (std::uint64_t{level} << 56) | n);
    if (!found && (!node || !base::equal(*node, h))) found = bad(i, "the tree node that it completes is not the one stored");
  });
  return found;
}

Finding check_checkpoint(const Store& store, const crypto::VerifierKey& key, const crypto::Frontier& tree) {
  const auto note = store.get(Rows::kCheckpoint, tree.size());
  if (!note) return {};
  const std::uint64_t last = tree.size() - 1;
  const auto c = crypto::open_checkpoint(base::text(*note), key);
  if (!c.ok()) return bad(last, "the checkpoint after it is not signed by the log's key");
  if (c->size != tree.size() || c->root != tree.root()) return bad(last, "the tree up to it is not the one that the log's key signed");
  return {};
}

// The store's own count of itself: "SFS1" | u64 size | ... | at 64 u32 n | n hashes of the tree's right edge.
Finding check_state(const Store& store, const crypto::Frontier& tree) {
  const auto row = store.get(Rows::kMeta, base::view("state"));
  if (!row) return tree.size() == 0 ? Finding() : Bad{std::nullopt, "the state row is missing"};
  constexpr std::size_t kFixed = 68;
  if (row->size() < kFixed || base::text(row->first(4)) != "SFS1") return Bad{std::nullopt, "the state row is damaged"};
  const auto size = base::load_le<std::uint64_t>(row->data() + 4);
  if (size != tree.size()) return bad(std::min(size, tree.size()), "the store counts " + std::to_string(size) + " entries, the log holds " + std::to_string(tree.size()));
  if (!base::equal(row->subspan(kFixed), crypto::join(tree.hashes()))) return Bad{std::nullopt, "the state row's tree is not that of the log"};
  return {};
}

}  // namespace

Finding check_log(const Store& store, const crypto::VerifierKey& log_key, Log& log, const Say& say) {
  const auto newest = store.last_key(Rows::kCheckpoint), end = store.last_key(Rows::kLog);
  const std::uint64_t signed_size = newest.value_or(0), size = std::max(signed_size, end ? *end + 1 : 0);
  crypto::Frontier tree;
  std::uint64_t nodes = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    if (auto found = check_entry(store, i, tree, nodes)) return found;
    if (auto found = check_checkpoint(store, log_key, tree)) return found;
    if ((i + 1) % kSayEvery == 0 || i + 1 == size) say(i + 1, size);
  }
  log = {size, tree.root()};
  if (signed_size != size) return bad(signed_size, "no signed checkpoint covers it");
  if (auto found = check_state(store, tree)) return found;
  if (store.count(Rows::kLog) != size) return Bad{std::nullopt, "the log has rows that are no entries"};
  if (store.count(Rows::kNode) != nodes) return Bad{std::nullopt, "the tree has nodes that no entry completes"};
  return {};
}

}  // namespace cli::audit
