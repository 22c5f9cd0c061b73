// What agents gave back (handoff-agent return), read and checked against the backup that the rebuilt hub begins with. Nothing is trusted
// because of who brought it: entries must continue the backup's log and give the roots that the hub's own key has signed, everything else
// is found by its hash in those entries.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "crypto/merkle.h"
#include "crypto/transcript.h"
#include "schemas/returned.h"

namespace hub {

struct Tail {                   // of the log, after the backup
  std::uint64_t from = 0;       // size of the backup's log
  std::vector<base::Fixed<112>> entries;
  std::string checkpoint;       // signed, of the tree that they end in
  std::map<base::Hash, base::Bytes> batches;   // by batch_hash
  std::map<base::Hash, base::Bytes> receipts;  // by SHA-256(RCP1 || sig)
  std::map<base::Hash, std::string> notes;     // by SHA-256(whole note)
  std::map<base::Hash, std::string> texts;     // policies' rules, by SHA-256
  [[nodiscard]] std::uint64_t size() const { return from + entries.size(); }
};
struct Backed {  // what the backup says of itself
  std::uint64_t size = 0;
  std::vector<base::Hash> edge;  // its frontier
  std::vector<base::Fixed<112>> entries;
};
// `logs`: the log's keys, the next one included. `files`: returns; `known`: checkpoints that somebody holds, as notes: sizes that the log had at least. What cannot be told from these is in
// `missing`, in words, an entry or a run of entries each; then the origin must not be continued (protocol 6, Restore).
// Errors: a file that is none, or contradicts the backup or another file (kConflict: a fork, and evidence against the hub).
base::Result<Tail> read_returns(const Backed& backed, std::span<const crypto::VerifierKey> logs, const std::vector<std::string>& files,
                                const std::vector<std::string>& known, std::vector<std::string>& missing);

}  // namespace hub
