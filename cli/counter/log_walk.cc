// See log_walk.h.
#include "cli/counter/log_walk.h"

#include <algorithm>
#include <future>
#include <span>

#include "crypto/transcript.h"
#include "schemas/registry.h"

namespace cli::counter {

using schemas::EntryType;

namespace {

constexpr std::size_t kEntry = 112;
constexpr unsigned kSubtree = 8;             // levels of what subtrees() keeps
constexpr std::uint64_t kPiece = 1U << 10;   // leaves hashed in one go

// True: parse_ent1() takes it, told without building what it says. False: ask parse_ent1().
bool plainly_formed(base::View ent) {
  const auto word = [&](std::size_t at) { return base::load_le<std::uint64_t>(ent.data() + at); };
  const std::uint64_t type = ent[4], count = word(16);  // count and four zero bytes
  if ((word(0) & 0xFFFF'FF00'FFFF'FFFF) != 0x0000'0100'3145'4653) return false;  // "SFE1", any type, 1, no flags
  if (type == 0 || type > 9 || (word(96) | word(104)) != 0) return false;
  return type == 1 ? count != 0 && count <= crypto::kMaxMessages : count == 0;
}

// Consecutive entries that make one perfect subtree: its root, and the roots of its parts.
struct Piece {
  std::uint64_t from = 0, n = 0;  // from: of the whole log; n: a power of two
  base::View data;
  std::vector<crypto::Hash> parts;  // of 256 leaves, if it has so many
  crypto::Hash root{};
  std::uint64_t bad = ~std::uint64_t{0};  // the first that is no entry, counted from `from`

  void hash(std::vector<crypto::Hash>& level) {  // level: room for kPiece, used again for the next piece
    for (std::uint64_t i = 0; i < n; ++i) {
      const base::View ent = data.subspan(i * kEntry, kEntry);
      if (!plainly_formed(ent) && bad > n && !crypto::parse_ent1(ent).ok()) bad = i;
    }
    crypto::merkle_leaves(data, std::span(level).first(n));
    std::uint64_t width = n;
    for (unsigned l = 0;; ++l, width /= 2) {
      if (l == kSubtree) parts.assign(level.begin(), level.begin() + static_cast<std::ptrdiff_t>(width));
      if (width == 1) break;
      crypto::merkle_parents(std::span(level).first(width));
    }
    root = level[0];
  }
};

void hash_all(std::span<Piece> pieces) {
  std::vector<crypto::Hash> level(kPiece);
  for (Piece& p : pieces) p.hash(level);
}

std::vector<Piece> cut(std::uint64_t from, base::View data) {
  std::vector<Piece> out;
  for (std::uint64_t left = data.size() / kEntry, at = 0; left > 0;) {
    std::uint64_t n = kPiece;
    while (n > left || (from + at) % n != 0) n /= 2;
    out.push_back({from + at, n, data.subspan(at * kEntry, n * kEntry), {}, {}, ~std::uint64_t{0}});
    at += n, left -= n;
  }
  return out;
}

// The right edge of a tree, with a perfect subtree put to its right. Of 256 leaves that this completes the root goes to `subtrees`.
void put_right(std::vector<crypto::Hash>& edge, std::uint64_t size, std::uint64_t n, crypto::Hash root, std::vector<crypto::Hash>& subtrees) {
  for (std::uint64_t width = n; (size & width) != 0; width *= 2) {
    root = crypto::merkle_node(edge.back(), root);
    edge.pop_back();
    if (width * 2 == std::uint64_t{1} << kSubtree) subtrees.push_back(root);
  }
  edge.push_back(root);
}

}  // namespace

void LogWalk::append(const crypto::Hash& leaf) {
  tree_.append(leaf, [&](unsigned level, std::uint64_t, const crypto::Hash& h) {
    if (level == kSubtree && from_start_) subtrees_.push_back(h);
  });
}

std::optional<std::string> LogWalk::entry(base::View ent) {
  const auto e = crypto::parse_ent1(ent);
  if (!e.ok()) return "the entry is not well-formed: " + e.error().what;
  if (auto why = rules(ent, tree_.size())) return why;
  append(crypto::merkle_leaf(ent));
  return std::nullopt;
}

// Of a well-formed entry: what it says, against those before it.
std::optional<std::string> LogWalk::rules(base::View ent, std::uint64_t index) {
  const base::Instant time{base::load_le<std::uint64_t>(ent.data() + 8)};
  const auto type = static_cast<EntryType>(ent[4]);
  if (time < last_time_) return "its time lies before that of the entry before it";
  if (type == EntryType::kHub && hub_known_ && !base::equal(ent.subspan(64, 32), last_hub_)) return "the chain of the hub's own events is broken";
  if (base::load_le<std::uint64_t>(ent.data() + 24) != directory_.seq() + (type == EntryType::kDir ? 1 : 0)) return "it counts the directory's notes wrongly";
  if (type == EntryType::kDir) {
    if (auto why = note(*crypto::parse_ent1(ent), index)) return why;
  }
  if (type == EntryType::kHub) last_hub_ = base::fixed<32>(ent.subspan(32, 32)), hub_known_ = true;
  last_time_ = time;
  return std::nullopt;
}

// True: an entry that only has to come after the one before it, and does.
bool LogWalk::follows(base::View ent) {
  const base::Instant time{base::load_le<std::uint64_t>(ent.data() + 8)};
  const auto type = static_cast<EntryType>(ent[4]);
  if (type == EntryType::kHub || type == EntryType::kDir || time < last_time_ || base::load_le<std::uint64_t>(ent.data() + 24) != dir_seq_) return false;
  last_time_ = time;
  return true;
}

std::optional<std::string> LogWalk::entries(base::View data) {
  if (data.size() % kEntry != 0) return "the entries do not come whole";
  dir_seq_ = directory_.seq();
  std::vector<Piece> pieces = cut(tree_.size(), data);
  const std::size_t half = pieces.size() / 2;
  {
    const std::span<Piece> all(pieces);
    const auto other = half == 0 ? std::future<void>() : std::async(std::launch::async, [later = all.subspan(half)] { hash_all(later); });
    hash_all(half == 0 ? all : all.first(half));
  }
  for (const Piece& p : pieces) {
    std::optional<std::string> why;
    std::uint64_t i = 0;
    for (; i < p.n && !why; ++i) {
      const base::View ent = p.data.subspan(i * kEntry, kEntry);
      if (i != p.bad && follows(ent)) continue;
      why = i == p.bad ? "the entry is not well-formed: " + crypto::parse_ent1(ent).error().what : rules(ent, p.from + i);
    }
    if (why) {
      for (std::uint64_t k = 0; k + 1 < i; ++k) append(crypto::merkle_leaf(p.data.subspan(k * kEntry, kEntry)));
      return why;
    }
    auto edge = tree_.hashes();
    std::vector<crypto::Hash> whole = p.parts;
    put_right(edge, p.from, p.n, p.root, whole);
    tree_ = *crypto::Frontier::from(p.from + p.n, std::move(edge));
    if (from_start_) subtrees_.insert(subtrees_.end(), whole.begin(), whole.end());
  }
  return std::nullopt;
}

std::optional<std::string> LogWalk::note(const crypto::Ent1& e, std::uint64_t index) {
  if (e.container != directory_.last_subject()) return "the directory's chain is broken";
  const auto text = note_at_(directory_.seq() + 1);
  if (!text) return "its note is missing";
  if (crypto::sha256(base::view(*text)) != e.subject) return "its note is not the one that was logged";
  const auto added = directory_.add(*text, index, e.hub_time);
  if (!added.ok()) return "its note is not valid here: " + added.error().what;
  dir_seq_ = directory_.seq();
  return std::nullopt;
}

Mark LogWalk::mark() const { return {tree_.size(), directory_.seq(), tree_.hashes(), last_time_, last_hub_, directory_.last_subject(), hub_known_}; }

base::Result<LogWalk> LogWalk::resume(const Mark& mark, crypto::Directory directory, NoteAt note_at) {
  TRY_ASSIGN(auto tree, crypto::Frontier::from(mark.size, mark.edge));
  if (directory.seq() != mark.dir_seq || directory.last_subject() != mark.last_dir)
    return base::Error{base::Kind::kCorrupt, "the directory is not the one that was verified"};
  LogWalk walk(std::move(directory), std::move(note_at));
  walk.tree_ = std::move(tree);
  walk.last_time_ = mark.time;
  walk.last_hub_ = mark.last_hub, walk.hub_known_ = mark.hub_known;
  walk.from_start_ = mark.size == 0;
  return walk;
}

}  // namespace cli::counter
