// Reading agent.toml.
#include "adapters/agent/settings.h"

#include "schemas/policy/policy.h"

namespace adapters::agent {
namespace {

base::Status read_aliases(const schemas::Config& c, Settings& s, const std::string& path) {
  TRY_ASSIGN(const auto rows, c.list("names.aliases"));
  for (const std::string& row : rows) {
    const auto eq = row.rfind('=');
    if (eq == std::string::npos) return base::Error{base::Kind::kUsage, "an alias is \"name=slug\"", path + ": names.aliases"};
    s.aliases[row.substr(0, eq)] = row.substr(eq + 1);
  }
  return {};
}

base::Status read_attachments(const schemas::Config& c, Settings& s, const std::string& path) {
  const std::uint64_t mb = 1u << 20;
  const std::tuple<const char*, std::uint64_t*, std::uint64_t> rows[] = {{"limits.attachment_mb", &s.attachments.attachment, mb},
                                                                         {"limits.thread_attachments_mb", &s.attachments.thread, mb},
                                                                         {"limits.agency_attachments_mb", &s.attachments.sender, mb},
                                                                         {"limits.attachments_waiting_mb", &s.attachments.waiting, mb},
                                                                         {"limits.orphan_hours", &s.attachments.orphan_ms, base::kHour},
                                                                         {"attachments.scan_seconds", &s.scan_ms, base::kSecond}};
  for (const auto& [key, value, unit] : rows) {
    TRY_ASSIGN(const std::int64_t n, c.number(key, static_cast<std::int64_t>(*value / unit)));
    if (n < 1 || n > 1'000'000) return base::Error{base::Kind::kUsage, "this number is at least 1", path + ": " + key};
    *value = static_cast<std::uint64_t>(n) * unit;
  }
  TRY_ASSIGN(s.scan, c.list("attachments.scan"));
  if (!s.scan.empty() && s.scan[0].substr(0, 1) != "/") {
    return base::Error{base::Kind::kUsage, "the scanner is named by its whole path", path + ": attachments.scan", "[\"/usr/bin/clamdscan\", \"-\"]"};
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

base::Result<HttpClientSettings> read_client(const schemas::Config& t, const std::string& path) {
  HttpClientSettings c;
  TRY_ASSIGN(c.name, t.text("name"));
  TRY_ASSIGN(c.secret_file, t.path("secret_file", ""));
  TRY_ASSIGN(c.jwks_file, t.path("jwks_file", ""));
  TRY_ASSIGN(c.scopes, t.list("scopes"));
  if (c.secret_file.empty() && c.jwks_file.empty())
    return base::Error{base::Kind::kUsage, "a client needs a secret_file or a jwks_file", path + ": http.client " + c.name, "make a secret: openssl rand -hex 32 > " + c.name + ".secret"};
  if (c.scopes.empty()) return base::Error{base::Kind::kUsage, "a client without scopes may do nothing", path + ": http.client " + c.name, "for example scopes = [\"system/*.cruds\"]"};
  if (const auto unknown = t.unused(); !unknown.empty()) return base::Error{base::Kind::kUsage, "unknown key", path + ": http.client." + unknown.front(), "see docs/guide/fhir.md"};
  return c;
}

base::Status read_http(const schemas::Config& c, Settings& s, const std::string& path) {
  if (!c.has("http")) return {};
  HttpSettings h;
  TRY_ASSIGN(h.listen, c.text("http.listen", "127.0.0.1:8460"));
  TRY_ASSIGN(h.tls_cert, c.path("http.tls_cert", ""));
  TRY_ASSIGN(h.tls_key, c.path("http.tls_key", ""));
  TRY_ASSIGN(h.client_ca, c.path("http.client_ca", ""));
  TRY_ASSIGN(h.public_url, c.text("http.public_url", ""));
  TRY_ASSIGN(h.plain_on_network, c.flag("http.plain_on_network", false));
  while (h.public_url.ends_with('/')) h.public_url.pop_back();
  if (c.has("http.client")) {
    TRY_ASSIGN(const auto tables, c.tables("http.client"));
    for (const schemas::Config& t : tables) {
      TRY_ASSIGN(HttpClientSettings client, read_client(t, path));
      h.clients.push_back(std::move(client));
    }
  }
  s.http = std::move(h);
  return {};
}

// "10m", "12h" and the like (schemas/policy): a length of time within limits.
base::Status read_span(const schemas::Config& c, const char* key, std::uint64_t& ms, std::uint64_t least, std::uint64_t most, const std::string& path) {
  if (!c.has(key)) return {};
  TRY_ASSIGN(const std::string text, c.text(key));
  const auto span = schemas::policy::parse_span(text);
  if (!span || span->business_days != 0 || span->ms < least || span->ms > most) {
    return base::Error{base::Kind::kUsage, "a length of time like \"10m\" or \"12h\", from " + schemas::policy::words({least, 0}) + " to " + schemas::policy::words({most, 0}), path + ": " + key};
  }
  ms = span->ms;
  return {};
}

base::Result<people::OidcSettings> read_oidc(const schemas::Config& t, const std::string& path) {
  people::OidcSettings o;
  TRY_ASSIGN(o.id, t.text("id"));
  const std::string where = path + ": inbox.oidc " + o.id;
  TRY_ASSIGN(o.label, t.text("label", o.id));
  TRY_ASSIGN(o.issuer, t.text("issuer"));
  TRY_ASSIGN(o.client_id, t.text("client_id"));
  TRY_ASSIGN(o.client_secret_file, t.path("client_secret_file", ""));
  TRY_ASSIGN(o.ca_file, t.path("ca_file", ""));
  TRY_ASSIGN(o.role_claim, t.text("role_claim", ""));
  TRY_ASSIGN(o.roles, t.pairs("roles"));
  TRY_ASSIGN(const std::string accounts, t.text("accounts", "linked"));
  if (accounts != "linked" && accounts != "claim") return base::Error{base::Kind::kUsage, "accounts is \"linked\" or \"claim\"", where, "see docs/guide/people.md"};
  o.from_claims = accounts == "claim";
  const bool plain = !o.id.empty() && o.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!plain) return base::Error{base::Kind::kUsage, "an id has small letters, digits and dashes: it is part of an address", where};
  if (o.from_claims && (o.role_claim.empty() || o.roles.empty())) return base::Error{base::Kind::kUsage, "accounts by claim need role_claim and roles", where, "roles = {\"crisis-team\" = \"clinician\"}"};
  if (const auto unknown = t.unused(); !unknown.empty()) return base::Error{base::Kind::kUsage, "unknown key", path + ": inbox.oidc." + unknown.front(), "see docs/guide/people.md"};
  return o;
}

base::Status read_inbox(const schemas::Config& c, Settings& s, const std::string& path) {
  people::SessionSettings& i = s.inbox.sessions;
  TRY(read_span(c, "inbox.idle", i.idle_ms, base::kMinute, 30 * base::kMinute, path));
  TRY(read_span(c, "inbox.shift", i.most_ms, base::kMinute, base::kDay, path));
  TRY(read_span(c, "inbox.lock", i.lock_ms, base::kMinute, base::kDay, path));
  TRY_ASSIGN(i.second_factor, c.flag("inbox.second_factor", i.second_factor));
  TRY_ASSIGN(const std::int64_t failures, c.number("inbox.failures", i.failures));
  TRY_ASSIGN(const std::int64_t mb, c.number("inbox.password_mb", static_cast<std::int64_t>(i.cost.memory >> 20)));
  if (failures < 1 || failures > 20) return base::Error{base::Kind::kUsage, "from 1 to 20 failed attempts", path + ": inbox.failures"};
  if (mb < 8 || mb > 1024) return base::Error{base::Kind::kUsage, "from 8 to 1024 MiB", path + ": inbox.password_mb"};
  i.failures = static_cast<unsigned>(failures), i.cost.memory = static_cast<std::size_t>(mb) << 20;
  if (!c.has("inbox.oidc")) return {};
  TRY_ASSIGN(const auto tables, c.tables("inbox.oidc"));
  for (const schemas::Config& t : tables) {
    TRY_ASSIGN(people::OidcSettings o, read_oidc(t, path));
    s.inbox.oidc.push_back(std::move(o));
  }
  return {};
}

}  // namespace

base::Result<Settings> load_settings(const std::string& path) {
  TRY_ASSIGN(const schemas::Config c, schemas::Config::load(path));
  Settings s;
  TRY_ASSIGN(s.dir, c.path("agent.data", "."));
  TRY_ASSIGN(s.endpoint, c.text("hub.endpoint"));
  TRY_ASSIGN(s.unlock.passphrase_file, c.path("unlock.passphrase_file", ""));
  TRY_ASSIGN(s.unlock.key_file, c.path("unlock.key_file", ""));
  TRY_ASSIGN(s.unlock.credential, c.text("unlock.credential", ""));
  TRY_ASSIGN(s.test_clock, c.path("agent.test_clock", ""));
  TRY_ASSIGN(const std::int64_t outbox, c.number("limits.outbox", 10'000));
  TRY_ASSIGN(const std::int64_t witness, c.number("hub.witness_every_ms", 10 * base::kSecond));
  TRY_ASSIGN(const std::int64_t store_mb, c.number("limits.store_mb", 16 << 10));
  if (witness < 100) return base::Error{base::Kind::kUsage, "hub.witness_every_ms is at least 100", path};
  s.witness_every_ms = static_cast<std::uint64_t>(witness);
  if (outbox < 1 || store_mb < 8) return base::Error{base::Kind::kUsage, "limits.outbox is at least 1, limits.store_mb at least 8", path};
  s.outbox_limit = static_cast<std::uint64_t>(outbox);
  s.store_bytes = static_cast<std::uint64_t>(store_mb) << 20;
  TRY(read_attachments(c, s, path));
  TRY(read_aliases(c, s, path));
  TRY(read_adapters(c, s));
  TRY(read_http(c, s, path));
  TRY(read_inbox(c, s, path));
  TRY(notify::read_settings(c, s.http ? s.http->public_url : std::string(), s.notify, path));
  for (const std::string& key : c.unused()) {
    if (key.starts_with("adapter") || key.starts_with("http.client") || key.starts_with("notify.webhook") || key.starts_with("inbox.oidc")) continue;  // each judges its own table
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
