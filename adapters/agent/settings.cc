// Reading agent.toml.
#include "adapters/agent/settings.h"

namespace adapters::agent {
namespace {

std::string beside(const std::string& file, const std::string& path) {
  if (path.empty() || path[0] == '/') return path;
  const auto slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash);
  return path == "." ? folder : folder + "/" + path;
}

base::Status read_aliases(const schemas::Config& c, Settings& s, const std::string& path) {
  TRY_ASSIGN(const auto rows, c.list("names.aliases"));
  for (const std::string& row : rows) {
    const auto eq = row.rfind('=');
    if (eq == std::string::npos) return base::Error{base::Kind::kUsage, "an alias is \"name=slug\"", path + ": names.aliases"};
    s.aliases[row.substr(0, eq)] = row.substr(eq + 1);
  }
  return {};
}

base::Status read_adapters(const schemas::Config& c, Settings& s) {
  if (!c.has("adapter")) return {};
  TRY_ASSIGN(const auto tables, c.tables("adapter"));
  for (const schemas::Config& t : tables) {
    AdapterSettings a;
    TRY_ASSIGN(a.type, t.text("type"));
    TRY_ASSIGN(a.name, t.text("name", a.type));
    TRY_ASSIGN(const std::int64_t minutes, t.number("retry_for_minutes", 24 * 60));
    a.retry_for_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(minutes, 1)) * base::kMinute;
    a.config = t;
    s.adapters.push_back(std::move(a));
  }
  return {};
}

}  // namespace

base::Result<Settings> load_settings(const std::string& path) {
  TRY_ASSIGN(const schemas::Config c, schemas::Config::load(path));
  Settings s;
  TRY_ASSIGN(const std::string dir, c.text("agent.data", "."));
  s.dir = beside(path, dir);
  TRY_ASSIGN(s.endpoint, c.text("hub.endpoint"));
  TRY_ASSIGN(s.unlock.passphrase_file, c.text("unlock.passphrase_file", ""));
  TRY_ASSIGN(s.unlock.key_file, c.text("unlock.key_file", ""));
  TRY_ASSIGN(s.unlock.credential, c.text("unlock.credential", ""));
  s.unlock.passphrase_file = beside(path, s.unlock.passphrase_file);
  s.unlock.key_file = beside(path, s.unlock.key_file);
  TRY_ASSIGN(s.test_clock, c.text("agent.test_clock", ""));
  s.test_clock = beside(path, s.test_clock);
  TRY_ASSIGN(const std::int64_t outbox, c.number("limits.outbox", 10'000));
  TRY_ASSIGN(const std::int64_t store_mb, c.number("limits.store_mb", 16 << 10));
  if (outbox < 1 || store_mb < 8) return base::Error{base::Kind::kUsage, "limits.outbox is at least 1, limits.store_mb at least 8", path};
  s.outbox_limit = static_cast<std::uint64_t>(outbox);
  s.store_bytes = static_cast<std::uint64_t>(store_mb) << 20;
  TRY(read_aliases(c, s, path));
  TRY(read_adapters(c, s));
  for (const std::string& key : c.unused()) {
    if (key.starts_with("adapter")) continue;  // each adapter judges its own table
    return base::Error{base::Kind::kUsage, "unknown key", path + ": " + key, "see docs/guide/agency-it.md"};
  }
  return s;
}

std::string settings_text(const std::string& endpoint, const UnlockSource& unlock) {
  std::string out = "# This agency's agent; docs/guide/agency-it.md explains every key.\n[agent]\ndata = \".\"\n\n[hub]\nendpoint = \"" + endpoint + "\"\n\n[unlock]\n";
  if (!unlock.passphrase_file.empty()) out += "passphrase_file = \"" + unlock.passphrase_file + "\"\n";
  if (!unlock.key_file.empty()) out += "key_file = \"" + unlock.key_file + "\"\n";
  if (!unlock.credential.empty()) out += "credential = \"" + unlock.credential + "\"\n";
  return out;
}

}  // namespace adapters::agent
