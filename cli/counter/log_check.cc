// See log_check.h.
#include "cli/counter/log_check.h"

#include <algorithm>
#include <bit>
#include <future>

#include "crypto/transcript.h"

namespace cli::counter {
namespace {

constexpr std::uint64_t kAtOnce = 16'384, kTile = 256;
constexpr std::size_t kEntry = 112;

std::string number(std::uint64_t n) { return std::to_string(n); }

// Walks to `size`, the next run of entries under way while this one is hashed.
base::Result<std::optional<LogVerdict::Bad>> walk_to(const Source& hub, LogWalk& walk, std::uint64_t size, const Progress& progress) {
  const auto fetch = [&hub, size](std::uint64_t from) { return hub.entries(from, std::min(size, from + kAtOnce)); };
  std::optional<LogVerdict::Bad> bad;
  if (walk.tree().size() >= size) return bad;
  auto coming = std::async(std::launch::async, fetch, walk.tree().size());
  while (walk.tree().size() < size) {
    const std::uint64_t at = walk.tree().size();
    TRY_ASSIGN(const base::Bytes data, coming.get());
    if (data.empty() || data.size() % kEntry != 0 || data.size() / kEntry > size - at) {
      bad = {at, "the hub does not hand it out"};
      return bad;
    }
    if (const std::uint64_t next = at + data.size() / kEntry; next < size) coming = std::async(std::launch::async, fetch, next);
    if (auto why = walk.entries(data)) {
      bad = {walk.tree().size(), std::move(*why)};
      return bad;
    }
    if (progress) progress(walk.tree().size(), size);
  }
  return bad;
}

// The entries hold together and give another root than the signed one: which of them is not the leaf that the hub's tree has there?
std::optional<std::uint64_t> first_other_leaf(const Source& hub, const LogWalk& walk) {
  const std::uint64_t size = walk.tree().size();
  const auto& own = walk.subtrees();
  std::uint64_t tile = own.size();  // of 256 leaves: the last one, which is not full, if no other
  for (std::uint64_t at = 0; at < own.size() && tile == own.size(); at += kTile) {
    const auto width = static_cast<unsigned>(std::min<std::uint64_t>(kTile, own.size() - at));
    const auto got = hub.tile(1, at / kTile, width);
    if (!got.ok() || got->size() != std::size_t{32} * width) return std::nullopt;
    for (unsigned i = 0; i < width && tile == own.size(); ++i) {
      if (!base::equal(base::View(*got).subspan(std::size_t{32} * i, 32), own[at + i])) tile = at + i;
    }
  }
  const std::uint64_t from = tile * kTile, to = std::min(size, from + kTile);
  if (from >= to) return std::nullopt;
  const auto leaves = hub.tile(0, tile, static_cast<unsigned>(to - from));
  const auto entries = hub.entries(from, to);
  if (!leaves.ok() || !entries.ok() || leaves->size() != 32 * (to - from) || entries->size() != kEntry * (to - from)) return std::nullopt;
  for (std::uint64_t i = 0; i < to - from; ++i) {
    if (!base::equal(crypto::merkle_leaf(base::View(*entries).subspan(i * kEntry, kEntry)), base::View(*leaves).subspan(i * 32, 32))) return from + i;
  }
  return std::nullopt;
}

LogVerdict::Bad name_it(const Source& hub, const LogWalk& walk, std::uint64_t since) {
  if (const auto index = since == 0 ? first_other_leaf(hub, walk) : std::nullopt) return {*index, "its bytes do not give the leaf hash that stands in the hub's tree"};
  return {since, "the entries from here on do not give the root that the hub signed"};
}

// The right edge of the tree of the first `n` entries, from tiles.
base::Result<std::vector<crypto::Hash>> edge_at(const Source& hub, std::uint64_t n) {
  std::vector<crypto::Hash> edge;
  std::uint64_t start = 0;
  for (unsigned level = 63; level < 64; --level) {
    if (((n >> level) & 1) == 0) continue;
    const unsigned width = 1U << (level % 8);
    const std::uint64_t first = (start >> level) << (level % 8);  // in the row of tiles below
    TRY_ASSIGN(const auto got, hub.tile(level / 8, first / kTile, static_cast<unsigned>(first % kTile) + width));
    if (got.size() != 32 * (first % kTile + width)) return base::malformed("a tile of another width than was asked for", "hub");
    TRY_ASSIGN(const auto hashes, crypto::split_hashes(base::View(got).subspan(32 * (first % kTile)).first(std::size_t{32} * std::min(width, 64U))));
    std::vector<crypto::Hash> row = hashes;
    if (width == 128) {
      TRY_ASSIGN(const auto rest, crypto::split_hashes(base::View(got).last(std::size_t{32} * 64)));
      row.insert(row.end(), rest.begin(), rest.end());
    }
    edge.push_back(crypto::merkle_root(row));
    start += std::uint64_t{1} << level;
  }
  return edge;
}

LogVerdict verdict(const LogWalk& walk, std::uint64_t since, std::optional<LogVerdict::Bad> bad) { return {since, walk.mark(), walk.tree().root(), std::move(bad)}; }

// The whole log again, because what was verified before no longer leads to what the hub signs now.
base::Result<LogVerdict> again(const Source& hub, const crypto::Checkpoint& head, const Verified& before, const Progress& progress) {
  TRY_ASSIGN(auto start, hub.directory(0));
  LogWalk walk(std::move(start), hub.note);
  const std::string was = " (" + number(before.mark.size) + " entries held on " + base::rfc3339(before.at) + ")";
  TRY_ASSIGN(auto bad, walk_to(hub, walk, before.mark.size, progress));
  if (!bad && walk.tree().root() != before.root) bad = {before.mark.size - 1, "one of the entries up to this one has been replaced"};
  if (!bad) {
    TRY_ASSIGN(bad, walk_to(hub, walk, head.size, progress));
    if (!bad && walk.tree().root() != head.root) bad = name_it(hub, walk, 0);
  }
  if (bad) bad->why += was;
  return verdict(walk, 0, std::move(bad));
}

}  // namespace

base::Result<LogVerdict> check_log(const Source& hub, const crypto::Checkpoint& head, const std::optional<Verified>& before, const Progress& progress) {
  if (before && head.size < before->mark.size) {
    LogVerdict v{before->mark.size, before->mark, before->root, {}};
    v.bad = {head.size, "the log has become shorter: it had " + number(before->mark.size) + " entries on " + base::rfc3339(before->at) + ", and the hub shows " + number(head.size)};
    return v;
  }
  if (!before) {
    TRY_ASSIGN(auto start, hub.directory(0));
    LogWalk walk(std::move(start), hub.note);
    TRY_ASSIGN(auto bad, walk_to(hub, walk, head.size, progress));
    if (!bad && walk.tree().root() != head.root) bad = name_it(hub, walk, 0);
    return verdict(walk, 0, std::move(bad));
  }
  auto directory = hub.directory(before->mark.dir_seq);
  auto walk = directory.ok() ? LogWalk::resume(before->mark, std::move(*directory), hub.note) : base::Result<LogWalk>(directory.error());
  if (!walk.ok()) return again(hub, head, *before, progress);
  TRY_ASSIGN(auto bad, walk_to(hub, *walk, head.size, progress));
  if (bad || walk->tree().root() != head.root) return again(hub, head, *before, progress);  // perhaps it is what lies before that changed
  return verdict(*walk, before->mark.size, std::nullopt);
}

base::Result<LogVerdict> check_log_since(const Source& hub, const crypto::Checkpoint& head, std::uint64_t since, const Progress& progress) {
  if (since == 0) return check_log(hub, head, std::nullopt, progress);
  if (since > head.size)
    return base::Error{base::Kind::kUsage, "the log has only " + number(head.size) + " entries", "--since", "give an earlier entry or time, or leave it out"};
  TRY_ASSIGN(const auto last, hub.entries(since - 1, since));
  TRY_ASSIGN(const auto ent, crypto::parse_ent1(last));
  Mark mark;
  mark.size = since, mark.dir_seq = ent.dir_seq, mark.time = ent.hub_time, mark.hub_known = false;
  TRY_ASSIGN(mark.edge, edge_at(hub, since));
  TRY_ASSIGN(auto directory, hub.directory(ent.dir_seq));
  mark.last_dir = directory.last_subject();
  TRY_ASSIGN(auto walk, LogWalk::resume(mark, std::move(directory), hub.note));
  TRY_ASSIGN(auto bad, walk_to(hub, walk, head.size, progress));
  if (!bad && walk.tree().root() != head.root) bad = name_it(hub, walk, since);
  return verdict(walk, since, std::move(bad));
}

base::Result<std::uint64_t> entry_at(const Source& hub, std::uint64_t size, base::Instant t) {
  std::uint64_t low = 0, high = size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    TRY_ASSIGN(const auto data, hub.entries(middle, middle + 1));
    TRY_ASSIGN(const auto ent, crypto::parse_ent1(data));
    if (ent.hub_time < t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace cli::counter
