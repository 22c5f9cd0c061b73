// What agent.toml says (docs/guide/agency-it.md), checked: an unknown key is an error, relative paths start at the file's folder.
#pragma once

#include <map>

#include "adapters/agent/plugin.h"
#include "adapters/agent/vault.h"

namespace adapters::agent {

struct AdapterSettings {
  std::string type, name;
  schemas::Config config;
  std::uint64_t retry_for_ms = base::kDay;
};
struct Settings {
  std::string dir;                             // data folder
  std::string endpoint;
  std::string test_clock;  // file of the offset, for test consortia only (crypto/base/test_clock.h)                        // of the hub
  UnlockSource unlock;
  std::map<std::string, std::string> aliases;  // name in other systems -> slug
  std::uint64_t outbox_limit = 10'000;
  std::uint64_t store_bytes = 16ULL << 30;
  std::vector<AdapterSettings> adapters;
};
base::Result<Settings> load_settings(const std::string& path);
// The first agent.toml of a new agent.
std::string settings_text(const std::string& endpoint, const UnlockSource& unlock);

}  // namespace adapters::agent
