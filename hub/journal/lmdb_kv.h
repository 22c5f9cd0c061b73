// The state's tables over one LMDB transaction. For hub/journal only.
#pragma once

#include <array>

#include "hub/state/kv.h"
#include "hub/store/env.h"

namespace hub::journal {

using TableIds = std::array<store::TableId, static_cast<std::size_t>(state::Table::kCount_)>;
base::Result<TableIds> open_tables(store::Env& env);

class LmdbReadKv final : public state::ReadKv {
 public:
  LmdbReadKv(const store::Txn& txn, const TableIds& ids, state::NodeCache* nodes) : txn_(txn), ids_(ids), nodes_(nodes) {}
  [[nodiscard]] state::NodeCache* nodes() const override { return nodes_; }
  [[nodiscard]] std::optional<base::View> get(state::Table t, base::View key) const override { return txn_.get(id(t), key); }
  void scan(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override {
    txn_.scan(id(t), from, visit);
  }
  void scan_back(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override {
    txn_.scan_back(id(t), from, visit);
  }

 private:
  [[nodiscard]] store::TableId id(state::Table t) const { return ids_[static_cast<std::size_t>(t)]; }
  const store::Txn& txn_;
  const TableIds& ids_;
  state::NodeCache* nodes_;
};

// No node cache: what this transaction writes may yet be aborted.
class LmdbKv final : public state::Kv {
 public:
  LmdbKv(store::Txn& txn, const TableIds& ids) : txn_(txn), ids_(ids) {}
  [[nodiscard]] std::optional<base::View> get(state::Table t, base::View key) const override { return txn_.get(id(t), key); }
  void scan(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override {
    txn_.scan(id(t), from, visit);
  }
  void scan_back(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override {
    txn_.scan_back(id(t), from, visit);
  }
  base::Status put(state::Table t, base::View key, base::View value) override { return txn_.put(id(t), key, value); }
  base::Status append(state::Table t, base::View key, base::View value) override { return txn_.append(id(t), key, value); }
  base::Result<std::span<base::Byte>> room(state::Table t, base::View key, std::size_t n) override {
    return txn_.reserve(id(t), key, n, true);
  }
  base::Status erase(state::Table t, base::View key) override { return txn_.erase(id(t), key); }

 private:
  [[nodiscard]] store::TableId id(state::Table t) const { return ids_[static_cast<std::size_t>(t)]; }
  store::Txn& txn_;
  const TableIds& ids_;
};

}  // namespace hub::journal
