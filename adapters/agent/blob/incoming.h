// Attachments on their way in: what a message names, the parts that come for it, and what becomes of those that are never whole.
// Inside transactions.
#pragma once

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/mail/submit.h"

namespace adapters::agent::blob {

// A message that is shown here names attachments that come apart.
void take_names(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, const schemas::Body& body);

struct Refused {
  std::string code, words;
  bool tell = false;       // the sender does not know yet that this attachment is not wanted
  bool evidence = false;   // it contradicts what came before
};
// One part. Its bytes go beside the message; `body` is left without them. nullopt: taken, or here already.
std::optional<Refused> take_part(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, schemas::Body& body);

// What has had no further part for too long, or was never named; and its removal, each with a record.
std::vector<keep::BlobRow> late(keep::Tx& tx, const mail::Desk& desk);
void sweep(keep::Tx& tx, const mail::Desk& desk);

}  // namespace adapters::agent::blob
