// Sending and taking read receipts.
#include "adapters/agent/mail/reading.h"

#include <algorithm>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/seal.h"
#include "schemas/header_rules.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;
using schemas::MsgKind;

constexpr std::uint64_t kSkewMs = 2 * base::kMinute;  // between two agencies' clocks (protocol 12)

base::Hash seen_key(keep::Tx& tx, const base::Id& msg_id, const base::Id& reader) { return tx.key("seen", base::concat({msg_id, reader})); }

std::optional<keep::SeenRow> seen_row(keep::Tx& tx, const base::Id& msg_id, const base::Id& reader) {
  return keep::find<keep::SeenRow>(tx, Table::kSeen, seen_key(tx, msg_id, reader));
}

void save(keep::Tx& tx, const keep::SeenRow& row) { tx.put(Table::kSeen, seen_key(tx, row.msg_id, row.reader), keep::pack(row)); }

// Is it one that a sender waits to see read? Not what machines say among themselves, nor a broadcast, nor what was not shown here.
bool wants_receipt(const Desk& desk, const keep::Message& m) {
  const auto kind = static_cast<MsgKind>(m.kind);
  if (m.outgoing || m.conflict || !m.why.empty() || m.to.size() != 1 || kind == MsgKind::kLoopFacts || kind == MsgKind::kCapacity) return false;
  const crypto::Member* sender = desk.directory.member(m.sender);
  const crypto::PolicyNote* note = desk.directory.policy();
  return sender != nullptr && note != nullptr && schemas::header_allows(*note, desk.kind, sender->cert.kind, MsgKind::kReceipt, static_cast<schemas::Purpose>(m.purpose));
}

void send_read(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& about, std::uint32_t thread_seq) {
  crypto::Rcp1 rcp;
  rcp.status = static_cast<std::uint16_t>(schemas::ReceiptStatus::kRead);
  rcp.recipient = desk.self;
  rcp.recipient_cert = desk.cert;
  rcp.sender = about.sender;
  rcp.group_leaf = about.group_leaf;
  rcp.time = desk.now;
  rcp.ref_leaf = about.leaf;
  keep::Message m;
  m.msg_id = crypto::uuid7(random, desk.now);
  m.thread_id = about.thread_id;
  m.sender = desk.self;
  m.to = {about.sender};
  m.kind = static_cast<std::uint16_t>(MsgKind::kReceipt);
  m.purpose = about.purpose;
  m.outgoing = true;
  m.test = about.test;
  m.created = m.received = desk.now;
  m.thread_seq = thread_seq;
  m.body = base::to_bytes(crypto::encode(rcp));
  schemas::Body none;
  none.payload = schemas::Opaque{std::string(schemas::name_of(MsgKind::kReceipt)), {}};
  add_message(tx, desk, m, none);
  enqueue(tx, desk, m);
}

// Ours, of this thread, to that agency, with this leaf.
std::optional<keep::Message> own_message(keep::Tx& tx, const base::Id& thread_id, const base::Id& reader, const base::Hash& leaf) {
  std::optional<keep::Message> out;
  for (const std::uint64_t seq : thread_messages(tx, thread_id)) {
    auto m = message(tx, seq);
    if (m && m->outgoing && m->leaf == leaf && std::ranges::find(m->to, reader) != m->to.end()) out = std::move(m);
  }
  return out;
}

struct Read {
  keep::Message about;
  base::Instant at;
};
base::Result<Read> check(keep::Tx& tx, const Desk& desk, const Arrival& a, const OpenedMessage& o) {
  const auto wrong = [](const char* what) { return base::malformed(what, "receipt"); };
  TRY_ASSIGN(const crypto::Rcp1 rcp, crypto::parse_rcp1(o.bytes));
  if (rcp.status != static_cast<std::uint16_t>(schemas::ReceiptStatus::kRead)) return wrong("it is none of reading");
  if (rcp.sender != desk.self) return wrong("it is for another sender");
  const crypto::Cert* cert = desk.directory.cert(rcp.recipient_cert);
  if (rcp.recipient != a.sender() || cert == nullptr || cert->agent != a.sender()) return wrong("it is another agency's");
  auto m = own_message(tx, o.hdr.thread_id, a.sender(), rcp.ref_leaf);
  if (!m || m->group_leaf != rcp.group_leaf) return wrong("it names no message of this thread that went to that agency");
  if (m->progress == keep::Progress::kFailed || m->progress == keep::Progress::kWaiting) return wrong("it names a message that was not delivered");
  if (rcp.time > desk.now.plus(kSkewMs)) return wrong("its time lies in the future");
  if (rcp.time.plus(kSkewMs) < std::max(m->created, m->sent)) return wrong("its time lies before the message was sent");
  return Read{std::move(*m), std::min(rcp.time, desk.now)};
}

