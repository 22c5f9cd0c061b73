// SearchIndex: what a search asks for -> log entries, in an LMDB of its own without sync (protocol section 6: never in the durable path,
// rebuildable). By sender, recipient, kind and purpose: chunks of bits (chunk.h), so that every combination of filters is bounded; by thread: the
// entries themselves. The log is the order of time. Lost, behind, of another log or from before the machine last started, it is made again from the log.
// Tables: list: u8 field, 16 B value, u32 chunk -> chunk; thread: thread id, u64 entry -> nothing; meta: "upto" -> u64 size, 32 B leaf before it.
#pragma once

#include <map>

#include "hub/broker/chunk.h"
#include "hub/state/reader.h"
#include "hub/store/env.h"

namespace hub::broker {

class SearchIndex {
 public:
  // `dir` is created if missing. Reads one entry of the log, whatever its size.
  static base::Result<SearchIndex> open(const std::string& dir, const state::Reader& log);

  [[nodiscard]] std::uint64_t upto() const;  // entries below this are indexed
  // Takes in the rest of a chunk, at most. One thread. The new upto().
  base::Result<std::uint64_t> advance(const state::Reader& log);

  struct Want {  // all zero: every ACCEPT entry
    base::Id from{}, to{}, party{};  // party: sender or recipient
    std::uint16_t kind = 0, purpose = 0;
  };
  using Visit = std::function<bool(std::uint64_t)>;
  // ACCEPT entries in [from, before) that carry every wanted label (of a group: on whichever of its messages), newest first, until `visit`
  // says false. Below which entry to go on, if it ended early: also after 2048 chunks. Any thread; kCorrupt: a chunk cannot be read.
  base::Result<std::optional<std::uint64_t>> select(const Want& want, std::uint64_t from, std::uint64_t before, const Visit& visit) const;
  // The same by thread alone.
  base::Result<std::optional<std::uint64_t>> by_thread(const base::Id& thread, std::uint64_t from, std::uint64_t before, const Visit& visit) const;

  // check() of the index in this folder, opened to read only. A folder without one, or with one that open() would throw away, holds.
  static base::Status check_folder(const std::string& dir, const state::Reader& log);
  // Makes everything again in memory and compares. kCorrupt names the first entry whose rows are missing, wrong or too many.
  base::Status check(const state::Reader& log) const;

 private:
  explicit SearchIndex(store::Env env) : env_(std::move(env)) {}
  using Lists = std::map<base::Bytes, Chunk>;  // by key
  static void label(const state::Reader& log, std::uint64_t index, Lists& lists, std::vector<base::Bytes>& threads);
  base::Result<std::optional<Chunk>> chunk(const store::Txn& txn, const Want& want, std::uint64_t number) const;
  base::Status clear();
  base::Status open_tables();

  store::Env env_;
  store::TableId list_{}, thread_{}, meta_{};
};

}  // namespace hub::broker
