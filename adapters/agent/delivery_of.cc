// Message, body, the referral that opened its thread, and where the loop stood after it.
#include "adapters/agent/delivery_of.h"

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent {
namespace {

std::optional<schemas::Body> body_of(keep::Tx& tx, const keep::Message& m) {
  auto body = schemas::decode_body(m.body);
  if (body.ok()) {
    if (m.outgoing && !body->source.format.empty() && body->source.bytes.empty()) body->source.bytes = blob::source(tx, m.msg_id);
    return std::move(body).value();
  }
  tx.fail({base::Kind::kCorrupt, "a kept message does not decode", "store"});
  return std::nullopt;
}

}  // namespace

std::optional<Delivery> delivery_of(keep::Tx& tx, const mail::Office& office, const crypto::Directory& directory, std::uint64_t message_seq) {
  const auto m = mail::message(tx, message_seq);
  if (!m) return std::nullopt;
  const auto row = mail::thread(tx, m->thread_id);
  auto body = body_of(tx, *m);
  if (!row || !body) return std::nullopt;
  Delivery d;
  d.msg_id = m->msg_id;
  d.thread_id = m->thread_id;
  d.kind = static_cast<schemas::MsgKind>(m->kind);
  d.from = slug_of(directory, m->sender);
  d.from_kind = kind_of_agent(directory, m->sender);
  d.to = slug_of(directory, m->to.empty() ? base::Id{} : m->to[0]);
  d.outgoing = m->outgoing;
  d.test = m->test;
  d.conflict = m->conflict;
  d.expired = m->expired;
  d.received = m->received;
  d.body = std::move(*body);
  if (row->opening != 0) {
    if (const auto opening = mail::message(tx, row->opening)) {
      if (auto first = body_of(tx, *opening)) d.opening = std::make_shared<const schemas::Body>(std::move(*first));
      d.opening_from = slug_of(directory, opening->sender);
      d.opening_to = slug_of(directory, opening->to.empty() ? base::Id{} : opening->to[0]);
    }
  }
  d.loop = mail::loop_of(tx, office.self, *row, schemas::Place{m->first_index, m->sender, m->thread_seq});
  return d;
}

}  // namespace adapters::agent
