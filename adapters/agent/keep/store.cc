// The agent's store: sealed values over hub/store, and the group commit.
#include "adapters/agent/keep/store.h"

#include <sys/stat.h>

namespace adapters::agent::keep {
namespace {

constexpr const char* kNames[] = {"meta",  "log",       "node",   "accept",   "dir",    "out",     "batch",   "pair",  "group",
                                  "chain", "passed",    "applied", "message", "by_thread", "by_message", "thread", "recent", "ref",
                                  "dedupe", "feed",     "cursor", "receipt",  "proof",  "quarantine", "evidence",
                                  "policy", "decision", "loop",     "due",     "timer",  "notice", "refusal", "consent", "capacity", "glass",
                                  "blob", "blob_part", "match", "mode", "rehearsed", "replay", "subscription", "hook",
                                  "person", "sign_in", "ledger", "ledger_of", "rota", "channel", "told", "seen", "told_of", "release",
                                  "head", "suspension", "hold", "tombstone", "review", "for_hub"};
static_assert(std::size(kNames) == static_cast<std::size_t>(Table::kCount_));

// What a value is bound to: its table and key, so that nobody can move it.
base::Bytes context_of(Table t, base::View key) {
  base::Bytes c = base::to_bytes(std::string_view(kNames[static_cast<unsigned>(t)]));
  c.push_back(0);
  base::append(c, key);
  return c;
}

constexpr std::string_view kProbe = "this store opens with this key";

}  // namespace

std::optional<base::Bytes> Tx::get(Table t, base::View key) {
  if (!fault_.ok()) return std::nullopt;
  const auto sealed = txn_.get(store_.tables_[static_cast<unsigned>(t)], key);
  if (!sealed) return std::nullopt;
  auto plain = store_.locker_.unlock(context_of(t, key), *sealed);
  if (!plain) {
    fail(plain.error());
    return std::nullopt;
  }
  return std::move(plain).value();
}

bool Tx::has(Table t, base::View key) const { return fault_.ok() && txn_.get(store_.tables_[static_cast<unsigned>(t)], key).has_value(); }

void Tx::put(Table t, base::View key, base::View plain) {
  if (!fault_.ok()) return;
  ++writes_;
  if (auto s = txn_.put(store_.tables_[static_cast<unsigned>(t)], key, store_.locker_.lock(context_of(t, key), plain)); !s) fail(s.error());
}

void Tx::erase(Table t, base::View key) {
  if (!fault_.ok()) return;
  ++writes_;
  if (auto s = txn_.erase(store_.tables_[static_cast<unsigned>(t)], key); !s) fail(s.error());
}

void Tx::scan(Table t, base::View from, const Visit& visit) {
  if (!fault_.ok()) return;
  txn_.scan(store_.tables_[static_cast<unsigned>(t)], from, [&](base::View k, base::View v) {
    auto plain = store_.locker_.unlock(context_of(t, k), v);
    if (!plain) fail(plain.error());
    return plain.ok() && visit(k, *plain);
  });
}

void Tx::scan_back(Table t, base::View from, const Visit& visit) {
  if (!fault_.ok()) return;
  txn_.scan_back(store_.tables_[static_cast<unsigned>(t)], from, [&](base::View k, base::View v) {
    auto plain = store_.locker_.unlock(context_of(t, k), v);
    if (!plain) fail(plain.error());
    return plain.ok() && visit(k, *plain);
  });
}

void Tx::scan_prefix(Table t, base::View prefix, const Visit& visit) {
  scan(t, prefix, [&](base::View k, base::View v) {
    return k.size() >= prefix.size() && base::equal(k.first(prefix.size()), prefix) && visit(k, v);
  });
}

std::uint64_t Tx::count(Table t) const { return txn_.count(store_.tables_[static_cast<unsigned>(t)]); }

std::uint64_t Tx::next(Table t) const {
  const auto last = txn_.last(store_.tables_[static_cast<unsigned>(t)]);
  return last ? number_in(last->first) + 1 : 1;
}

base::Hash Tx::key(std::string_view label, base::View value) const { return store_.locker_.lookup(label, value); }

void Tx::fail(base::Error e) {
  if (fault_.ok()) fault_ = std::move(e);
}

base::Result<std::unique_ptr<Store>> Store::open(const std::string& dir, crypto::Secret<32> key, crypto::Random& random, std::uint64_t map_size) {
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) return base::Error{base::Kind::kIo, "the store's folder cannot be made", dir};
  hub::store::Options options;
  options.map_size = map_size;
  options.max_tables = 64;
  TRY_ASSIGN(hub::store::Env env, hub::store::Env::open(dir, options));
  std::unique_ptr<Store> store(new Store(std::move(env), crypto::Locker(std::move(key), random)));
  TRY(store->prepare());
  return store;
}

base::Result<std::unique_ptr<Store>> Store::open_beside(const std::string& dir, crypto::Secret<32> key, crypto::Random& random, std::uint64_t map_size) {
  hub::store::Options options;
  options.map_size = map_size;
  options.max_tables = 64;
  options.read_only = true;
  TRY_ASSIGN(hub::store::Env env, hub::store::Env::open(dir, options));
  std::unique_ptr<Store> store(new Store(std::move(env), crypto::Locker(std::move(key), random)));
  for (const char* name : kNames) {
    auto id = store->env_.table(name);
    if (!id.ok() && id.error().kind != base::Kind::kNotFound) return id.error();
    if (!id.ok()) return base::Error{base::Kind::kStale, "the store was written by an older agent", dir, "start this agent once, then ask again"};
    store->tables_.push_back(*id);
  }
  bool opens = false;
  TRY(store->read([&](Tx& tx) {
    opens = tx.get(Table::kMeta, base::view("probe")).has_value();
    return base::Status{};
  }));
  if (!opens) return base::Error{base::Kind::kCorrupt, "the store does not open with this key file", dir};
  return store;
}

