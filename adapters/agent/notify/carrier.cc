#include "adapters/agent/notify/carrier.h"

#include <algorithm>
#include <charconv>

#include "adapters/agent/notify/words.h"

namespace adapters::agent::notify {
namespace {

using base::Error;
using base::Kind;
using transport::OutboundAnswer;

constexpr std::uint64_t kTtl = 4 * base::kHour;         // a telling that is older says nothing new
constexpr std::uint64_t kToken = 12 * base::kHour;      // RFC 8292: at most 24 hours

bool push_host(const Settings& s, std::string_view host) {
  return std::ranges::any_of(s.push_hosts, [&](const std::string& known) {
    return known.starts_with("*.") ? host.size() > known.size() - 1 && host.ends_with(std::string_view(known).substr(1)) : host == known;
  });
}

// Seconds of a Retry-After; dates are not read.
std::uint64_t retry_after(const OutboundAnswer& a) {
  for (const auto& [name, value] : a.headers) {
    if (name != "retry-after") continue;
    std::uint64_t s = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), s);
    if (error == std::errc{} && s <= 3600) return s * base::kSecond;
  }
  return 0;
}

// 2xx is taken; a redirect would lead elsewhere and is not followed; 4xx is final unless it says "later".
Sent judge(const base::Result<OutboundAnswer>& a, const std::string& who) {
  if (!a.ok()) return {a.error().kind == Kind::kBusy ? Outcome::kAgain : Outcome::kNever, who + ": " + a.error().what, 0};
  const int status = a->status;
  const std::string says = who + " answered " + std::to_string(status);
  if (status >= 200 && status < 300) return {Outcome::kAccepted, "", 0};
  if (status == 408 || status == 425 || status == 429 || status >= 500) return {Outcome::kAgain, says, retry_after(*a)};
  if (status >= 300 && status < 400) return {Outcome::kNever, says + ": a redirect, which is not followed", 0};
  return {Outcome::kNever, says, 0};
}

Sent judge(const base::Status& s) {
  if (s.ok()) return {Outcome::kAccepted, "", 0};
  return {s.error().kind == Kind::kBusy ? Outcome::kAgain : Outcome::kNever, s.error().what, 0};
}

// Short waits: the next telling stands behind this one.
transport::OutboundOptions options_of(const std::string& ca_file) {
  transport::OutboundOptions o;
  o.ca_file = ca_file;
  o.connect_ms = 5 * base::kSecond, o.answer_ms = 15 * base::kSecond;
  o.max_answer = 64 << 10;
  return o;
}

std::string id_words(const base::Id& id) { return base::hex(id); }

transport::PushSubscription subscription_of(const ChannelRow& c) {
  return {c.address, transport::unbase64url(c.p256dh).value_or(base::Bytes{}), transport::unbase64url(c.auth).value_or(base::Bytes{})};
}

}  // namespace

std::string_view name(ChannelKind kind) { return kind == ChannelKind::kPush ? "push" : kind == ChannelKind::kEmail ? "email" : "webhook"; }

base::Status check_channel(const Settings& s, const ChannelRow& c) {
  const char* mend = "see docs/guide/notifications.md";
  if (c.kind == ChannelKind::kWebhook) {
    if (s.webhook(c.address) == nullptr) return Error{Kind::kUsage, "there is no webhook of that name", "address", "[[notify.webhook]] in agent.toml"};
    return {};
  }
  if (c.kind == ChannelKind::kEmail) {
    if (!s.mail) return Error{Kind::kUsage, "this agent sends no mail", "kind", "[notify.smtp] in agent.toml"};
    if (!transport::mail_address(c.address)) return Error{Kind::kUsage, "not an e-mail address", "address", mend};
    return {};
  }
  if (s.vapid_subject.empty()) return Error{Kind::kUsage, "Web Push is not set up", "kind", "notify.vapid_subject in agent.toml"};
  const auto host = transport::host_of(c.address);
  if (!host.ok() || c.address.size() > 2000) return Error{Kind::kUsage, "not an address of a push service", "endpoint", mend};
  // A person's browser names this address, and the agent will call it: only where push services are.
  if (!push_host(s, *host)) return Error{Kind::kDenied, "no push service that is known here", "endpoint", "notify.push_hosts in agent.toml"};
  if (auto good = transport::check_subscription(subscription_of(c)); !good.ok()) return Error{Kind::kUsage, good.error().what, good.error().where, mend};
  return {};
}

