// [notify] of agent.toml (docs/guide/notifications.md): which ways there are to tell people, and how long each is waited for.
#pragma once

#include <map>
#include <optional>

#include "adapters/transport/smtp.h"
#include "schemas/config.h"

namespace adapters::agent::notify {

struct MailSettings {
  transport::MailServer server;        // its password is in password_file
  std::string from, password_file;
};
struct WebhookSettings {
  enum class Type { kJson, kForm };
  std::string name, url, method = "POST", body, ca_file;
  Type type = Type::kJson;
  std::vector<std::pair<std::string, std::string>> headers, header_files;  // the latter: name -> file with a secret value
};
struct Settings {
  std::string url;                     // of the inbox, as people open it; may be empty
  std::string vapid_subject;           // empty: no Web Push
  std::vector<std::string> push_hosts; // push services, by host; "*.x.example": below it
  std::string push_ca;                 // PEM; empty: the system's
  std::optional<MailSettings> mail;
  std::vector<WebhookSettings> webhooks;
  std::map<std::string, std::uint64_t, std::less<>> next_after;  // by urgency
  std::optional<std::pair<unsigned, unsigned>> quiet;  // minutes of the local day, in which routine items wait

  Settings();
  [[nodiscard]] bool any() const { return !vapid_subject.empty() || mail || !webhooks.empty(); }
  [[nodiscard]] std::uint64_t wait(std::string_view urgency) const;
  [[nodiscard]] const WebhookSettings* webhook(std::string_view name) const;
};
// kUsage names the key. `public_url`: the HTTP server's, for `url`.
base::Status read_settings(const schemas::Config& config, const std::string& public_url, Settings& out, const std::string& path);

// Of a secret's file: its first line. kUsage: none there.
base::Result<std::string> read_secret(const std::string& path);

}  // namespace adapters::agent::notify
