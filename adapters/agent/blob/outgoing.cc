// Cutting, keeping, sending.
#include "adapters/agent/blob/outgoing.h"

#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/merkle.h"
#include "schemas/body.h"
#include "schemas/header_rules.h"

namespace adapters::agent::blob {
namespace {

std::string place_of(std::size_t i) { return "attachments[" + std::to_string(i + 1) + "]"; }

base::Status check(const Limits& limits, const schemas::Attachment& a, std::uint64_t size, const base::Hash& hash, std::size_t i) {
  if (size > limits.attachment) {
    return base::Error{base::Kind::kTooLarge, "an attachment is over " + std::to_string(limits.attachment >> 20) + " MB", place_of(i),
                       "send a smaller file, or raise limits.attachment_mb at both agencies"};
  }
  const auto said = base::unhex(a.sha256);
  if (!a.sha256.empty() && (!said || !base::equal(*said, hash))) return base::malformed("an attachment's bytes do not agree with its SHA-256", place_of(i));
  return {};
}

// What a message that is passed on names: ours, or of the one whose message it was.
base::Result<keep::BlobRow> held(keep::Tx& tx, const mail::Desk& desk, const schemas::Body& body, const base::Id& blob, std::size_t i) {
  auto row = find(tx, desk.self, blob);
  if (!row && !base::all_zero(body.forwards)) {
    for (const keep::Message& m : mail::messages_by_id(tx, body.forwards)) {
      if (!row) row = find(tx, m.sender, blob);
    }
  }
  if (!row) return base::Error{base::Kind::kNotFound, "this attachment is not here", place_of(i), "attach the file itself"};
  if (row->state == keep::BlobState::kArriving) return base::Error{base::Kind::kBusy, "this attachment has not arrived whole yet", place_of(i)};
  if (row->state != keep::BlobState::kWhole || row->scan == keep::BlobScan::kInfected) {
    return base::Error{base::Kind::kDenied, "this attachment cannot be passed on: " + row->why, place_of(i), "leave it out"};
  }
  return std::move(*row);
}

schemas::BlobPart head(const keep::BlobRow& row, std::uint32_t part) { return {row.blob, part, row.of, row.sha256, row.size, {}}; }

}  // namespace

base::Result<std::vector<Cut>> cut(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, schemas::Body& body) {
  std::vector<Cut> out;
  auto* list = attachments_of(body.payload);
  if (list == nullptr) return out;
  std::size_t stays = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    schemas::Attachment& a = (*list)[i];
    keep::BlobScan scan = keep::BlobScan::kNotYet;
    if (by_parts(a)) {
      TRY_ASSIGN(const keep::BlobRow before, held(tx, desk, body, a.blob, i));
      a.data = bytes(tx, before);
      scan = before.scan;
    }
    if (a.data.empty()) continue;
    const base::Hash hash = crypto::sha256(a.data);
    TRY(check(desk.attachments, a, a.data.size(), hash, i));
    if (desk.clean.contains(hash)) scan = keep::BlobScan::kClean;
    const bool waits = desk.scans && scan != keep::BlobScan::kClean;
    if (!waits && a.data.size() <= kInline && stays + a.data.size() <= 3 * kInline) {
      stays += a.data.size();
      a.blob = {};
      continue;
    }
    Cut c;
    c.row.blob = a.blob = crypto::uuid7(random, desk.now);
    c.row.sender = desk.self;
    c.row.sha256 = hash;
    c.row.size = a.size = a.data.size();
    c.row.of = c.row.have = parts_of(c.row.size);
    c.row.state = keep::BlobState::kWhole;
    c.row.scan = scan;
    c.row.since = c.row.last = desk.now;
    a.sha256 = base::hex(hash);
    c.bytes = std::move(a.data);
    a.data.clear();
    out.push_back(std::move(c));
  }
  return out;
}

base::Status keep_and_send(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const keep::Message& naming, std::vector<Cut> cuts, const schemas::Body& copy,
                           std::string_view reader_kind) {
  for (Cut& c : cuts) {
    c.row.thread_id = naming.thread_id;
    c.row.message = naming.seq;
    c.row.queued = names(copy, c.row.blob);
    save(tx, c.row);
    for (std::uint32_t i = 0; i < c.row.of; ++i) put_part(tx, c.row, i, base::View(c.bytes).subspan(i * kPart, size_of_part(c.row, i)));
    if (!c.row.queued) continue;
    const crypto::PolicyNote* note = desk.directory.policy();
    if (note == nullptr || !schemas::header_allows(*note, desk.kind, reader_kind, schemas::MsgKind::kBlobPart, static_cast<schemas::Purpose>(naming.purpose))) {
      return base::Error{base::Kind::kDenied, "no attachment of this size may go to that agency", "attachments", "send it without the file; a policy signed by an older version has to be signed again"};
    }
    if ((mail::parts_waiting(tx) + c.row.of) * kPart > desk.attachments.waiting) {
      return base::Error{base::Kind::kBusy, "too many attachments wait for the hub", "attachments", "see handoff status; or raise limits.attachments_waiting_mb"};
    }
    for (std::uint32_t i = 0; i < c.row.of; ++i) {
      schemas::Body body;
      body.payload = head(c.row, i);
      keep::Message m = naming;
      m.seq = 0;
      m.msg_id = crypto::uuid7(random, desk.now);
      m.kind = static_cast<std::uint16_t>(schemas::MsgKind::kBlobPart);
      m.body = schemas::encode_body(body);
      m.person.clear();
      mail::add_message(tx, desk, m, body);
      mail::enqueue(tx, desk, m);
    }
  }
  return {};
}

std::optional<keep::BlobRow> row_of(keep::Tx& tx, const keep::Message& part) {
  const auto body = schemas::decode_body(part.body);
  const auto* p = body.ok() ? std::get_if<schemas::BlobPart>(&body->payload) : nullptr;
  return p == nullptr ? std::nullopt : find(tx, part.sender, p->blob);
}

base::Bytes body_of(keep::Tx& tx, const keep::BlobRow& row, const keep::Message& m) {
  auto body = schemas::decode_body(m.body);
  auto* p = body.ok() ? std::get_if<schemas::BlobPart>(&body->payload) : nullptr;
  auto bytes = p == nullptr ? std::nullopt : part(tx, row, p->part);
  if (!bytes) {
    tx.fail({base::Kind::kCorrupt, "a part of an attachment is gone", "store"});
    return {};
  }
  p->bytes = std::move(*bytes);
  return schemas::encode_body(*body);
}

void note_sent(keep::Tx& tx, const keep::Message& part) {
  auto row = row_of(tx, part);
  if (!row) return;
  ++row->sent;
  save(tx, *row);
}

bool stop(keep::Tx& tx, const keep::Message& part, const std::string& why) {
  auto row = row_of(tx, part);
  if (!row || row->state == keep::BlobState::kRefused) return false;
  row->state = keep::BlobState::kRefused;
  row->why = why;
  save(tx, *row);
  return true;
}

}  // namespace adapters::agent::blob
