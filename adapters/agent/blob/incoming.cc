// Gathering parts.
#include "adapters/agent/blob/incoming.h"

#include "adapters/agent/mail/loops.h"
#include "crypto/merkle.h"

namespace adapters::agent::blob {
namespace {

using keep::BlobRow;
using keep::BlobState;

std::string mb(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MB"; }

void give_up(keep::Tx& tx, BlobRow& row, BlobState state, std::string why) {
  if (row.state == BlobState::kArriving) {
    drop_bytes(tx, row);
    count(tx, row, false);
  }
  row.have = 0;
  row.state = state;
  row.why = std::move(why);
  row.told = false;
}

// The first that is heard of it: is there room?
void begin(keep::Tx& tx, const mail::Desk& desk, BlobRow& row) {
  const Limits& l = desk.attachments;
  row.since = desk.now;
  row.of = parts_of(row.size);
  row.state = BlobState::kRefused;
  if (row.size == 0 || row.size > l.attachment) {
    row.why = "too large: an attachment has at most " + mb(l.attachment) + " here; send a smaller file, or have limits.attachment_mb raised";
  } else if (left_here(tx, row.thread_id) + row.size > l.thread) {
    row.why = "too large: the attachments of one thread have at most " + mb(l.thread) + " here; send fewer, or have limits.thread_attachments_mb raised";
  } else if (left_here(tx, row.sender) + row.size > l.sender) {
    row.why = "too large: the attachments of one agency have at most " + mb(l.sender) + " here; have limits.agency_attachments_mb raised";
  } else {
    row.state = BlobState::kArriving;
    count(tx, row, true);
  }
}

void notice(keep::Tx& tx, const mail::Desk& desk, const BlobRow& row, const base::Id& msg_id) {
  mail::notify(tx, {0, row.thread_id, msg_id, "attachment", "supervisor", "an attachment is not here: " + row.why, desk.now, false, {}, {}});
}

bool agrees(const BlobRow& row, const schemas::Attachment& a) {
  const auto hash = base::unhex(a.sha256);
  return hash && base::equal(*hash, row.sha256) && a.size == row.size;
}

void complete(keep::Tx& tx, BlobRow& row) {
  const base::Bytes all = bytes(tx, row);
  if (all.size() == row.size && crypto::sha256(all) == row.sha256) {
    row.state = BlobState::kWhole;
  } else {
    give_up(tx, row, BlobState::kRefused, "its parts do not make the file that they promise (SHA-256)");
  }
}

}  // namespace

void take_names(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, const schemas::Body& body) {
  const auto* list = attachments_of(body.payload);
  if (list == nullptr) return;
  for (const schemas::Attachment& a : *list) {
    if (!by_parts(a)) continue;
    auto row = find(tx, m.sender, a.blob);
    if (row && row->message != 0) continue;  // named before
    const bool fresh = !row;
    if (fresh) {
      row.emplace();
      row->blob = a.blob;
      row->sender = m.sender;
      row->thread_id = m.thread_id;
      row->size = a.size;
      const auto hash = base::unhex(a.sha256);
      if (hash && hash->size() == 32) row->sha256 = base::fixed<32>(*hash);
      begin(tx, desk, *row);
    }
    row->message = m.seq;
    row->last = desk.now;
    const bool open = row->state == BlobState::kArriving || row->state == BlobState::kWhole;
    if (!fresh && open && (row->thread_id != m.thread_id || !agrees(*row, a))) give_up(tx, *row, BlobState::kRefused, "its parts are not those that its message names");
    if (row->state == BlobState::kRefused) notice(tx, desk, *row, m.msg_id);
    save(tx, *row);
  }
}

std::optional<Refused> take_part(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, schemas::Body& body) {
  auto* p = std::get_if<schemas::BlobPart>(&body.payload);
  if (p == nullptr || base::all_zero(p->blob)) return Refused{"malformed", "a part of an attachment cannot be read", true, false};
  const base::Bytes bytes = std::exchange(p->bytes, {});
  auto row = find(tx, m.sender, p->blob);
  if (!row) {
    row.emplace();
    row->blob = p->blob;
    row->sender = m.sender;
    row->thread_id = m.thread_id;
    row->sha256 = p->sha256;
    row->size = p->size;
    begin(tx, desk, *row);
  }
  row->last = desk.now;
  std::optional<Refused> out;
  const auto no = [&](const char* code, bool evidence) {
    out = Refused{code, "an attachment is refused: " + row->why, !row->told, evidence};
    if (!row->told) notice(tx, desk, *row, m.msg_id);
    row->told = true;
  };
  const bool open = row->state == BlobState::kArriving || row->state == BlobState::kWhole;
  const bool fits = row->thread_id == m.thread_id && p->sha256 == row->sha256 && p->size == row->size && p->of == row->of && p->part < row->of &&
                    bytes.size() == size_of_part(*row, p->part);
  if (!open) {
    no("attachment", false);
  } else if (const auto before = fits ? part(tx, *row, p->part) : std::nullopt; !fits || (before && *before != bytes)) {
    const bool whole = row->state == BlobState::kWhole;  // what is whole has proved itself: the late part alone is wrong
    if (!whole) give_up(tx, *row, BlobState::kRefused, "two parts of it contradict each other");
    if (whole) out = Refused{"attachment", "a part came that contradicts an attachment that is whole", true, true};
    if (!whole) no("attachment", true);
  } else if (!before) {
    put_part(tx, *row, p->part, bytes);
    if (++row->have == row->of) complete(tx, *row);
    if (row->state == BlobState::kRefused) no("attachment", true);
  }
  save(tx, *row);
  return out;
}

std::vector<BlobRow> late(keep::Tx& tx, const mail::Desk& desk) {
  return rows(tx, [&](const BlobRow& r) {
    const bool unnamed = r.state == BlobState::kWhole && r.message == 0;
    return r.sender != desk.self && (r.state == BlobState::kArriving || unnamed) && desk.now > r.last.plus(desk.attachments.orphan_ms);
  });
}

void sweep(keep::Tx& tx, const mail::Desk& desk) {
  for (BlobRow& row : late(tx, desk)) {
    row.state = BlobState::kArriving;
    give_up(tx, row, BlobState::kGone, row.message == 0 ? "no message named it" : "it never came whole");
    keep::RefusalRow record;
    record.at = desk.now;
    record.incoming = true;
    record.from = row.sender;
    record.to = desk.self;
    record.thread_id = row.thread_id;
    record.kind = static_cast<std::uint16_t>(schemas::MsgKind::kBlobPart);
    record.rule = record.code = "orphan";
    record.words = "parts of an attachment were removed: " + row.why;
    mail::record_refusal(tx, record);
    if (row.message != 0) notice(tx, desk, row, {});
    save(tx, row);
  }
}

}  // namespace adapters::agent::blob
