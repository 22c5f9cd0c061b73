// Attachments on their way out: too large for their message, they are cut out of it, kept, and sent after it in parts. Inside transactions.
#pragma once

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/mail/submit.h"

namespace adapters::agent::blob {

struct Cut {  // one attachment, taken out of its message and not yet in the store
  keep::BlobRow row;
  base::Bytes bytes;
};
// Takes the large ones out of `body`, where their name, size and hash stay. With a virus scan, also those that it has not called clean:
// the words go at once and the file waits. An attachment that is only named (a referral referred on) is looked up among those held here.
// kTooLarge, kMalformed and kNotFound name the attachment.
base::Result<std::vector<Cut>> cut(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, schemas::Body& body);
// After `naming` is in the outbox: the bytes, and a message of kind 18 for each part of what its reader will see (`copy`). kBusy: too much
// waits for the hub; kDenied: that reader takes no parts.
base::Status keep_and_send(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const keep::Message& naming, std::vector<Cut> cuts, const schemas::Body& copy,
                           std::string_view reader_kind);

// Of a part that waits: its attachment, and the body that is sealed.
std::optional<keep::BlobRow> row_of(keep::Tx& tx, const keep::Message& part);
base::Bytes body_of(keep::Tx& tx, const keep::BlobRow& row, const keep::Message& part);
void note_sent(keep::Tx& tx, const keep::Message& part);
// No further part of it goes. True if this is news.
bool stop(keep::Tx& tx, const keep::Message& part, const std::string& why);

}  // namespace adapters::agent::blob
