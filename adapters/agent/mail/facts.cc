// Facts for the coordinator.
#include "adapters/agent/mail/facts.h"

#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/merkle.h"
#include "schemas/body.h"
#include "schemas/header_rules.h"
#include "schemas/values.h"

namespace adapters::agent::mail {
namespace {

base::Instant time_in(const std::string& text) { return base::parse_rfc3339(text).value_or(base::Instant{}); }

// The coarse class alone, from the message or from its code.
std::string decline_class(const schemas::StatusUpdate& s) {
  if (s.status != schemas::name(schemas::Phase::kRejected)) return {};
  const schemas::ValueSet* set = schemas::value_set("decline_reason");
  const schemas::Value* v = set != nullptr ? set->find(s.reason) : nullptr;
  return v != nullptr ? v->group : s.reason_class;
}

// Commits to the labels without telling them: the key is this agency's own.
base::Hash commit(keep::Tx& tx, const base::Id& msg_id, const std::vector<std::string>& labels) {
  const base::Hash nonce = tx.key("label", msg_id);
  std::string all;
  for (const std::string& l : labels) all += l + "\n";
  return crypto::sha256({nonce, base::view(all)});
}

bool is_facts(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts); }

}  // namespace

std::optional<schemas::LoopFacts> facts_of(const keep::Message& m, const schemas::Body& body) {
  schemas::LoopFacts f;
  f.kind = std::string(schemas::name_of(static_cast<schemas::MsgKind>(m.kind)));
  f.at = m.created;
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) {
    f.status = std::string(schemas::name(schemas::Phase::kRequested));
    f.target = m.to.empty() ? base::Id{} : m.to[0];
    f.urgency = r->urgency;
    f.service = r->service.code;
  } else if (const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) {
    f.status = s->status;
    f.at = body.entered_at.ms != 0 ? body.entered_at : s->at;
    f.decline_class = decline_class(*s);
    f.esc_level = s->esc_level;
    f.deadline = s->deadline;
    f.appointment_at = time_in(s->appointment_at);
  } else if (const auto* u = std::get_if<schemas::FollowUp>(&body.payload)) {
    f.mark = u->mark;
    f.result = u->result;
  } else if (const auto* h = std::get_if<schemas::HandoffReport>(&body.payload)) {
    f.handoff = h->phase;
    f.target = m.to.empty() ? base::Id{} : m.to[0];
  } else if (const auto* c = std::get_if<schemas::Correction>(&body.payload)) {
    f.retracts = c->target;
  } else {
    return std::nullopt;
  }
  return f;
}

void send_facts(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::Body& body) {
  auto facts = facts_of(m, body);
  const crypto::PolicyNote* note = desk.directory.policy();
  if (!facts || note == nullptr || desk.kind == "coordinator") return;
  const auto* r = std::get_if<schemas::Referral>(&body.payload);
  std::vector<std::string> labels = body.labels;
  if (r != nullptr) labels.insert(labels.end(), r->labels.begin(), r->labels.end());
  facts->label_commit = commit(tx, m.msg_id, labels);
  for (const crypto::Member* member : desk.directory.members()) {
    if (member->cert.kind != "coordinator" || member->cert.type != "agent" || member->cert.agent == desk.self) continue;
    if (!schemas::header_allows(*note, desk.kind, "coordinator", schemas::MsgKind::kLoopFacts, schemas::Purpose::kCoord)) continue;
    schemas::Body out;
    out.payload = *facts;
    out.parent_thread = body.parent_thread;
    out.entered_at = body.entered_at;
    out.seen = desk.seen;
    keep::Message copy = m;
    copy.to = {member->cert.agent};
    copy.kind = static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts);
    copy.purpose = static_cast<std::uint16_t>(schemas::Purpose::kCoord);
    copy.body = schemas::encode_body(out);
    copy.person.clear();
    add_message(tx, desk, copy, out);
    enqueue(tx, desk, copy);
  }
}

void place_waiting_facts(keep::Tx& tx, const Desk& desk, const keep::Message& view, const base::Hash& batch) {
  for (keep::Message& m : messages_by_id(tx, view.msg_id)) {
    if (!is_facts(m) || !m.outgoing || m.progress != keep::Progress::kWaiting) continue;
    auto body = schemas::decode_body(m.body);
    auto* facts = body.ok() ? std::get_if<schemas::LoopFacts>(&body->payload) : nullptr;
    if (facts == nullptr || facts->at_index != 0) continue;
    facts->at_index = view.first_index;
    body->accompanies = batch;
    m.body = schemas::encode_body(*body);
    save_message(tx, desk.self, m);
  }
}

}  // namespace adapters::agent::mail
