// The parts of check(): what is learnt while walking the log, entry by entry, and compared with the tables at the end.
// For hub/journal only.
#pragma once

#include <map>
#include <tuple>

#include "crypto/directory.h"
#include "hub/journal/journal.h"
#include "hub/state/rows.h"

namespace hub::journal {

struct Heads {  // of one sender, as its batches tell
  std::uint64_t batch_seq = 0, first = 0;
  std::uint32_t n = 0;
  base::Hash batch_hash{};
};
struct Expected {  // rows that the log implies, by table
  std::uint64_t groups = 0, contents = 0, nodes = 0, receipts = 0, ends = 0, inbox = 0, chain = 0, due = 0, checkpoints = 0, notes = 0;
};

struct Walk {
  const state::ReadKv& kv;
  crypto::Directory directory;
  crypto::Frontier frontier{};
  CheckReport report{};
  Expected expected{};
  base::Instant hub_time{}, last_hub_time{};  // of the entry just walked; of the last one, as the state says
  base::Hash dir_subject{}, hub_subject{};
  base::Hash batch_hash{};       // of the current run of ACCEPT entries
  std::uint32_t next_group = 0;  // 0: no batch is open
  std::map<base::Id, Heads> senders{};
  std::map<std::pair<base::Id, base::Id>, state::PairRow> pairs{};
  std::map<base::Id, std::uint64_t> waiting{};
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint64_t> acknowledged{};  // chains with a receipt row: the largest upto of a receipt

  std::vector<std::pair<std::uint64_t, std::uint64_t>> rebuilds{};  // [from, to): came back from agents, without the hub's own records

  [[nodiscard]] bool rebuilt(std::uint64_t index) const {
    for (const auto& [from, to] : rebuilds) {
      if (from <= index && index < to) return true;
    }
    return false;
  }
  explicit Walk(const state::ReadKv& store, crypto::Directory d) : kv(store), directory(std::move(d)) {}
};

inline base::Error bad_entry(std::uint64_t index, const std::string& why) {
  return {base::Kind::kCorrupt, "entry " + std::to_string(index) + ": " + why, "hub store", "restore from a backup or from the agents"};
}
inline base::Error bad_table(const std::string& why) {
  return {base::Kind::kCorrupt, why, "hub store", "restore from a backup or from the agents"};
}

// check_entry.cc: everything that one entry binds. check_tables.cc: what must hold of the whole.
base::Status check_entry(Walk& w, std::uint64_t index, const crypto::Ent1& e);
base::Status check_accept(Walk& w, std::uint64_t index, const crypto::Ent1& e);  // check_group.cc
base::Status check_tables(Walk& w, const state::StateRow& row);
base::Status check_witnessed(const Walk& w);

}  // namespace hub::journal
