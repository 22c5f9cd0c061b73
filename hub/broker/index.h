// SearchIndex: thread and agent -> log index, in an LMDB of its own without sync (protocol section 6: never in the durable path,
// rebuildable). The log itself is the order of time. Lost or behind, it is caught up from the log; searches say how far it reaches.
#pragma once

#include "hub/state/reader.h"
#include "hub/store/env.h"

namespace hub::broker {

class SearchIndex {
 public:
  // `dir` is created if missing. An index that knows more than `log_size` belongs to another log and is begun anew.
  static base::Result<SearchIndex> open(const std::string& dir, std::uint64_t log_size);

  [[nodiscard]] std::uint64_t upto() const;  // entries below this are indexed
  // Takes in up to `limit` more entries. One thread.
  base::Result<std::uint64_t> advance(const state::Reader& reader, std::uint64_t limit);

  // Log indexes of ACCEPT entries below `before`, newest first, until `visit` says false. Any thread.
  using Visit = std::function<bool(std::uint64_t)>;
  base::Status by_thread(const base::Id& thread, std::uint64_t before, const Visit& visit) const;
  base::Status by_agent(const base::Id& agent, std::uint64_t before, const Visit& visit) const;

 private:
  explicit SearchIndex(store::Env env) : env_(std::move(env)) {}
  base::Status scan(store::TableId table, const base::Id& id, std::uint64_t before, const Visit& visit) const;

  store::Env env_;
  store::TableId thread_{}, agent_{}, meta_{};
};

}  // namespace hub::broker
