// Backup, restore and the recovery kit of one agent (docs/guide/agency-it.md). A backup is a folder: the store as one transaction saw it,
// the key files, the notes and agent.toml, and backup.json with their hashes. It is made beside the running agent and does not stall it.
// Everything in it is sealed as it is in the agent's own folder: it opens with the same passphrase, and holds the epoch keys that lived
// when it was made.
#pragma once

#include "adapters/agent/settings.h"
#include "crypto/random.h"

namespace adapters::agent {

struct BackupReport {
  std::string slug;
  std::uint64_t log_size = 0;  // how far the agent's copy of the log reached
  std::uint64_t bytes = 0;
  base::Instant made;
};
// Copies, then opens the copy with the agent's own keys and reads every value. `to` must not exist. An error leaves no folder.
// `copy_store` copies the store into an empty folder: the running agent's own hand (one process opens a store once), or empty: from outside.
using CopyStore = std::function<base::Status(const std::string& dir)>;
base::Result<BackupReport> backup_agent(const Settings& settings, const Vault& vault, const std::string& to, crypto::Random& random, base::Instant now,
                                        const CopyStore& copy_store = {});
base::Result<std::unique_ptr<Vault>> open_vault(const Settings& settings, crypto::Random& random, const char* credentials_directory);

// A new folder `to` from a backup. It marks the store as restored: before anything is sent, the agent takes its place in its own chains
// from the hub's log, by proof (mail/homecoming.h), and its witness key is silent for a while (keep/restored.h).
// `unlock`: where the secret is now; empty: as the backup's agent.toml says.
base::Result<BackupReport> restore_agent(const std::string& backup, const std::string& to, const UnlockSource& unlock, crypto::Random& random, base::Instant now,
                                         const char* credentials_directory);

// What people print and keep: the sealed key file and the notes, as text, with the anchor's hash to be read aloud and the steps.
base::Result<std::string> kit_text(const Settings& settings, base::Instant now);
// A new folder from a kit alone, without a store: the agent's own chains are read back from the log; mail and history are gone.
base::Result<BackupReport> restore_from_kit(std::string_view kit, const std::string& to, const UnlockSource& unlock, crypto::Random& random, base::Instant now,
                                            const char* credentials_directory);

}  // namespace adapters::agent
