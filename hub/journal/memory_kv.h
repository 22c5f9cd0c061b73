// The state's tables as maps, copied only where a snapshot still looks at them. For tests, and for checking against LMDB.
#pragma once

#include <array>
#include <map>
#include <memory>

#include "hub/state/kv.h"

namespace hub::journal {

struct Less {  // as LMDB orders keys: bytes, shorter first
  using is_transparent = void;
  bool operator()(base::View a, base::View b) const { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }
};
using MemoryTable = std::map<base::Bytes, base::Bytes, Less>;
using MemoryTables = std::array<std::shared_ptr<MemoryTable>, static_cast<std::size_t>(state::Table::kCount_)>;

class MemoryKv final : public state::Kv {
 public:
  explicit MemoryKv(MemoryTables tables) : tables_(std::move(tables)) {}
  MemoryKv();
  // A view of now; later writes go to copies.
  MemoryTables share();

  [[nodiscard]] std::optional<base::View> get(state::Table t, base::View key) const override;
  void scan(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override;
  void scan_back(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override;
  base::Status put(state::Table t, base::View key, base::View value) override;
  base::Status append(state::Table t, base::View key, base::View value) override;
  base::Result<std::span<base::Byte>> room(state::Table t, base::View key, std::size_t n) override;
  base::Status erase(state::Table t, base::View key) override;

 private:
  [[nodiscard]] const MemoryTable& table(state::Table t) const { return *tables_[static_cast<std::size_t>(t)]; }
  MemoryTable& own(state::Table t);
  MemoryTables tables_;
  std::array<bool, static_cast<std::size_t>(state::Table::kCount_)> shared_{};
};

}  // namespace hub::journal
