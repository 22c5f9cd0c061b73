// Questions about the log itself: entries, tiles, proofs, checkpoints, directory notes.
#include "hub/state/reader.h"

#include <algorithm>

#include "hub/state/rows.h"
#include "hub/state/tree.h"

namespace hub::state {
namespace {

constexpr std::size_t kNotesBytes = 3u << 20;  // an answer of notes stays below one frame

base::Error missing(const char* what) { return {base::Kind::kNotFound, what}; }

}  // namespace

std::uint64_t Reader::size() const {
  std::uint64_t n = 0;
  kv_.scan_back(Table::kLog, {}, [&](base::View k, base::View) {
    n = base::load_be<std::uint64_t>(k.data()) + 1;
    return false;
  });
  return n;
}

std::string Reader::checkpoint() const {
  std::string note;
  kv_.scan_back(Table::kCheckpoint, {}, [&](base::View, base::View v) {
    note = base::to_string(v);
    return false;
  });
  return note;
}

std::string Reader::witnessed(std::optional<std::uint64_t> index) const {
  std::string note;
  const auto take = [&](base::View, base::View v) {
    if (v.size() > 8) note = base::to_string(v.subspan(8));
    return false;
  };
  if (index) kv_.scan(Table::kWitnessed, key(*index + 1), take);
  else kv_.scan_back(Table::kWitnessed, {}, take);
  return note;
}

std::optional<base::Fixed<112>> Reader::entry(std::uint64_t index) const {
  const auto row = kv_.get(Table::kLog, key(index));
  if (!row || row->size() != kLogRow) return std::nullopt;
  return base::fixed<112>(row->first(112));
}

base::Bytes Reader::entries(std::uint64_t from, std::uint64_t to) const {
  base::Bytes out;
  if (from >= to) return out;
  kv_.scan(Table::kLog, key(from), [&](base::View k, base::View v) {
    if (base::load_be<std::uint64_t>(k.data()) >= to || v.size() != kLogRow) return false;
    base::append(out, v.first(112));
    return true;
  });
  return out;
}

base::Result<std::vector<base::Hash>> Reader::inclusion(std::uint64_t index, std::uint64_t of_size) const {
  if (of_size > size() || index >= of_size) return missing("no such entry in a tree of this size");
  return crypto::prove_inclusion(index, of_size, node_reader(kv_));
}

base::Result<std::vector<base::Hash>> Reader::consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  if (new_size > size() || old_size > new_size) return missing("no tree of this size");
  return crypto::prove_consistency(old_size, new_size, node_reader(kv_));
}

base::Result<base::Bytes> Reader::tile(unsigned level, std::uint64_t n, unsigned width) const {
  if (level > 6 || width == 0 || width > 256 || n >= (std::uint64_t{1} << 48)) return missing("no such tile");
  base::Bytes out;
  const Table table = level == 0 ? Table::kLog : Table::kNode;
  const auto first = level == 0 ? key(n * 256) : node_key(level * 8, n * 256);
  std::uint64_t expect = base::load_be<std::uint64_t>(first.data());
  kv_.scan(table, first, [&](base::View k, base::View v) {
    if (base::load_be<std::uint64_t>(k.data()) != expect++ || v.size() < 32) return false;
    base::append(out, v.last(32));
    return out.size() < std::size_t{width} * 32;
  });
  if (out.size() != std::size_t{width} * 32) return missing("the tile is not that wide yet");
  return out;
}

schemas::wire::DirGot Reader::notes(std::uint64_t after, std::uint32_t limit) const {
  schemas::wire::DirGot got;
  kv_.scan_back(Table::kDir, {}, [&](base::View k, base::View) {
    got.dir_seq = base::load_be<std::uint64_t>(k.data());
    return false;
  });
  std::size_t bytes = 0;
  if (after >= got.dir_seq || limit == 0) return got;
  kv_.scan(Table::kDir, key(after + 1), [&](base::View, base::View v) {
    if (v.size() < 16) return false;
    bytes += v.size();
    if (bytes > kNotesBytes && !got.notes.empty()) return false;
    got.notes.push_back(
        {base::to_string(v.subspan(16)), base::load_le<std::uint64_t>(v.data()), base::load_le<std::uint64_t>(v.data() + 8)});
    return got.notes.size() < limit;
  });
  return got;
}

base::Bytes Reader::blob(const base::Hash& sha256) const {
  const auto v = kv_.get(Table::kBlob, sha256);
  return v ? base::to_bytes(*v) : base::Bytes{};
}

std::vector<std::uint64_t> Reader::due(schemas::EntryType type, base::Instant now, std::size_t limit) const {
  std::vector<std::uint64_t> out;
  kv_.scan(Table::kDue, {}, [&](base::View k, base::View v) {
    if (k.size() != 16 || base::load_be<std::uint64_t>(k.data()) > now.ms || out.size() >= limit) return false;
    if (v.size() == 1 && v[0] == static_cast<base::Byte>(type)) out.push_back(base::load_be<std::uint64_t>(k.data() + 8));
    return true;
  });
  return out;
}

}  // namespace hub::state
