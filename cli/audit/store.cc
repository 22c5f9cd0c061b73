// See store.h: opening a copy.
#include "cli/audit/store.h"

#include <filesystem>

namespace cli::audit {

base::Result<Store> Store::open(const std::string& dir) {
  static constexpr const char* kTables[] = {"log", "node", "ckpt", "meta", "dir", "rcpt", "rec", "blob", "grpm", "grpc"};
  static_assert(std::size(kTables) == static_cast<std::size_t>(Rows::kCount_));
  std::string found;
  for (const char* inner : {"/store/core", "/core", "/store", ""}) {
    std::error_code error;
    if (found.empty() && std::filesystem::is_regular_file(dir + inner + "/data.mdb", error)) found = dir + inner;
  }
  if (found.empty())
    return base::Error{base::Kind::kNotFound, "there is no hub's store in this folder", dir, "give a folder made by handoff-hub backup"};
  hub::store::Options options;
  options.read_only = true;
  TRY_ASSIGN(auto env, hub::store::Env::open(found, options));
  Ids ids{};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto table = env.table(kTables[i]);
    if (!table.ok())
      return base::Error{table.error().kind, "this is not a hub's store: " + table.error().what, found,
                         "give a folder made by handoff-hub backup"};
    ids[i] = *table;
  }
  TRY_ASSIGN(auto txn, env.begin_read());
  return Store(std::move(env), std::move(txn), ids);
}

std::optional<std::uint64_t> Store::last_key(Rows rows) const {
  const auto last = txn_.last(id(rows));
  if (!last || last->first.size() != 8) return std::nullopt;
  return base::load_be<std::uint64_t>(last->first.data());
}

}  // namespace cli::audit
