// GET /api/v1/wake/TOLD: what a push worker asks when it was woken. Whoever knows the id has been handed it by a push service: the telling
// is fetched. What it says is counts and an urgency, and only to a session (decisions D25).
#pragma once

#include "adapters/agent/notify/notify.h"
#include "adapters/transport/http.h"

namespace adapters::agent::notify {

// `signed_in`: does the request carry a person's session? Without one, and for an id that is none: 204, the same for both.
transport::HttpResponse wake(mail::Office& office, std::string_view id, bool signed_in);

}  // namespace adapters::agent::notify
