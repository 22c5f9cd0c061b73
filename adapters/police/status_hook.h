// Statuses to a system of the desk's own, over HTTPS: POST of one JSON object an event, with what the police may learn (decisions D24) and
// nothing else: thread, source_ref, status, decline_class, at, expected_at, place, callback; what is not known is left out. Header
// Idempotency-Key names the event: one that is sent again has the same. Authorization is the bearer secret that both sides hold.
#pragma once

#include <string>

#include "adapters/agent/plugin.h"
#include "adapters/transport/outbound.h"

namespace adapters::police {

struct HookSettings {
  std::string url, secret, ca_file;  // url "": there is none
};

class StatusHook {
 public:
  explicit StatusHook(HookSettings s)
      : settings_(std::move(s)), out_({.ca_file = settings_.ca_file, .client_cert = {}, .client_key = {}}) {}
  // ok: answered with 2xx. kBusy: try again (no answer, or one that may change). kDenied: the system says that it will never take this one.
  base::Status post(const agent::Delivery& d, const schemas::StatusUpdate& update);
  void stop() { out_.stop(); }

 private:
  HookSettings settings_;
  transport::Outbound out_;
};

}  // namespace adapters::police
