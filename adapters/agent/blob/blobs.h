// Attachments that travel in parts, as they lie in the store: their rows, their bytes, and how much of the disk they take. Inside
// transactions. Two agencies may choose the same blob id: a row belongs to its sender.
#pragma once

#include <functional>

#include "adapters/agent/blob/limits.h"
#include "adapters/agent/keep/records.h"
#include "schemas/model.h"

namespace adapters::agent::blob {

std::optional<keep::BlobRow> find(keep::Tx& tx, const base::Id& sender, const base::Id& blob);
void save(keep::Tx& tx, const keep::BlobRow& row);
std::vector<keep::BlobRow> rows(keep::Tx& tx, const std::function<bool(const keep::BlobRow&)>& wanted);

std::uint32_t parts_of(std::uint64_t size);
std::size_t size_of_part(const keep::BlobRow& row, std::uint32_t part);
void put_part(keep::Tx& tx, const keep::BlobRow& row, std::uint32_t part, base::View bytes);
std::optional<base::Bytes> part(keep::Tx& tx, const keep::BlobRow& row, std::uint32_t part);
base::Bytes bytes(keep::Tx& tx, const keep::BlobRow& row);     // all that is there
void drop_bytes(keep::Tx& tx, const keep::BlobRow& row);

// What others left here; a row counts with its whole size from the first time that it is heard of until it is refused or gone.
std::uint64_t left_here(keep::Tx& tx, const base::Id& thread_or_sender);
void count(keep::Tx& tx, const keep::BlobRow& row, bool more);

// The attachments of a payload; nullptr: this kind has none.
std::vector<schemas::Attachment>* attachments_of(schemas::Payload& payload);
const std::vector<schemas::Attachment>* attachments_of(const schemas::Payload& payload);
bool by_parts(const schemas::Attachment& a);                   // named here, its bytes come apart
bool names(const schemas::Body& body, const base::Id& blob);

// Source bytes too large for the row of their message.
void put_source(keep::Tx& tx, const base::Id& msg_id, base::View source);
base::Bytes source(keep::Tx& tx, const base::Id& msg_id);      // empty: it is in the message
void drop_source(keep::Tx& tx, const base::Id& msg_id);

bool is_part(const keep::Message& m);                          // a message of kind 18

}  // namespace adapters::agent::blob
