// The LMDB environment: opening, tables, copies, and the rule that a disk which refused once is never asked again (D16).
#include "hub/store/env.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "hub/store/internal.h"

namespace hub::store {
namespace {

constexpr unsigned kMaxReaders = 1024;
constexpr std::uint64_t kDiskMargin = 64ULL << 20;  // below this much free disk the store counts as full

base::Kind kind_of(int rc) {
  switch (rc) {
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT: return base::Kind::kFull;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH: return base::Kind::kCorrupt;
    case MDB_READERS_FULL: return base::Kind::kBusy;
    case MDB_BAD_VALSIZE:
    case MDB_KEYEXIST: return base::Kind::kUsage;
    default: return base::Kind::kIo;
  }
}

// Pages that LMDB holds for reuse: its table 0 maps a transaction to a list that begins with its length.
std::uint64_t free_pages(MDB_env* env) {
  MDB_txn* txn = nullptr;
  if (mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn) != 0) return 0;
  std::uint64_t pages = 0;
  MDB_cursor* cursor = nullptr;
  if (mdb_cursor_open(txn, 0, &cursor) == 0) {
    MDB_val k, v;
    while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
      std::size_t n = 0;
      if (v.mv_size >= sizeof n) std::memcpy(&n, v.mv_data, sizeof n);
      pages += n;
    }
    mdb_cursor_close(cursor);
  }
  mdb_txn_abort(txn);
  return pages;
}

// LMDB maps far beyond the file's end, and reading there kills the process. A file that was cut short is padded with zero pages, which
// LMDB then reports as corrupt where it meets one. (Pages allocated but never written may lie there in a healthy store: no error by
// itself.)
base::Status pad_short_file(const Env::Impl& impl) {
  MDB_envinfo info;
  MDB_stat stat_of;
  struct stat file {};
  int fd = -1;
  if (mdb_env_info(impl.env, &info) != 0 || mdb_env_stat(impl.env, &stat_of) != 0 || mdb_env_get_fd(impl.env, &fd) != 0 ||
      fstat(fd, &file) != 0) {
    return base::Error{base::Kind::kIo, "cannot measure the store", impl.dir};
  }
  const auto needed = static_cast<off_t>((info.me_last_pgno + 1) * stat_of.ms_psize);
  if (file.st_size >= needed) return {};
  // fallocate only ever lengthens: a hub or agent that writes this file meanwhile loses nothing by it.
  const int out = ::open((impl.dir + "/data.mdb").c_str(), O_WRONLY | O_CLOEXEC);
  const bool padded = out >= 0 && ::posix_fallocate(out, file.st_size, needed - file.st_size) == 0;
  if (out >= 0) ::close(out);
  if (padded) return {};
  return base::Error{base::Kind::kCorrupt, "the store is shorter than it says and cannot be padded", impl.dir,
                     "check a copy that may be written to"};
}

}  // namespace

base::Error failure(int rc, const char* doing, Env::Impl& env) {
  const base::Kind kind = kind_of(rc);
  const bool disk = kind == base::Kind::kIo || rc == ENOSPC || rc == EDQUOT;
  if (disk) env.poisoned = true;
  return {kind, std::string("cannot ") + doing + ": " + mdb_strerror(rc), env.dir,
          disk ? "stop the process and run check before the next start" : ""};
}

