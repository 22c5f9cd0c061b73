// The hub's readable headers as rows of `audit trail`, each proved: its entry is in the signed tree and names this very group.
#pragma once

#include <map>

#include "crypto/directory.h"
#include "hub/client/client.h"
#include "schemas/json.h"

namespace cli::counter {

// The filters of `audit search`. kUsage names the one that makes no sense.
base::Result<hub::client::wire::Search> search_of(const schemas::Json& question, const crypto::Directory& directory);

class Prover {
 public:
  Prover(hub::client::Client& client, const crypto::Directory& directory) : client_(client), directory_(directory) {}
  std::string prove(const hub::client::wire::Row& row, const crypto::Checkpoint& head);  // "ok", or why not

 private:
  std::string prove_entry(std::uint64_t index, const crypto::Hash& group_leaf, std::uint64_t hub_time, const crypto::Checkpoint& head);

  hub::client::Client& client_;
  const crypto::Directory& directory_;
  std::map<std::uint64_t, std::string> known_;  // by entry: messages of one group share it
};

schemas::Json row_json(const hub::client::wire::Row& row, const crypto::Directory& directory, const std::string& proof);

}  // namespace cli::counter
