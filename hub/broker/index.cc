// The search index: see index.h.
#include "hub/broker/index.h"

#include <filesystem>

#include "hub/broker/threads.h"
#include "schemas/registry.h"

namespace hub::broker {
namespace {

constexpr std::uint64_t kStep = 2000;  // entries a write transaction
const base::Bytes kUpto = base::to_bytes("indexed_upto");

bool is_accept(const base::Fixed<112>& ent) { return ent[4] == static_cast<base::Byte>(schemas::EntryType::kAccept); }

}  // namespace

base::Result<SearchIndex> SearchIndex::open(const std::string& dir, std::uint64_t log_size) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return base::Error{base::Kind::kIo, "cannot make the index folder", dir, error.message()};
  store::Options options;
  options.durable = false;
  TRY_ASSIGN(auto env, store::Env::open(dir, options));
  SearchIndex index(std::move(env));
  TRY_ASSIGN(index.thread_, index.env_.table("thread"));
  TRY_ASSIGN(index.agent_, index.env_.table("agency"));
  TRY_ASSIGN(index.meta_, index.env_.table("meta"));
  if (index.upto() > log_size) {
    TRY_ASSIGN(auto txn, index.env_.begin_write());
    for (const auto t : {index.thread_, index.agent_, index.meta_}) TRY(txn.clear(t));
    TRY(txn.commit());
  }
  return index;
}

std::uint64_t SearchIndex::upto() const {
  const auto txn = env_.begin_read();
  if (!txn.ok()) return 0;
  const auto v = txn->get(meta_, kUpto);
  return v && v->size() == 8 ? base::load_be<std::uint64_t>(v->data()) : 0;
}

base::Result<std::uint64_t> SearchIndex::advance(const state::Reader& reader, std::uint64_t limit) {
  const auto from = upto();
  const auto to = std::min(reader.size(), from + limit);
  if (from >= to) return from;
  TRY_ASSIGN(auto txn, env_.begin_write());
  for (auto i = from; i < to; ++i) {
    const auto ent = reader.entry(i);
    if (!ent || !is_accept(*ent)) continue;
    for (const auto& row : reader.rows(i)) {
      TRY(txn.put(thread_, store::key(row.thread_id, i), {}));
      TRY(txn.put(agent_, store::key(row.sender, i), {}));
      for (const auto& r : row.recipients) TRY(txn.put(agent_, store::key(r, i), {}));
    }
  }
  TRY(txn.put(meta_, kUpto, store::key(to)));
  TRY(txn.commit());
  return to;
}

base::Status SearchIndex::scan(store::TableId table, const base::Id& id, std::uint64_t before, const Visit& visit) const {
  if (before == 0) return {};
  TRY_ASSIGN(const auto txn, env_.begin_read());
  txn.scan_back(table, store::key(id, before - 1), [&](base::View key, base::View) {
    if (key.size() != 24 || !base::equal(key.first(16), id)) return false;
    return visit(base::load_be<std::uint64_t>(key.data() + 16));
  });
  return {};
}

base::Status SearchIndex::by_thread(const base::Id& thread, std::uint64_t before, const Visit& visit) const {
  return scan(thread_, thread, before, visit);
}
base::Status SearchIndex::by_agent(const base::Id& agent, std::uint64_t before, const Visit& visit) const {
  return scan(agent_, agent, before, visit);
}

void run_indexer(Office& office, SearchIndex& index) {
  std::vector<net::PollItem> items{{nullptr, office.index_waker.fd()}};
  while (!office.stopping && !office.failed) {
    const auto snapshot = office.parts.journal.read();
    if (!snapshot.ok()) return;
    const auto upto = index.advance((*snapshot)->reader(), kStep);
    if (!upto.ok()) return;  // searches go on with what is there, and say how far it reaches
    office.count.indexed_upto = *upto;
    if (*upto < office.count.size) continue;
    net::poll(items, -1);
    office.index_waker.drain();
  }
}

}  // namespace hub::broker
