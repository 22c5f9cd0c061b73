// What goes out to the hospital's system: answers to its own referrals, referrals that ask it and what follows of them, messages.
#include "adapters/hospital/adapter.h"
#include "adapters/hospital/words_out.h"

namespace adapters::hospital {
namespace {

using agent::Delivery;
using base::Error;
using base::Kind;

Error not_ours() { return {Kind::kUnsupported, "not for the hospital's system"}; }

bool off(std::string_view status) {
  return status == "cancelled" || status == "cancel_requested" || status == "entered-in-error" || status == "expired";
}

std::vector<schemas::Attachment> attachments_of(const schemas::Payload& p) {
  if (const auto* r = std::get_if<schemas::Referral>(&p)) return r->attachments;
  if (const auto* m = std::get_if<schemas::SecureMessage>(&p)) return m->attachments;
  return {};
}

// Of a delivery in a thread in which the hospital asks; `source`: its referral or order as it was sent.
base::Result<std::string> answer_out(const Outgoing& o, const hl7::Message& source) {
  const Delivery& d = o.delivery;
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&d.body.payload))
    return source.value("MSH-9.1") == "OMG" ? osu_from(*u, source, d.msg_id, d.thread_id) : rri_from(*u, source, d.msg_id, d.thread_id);
  return not_ours();
}

// Of a delivery in a thread in which the hospital is asked.
base::Result<std::string> asked_out(const Outgoing& o, Language language) {
  const Delivery& d = o.delivery;
  Standing s;
  s.thread_id = d.thread_id;
  s.status = schemas::name(d.loop.phase);
  s.esc_level = d.loop.esc_level;
  if (std::holds_alternative<schemas::Referral>(d.body.payload)) {
    s.status = "requested";
    return referral_out(o, language, Act::kNew, s);
  }
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&d.body.payload)) {
    if (off(u->status)) return referral_out(o, language, Act::kCancel, standing_of(*u, d.thread_id));
    if (u->status == "received" && !u->text.empty()) return referral_out(o, language, Act::kChange, standing_of(*u, d.thread_id));  // the answer to a question
  }
  const auto* c = std::get_if<schemas::Correction>(&d.body.payload);
  if (c != nullptr && c->action == "retract") {
    s.status = "entered-in-error", s.reason = c->reason;
    if (!c->text.empty()) s.notes = {c->text};
    return referral_out(o, language, Act::kCancel, s);
  }
  return not_ours();
}

}  // namespace

base::Status HospitalMllp::deliver(const Delivery& d) {
  if (d.outgoing || !d.opening || settings_.client.to.empty()) return not_ours();
  const auto* referral = std::get_if<schemas::Referral>(&d.opening->payload);
  const bool asks = d.opening_from == host_->own_slug();
  if (referral == nullptr || (asks ? d.opening->source.format != "hl7v2" : settings_.referral_out == Language::kNone)) return not_ours();
  for (const auto& refused : d.loop.refused) {
    if (refused.msg_id == d.msg_id) return Error{Kind::kStale, refused.why};
  }
  Outgoing o{.delivery = d, .referral = *referral, .own = host_->own_slug()};
  TRY(fetch(o));
  TRY_ASSIGN(const std::string message, written(o, asks));
  return send(message, control_id_for(d.msg_id));
}

// kBusy while parts of an attachment are still on their way: the message waits for them.
base::Status HospitalMllp::fetch(Outgoing& o) {
  for (schemas::Attachment& a : attachments_of(o.delivery.body.payload)) {
    auto bytes = host_->attachment(o.delivery.thread_id, a);
    if (!bytes.ok() && bytes.error().kind == Kind::kBusy) return bytes.error();
    std::string why = bytes.ok() ? (bytes->empty() ? "empty" : "") : bytes.error().what;
    o.fetched.push_back({std::move(a), bytes.ok() ? std::move(*bytes) : base::Bytes{}, std::move(why)});
  }
  return {};
}

base::Result<std::string> HospitalMllp::written(const Outgoing& o, bool asks) const {
  const Delivery& d = o.delivery;
  Standing s;
  s.status = schemas::name(d.loop.phase), s.thread_id = d.thread_id, s.esc_level = d.loop.esc_level;
  if (const auto* m = std::get_if<schemas::SecureMessage>(&d.body.payload)) return document_out(o, *m, s);
  if (const auto* c = std::get_if<schemas::Correction>(&d.body.payload); c != nullptr && c->action == "retract") {
    for (const Delivery& e : host_->events(d.thread_id)) {
      if (e.msg_id == c->target && std::holds_alternative<schemas::SecureMessage>(e.body.payload)) return withdrawal_out(o, c->target, s);
    }
  }
  if (!asks) return asked_out(o, settings_.referral_out);
  const auto source = hl7::parse(base::text(d.opening->source.bytes), settings_.parsing);
  if (!source.ok()) return Error{Kind::kCorrupt, "the referral's source bytes can no longer be read"};
  return answer_out(o, *source);
}

base::Status HospitalMllp::send(const std::string& message, const std::string& id) {
  std::string code;
  const auto answered = client_.send(message, [&](std::string_view bytes) {
    const auto ack = hl7::read_ack(bytes);
    if (!ack.ok() || ack->control_id != id) return false;
    code = ack->code;
    return true;
  });
  if (!answered.ok()) return answered.error();
  if (code != "AA" && code != "CA") {
    ++failed_;
    return Error{Kind::kDenied, "the hospital's system answered " + (code.size() == 2 ? code : std::string("something unreadable")), "",
                 "look at its log for control id " + id};
  }
  ++delivered_;
  // A system may answer a referral with RRI or OSU in place of a bare acknowledgement: that is a message of its own too.
  const auto m = hl7::parse(*answered, settings_.parsing);
  if (m.ok() && (m->value("MSH-9.1") == "RRI" || m->value("MSH-9.1") == "OSU")) (void)kept(*answered, take(*m, *answered));
  return {};
}

}  // namespace adapters::hospital
