// Transactions: every look-up and write, and the commit that makes them last.
#include "hub/store/env.h"
#include "hub/store/internal.h"

namespace hub::store {
namespace {

MDB_val val(base::View v) { return {v.size(), const_cast<base::Byte*>(v.data())}; }
base::View view(const MDB_val& v) { return {static_cast<const base::Byte*>(v.mv_data), v.mv_size}; }

class Cursor {
 public:
  Cursor(MDB_txn* txn, TableId t) {
    if (mdb_cursor_open(txn, t.dbi, &c_) != 0) c_ = nullptr;
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor() {
    if (c_ != nullptr) mdb_cursor_close(c_);
  }
  bool go(MDB_cursor_op op) { return c_ != nullptr && mdb_cursor_get(c_, &k_, &v_, op) == 0; }
  bool seek(base::View key) {
    k_ = val(key);
    return go(MDB_SET_RANGE);
  }
  [[nodiscard]] base::View key() const { return view(k_); }
  [[nodiscard]] base::View value() const { return view(v_); }

 private:
  MDB_cursor* c_ = nullptr;
  MDB_val k_{}, v_{};
};

}  // namespace

Txn::Txn(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Txn::Txn(Txn&&) noexcept = default;
Txn& Txn::operator=(Txn&&) noexcept = default;
Txn::~Txn() = default;

std::optional<base::View> Txn::get(TableId t, base::View key) const {
  MDB_val k = val(key), v{};
  if (mdb_get(impl_->txn, t.dbi, &k, &v) != 0) return std::nullopt;
  return view(v);
}

base::Status Txn::put(TableId t, base::View key, base::View value) {
  MDB_val k = val(key), v = val(value);
  if (const int rc = mdb_put(impl_->txn, t.dbi, &k, &v, 0); rc != 0) return failure(rc, "write", *impl_->env);
  return {};
}

base::Status Txn::append(TableId t, base::View key, base::View value) {
  MDB_val k = val(key), v = val(value);
  if (const int rc = mdb_put(impl_->txn, t.dbi, &k, &v, MDB_APPEND); rc != 0) return failure(rc, "append", *impl_->env);
  return {};
}

base::Result<std::span<base::Byte>> Txn::reserve(TableId t, base::View key, std::size_t n, bool append) {
  MDB_val k = val(key), v{n, nullptr};
  if (const int rc = mdb_put(impl_->txn, t.dbi, &k, &v, MDB_RESERVE | (append ? MDB_APPEND : 0u)); rc != 0)
    return failure(rc, "reserve room", *impl_->env);
  return std::span<base::Byte>(static_cast<base::Byte*>(v.mv_data), n);
}

base::Status Txn::erase(TableId t, base::View key) {
  MDB_val k = val(key);
  if (const int rc = mdb_del(impl_->txn, t.dbi, &k, nullptr); rc != 0 && rc != MDB_NOTFOUND) return failure(rc, "erase", *impl_->env);
  return {};
}

base::Status Txn::clear(TableId t) {
  if (const int rc = mdb_drop(impl_->txn, t.dbi, 0); rc != 0) return failure(rc, "clear a table", *impl_->env);
  return {};
}

std::uint64_t Txn::count(TableId t) const {
  MDB_stat stat;
  return mdb_stat(impl_->txn, t.dbi, &stat) == 0 ? stat.ms_entries : 0;
}

std::optional<std::pair<base::View, base::View>> Txn::first(TableId t) const {
  Cursor c(impl_->txn, t);
  if (!c.go(MDB_FIRST)) return std::nullopt;
  return std::pair(c.key(), c.value());
}

std::optional<std::pair<base::View, base::View>> Txn::last(TableId t) const {
  Cursor c(impl_->txn, t);
  if (!c.go(MDB_LAST)) return std::nullopt;
  return std::pair(c.key(), c.value());
}

void Txn::scan(TableId t, base::View from, const std::function<bool(base::View, base::View)>& visit) const {
  Cursor c(impl_->txn, t);
  bool more = from.empty() ? c.go(MDB_FIRST) : c.seek(from);
  while (more && visit(c.key(), c.value())) more = c.go(MDB_NEXT);
}

void Txn::scan_back(TableId t, base::View from, const std::function<bool(base::View, base::View)>& visit) const {
  Cursor c(impl_->txn, t);
  bool more = false;
  if (from.empty() || !c.seek(from)) {
    more = c.go(MDB_LAST);
  } else {  // SET_RANGE stops at or after `from`
    more = base::equal(c.key(), from) || c.go(MDB_PREV);
  }
  while (more && visit(c.key(), c.value())) more = c.go(MDB_PREV);
}

base::Status Txn::commit() {
  MDB_txn* txn = std::exchange(impl_->txn, nullptr);
  CHECK(txn != nullptr);
  if (const int rc = mdb_txn_commit(txn); rc != 0) {
    if (impl_->write) impl_->env->poisoned = true;  // whatever the reason: what LMDB now believes is not what the disk holds
    return failure(rc, "commit", *impl_->env);
  }
  return {};
}

base::Bytes key(std::uint64_t a) {
  base::Bytes k(8);
  base::store_be(k.data(), a);
  return k;
}
base::Bytes key(std::uint32_t a, std::uint64_t b) {
  base::Bytes k(12);
  base::store_be(k.data(), a);
  base::store_be(k.data() + 4, b);
  return k;
}
base::Bytes key(base::View a, std::uint64_t b) {
  base::Bytes k(a.size() + 8);
  std::memcpy(k.data(), a.data(), a.size());
  base::store_be(k.data() + a.size(), b);
  return k;
}

}  // namespace hub::store
