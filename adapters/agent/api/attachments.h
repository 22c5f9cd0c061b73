// The files of a message, as the socket shows them.
#pragma once

#include "adapters/agent/api/ops.h"

namespace adapters::agent::api {

// [{number, title, media_type, size, state}]; null: it has none. States are for people: "here", "arriving: 3 of 12 parts", ...
Json attachments_json(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, const schemas::Body& body);

}  // namespace adapters::agent::api