base::Status Store::unlock_all() const {
  TRY_ASSIGN(const hub::store::Txn txn, env_.begin_read());
  for (unsigned t = 0; t < static_cast<unsigned>(Table::kCount_); ++t) {
    bool good = true;
    txn.scan(tables_[t], {}, [&](base::View k, base::View v) {
      const bool version = t == 0 && base::text(k) == "store_version";  // the one value that is not sealed
      good = version || locker_.unlock(context_of(static_cast<Table>(t), k), v).ok();
      return good;
    });
    if (!good) return base::Error{base::Kind::kCorrupt, "a value does not unlock", std::string("store, table ") + kNames[t]};
  }
  return {};
}

base::Status Store::prepare() {
  for (const char* name : kNames) {
    TRY_ASSIGN(const hub::store::TableId id, env_.table(name));
    tables_.push_back(id);
  }
  const hub::store::TableId meta = tables_[0];
  const base::Bytes version_key = base::to_bytes(std::string_view("store_version"));
  TRY_ASSIGN(hub::store::Txn txn, env_.begin_write());
  if (const auto v = txn.get(meta, version_key)) {
    if (v->size() != 4) return base::Error{base::Kind::kCorrupt, "the store's version is unreadable", "store"};
    if (base::load_le<std::uint32_t>(v->data()) > kVersion) {
      return base::Error{base::Kind::kUnsupported, "the store was written by a newer agent", "store", "start the newer handoff-agent"};
    }
    Tx tx(*this, txn);
    const auto probe = tx.get(Table::kMeta, base::view("probe"));
    if (!probe) return base::Error{base::Kind::kCorrupt, "the store does not open with this key file", "store"};
    return {};
  }
  base::Byte v[4];
  base::store_le(v, kVersion);
  TRY(txn.put(meta, version_key, v));
  Tx tx(*this, txn);
  tx.put(Table::kMeta, base::view("probe"), base::view(kProbe));
  TRY(tx.fault());
  return txn.commit();
}

namespace {
thread_local Store::Along* t_along = nullptr;
}

Store::Along::Along(Store& store, Job also) : store_(store), also_(std::move(also)), outer_(t_along) { t_along = this; }
Store::Along::~Along() { t_along = outer_; }

base::Status Store::write(const Job& job) {
  Along* const along = t_along;
  if (along == nullptr || along->written_ || &along->store_ != this) return enqueue(job);
  const base::Status s = enqueue([&](Tx& tx) -> base::Status {
    TRY(job(tx));
    return along->also_(tx);
  });
  along->written_ = s.ok();
  return s;
}

base::Status Store::enqueue(const Job& job) {
  Waiting me{&job, {}, false};
  std::unique_lock lock(mutex_);
  queue_.push_back(&me);
  turn_.wait(lock, [&] { return me.done || !leading_; });
  if (me.done) return me.status;
  leading_ = true;
  std::deque<Waiting*> batch;
  batch.swap(queue_);
  lock.unlock();
  lead(batch);
  lock.lock();
  leading_ = false;
  turn_.notify_all();
  return me.status;
}

// Commits everything that waits. A job that fails after it wrote spoils the transaction: it is left out and the rest run again.
void Store::lead(std::deque<Waiting*>& batch) {
  std::deque<Waiting*> open = batch;
  while (!open.empty() && !run_once(open)) {
  }
  const std::lock_guard lock(mutex_);
  for (Waiting* w : batch) w->done = true;
}

bool Store::run_once(std::deque<Waiting*>& open) {
  const auto all_fail = [&](const base::Error& e) {
    for (Waiting* w : open) w->status = e;
    if ((e.kind == base::Kind::kIo || e.kind == base::Kind::kFull) && tell_) tell_(e);
    return true;
  };
  auto txn = env_.begin_write();
  if (!txn) return all_fail(txn.error());
  std::uint64_t writes = 0;
  News news;
  for (auto it = open.begin(); it != open.end(); ++it) {
    Tx tx(*this, *txn);
    base::Status s = (*(*it)->job)(tx);
    if (!tx.fault().ok()) s = tx.fault();
    (*it)->status = s;
    if (!s.ok() && (s.error().kind == base::Kind::kIo || s.error().kind == base::Kind::kFull) && !tx.fault().ok()) return all_fail(s.error());
    if (!s.ok() && tx.writes() > 0) {
      open.erase(it);
      return open.empty();
    }
    writes += tx.writes();
    if (s.ok()) news.insert(news.end(), tx.news_.begin(), tx.news_.end());
  }
  if (writes == 0) return true;
  if (auto s = txn->commit(); !s) return all_fail(s.error());
  if (hear_ && !news.empty()) hear_(news);
  return true;
}

base::Status Store::read(const Job& job) const {
  TRY_ASSIGN(hub::store::Txn txn, env_.begin_read());
  Tx tx(*this, txn);
  base::Status s = job(tx);
  CHECK(tx.writes() == 0);
  if (!tx.fault().ok()) return tx.fault();
  return s;
}

base::Bytes key_of(std::uint64_t n) {
  base::Bytes k(8);
  base::store_be(k.data(), n);
  return k;
}

base::Bytes key_of(base::View prefix, std::uint64_t n) {
  base::Bytes k = base::to_bytes(prefix);
  base::append(k, key_of(n));
  return k;
}

std::uint64_t number_in(base::View key) {
  CHECK(key.size() >= 8);
  return base::load_be<std::uint64_t>(key.data() + key.size() - 8);
}

}  // namespace adapters::agent::keep