Env::Env(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Env::Env(Env&&) noexcept = default;
Env& Env::operator=(Env&&) noexcept = default;
Env::~Env() = default;

base::Result<Env> Env::open(const std::string& dir, const Options& options) {
  auto impl = std::make_shared<Impl>();
  impl->dir = dir;
  impl->options = options;
  if (const int rc = mdb_env_create(&impl->env); rc != 0) return failure(rc, "create the environment", *impl);
  mdb_env_set_mapsize(impl->env, options.map_size);
  mdb_env_set_maxdbs(impl->env, options.max_tables);
  mdb_env_set_maxreaders(impl->env, kMaxReaders);
  // NOTLS: a read transaction belongs to its object, not to its thread. Never NOSYNC for what must last.
  unsigned flags = MDB_NOTLS;
  if (!options.durable) flags |= MDB_NOSYNC;
  if (options.read_only) flags |= MDB_RDONLY;
  if (const int rc = mdb_env_open(impl->env, dir.c_str(), flags, 0600); rc != 0) {
    if (rc == ENOENT) return base::Error{base::Kind::kNotFound, "no store in this folder", dir};
    return failure(rc, "open the store", *impl);
  }
  TRY(pad_short_file(*impl));
  int dead = 0;
  mdb_reader_check(impl->env, &dead);  // slots of processes that died
  return Env(std::move(impl));
}

base::Result<TableId> Env::table(const char* name) {
  const bool read_only = impl_->options.read_only;
  MDB_txn* txn = nullptr;
  if (const int rc = mdb_txn_begin(impl_->env, nullptr, read_only ? MDB_RDONLY : 0, &txn); rc != 0)
    return failure(rc, "open a table", *impl_);
  MDB_dbi dbi = 0;
  if (!read_only) {  // look first: an existing table needs no commit
    if (mdb_dbi_open(txn, name, 0, &dbi) == 0) {
      mdb_txn_commit(txn);
      return TableId{dbi};
    }
  }
  int rc = mdb_dbi_open(txn, name, read_only ? 0 : MDB_CREATE, &dbi);
  if (rc != 0) {
    mdb_txn_abort(txn);
    if (rc == MDB_NOTFOUND) return base::Error{base::Kind::kNotFound, "the store lacks a table", name};
    return failure(rc, "open a table", *impl_);
  }
  rc = mdb_txn_commit(txn);
  if (rc != 0) return failure(rc, "create a table", *impl_);
  return TableId{dbi};
}

base::Result<Txn> Env::begin_write() {
  if (impl_->poisoned)
    return base::Error{base::Kind::kIo, "the disk has refused a write before", impl_->dir,
                       "stop the process and run check before the next start"};
  auto t = std::make_unique<Txn::Impl>();
  t->env = impl_;
  t->write = true;
  if (const int rc = mdb_txn_begin(impl_->env, nullptr, 0, &t->txn); rc != 0) return failure(rc, "begin to write", *impl_);
  return Txn(std::move(t));
}

base::Result<Txn> Env::begin_read() const {
  auto t = std::make_unique<Txn::Impl>();
  t->env = impl_;
  int rc = mdb_txn_begin(impl_->env, nullptr, MDB_RDONLY, &t->txn);
  if (rc == MDB_READERS_FULL) {
    int dead = 0;
    mdb_reader_check(impl_->env, &dead);
    rc = mdb_txn_begin(impl_->env, nullptr, MDB_RDONLY, &t->txn);
  }
  if (rc != 0) return failure(rc, "begin to read", *impl_);
  return Txn(std::move(t));
}

base::Status Env::copy_to(const std::string& dir) const {
  if (const int rc = mdb_env_copy2(impl_->env, dir.c_str(), MDB_CP_COMPACT); rc != 0) {
    return base::Error{kind_of(rc), std::string("cannot copy the store: ") + mdb_strerror(rc), dir};  // the copy's disk, not ours
  }
  const int fd = ::open((dir + "/data.mdb").c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fchmod(fd, 0600) == 0 && ::fsync(fd) == 0;  // LMDB makes it as the umask allows
  if (fd >= 0) ::close(fd);
  if (!synced) return base::Error{base::Kind::kIo, "cannot sync the copy", dir};
  return {};
}

double Env::fill() const {
  MDB_envinfo info;
  MDB_stat stat;
  if (mdb_env_info(impl_->env, &info) != 0 || mdb_env_stat(impl_->env, &stat) != 0) return 1.0;
  const double map = static_cast<double>(info.me_mapsize);
  double used = static_cast<double>(info.me_last_pgno + 1) * stat.ms_psize;
  if (used / map > 0.5) used -= static_cast<double>(free_pages(impl_->env)) * stat.ms_psize;
  struct statvfs disk {};
  double of_disk = 0;
  if (::statvfs(impl_->dir.c_str(), &disk) == 0) {
    const auto left = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    of_disk = left < kDiskMargin ? 1.0 : used / (used + static_cast<double>(left));
  }
  return std::clamp(std::max(used / map, of_disk), 0.0, 1.0);
}

bool Env::poisoned() const { return impl_->poisoned; }

}  // namespace hub::store
