#include "adapters/agent/notify/check.h"

#include <netdb.h>

#include "adapters/agent/notify/ladder.h"

namespace adapters::agent::notify {
namespace {

constexpr const char* kGuide = "docs/guide/notifications.md";

void look_at_mail(const MailSettings& m, std::vector<Finding>& f) {
  transport::MailServer server = m.server;
  server.connect_ms = server.answer_ms = 3 * base::kSecond;
  if (!m.password_file.empty()) {
    auto password = read_secret(m.password_file);
    if (!password.ok()) return f.push_back({false, "notify: the mail password cannot be read: " + m.password_file, "see notify.smtp.password_file"});
    server.password = std::move(password).value();
  }
  const base::Status s = transport::Smtp().check(server, m.from);
  f.push_back({s.ok(), "notify: mail by " + server.host + (s.ok() ? ", which takes it" : ": " + s.error().what),
               s.ok() || s.error().mend.empty() ? "check notify.smtp: host, tls, user, and the firewall" : s.error().mend});
}

void look_at_webhook(const WebhookSettings& w, std::vector<Finding>& f) {
  for (const auto& [header, file] : w.header_files) {
    if (const auto secret = read_secret(file); !secret.ok()) f.push_back({false, "notify: webhook " + w.name + ": its secret cannot be read: " + file, "see header_files"});
  }
  const auto host = transport::host_of(w.url);
  if (!host.ok()) return f.push_back({false, "notify: webhook " + w.name + ": " + host.error().what, "see its url"});
  addrinfo* found = nullptr;
  std::string bare = *host;
  if (bare.starts_with('[') && bare.ends_with(']')) bare = bare.substr(1, bare.size() - 2);
  const bool known = ::getaddrinfo(bare.c_str(), nullptr, nullptr, &found) == 0;
  if (found != nullptr) ::freeaddrinfo(found);
  f.push_back({known, "notify: webhook " + w.name + (known ? ": its host is known" : ": its host has no address: " + *host), "check its url, and the name server"});
}

// A list's people now: is there anybody, and can they be told?
void look_at_list(keep::Tx& tx, const std::string& list, const std::vector<Person>& staff, base::Instant now, std::vector<Finding>& f) {
  const RotaRow row = rota(tx, list);
  const Called who = called(row, staff, now);
  if (who.first.empty()) return f.push_back({false, "notify: the list " + list + " has nobody", "handoff oncall set " + list + " --always LOGIN, or give somebody the role"});
  std::string mute;
  for (const Person& p : who.first) {
    bool any = false;
    for (const ChannelRow& c : channels_of(tx, p.id)) any = any || !c.off;
    if (!any) mute += (mute.empty() ? "" : ", ") + p.login;
  }
  if (!mute.empty()) return f.push_back({false, "notify: on the list " + list + ", without a channel: " + mute, "each adds one in the inbox (Notifications), or handoff notify add"});
  f.push_back({true, "notify: " + list + ": " + std::to_string(who.first.size()) + " to be told", ""});
}

}  // namespace

std::vector<Finding> check_ways(const Settings& s) {
  std::vector<Finding> f;
  if (s.mail) look_at_mail(*s.mail, f);
  for (const WebhookSettings& w : s.webhooks) look_at_webhook(w, f);
  if (s.any() && s.url.empty()) f.push_back({false, "notify: mails and webhooks do not say where the inbox is", "set notify.inbox_url, or http.public_url"});
  return f;
}

std::vector<Finding> check_people(mail::Office& office, const Notifier& notifier) {
  std::vector<Finding> f;
  const std::vector<Person> staff = notifier.staff();
  const Settings& s = notifier.settings();
  if (staff.empty() && !s.any()) return f;
  if (!s.any()) f.push_back({false, "notify: no way to tell anybody is set up", kGuide});
  if (s.vapid_subject.empty()) {
    f.push_back({false, "notify: Web Push is not set up: no VAPID key", "set notify.vapid_subject = \"mailto:...\""});
  } else if (notifier.vapid().empty()) {
    f.push_back({false, "notify: the VAPID key is not there yet", "start the agent once"});
  }
  const base::Instant now = office.clock();
  const base::Status read = office.store.read([&](keep::Tx& tx) {
    for (const char* list : {"on_call", "supervisor", "privacy_officer", "it"}) look_at_list(tx, list, staff, now, f);
    if (office.kind == "coordinator") look_at_list(tx, "coordinator", staff, now, f);
    for (const Person& p : staff) {
      for (const ChannelRow& c : channels_of(tx, p.id)) {
        if (c.off) f.push_back({false, "notify: a subscription of " + p.login + " is gone" + (c.label.empty() ? "" : " (" + c.label + ")"), "they turn notifications on again in that browser"});
        if (c.off) continue;
        if (auto good = check_channel(s, c); !good.ok()) f.push_back({false, "notify: a channel of " + p.login + " cannot be used: " + good.error().what, good.error().mend});
      }
    }
    return base::Status{};
  });
  if (!read.ok()) f.push_back({false, "notify: the lists cannot be read", "see the store"});
  return f;
}

Tellings tellings(keep::Tx& tx) {
  Tellings out;
  each_active(tx, [&](const keep::NoticeRow& n) {
    for (const ToldRow& t : told_of(tx, n.seq)) {
      out.waiting += t.progress == Progress::kWaiting;
      out.failed += t.progress == Progress::kFailed;
    }
  });
  return out;
}

}  // namespace adapters::agent::notify