Carrier::Carrier(const Settings& settings, crypto::Random& random, base::Clock clock)
    : settings_(settings), random_(random), clock_(std::move(clock)), push_(options_of(settings.push_ca)) {
  for (const WebhookSettings& w : settings.webhooks) hooks_[w.name] = std::make_unique<transport::Outbound>(options_of(w.ca_file));
}

std::string Carrier::place_of(const ChannelRow& c) const {
  if (c.kind == ChannelKind::kEmail) return "mail";
  if (c.kind == ChannelKind::kWebhook) return "webhook " + c.address;
  const auto host = transport::host_of(c.address);
  return "push " + (host.ok() ? *host : std::string());
}

Sent Carrier::send(const Errand& e) {
  const std::lock_guard lock(mutex_);
  if (stop_.is_set()) return {Outcome::kAgain, "stopped", 0};
  // Judged again: the settings may be others than when it was added.
  if (auto good = check_channel(settings_, e.channel); !good.ok()) return {Outcome::kNever, good.error().what, 0};
  if (e.channel.kind == ChannelKind::kPush) return push(e);
  return e.channel.kind == ChannelKind::kEmail ? mail(e) : webhook(e);
}

void Carrier::stop() {
  stop_.set();
  push_.stop();
  for (const auto& [name, out] : hooks_) out->stop();
  smtp_.stop();
}

base::Result<transport::OutboundCall> Carrier::sealed(const Errand& e) {
  if (!vapid_) return Error{Kind::kUsage, "there is no VAPID key", "notify"};
  const transport::PushSubscription to = subscription_of(e.channel);
  base::Result<base::Bytes> body = transport::push_seal(id_words(e.id), to, {random_.bytes<32>(), random_.bytes<16>()});
  if (!body.ok()) body = transport::push_seal(id_words(e.id), to, {random_.bytes<32>(), random_.bytes<16>()});  // one number in 2^32 is no key
  if (!body.ok()) return body.error();
  TRY_ASSIGN(std::string who, transport::vapid_authorization({*vapid_, settings_.vapid_subject}, to.endpoint, clock_().plus(kToken)));
  const bool quiet = quiet_repeat(e.what);
  const std::string urgency = quiet ? "low" : e.urgency == "emergent" || e.urgency == "urgent" ? "high" : "normal";
  transport::OutboundCall call;
  call.url = to.endpoint;
  call.type = "application/octet-stream";
  call.body = base::to_string(*body);
  call.headers = {{"Content-Encoding", "aes128gcm"}, {"TTL", std::to_string(kTtl / base::kSecond)}, {"Urgency", urgency}, {"Topic", transport::base64url(e.id)}, {"Authorization", std::move(who)}};
  return call;
}

Sent Carrier::push(const Errand& e) {
  const auto call = sealed(e);
  if (!call.ok()) return {Outcome::kNever, call.error().what, 0};
  const auto answer = push_.call(*call);
  if (answer.ok() && (answer->status == 404 || answer->status == 410)) return {Outcome::kGone, "the push service says that this subscription is gone", 0};
  return judge(answer, "the push service");
}

Sent Carrier::mail(const Errand& e) {
  transport::MailServer server = settings_.mail->server;
  if (!settings_.mail->password_file.empty()) {
    auto password = read_secret(settings_.mail->password_file);
    if (!password.ok()) return {Outcome::kAgain, "the mail password cannot be read", 0};
    server.password = std::move(password).value();
  }
  const std::string words = words_of(e.what, e.urgency);
  std::string text = words + "\n" + count_words(e.waiting, e.overdue) + ".\n";
  if (!settings_.url.empty()) text += "\n" + settings_.url + "\n";
  text += "\nNothing about anybody is in this mail, and an answer to it is read by nobody.\n";
  return judge(smtp_.send(server, {settings_.mail->from, e.channel.address, "Handoff: " + words, text, id_words(e.id), clock_()}));
}

Sent Carrier::webhook(const Errand& e) {
  const WebhookSettings& w = *settings_.webhook(e.channel.address);
  transport::OutboundCall call;
  call.method = w.method;
  call.url = w.url;
  call.type = w.type == WebhookSettings::Type::kJson ? "application/json" : "application/x-www-form-urlencoded";
  call.body = fill(w, {words_of(e.what, e.urgency), e.phone, e.login, e.urgency, settings_.url, e.waiting});
  call.headers = w.headers;
  for (const auto& [name, file] : w.header_files) {
    auto value = read_secret(file);
    if (!value.ok()) return {Outcome::kAgain, "a secret of the webhook cannot be read", 0};
    call.headers.emplace_back(name, std::move(value).value());
  }
  return judge(hooks_.at(w.name)->call(call), "the webhook " + w.name);
}

}  // namespace adapters::agent::notify
