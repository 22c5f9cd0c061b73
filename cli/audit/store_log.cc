// The log by itself, entry by entry (docs/spec/audit.md): bytes -> leaf hash -> tree nodes -> signed checkpoints.
#include "cli/audit/store.h"

#include <algorithm>
#include <cstring>

#include "crypto/log_keys.h"
#include "crypto/transcript.h"
#include "schemas/registry.h"

namespace cli::audit {
namespace {

constexpr std::uint64_t kSayEvery = 10'000;

Bad bad(std::uint64_t index, std::string why) { return {index, std::move(why)}; }

struct Walk {  // what the entries so far add up to
  crypto::Frontier tree;
  std::uint64_t nodes = 0;
  base::Instant hub_time{};
  base::Hash hub_subject{};
};

Finding check_entry(const Store& store, std::uint64_t i, Walk& w) {
  const auto row = store.get(Rows::kLog, i);
  if (!row || row->size() != kLogRow) return bad(i, row ? "it has a wrong size" : "it is missing");
  const base::View entry = row->first(kEntry);
  const base::Hash leaf = crypto::merkle_leaf(entry);
  if (!base::equal(leaf, row->subspan(kEntry))) return bad(i, "its bytes do not give the leaf hash that is stored beside them");
  const auto e = crypto::parse_ent1(entry);
  if (!e.ok()) return bad(i, "it is not a log entry: " + e.error().what);
  w.hub_time = e->hub_time;
  if (e->type == static_cast<std::uint8_t>(schemas::EntryType::kHub)) w.hub_subject = e->subject;
  Finding found;
  w.tree.append(leaf, [&](unsigned level, std::uint64_t n, const base::Hash& h) {
    if (level == 0 || level % 8 != 0) return;
    ++w.nodes;
    const auto node = store.get(Rows::kNode, (std::uint64_t{level} << 56) | n);
    if (!found && (!node || !base::equal(*node, h))) found = bad(i, "the tree node that it completes is not the one stored");
  });
  return found;
}

Finding check_checkpoint(const Store& store, const crypto::Directory& signers, const crypto::Frontier& tree) {
  const auto note = store.get(Rows::kCheckpoint, tree.size());
  if (!note) return {};
  const std::uint64_t last = tree.size() - 1;
  const auto c = crypto::open_checkpoint(base::text(*note), signers);
  if (!c.ok()) return bad(last, "the checkpoint after it is not signed by the log's key");
  if (c->size != tree.size() || c->root != tree.root()) return bad(last, "the tree up to it is not the one that the log's key signed");
  return {};
}

// The store's own count of itself: "SFS1" | u64 size | u64 hub_time | last type-4 subject | u32 numbers given out | u64 checkpoints kept |
// u32 n | n hashes of the tree's right edge. The numbers given out are those of mailboxes, which the log does not know.
Finding check_state(const Store& store, const Walk& w) {
  const auto row = store.get(Rows::kMeta, base::view("state"));
  if (!row) return w.tree.size() == 0 ? Finding() : Bad{std::nullopt, "the state row is missing"};
  constexpr std::size_t kNumbers = 52, kFixed = 68;
  if (row->size() < kFixed) return Bad{std::nullopt, "the state row is damaged"};
  base::Fixed<kFixed> fixed{};
  std::memcpy(fixed.data(), "SFS1", 4);
  base::store_le(fixed.data() + 4, w.tree.size());
  base::store_le(fixed.data() + 12, w.hub_time.ms);
  std::copy(w.hub_subject.begin(), w.hub_subject.end(), fixed.begin() + 20);
  std::memcpy(fixed.data() + kNumbers, row->data() + kNumbers, 4);
  base::store_le(fixed.data() + 56, store.count(Rows::kCheckpoint));
  base::store_le(fixed.data() + 64, static_cast<std::uint32_t>(w.tree.hashes().size()));
  if (!base::equal(*row, base::concat({fixed, crypto::join(w.tree.hashes())})))
    return Bad{std::nullopt, "the state row is not what the log adds up to"};
  return {};
}

}  // namespace

Finding check_log(const Store& store, const crypto::Directory& signers, const std::optional<crypto::Checkpoint>& known, Log& log, const Say& say) {
  const auto newest = store.last_key(Rows::kCheckpoint), end = store.last_key(Rows::kLog);
  const std::uint64_t signed_size = newest.value_or(0), size = std::max(signed_size, end ? *end + 1 : 0);
  Walk w;
  for (std::uint64_t i = 0; i < size; ++i) {
    if (auto found = check_entry(store, i, w)) return found;
    if (auto found = check_checkpoint(store, signers, w.tree)) return found;
    if (known && known->size == i + 1 && known->root != w.tree.root()) return bad(i, "the tree up to it is not the one in the checkpoint that was given");
    if ((i + 1) % kSayEvery == 0 || i + 1 == size) say(i + 1, size);
  }
  log = {size, w.tree.root()};
  if (known && known->size > size) return bad(size, "the store ends here, and the log's key has signed " + std::to_string(known->size) + " entries: it was rolled back");
  if (signed_size != size) return bad(signed_size, "no signed checkpoint covers it");
  if (auto found = check_state(store, w)) return found;
  if (store.count(Rows::kLog) != size) return Bad{std::nullopt, "the log has rows that are no entries"};
  if (store.count(Rows::kNode) != w.nodes) return Bad{std::nullopt, "the tree has nodes that no entry completes"};
  return {};
}

}  // namespace cli::audit
