// Carrier: hands one telling to one channel: a browser's push service, a mail server, a gateway's webhook. Knows no store and no ladder; says
// whether the channel took it, whether to try again, and in words that quote nothing why not. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/notify/settings.h"
#include "adapters/transport/outbound.h"
#include "adapters/transport/webpush.h"
#include "crypto/random.h"

namespace adapters::agent::notify {

enum class ChannelKind : std::uint8_t { kPush = 1, kEmail = 2, kWebhook = 3 };
struct ChannelRow {                    // key: keyed person || id
  std::uint64_t id = 0;
  base::Id person{};
  ChannelKind kind{};
  std::string address;                 // push endpoint, e-mail address, or name of a [[notify.webhook]]
  std::string p256dh, auth;            // of a push subscription, base64url
  std::string label;                   // "phone", "desk 2"
  bool off = false;                    // the push service said it is gone
  std::uint32_t order = 0;
};
void fields(auto& f, keep::MaybeConst<ChannelRow> auto& r) {
  f(r.id, r.person, r.kind, r.address, r.p256dh, r.auth, r.label, r.off, r.order);
  f.within(r.kind, ChannelKind::kPush, ChannelKind::kWebhook);
}
std::string_view name(ChannelKind kind);  // "push", "email", "webhook"
// May this channel be kept? kUsage names the field: a push service that is none, an address that is none, a webhook that there is not.
base::Status check_channel(const Settings& settings, const ChannelRow& channel);

struct Errand {
  ChannelRow channel;
  base::Id id{};                       // of the telling
  std::string what, urgency, login, phone;
  std::uint64_t waiting = 0, overdue = 0;
};
enum class Outcome { kAccepted, kAgain, kNever, kGone };  // kGone: the subscription is over
struct Sent {
  Outcome outcome = Outcome::kNever;
  std::string why;
  std::uint64_t after_ms = 0;          // of kAgain, if the other side said
};

class Carrier {
 public:
  Carrier(const Settings& settings, crypto::Random& random, base::Clock clock);
  void set_vapid(const transport::P256Secret& secret) { vapid_ = secret; }
  Sent send(const Errand& errand);
  void stop();                         // ends a wait, and every one after it
  [[nodiscard]] std::string place_of(const ChannelRow& channel) const;  // what two channels share if one machine serves both

 private:
  Sent push(const Errand& e);
  Sent mail(const Errand& e);
  Sent webhook(const Errand& e);
  base::Result<transport::OutboundCall> sealed(const Errand& e);

  const Settings& settings_;
  crypto::Random& random_;
  base::Clock clock_;
  std::optional<transport::P256Secret> vapid_;
  transport::Outbound push_;
  std::map<std::string, std::unique_ptr<transport::Outbound>, std::less<>> hooks_;  // by the webhook's name
  transport::Smtp smtp_;
  transport::StopFlag stop_;
  std::mutex mutex_;                   // one call at a time
};

}  // namespace adapters::agent::notify
