// What env.cc and txn.cc share: the C handles and how LMDB's answers become ours. Not a door.
#pragma once

#include <lmdb.h>

#include <atomic>

#include "hub/store/env.h"

namespace hub::store {

struct Env::Impl {
  MDB_env* env = nullptr;
  std::string dir;
  Options options;
  std::atomic<bool> poisoned{false};
  ~Impl() {
    if (env != nullptr) mdb_env_close(env);
  }
};

struct Txn::Impl {
  MDB_txn* txn = nullptr;
  bool write = false;
  // A raw pointer suffices where a Txn lives shorter than its Env, but sharing makes the order of destruction harmless.
  std::shared_ptr<Env::Impl> env;
  ~Impl() {
    if (txn != nullptr) mdb_txn_abort(txn);
  }
};

// The error for a failed LMDB call. A disk that refuses poisons the environment: LMDB itself would accept the next commit (D16).
base::Error failure(int rc, const char* doing, Env::Impl& env);

}  // namespace hub::store
