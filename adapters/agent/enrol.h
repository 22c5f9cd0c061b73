// From an empty folder to an enrolled agent: init makes keys and a request for the authority, enroll takes its certificate in.
#pragma once

#include "adapters/agent/settings.h"
#include "crypto/random.h"

namespace adapters::agent {

struct InitOptions {
  std::string dir, slug, kind, hub, consortium;
  std::optional<base::Id> agency;            // absent: a new random id
  UnlockSource unlock;
  bool auditor = false;                      // ask for an auditor's certificate: reads metadata, sends nothing; no agent is run with it
  bool low_cost = false;                     // a cheap passphrase hash; only an anchor that says `test` is enrolled with it
  const char* credentials_directory = nullptr;
};
struct Initialised {
  base::Id agency{}, agent{};
  std::string request_path, recovery_path;
};
// Writes keys.sealed, agent.toml, request.note and recovery.key (the last belongs in a safe, not on this machine). For an auditor also
// transport.key (mode 0600), with which `handoff` asks the hub directly, and profile.toml to put beside the other profiles.
base::Result<Initialised> init_agent(const InitOptions& options, crypto::Random& random);

struct EnrollOptions {
  std::string dir, cert_path, anchor_path;
  std::optional<base::Hash> anchor_hash;     // as read aloud
};
struct Enrolled {
  std::string consortium, slug;
  std::uint64_t serial = 0;
  base::Instant not_after;
  base::Hash anchor_hash{};
  bool test = false;
};
base::Result<Enrolled> enroll_agent(const EnrollOptions& options, base::Instant now);

}  // namespace adapters::agent
