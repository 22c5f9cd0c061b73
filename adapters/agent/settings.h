// What agent.toml says (docs/guide/agency-it.md), checked: an unknown key is an error, relative paths start at the file's folder.
#pragma once

#include <map>

#include "adapters/agent/blob/limits.h"
#include "adapters/agent/people/session_settings.h"
#include "adapters/agent/notify/settings.h"
#include "adapters/agent/plugin.h"
#include "adapters/agent/vault.h"

namespace adapters::agent {

struct AdapterSettings {
  std::string type, name;
  schemas::Config config;
  std::uint64_t retry_for_ms = base::kDay;
};
// [http] and [[http.client]]: the agent's HTTP server and who may ask it.
struct HttpClientSettings {
  std::string name, secret_file, jwks_file;    // one of the two files, or both
  std::vector<std::string> scopes;             // "system/*.cruds"
};
struct HttpSettings {
  std::string listen, tls_cert, tls_key, client_ca;
  std::string public_url;                      // as clients call it, where a proxy stands before it; empty: as it listens
  bool plain_on_network = false;
  std::vector<HttpClientSettings> clients;
};
struct Settings {
  std::string dir;                             // data folder
  std::string endpoint;
  std::string test_clock;  // file of the offset, for test consortia only (crypto/base/test_clock.h)                        // of the hub
  UnlockSource unlock;
  std::map<std::string, std::string> aliases;  // name in other systems -> slug
  std::uint64_t outbox_limit = 10'000;
  std::uint64_t witness_every_ms = 10 * base::kSecond;  // between two rounds of cosigning the hub's log
  std::uint64_t store_bytes = 16ULL << 30;
  blob::Limits attachments;
  std::vector<std::string> scan;               // virus scanner: a program and its arguments; empty: none
  std::uint64_t scan_ms = 120 * base::kSecond;
  std::vector<AdapterSettings> adapters;
  std::optional<HttpSettings> http;
  notify::Settings notify;
  people::InboxSettings inbox;
};
base::Result<Settings> load_settings(const std::string& path);
// The first agent.toml of a new agent.
std::string settings_text(const std::string& endpoint, const UnlockSource& unlock);

}  // namespace adapters::agent
