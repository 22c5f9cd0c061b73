// Through the adapter's own door, on its own thread.
#include "adapters/agent/replay/again.h"

#include <algorithm>

#include "adapters/agent/delivery_of.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/header_rules.h"

namespace adapters::agent::replay {
namespace {

using base::Error;
using base::Kind;
using keep::Table;
using rehearse::Watch;

// The event that could not be handed out, as it stands now.
base::Result<std::shared_ptr<const Delivery>> event_of(mail::Office& office, const keep::QuarantineRow& q) {
  if (q.bytes.size() != 16) return Error{Kind::kCorrupt, "it names no message", "quarantine"};
  const crypto::Directory directory = office.replica.directory();
  std::shared_ptr<const Delivery> out;
  TRY(office.store.read([&](keep::Tx& tx) {
    for (const keep::Message& m : mail::messages_by_id(tx, base::fixed<16>(q.bytes))) {
      if (m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts)) continue;
      if (auto d = delivery_of(tx, office, directory, m.seq)) out = std::make_shared<const Delivery>(std::move(*d));
    }
    return base::Status{};
  }));
  if (!out) return Error{Kind::kNotFound, "the message is no longer here", "quarantine", "discard the item"};
  return out;
}

base::Result<base::Status> take_again(Supervisor& supervisor, const keep::QuarantineRow& q, const std::shared_ptr<Watch>& watch) {
  const auto bytes = std::make_shared<const base::Bytes>(q.bytes);
  return supervisor.ask(q.adapter, [watch, bytes, format = q.format](Adapter& a) {
    const Watch::Scope scope(*watch);
    return a.take_again(format, *bytes);
  });
}

bool stale(const mail::Desk& desk, const keep::QuarantineRow& q, const keep::RehearsedRow& r) {
  const auto code = schemas::code_of(schemas::msg_kinds(), r.kind);
  if (!code) return false;
  const auto kind = static_cast<schemas::MsgKind>(*code);
  const crypto::PolicyNote* policy = desk.directory.policy();
  const std::uint64_t life = policy != nullptr ? schemas::expiry_ms(*policy, kind) : schemas::kDefaultExpiryMs;
  return q.at.plus(life) < desk.now;
}

Seen preview_event(mail::Office& office, const keep::QuarantineRow& q) {
  Seen out;
  const auto event = event_of(office, q);
  out.verdict = event.ok() ? "would_hand_out" : "refused";
  if (!event.ok()) out.why = event.error();
  return out;
}

Attempt hand_out(mail::Office& office, Supervisor& supervisor, const keep::QuarantineRow& q) {
  const auto event = event_of(office, q);
  if (!event.ok()) return {Took::kKept, event.error()};
  const auto done = supervisor.ask(q.adapter, [d = *event](Adapter& a) { return a.deliver(*d); });
  if (!done.ok()) return {done.error().kind == Kind::kBusy ? Took::kLater : Took::kKept, done.error()};
  if (done->ok() || done->error().kind == Kind::kUnsupported) return {Took::kGone, Error{Kind::kUsage, ""}};
  return {done->error().kind == Kind::kBusy ? Took::kLater : Took::kKept, done->error()};
}

}  // namespace

bool meant(const Filter& f, const keep::QuarantineRow& q) {
  if (!f.ids.empty() && std::ranges::find(f.ids, q.id) == f.ids.end()) return false;
  if (!f.adapter.empty() && q.adapter != f.adapter) return false;
  if (!f.reason.empty() && q.what.find(f.reason) == std::string::npos) return false;
  return q.at >= f.since;
}

std::vector<keep::QuarantineRow> choose(keep::Tx& tx, const Filter& filter, std::size_t limit) {
  std::vector<keep::QuarantineRow> out;
  tx.scan(Table::kQuarantine, {}, [&](base::View, base::View v) {
    auto q = keep::unpack<keep::QuarantineRow>(v);
    if (q && meant(filter, *q)) out.push_back(std::move(*q));
    return out.size() < limit;
  });
  return out;
}

std::optional<keep::QuarantineRow> item(keep::Tx& tx, std::uint64_t id) { return keep::find<keep::QuarantineRow>(tx, Table::kQuarantine, keep::key_of(id)); }

Seen preview(mail::Office& office, Supervisor& supervisor, const keep::QuarantineRow& q) {
  if (q.format == kDelivery) return preview_event(office, q);
  const auto watch = std::make_shared<Watch>(Watch::Kind::kRehearse);
  Seen out;
  const auto read = take_again(supervisor, q, watch);
  if (!read.ok()) {
    out.verdict = "refused";
    out.why = read.error();
    return out;
  }
  out.rows = watch->rows;
  if (watch->refused) out.why = *watch->refused;
  if (watch->passing) out.why = *watch->passing;
  const bool refused = watch->refused || watch->passing || (!read->ok() && watch->rehearsed == 0);
  if (refused && out.why.what.empty()) out.why = read->error();
  out.verdict = refused ? "refused" : watch->rehearsed > 0 ? "would_send" : "nothing";
  const mail::Desk desk = office.desk();
  for (const keep::RehearsedRow& r : out.rows) out.stale = out.stale || stale(desk, q, r);
  return out;
}

// It may leave when all that it was made into is on disk in the outbox, by this attempt or by one before it.
Attempt attempt(mail::Office& office, Supervisor& supervisor, const rehearse::Modes& modes, const keep::QuarantineRow& q) {
  if (modes.holds_back(q.adapter)) return {Took::kLater, Error{Kind::kBusy, "the adapter is not live", q.adapter, "handoff-agent go-live"}};
  if (q.format == kDelivery) return hand_out(office, supervisor, q);
  const auto watch = std::make_shared<Watch>(Watch::Kind::kSend);
  const auto read = take_again(supervisor, q, watch);
  if (!read.ok()) return {read.error().kind == Kind::kBusy ? Took::kLater : Took::kKept, read.error()};
  if (watch->passing) return {Took::kLater, *watch->passing};
  if (!read->ok() && rehearse::passes(read->error().kind)) return {Took::kLater, read->error()};
  if (watch->refused) return {Took::kKept, *watch->refused};
  if (watch->rehearsed > 0) return {Took::kKept, Error{Kind::kStale, "this kind is still in shadow: it was rehearsed, not sent", q.adapter, "handoff-agent go-live"}};
  if (!read->ok() && watch->repeats != watch->submitted) return {Took::kKept, read->error()};
  if (watch->submitted > 0) return {Took::kGone, Error{Kind::kUsage, ""}};
  if (!read->ok()) return {Took::kKept, read->error()};
  return {Took::kKept, Error{Kind::kNotFound, "nothing came of it: it is about nobody who was referred here", "", "discard it, if that is right"}};
}

}  // namespace adapters::agent::replay
