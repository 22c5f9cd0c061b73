// PolicyShelf: the texts of the policies that this agency holds, by version. A message is judged by the version that was in force when
// it was sealed, a loop's deadlines by the one it began under; so old versions stay. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "adapters/agent/keep/store.h"
#include "crypto/certificate.h"
#include "schemas/policy/policy.h"

namespace adapters::agent::disclose {

using schemas::policy::Policy;
using SharedPolicy = std::shared_ptr<const Policy>;

class PolicyShelf {
 public:
  explicit PolicyShelf(keep::Store& store) : store_(store) {}
  base::Status load();  // what an earlier run kept
  // The text that a signed note names (its SHA-256 is the note's `rules`): on disk, then visible. kMalformed: it does not parse; it is
  // kept all the same, and agents that hold it stay readers (decisions: a stale policy).
  base::Status take(std::uint32_t version, base::View toml);
  [[nodiscard]] SharedPolicy find(const crypto::PolicyNote& note) const;  // nullptr: not here, or not readable
  [[nodiscard]] SharedPolicy version(std::uint32_t version) const;
  [[nodiscard]] bool has_text(const base::Hash& rules) const;
  [[nodiscard]] base::Bytes text(std::uint32_t version) const;  // empty: not here

 private:
  struct Held {
    base::Hash rules{};
    SharedPolicy policy;  // nullptr: does not parse
  };
  keep::Store& store_;
  mutable std::mutex mutex_;
  std::map<std::uint32_t, Held> held_;
};

}  // namespace adapters::agent::disclose
