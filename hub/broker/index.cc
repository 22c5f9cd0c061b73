// The search index: see index.h.
#include "hub/broker/index.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "hub/broker/threads.h"
#include "schemas/registry.h"

namespace hub::broker {
namespace {

namespace fs = std::filesystem;

enum class Field : base::Byte { kAccept = 1, kFrom, kTo, kKind, kPurpose };
constexpr std::uint64_t kMostChunks = 2048;  // a question looks at these and says where to go on
const base::Bytes kUpto = base::to_bytes("upto");

base::Bytes list_key(Field field, base::View value, std::uint64_t chunk) {
  base::Bytes k(1 + 16 + 4);
  k[0] = static_cast<base::Byte>(field);
  std::ranges::copy(value, k.begin() + 1);
  base::store_be(k.data() + 17, static_cast<std::uint32_t>(chunk));
  return k;
}
base::Fixed<2> code(std::uint16_t v) {
  base::Fixed<2> out;
  base::store_be(out.data(), v);
  return out;
}

base::Error damaged(const std::string& what) {
  return {base::Kind::kCorrupt, "the search index does not fit the log: " + what, "index",
          "stop the hub and remove the folder index; it is made again at the next start"};
}

// A store without sync keeps its promises only as long as the machine runs: an index from before is begun anew.
std::string stamp() {
  std::string boot;
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::getline(in, boot);
  return boot.empty() ? std::string() : "handoff search index 2\n" + boot + "\n";
}

bool of_this_start(const std::string& dir) {
  std::ifstream in(dir + "/stamp", std::ios::binary);
  const std::string have{std::istreambuf_iterator<char>(in), {}};
  return !have.empty() && have == stamp();
}

base::Status make_folder(const std::string& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return base::Error{base::Kind::kIo, "cannot make the index folder", dir, error.message()};
  if (of_this_start(dir)) return {};
  for (const char* file : {"/data.mdb", "/lock.mdb"}) {
    fs::remove(dir + file, error);
    if (error) return base::Error{base::Kind::kIo, "cannot remove an old index", dir + file, error.message()};
  }
  std::ofstream(dir + "/stamp", std::ios::trunc | std::ios::binary) << stamp();
  return {};
}

base::Bytes leaf_before(const state::Reader& log, std::uint64_t upto) {
  const auto ent = upto == 0 ? std::nullopt : log.entry(upto - 1);
  const base::Hash leaf = ent ? crypto::merkle_leaf(*ent) : base::Hash{};
  return base::to_bytes(leaf);
}

}  // namespace

base::Result<SearchIndex> SearchIndex::open(const std::string& dir, const state::Reader& log) {
  TRY(make_folder(dir));
  store::Options options;
  options.durable = false;
  TRY_ASSIGN(auto env, store::Env::open(dir, options));
  SearchIndex index(std::move(env));
  TRY(index.open_tables());
  const auto upto = index.upto();
  base::Bytes leaf;
  {
    TRY_ASSIGN(const auto txn, index.env_.begin_read());
    if (const auto v = txn.get(index.meta_, kUpto); v && v->size() == 40) leaf = base::to_bytes(v->subspan(8));
  }
  if (upto != 0 && (upto > log.size() || leaf != leaf_before(log, upto))) TRY(index.clear());  // of another log
  return index;
}

base::Status SearchIndex::open_tables() {
  TRY_ASSIGN(list_, env_.table("list"));
  TRY_ASSIGN(thread_, env_.table("thread"));
  TRY_ASSIGN(meta_, env_.table("meta"));
  return {};
}

base::Status SearchIndex::check_folder(const std::string& dir, const state::Reader& log) {
  std::error_code error;
  if (!fs::exists(dir + "/data.mdb", error) || !of_this_start(dir)) return {};
  store::Options options;
  options.read_only = true;
  TRY_ASSIGN(auto env, store::Env::open(dir, options));
  SearchIndex index(std::move(env));
  TRY(index.open_tables());
  return index.check(log);
}

base::Status SearchIndex::clear() {
  TRY_ASSIGN(auto txn, env_.begin_write());
  for (const auto t : {list_, thread_, meta_}) TRY(txn.clear(t));
  return txn.commit();
}

std::uint64_t SearchIndex::upto() const {
  const auto txn = env_.begin_read();
  if (!txn.ok()) return 0;
  const auto v = txn->get(meta_, kUpto);
  return v && v->size() == 40 ? base::load_be<std::uint64_t>(v->data()) : 0;
}

void SearchIndex::label(const state::Reader& log, std::uint64_t index, Lists& lists, std::vector<base::Bytes>& threads) {
  const auto labels = log.labels(index);
  if (!labels) return;
  const std::uint64_t number = index / Chunk::kEntries, offset = index % Chunk::kEntries;
  const auto put = [&](Field field, base::View value) { lists[list_key(field, value, number)].set(offset); };
  put(Field::kAccept, {});
  put(Field::kFrom, labels->sender);
  for (const base::Id& r : labels->recipients) put(Field::kTo, r);
  for (const auto& m : labels->messages) {
    put(Field::kKind, code(m.kind));
    put(Field::kPurpose, code(m.purpose));
    threads.push_back(store::key(m.thread, index));
  }
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
}

base::Result<std::uint64_t> SearchIndex::advance(const state::Reader& log) {
  const auto from = upto();
  const auto to = std::min(log.size(), (from / Chunk::kEntries + 1) * Chunk::kEntries);
  if (from >= to) return from;
  Lists lists;
  TRY_ASSIGN(auto txn, env_.begin_write());
  for (auto i = from; i < to; ++i) {
    std::vector<base::Bytes> threads;
    label(log, i, lists, threads);
    for (const auto& k : threads) TRY(txn.put(thread_, k, {}));
  }
  for (auto& [key, chunk] : lists) {
    if (const auto before = txn.get(list_, key)) {
      const auto have = Chunk::parse(*before);
      if (!have) return damaged("a chunk cannot be read");
      chunk |= *have;
    }
    TRY(txn.put(list_, key, chunk.encode()));
  }
  TRY(txn.put(meta_, kUpto, base::concat({store::key(to), leaf_before(log, to)})));
  TRY(txn.commit());
  return to;
}

// nullopt: nothing in this chunk.
base::Result<std::optional<Chunk>> SearchIndex::chunk(const store::Txn& txn, const Want& want, std::uint64_t number) const {
  bool whole = true;
  const auto get = [&](Field field, base::View value) -> std::optional<Chunk> {
    const auto v = txn.get(list_, list_key(field, value, number));
    auto c = v ? Chunk::parse(*v) : std::nullopt;
    if (v && !c) whole = false;
    return c;
  };
  std::optional<Chunk> out;
  const auto meet = [&](std::optional<Chunk> c) {
    if (!c) return false;
    out ? void(*out &= *c) : void(out = *c);
    return true;
  };
  const auto some = [&]() -> bool {
    if (!base::all_zero(want.from) && !meet(get(Field::kFrom, want.from))) return false;
    if (!base::all_zero(want.to) && !meet(get(Field::kTo, want.to))) return false;
    if (!base::all_zero(want.party)) {
      auto either = get(Field::kFrom, want.party);
      const auto to = get(Field::kTo, want.party);
      if (either && to) *either |= *to;
      if (!meet(either ? either : to)) return false;
    }
    if (want.kind != 0 && !meet(get(Field::kKind, code(want.kind)))) return false;
    if (want.purpose != 0 && !meet(get(Field::kPurpose, code(want.purpose)))) return false;
    return out.has_value() || meet(get(Field::kAccept, {}));
  }();
  if (!whole) return damaged("a chunk cannot be read");
  return some ? out : std::optional<Chunk>();
}

base::Result<std::optional<std::uint64_t>> SearchIndex::select(const Want& want, std::uint64_t from, std::uint64_t before,
                                                               const Visit& visit) const {
  if (from >= before) return std::optional<std::uint64_t>();
  TRY_ASSIGN(const auto txn, env_.begin_read());
  std::uint64_t looked = 0;
  for (std::uint64_t number = (before - 1) / Chunk::kEntries + 1; number-- > from / Chunk::kEntries;) {
    const std::uint64_t first = number * Chunk::kEntries;
    if (++looked > kMostChunks) return std::optional(first + Chunk::kEntries);
    TRY_ASSIGN(const auto found, chunk(txn, want, number));
    if (!found) continue;
    for (auto at = found->last(std::min(before - first, Chunk::kEntries)); at && first + *at >= from; at = found->last(*at)) {
      if (!visit(first + *at)) return std::optional(first + *at + 1);
    }
  }
  return std::optional<std::uint64_t>();
}

base::Result<std::optional<std::uint64_t>> SearchIndex::by_thread(const base::Id& thread, std::uint64_t from, std::uint64_t before,
                                                                  const Visit& visit) const {
  std::optional<std::uint64_t> go_on;
  if (from >= before) return go_on;
  TRY_ASSIGN(const auto txn, env_.begin_read());
  txn.scan_back(thread_, store::key(thread, before - 1), [&](base::View key, base::View) {
    if (key.size() != 24 || !base::equal(key.first(16), thread)) return false;
    const auto index = base::load_be<std::uint64_t>(key.data() + 16);
    if (index < from) return false;
    if (visit(index)) return true;
    go_on = index + 1;
    return false;
  });
  return go_on;
}

base::Status SearchIndex::check(const state::Reader& log) const {
  const std::uint64_t end = upto();
  TRY_ASSIGN(const auto txn, env_.begin_read());
  if (end > log.size()) return damaged("it is longer than the log");
  std::uint64_t chunks = 0, in_threads = 0;
  Lists lists;
  for (std::uint64_t i = 0; i < end; ++i) {
    std::vector<base::Bytes> threads;
    label(log, i, lists, threads);
    for (const auto& k : threads) {
      if (!txn.get(thread_, k)) return damaged("entry " + std::to_string(i) + " is not in its thread's list");
    }
    in_threads += threads.size();
    if ((i + 1) % Chunk::kEntries != 0 && i + 1 != end) continue;
    const std::uint64_t first = i / Chunk::kEntries * Chunk::kEntries;
    for (auto& [key, expected] : lists) {
      const auto v = txn.get(list_, key);
      auto have = v ? Chunk::parse(*v) : std::nullopt;
      if (!have) return damaged("a list for entries from " + std::to_string(first) + " on is missing or cannot be read");
      for (std::uint64_t at = 0; at < Chunk::kEntries; ++at) {
        if (have->last(at + 1) == at ? expected.last(at + 1) == at : expected.last(at + 1) != at) continue;
        return damaged("entry " + std::to_string(first + at) + " is in a list where it does not belong, or not in one where it does");
      }
    }
    chunks += lists.size();
    lists.clear();
  }
  if (txn.count(list_) != chunks) return damaged("it has lists that no entry belongs to");
  if (txn.count(thread_) != in_threads) return damaged("it has entries in threads to which they do not belong");
  return {};
}

void run_indexer(Office& office, SearchIndex& index) {
  std::vector<net::PollItem> items{{nullptr, office.index_waker.fd()}};
  while (!office.stopping && !office.failed) {
    const auto snapshot = office.parts.journal.read();
    if (!snapshot.ok()) return;
    const auto upto = index.advance((*snapshot)->reader());
    if (!upto.ok()) return;  // searches read the rest from the log itself
    office.count.indexed_upto = *upto;
    if (*upto < office.count.size) continue;
    net::poll(items, -1);
    office.index_waker.drain();
  }
}

}  // namespace hub::broker
