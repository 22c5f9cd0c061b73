#include "adapters/police/status_hook.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/folder/status_out.h"
#include "schemas/json.h"

namespace adapters::police {
namespace {

using base::Error;
using base::Kind;

// Answers about this very request; all others, a wrong secret or address too, can be mended at either side.
constexpr std::array kFinal = {400, 409, 410, 413, 415, 422};

std::string body_of(const agent::Delivery& d, const schemas::StatusUpdate& u) {
  schemas::Json out = schemas::Json::object();
  const auto member = [&](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  member("thread", base::uuid(d.thread_id));
  member("source_ref", folder::source_ref(d, u));
  member("status", u.status);
  member("decline_class", u.reason_class);
  member("at", base::rfc3339(u.at));
  member("expected_at", u.expected_at);
  member("place", u.place);
  member("callback", u.callback);
  return schemas::dump(out);
}

}  // namespace

base::Status StatusHook::post(const agent::Delivery& d, const schemas::StatusUpdate& update) {
  const auto answer = out_.call({.method = "POST",
                                 .url = settings_.url,
                                 .type = "application/json",
                                 .body = body_of(d, update),
                                 .headers = {{"Authorization", "Bearer " + settings_.secret}, {"Idempotency-Key", base::uuid(d.msg_id)}}});
  if (!answer.ok()) return Error{Kind::kBusy, answer.error().what, answer.error().where, "look at the system behind status_webhook"};
  if (answer->status >= 200 && answer->status < 300) return {};
  const bool final = std::ranges::find(kFinal, answer->status) != kFinal.end();
  return Error{final ? Kind::kDenied : Kind::kBusy, "the webhook answered " + std::to_string(answer->status), "status_webhook",
               "look at the system behind it, and at the secret"};
}

}  // namespace adapters::police
