// Whole-store integrity (journal.h): walks the log once, recomputing everything that it binds, then compares the tables that
// follow from it. Trusts nothing but the anchor in the store.
#include <charconv>

#include "crypto/log_keys.h"
#include "crypto/note.h"
#include "hub/journal/check_internal.h"
#include "hub/journal/lmdb_kv.h"

namespace hub::journal {
namespace {

using state::key;
using state::Table;

constexpr std::uint64_t kSayEvery = 10'000;

// Which log key was in force where, as far as the stored notes tell. They are judged one by one later on.
crypto::Directory with_notes(const state::ReadKv& kv, crypto::Directory directory) {
  kv.scan(Table::kDir, {}, [&](base::View, base::View v) {
    return v.size() >= 16 && directory.add(base::text(v.subspan(16)), base::load_le<std::uint64_t>(v.data()), {base::load_le<std::uint64_t>(v.data() + 8)}).ok();
  });
  return directory;
}

// A checkpoint at this size must verify and be of this tree.
base::Status check_checkpoint(Walk& w, const crypto::Directory& signers, std::uint64_t size) {
  const auto note = w.kv.get(Table::kCheckpoint, key(size));
  if (!note) return {};
  const auto c = crypto::open_checkpoint(base::text(*note), signers);
  if (!c.ok()) return bad_table("the checkpoint of size " + std::to_string(size) + " does not verify");
  if (c->size != size || c->root != w.frontier.root())
    return bad_entry(size - 1, "the tree up to here is not the one in the checkpoint of this size");
  ++w.expected.checkpoints;
  return {};
}

base::Status check_leaf(Walk& w, std::uint64_t index, base::View row) {
  base::Status bad;
  const base::Hash leaf = crypto::merkle_leaf(row.first(112));
  if (!base::equal(leaf, row.subspan(112))) return bad_entry(index, "its leaf hash is not that of its bytes");
  w.frontier.append(leaf, [&](unsigned level, std::uint64_t n, const base::Hash& h) {
    if (level == 0 || level % 8 != 0) return;
    const auto node = w.kv.get(Table::kNode, state::node_key(level, n));
    if (!node || !base::equal(*node, h)) bad = bad_entry(index, "the tree node that it completes is missing or wrong");
    ++w.expected.nodes;
  });
  return bad;
}

base::Status check_order(Walk& w, std::uint64_t index, const crypto::Ent1& e) {
  if (e.hub_time < w.hub_time) return bad_entry(index, "hub_time goes back");
  w.hub_time = e.hub_time;
  if (w.next_group != 0 && e.type != static_cast<std::uint8_t>(schemas::EntryType::kAccept))
    return bad_entry(index, "it stands inside a batch");
  const bool dir = e.type == static_cast<std::uint8_t>(schemas::EntryType::kDir);
  if (e.dir_seq != w.directory.seq() + (dir ? 1 : 0)) return bad_entry(index, "dir_seq does not count the directory notes");
  return {};
}

// "rebuilt FROM TO ..." in a hub event right after those entries (handoff-hub rebuild).
void note_rebuild(Walk& w, std::uint64_t index, base::View row) {
  constexpr std::string_view kWord = "rebuilt ";
  if (row[4] != static_cast<base::Byte>(schemas::EntryType::kHub)) return;
  const auto record = w.kv.get(Table::kRec, row.subspan(32, 32));
  if (!record || record->size() <= 32 || !base::text(record->subspan(32)).starts_with(kWord)) return;
  const std::string_view text = base::text(record->subspan(32 + kWord.size()));
  std::uint64_t from = 0, to = 0;
  const auto first = std::from_chars(text.data(), text.data() + text.size(), from);
  if (first.ec != std::errc() || first.ptr == text.data() + text.size()) return;
  if (std::from_chars(first.ptr + 1, text.data() + text.size(), to).ec == std::errc() && to == index) w.rebuilds.emplace_back(from, to);
}

// The log by itself: every entry there, its leaf hash, the nodes above it, the checkpoints. It comes before everything that entries
// refer to, so that a damaged entry is named itself and not the one that leads to it.
base::Status check_log(Walk& w, std::uint64_t size) {
  const crypto::Directory signers = with_notes(w.kv, w.directory);
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto row = w.kv.get(Table::kLog, key(i));
    if (!row || row->size() != state::kLogRow) return bad_entry(i, "it is missing");
    TRY(check_leaf(w, i, *row));
    note_rebuild(w, i, *row);
    TRY(check_checkpoint(w, signers, i + 1));
  }
  return {};
}

base::Result<CheckReport> check_store(const state::ReadKv& kv, const Say& say) {
  const auto state_row = kv.get(Table::kMeta, base::view("state"));
  if (!state_row) {
    if (kv.get(Table::kMeta, base::view("store_version"))) return bad_table("the state row is missing");
    bool any = false;
    kv.scan(Table::kLog, {}, [&](base::View, base::View) { return any = true, false; });
    if (any) return bad_table("the state row is missing");
    return CheckReport{0, 0, 0, 0, crypto::merkle_root({})};
  }
  const auto state = state::parse_state_row(*state_row);
  const auto version = kv.get(Table::kMeta, base::view("store_version"));
  const auto anchor = kv.get(Table::kMeta, base::view("anchor"));
  if (!state || !version || version->size() != 4 || !anchor) return bad_table("the meta rows are damaged");
  if (base::load_le<std::uint32_t>(version->data()) > state::kStoreVersion)
    return base::Error{base::Kind::kUnsupported, "the store was written by a newer version", "hub store", "update this program"};
  auto directory = crypto::Directory::start(base::text(*anchor));
  if (!directory.ok()) return bad_table("the stored anchor is damaged");
  Walk w(kv, std::move(directory).value());
  w.last_hub_time = {state->hub_time};
  TRY(check_log(w, state->size));
  for (std::uint64_t i = 0; i < state->size; ++i) {
    const auto e = crypto::parse_ent1(w.kv.get(Table::kLog, key(i))->first(112));
    if (!e.ok()) return bad_entry(i, e.error().what);
    TRY(check_order(w, i, *e));
    TRY(check_entry(w, i, *e));
    if (say && (i + 1) % kSayEvery == 0) say(i + 1, state->size);
  }
  TRY(check_tables(w, *state));
  if (say) say(state->size, state->size);
  w.report.entries = state->size;
  w.report.root = w.frontier.root();
  return w.report;
}

class StoreAtRest final : public Snapshot {
 public:
  StoreAtRest(store::Env env, store::Txn txn, const TableIds& ids) : env_(std::move(env)), txn_(std::move(txn)), ids_(ids), kv_(txn_, ids_, nullptr) {}
  [[nodiscard]] const state::ReadKv& kv() const override { return kv_; }

 private:
  store::Env env_;
  store::Txn txn_;
  TableIds ids_;
  LmdbReadKv kv_;
};

}  // namespace

base::Result<std::unique_ptr<Snapshot>> read_only(const std::string& dir) {
  store::Options options;
  options.read_only = true;
  TRY_ASSIGN(auto env, store::Env::open(dir + "/core", options));
  TRY_ASSIGN(const TableIds ids, open_tables(env));
  TRY_ASSIGN(auto txn, env.begin_read());
  return std::unique_ptr<Snapshot>(std::make_unique<StoreAtRest>(std::move(env), std::move(txn), ids));
}

base::Result<CheckReport> check(const state::ReadKv& kv, const Say& say) { return check_store(kv, say); }

base::Result<CheckReport> check(const std::string& dir, const Say& say) {
  TRY_ASSIGN(const auto store, read_only(dir));
  return check_store(store->kv(), say);
}

}  // namespace hub::journal
