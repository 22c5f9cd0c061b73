#include "adapters/agent/notify/settings.h"

#include <charconv>

#include "adapters/agent/files.h"
#include "adapters/agent/notify/words.h"
#include "adapters/transport/outbound.h"
#include "schemas/policy/policy.h"

namespace adapters::agent::notify {
namespace {

using base::Error;
using base::Kind;

constexpr const char* kGuide = "see docs/guide/notifications.md";
// The push services of the browsers that there are.
constexpr const char* kPushHosts[] = {"fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"};

base::Status read_mail(const schemas::Config& c, Settings& s, const std::string& path) {
  if (!c.has("notify.smtp")) return {};
  const std::string here = path + ": notify.smtp";
  MailSettings m;
  TRY_ASSIGN(m.server.host, c.text("notify.smtp.host"));
  TRY_ASSIGN(m.from, c.text("notify.smtp.from"));
  TRY_ASSIGN(m.server.user, c.text("notify.smtp.user", ""));
  TRY_ASSIGN(m.password_file, c.path("notify.smtp.password_file", ""));
  TRY_ASSIGN(m.server.ca_file, c.path("notify.smtp.ca_file", ""));
  TRY_ASSIGN(const std::string tls, c.text("notify.smtp.tls", "starttls"));
  using Tls = transport::MailServer::Tls;
  if (tls != "starttls" && tls != "tls" && tls != "none") return Error{Kind::kUsage, "one of starttls, tls and none", here + ".tls", kGuide};
  m.server.tls = tls == "tls" ? Tls::kWhole : tls == "none" ? Tls::kNone : Tls::kStart;
  if (!transport::mail_address(m.from)) return Error{Kind::kUsage, "not an e-mail address", here + ".from", "handoff@agency.example"};
  if (m.server.user.empty() != m.password_file.empty()) return Error{Kind::kUsage, "user and password_file go together", here, kGuide};
  m.server.connect_ms = 5 * base::kSecond, m.server.answer_ms = 15 * base::kSecond;
  s.mail = std::move(m);
  return {};
}

base::Result<WebhookSettings> read_webhook(const schemas::Config& t, const std::string& path) {
  WebhookSettings w;
  TRY_ASSIGN(w.name, t.text("name"));
  const std::string here = path + ": notify.webhook " + w.name;
  TRY_ASSIGN(w.url, t.text("url"));
  TRY_ASSIGN(w.method, t.text("method", "POST"));
  TRY_ASSIGN(w.body, t.text("body"));
  TRY_ASSIGN(w.ca_file, t.path("ca_file", ""));
  TRY_ASSIGN(w.headers, t.pairs("headers"));
  TRY_ASSIGN(const std::string type, t.text("type", "json"));
  TRY_ASSIGN(const auto files, t.pairs("header_files"));
  for (const auto& [name, file] : files) {
    TRY_ASSIGN(std::string whole, t.path("header_files." + name));
    w.header_files.emplace_back(name, std::move(whole));
  }
  if (w.name.empty()) return Error{Kind::kUsage, "a webhook needs a name", here + ".name"};
  if (auto good = transport::check_url(w.url); !good.ok()) return Error{Kind::kUsage, good.error().what, here + ".url", good.error().mend};
  if (w.method != "POST" && w.method != "PUT") return Error{Kind::kUsage, "POST or PUT", here + ".method"};
  if (type != "json" && type != "form") return Error{Kind::kUsage, "json or form", here + ".type", kGuide};
  w.type = type == "form" ? WebhookSettings::Type::kForm : WebhookSettings::Type::kJson;
  if (auto good = check_template(w); !good.ok()) return Error{Kind::kUsage, good.error().what, here + ".body", good.error().mend};
  if (const auto unknown = t.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", here + "." + unknown.front(), kGuide};
  return w;
}

std::optional<unsigned> minute_of_day(std::string_view text) {
  unsigned h = 0, m = 0;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto two = [](std::string_view t, unsigned& n) {
    const auto [end, error] = std::from_chars(t.data(), t.data() + 2, n);
    return error == std::errc{} && end == t.data() + 2;
  };
  if (!two(text.substr(0, 2), h) || !two(text.substr(3, 2), m) || h > 23 || m > 59) return std::nullopt;
  return h * 60 + m;
}

base::Status read_times(const schemas::Config& c, Settings& s, const std::string& path) {
  TRY_ASSIGN(const auto rows, c.pairs("notify.next_after"));
  for (const auto& [urgency, text] : rows) {
    const auto span = schemas::policy::parse_span(text);
    const auto known = s.next_after.find(urgency);
    if (known == s.next_after.end()) return Error{Kind::kUsage, "there is no such urgency", path + ": notify.next_after." + urgency, "emergent, urgent, routine"};
    if (!span || span->business_days != 0 || span->ms < base::kSecond) return Error{Kind::kUsage, "not a length of time", path + ": notify.next_after." + urgency, "\"2m\""};
    known->second = span->ms;
  }
  TRY_ASSIGN(const std::string quiet, c.text("notify.quiet_hours", ""));
  if (quiet.empty()) return {};
  const auto from = minute_of_day(std::string_view(quiet).substr(0, 5)), until = quiet.size() == 11 && quiet[5] == '-' ? minute_of_day(std::string_view(quiet).substr(6)) : std::nullopt;
  if (!from || !until || *from == *until) return Error{Kind::kUsage, "hours of the day, from and until", path + ": notify.quiet_hours", "\"22:00-07:00\""};
  s.quiet = {*from, *until};
  return {};
}

}  // namespace

Settings::Settings() : push_hosts(std::begin(kPushHosts), std::end(kPushHosts)), next_after{{"emergent", 2 * base::kMinute}, {"urgent", 10 * base::kMinute}, {"routine", base::kHour}} {}

std::uint64_t Settings::wait(std::string_view urgency) const {
  const auto it = next_after.find(urgency);
  return it == next_after.end() ? next_after.find("routine")->second : it->second;
}

const WebhookSettings* Settings::webhook(std::string_view name) const {
  for (const WebhookSettings& w : webhooks) {
    if (w.name == name) return &w;
  }
  return nullptr;
}

base::Status read_settings(const schemas::Config& c, const std::string& public_url, Settings& s, const std::string& path) {
  if (!public_url.empty()) s.url = public_url + "/inbox/";
  if (!c.has("notify")) return {};
  TRY_ASSIGN(s.url, c.text("notify.inbox_url", s.url));
  TRY_ASSIGN(s.vapid_subject, c.text("notify.vapid_subject", ""));
  TRY_ASSIGN(s.push_ca, c.path("notify.push_ca", ""));
  TRY_ASSIGN(const auto hosts, c.list("notify.push_hosts"));
  s.push_hosts.insert(s.push_hosts.end(), hosts.begin(), hosts.end());
  const bool mail = s.vapid_subject.starts_with("mailto:") && transport::mail_address(s.vapid_subject.substr(7));
  if (!s.vapid_subject.empty() && !mail && !s.vapid_subject.starts_with("https://")) {
    return Error{Kind::kUsage, "whom a push service may ask about us", path + ": notify.vapid_subject", "\"mailto:it@agency.example\""};
  }
  TRY(read_mail(c, s, path));
  TRY(read_times(c, s, path));
  if (!c.has("notify.webhook")) return {};
  TRY_ASSIGN(const auto tables, c.tables("notify.webhook"));
  for (const schemas::Config& t : tables) {
    TRY_ASSIGN(WebhookSettings w, read_webhook(t, path));
    if (s.webhook(w.name) != nullptr) return Error{Kind::kUsage, "two webhooks of one name", path + ": notify.webhook " + w.name};
    s.webhooks.push_back(std::move(w));
  }
  return {};
}

base::Result<std::string> read_secret(const std::string& path) {
  auto text = read_text(path, 4096);
  if (!text.ok()) return text.error();
  std::string line = text->substr(0, text->find_first_of("\r\n"));
  if (line.empty()) return Error{Kind::kUsage, "the file is empty", path};
  return line;
}

}  // namespace adapters::agent::notify