void refuse(keep::Tx& tx, const Desk& desk, const Arrival& a, const OpenedMessage& o, const std::string& why, std::vector<std::string>& tell) {
  keep::RefusalRow row;
  row.at = desk.now;
  row.incoming = true;
  row.from = a.sender();
  row.to = desk.self;
  row.thread_id = o.hdr.thread_id;
  row.msg_id = o.hdr.msg_id;
  row.kind = o.hdr.kind;
  row.rule = "receipt";
  row.code = "not_a_party";
  row.words = "a read receipt was refused: " + why;
  record_refusal(tx, row);
  tx.put(Table::kEvidence, keep::key_of(tx.next(Table::kEvidence)), keep::pack(row.words, a.frame));
  const crypto::Member* sender = desk.directory.member(a.sender());
  tell.push_back("a read receipt of " + (sender != nullptr ? sender->cert.name : "an agency that left") + " was refused: " + why);
}

}  // namespace

bool is_read_receipt(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(MsgKind::kReceipt); }

bool note_read(keep::Tx& tx, const Desk& desk, crypto::Random& random, const base::Id& thread_id, std::uint64_t upto) {
  const auto row = thread(tx, thread_id);
  if (!row) return false;
  const std::uint32_t seq = std::max<std::uint32_t>(row->next_thread_seq, 2) - 1;  // it follows our newest event and is none itself
  bool waits = false;
  for (const std::uint64_t n : thread_messages(tx, thread_id)) {
    const auto m = n <= upto ? message(tx, n) : std::nullopt;  // what came meanwhile was not shown
    if (!m || m->outgoing || seen_row(tx, m->msg_id, desk.self)) continue;
    save(tx, {m->msg_id, desk.self, desk.now});
    if (!wants_receipt(desk, *m)) continue;
    send_read(tx, desk, random, *m, seq);
    waits = true;
  }
  return waits;
}

void take_read(keep::Tx& tx, const Desk& desk, const Arrival& a, const OpenedMessage& o, std::vector<std::string>& tell) {
  auto read = check(tx, desk, a, o);
  if (!read.ok()) return refuse(tx, desk, a, o, read.error().what, tell);
  if (seen_row(tx, read->about.msg_id, a.sender())) return;  // the first stays
  save(tx, {read->about.msg_id, a.sender(), read->at});
  if (read->about.progress == keep::Progress::kDelivered) read_if_said(tx, desk, std::move(read->about));
}

void read_if_said(keep::Tx& tx, const Desk& desk, keep::Message m) {
  if (m.to.size() != 1) return;
  const auto said = seen_row(tx, m.msg_id, m.to[0]);
  if (!said) return;
  m.progress = keep::Progress::kRead;
  save_message(tx, desk.self, m);
  auto loop = loop_row(tx, m.thread_id);
  if (!loop || loop->asker != desk.self || loop->asked != m.to[0] || loop->viewed.ms != 0) return;
  loop->viewed = said->at;
  look_at(tx, *loop, desk.now);
  save_loop(tx, *loop);
}

base::Instant seen_at(keep::Tx& tx, const base::Id& self, const keep::Message& m) {
  if (m.outgoing && (m.progress != keep::Progress::kRead || m.to.size() != 1)) return {};
  const auto row = seen_row(tx, m.msg_id, m.outgoing ? m.to[0] : self);
  if (!row) return {};
  return m.outgoing ? std::max(row->at, m.delivered) : row->at;
}

}  // namespace adapters::agent::mail
