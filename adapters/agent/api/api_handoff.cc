// handoff, forward, follow_up, retract: what agencies say to each other beside a referral's status.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

constexpr const char* kReportFields[] = {"at",       "place",     "condition",    "person",           "custody",
                                         "clinical", "legal",     "restraint",    "weapons_screened", "belongings",
                                         "hold",     "clearance", "observations", "disagreements",    "reason"};

// The report from the request's own fields. `name`, `role` and `callback` are short for `person`.
base::Result<schemas::Body> report_of(const Call& call) {
  TRY_ASSIGN(const std::string phase, code_of(call.in, "phase", "handoff_phase"));
  Json report = {{"phase", phase}};
  for (const char* field : kReportFields) {
    if (call.in.contains(field)) report[field] = call.in.at(field);
  }
  Json body = {{"kind", "HandoffReport"},
               {"handoff_report", std::move(report)},
               {"authority_basis", text_or(call.in, "basis")},
               {"consent_ref", text_or(call.in, "consent_ref")}};
  if (call.in.contains("labels")) body["labels"] = call.in.at("labels");
  TRY_ASSIGN(schemas::Body out, schemas::body_from_json(body));
  TRY(take_paper(call.in, out));
  auto& h = std::get<schemas::HandoffReport>(out.payload);
  if (h.at.empty()) h.at = base::rfc3339(call.agent.office().clock());
  if (!base::parse_rfc3339(h.at)) return base::Error{base::Kind::kUsage, "is a time as in RFC 3339", "at", "2026-10-05T14:00:00Z"};
  if (h.person.name.family.empty()) h.person.name.family = text_or(call.in, "name", call.actor.login);
  if (h.person.role.empty()) h.person.role = text_or(call.in, "role");
  if (h.person.phone.empty()) h.person.phone = text_or(call.in, "callback");
  return out;
}

// The newest offer of the other side in this thread: the message, and its body.
std::optional<std::pair<base::Id, schemas::Body>> offer_in(keep::Tx& tx, const base::Id& thread) {
  std::optional<std::pair<base::Id, schemas::Body>> out;
  for (const std::uint64_t seq : mail::thread_messages(tx, thread)) {
    const auto m = mail::message(tx, seq);
    if (!m || m->outgoing || m->kind != static_cast<std::uint16_t>(schemas::MsgKind::kHandoff)) continue;
    auto body = schemas::decode_body(m->body);
    const auto* h = body.ok() ? std::get_if<schemas::HandoffReport>(&body->payload) : nullptr;
    if (h != nullptr && h->phase == "offer") out.emplace(m->msg_id, std::move(body).value());
  }
  return out;
}

// An answer is about the same person: the offer's labels go on, and its authority where the request names none.
base::Status take_up_offer(const Call& call, const base::Id& thread, schemas::Body& body) {
  return call.agent.office().store.read([&](keep::Tx& tx) {
    const auto offer = offer_in(tx, thread);
    if (!offer) return base::Status{};
    std::get<schemas::HandoffReport>(body.payload).offer = offer->first;
    if (body.authority_basis.empty()) body.authority_basis = offer->second.authority_basis;
    for (const std::string& label : offer->second.labels) {
      if (std::ranges::find(body.labels, label) == body.labels.end()) body.labels.push_back(label);
    }
    return base::Status{};
  });
}

// Threads whose requester is to be told that the person has been taken: requests to this agency.
base::Result<std::vector<Submission>> others_to_tell(const Call& call) {
  std::vector<Submission> out;
  const auto it = call.in.find("tell");
  if (it == call.in.end()) return out;
  if (!it->is_array()) return base::Error{base::Kind::kUsage, "is a list of threads", "tell"};
  for (const Json& one : *it) {
    const auto id = one.is_string() ? base::parse_uuid(one.get<std::string>()) : std::nullopt;
    if (!id) return base::Error{base::Kind::kUsage, "holds what is no thread's id", "tell", "UUIDs or 32 hex digits"};
    const auto info = call.agent.host().thread(*id);
    if (!info || info->requester)
      return base::Error{base::Kind::kNotFound, "names a thread in which nobody asked this agency", "tell", "see: handoff inbox list"};
    TRY_ASSIGN(Submission s, into_thread(call, *id));
    out.push_back(std::move(s));
  }
  return out;
}

// What is passed on is cut to the view that its reader would have of the original, and judged as the original would be.
base::Result<schemas::Body> passed_on(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m, const Submission& about,
                                      const std::string& note) {
  if (desk.policy == nullptr) return base::Error{base::Kind::kBusy, desk.stale, "policy"};
  const crypto::Member* to = desk.directory.by_slug(about.to);
  if (to == nullptr) return base::Error{base::Kind::kNotFound, "no agency of that name is in the directory", "to", "see: handoff status"};
  const auto opening = mail::is_opening(m) ? std::nullopt : mail::opening_of(tx, m.thread_id);
  const disclose::Context context = disclose::context_of(opening ? &*opening : nullptr);
  const auto consents = disclose::finder(tx);
  const disclose::Ruling r = disclose::rule(*desk.policy, {desk.slug, desk.kind}, {to->cert.name, to->cert.kind},
                                            static_cast<schemas::MsgKind>(m.kind), about.purpose, about.body, context, consents, desk.now);
  if (!r.answer.allowed) return disclose::refusal(r.answer);
  schemas::Body seen = schemas::policy::apply(*desk.policy, r.answer.view, about.body).body;
  schemas::Body out;
  out.authority_basis = r.ask.basis;
  const auto* referral = std::get_if<schemas::Referral>(&about.body.payload);
  out.consent_ref = !about.body.consent_ref.empty()                         ? about.body.consent_ref
                    : referral != nullptr && !referral->consent_ref.empty() ? referral->consent_ref
                                                                            : context.consent_ref;
  out.forwards = m.msg_id;
  if (auto* said = std::get_if<schemas::SecureMessage>(&seen.payload)) {
    if (!note.empty()) said->text = note + "\n\n" + said->text;
    out.payload = std::move(*said);
    return out;
  }
  schemas::SecureMessage letter;
  letter.text = note;
  schemas::Body content;  // without what its sender's agent wrote
  content.payload = std::move(seen.payload);
  content.custom = std::move(seen.custom);
  letter.attachments.push_back({"application/json", kind_name(m.kind), {}, base::to_bytes(schemas::dump(*schemas::to_json(content)))});
  out.payload = std::move(letter);
  return out;
}

bool may_be_passed_on(schemas::MsgKind kind) {
  using enum schemas::MsgKind;
  return kind == kReferral || kind == kStatus || kind == kMessage || kind == kHandoff || kind == kEncounter || kind == kFollowUp;
}

base::Result<keep::Message> message_here(const Call& call, const base::Id& id) {
  std::optional<keep::Message> out;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) {
    for (keep::Message& m : mail::messages_by_id(tx, id)) {
      if (m.kind != static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts) && !out) out = std::move(m);
    }
    return base::Status{};
  }));
  if (!out) return base::Error{base::Kind::kNotFound, "there is no such message here", "message", "see: handoff inbox show"};
  return std::move(*out);
}

}  // namespace

base::Status op_handoff(const Call& call, Json& out) {
  if (const auto before = answered_before(call)) {
    out = submitted_json(*before);
    out["phase"] = text_or(call.in, "phase");
    return {};
  }
  TRY_ASSIGN(schemas::Body body, report_of(call));
  auto& report = std::get<schemas::HandoffReport>(body.payload);
  Submission s;
  if (call.in.contains("thread")) {
    TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
    TRY_ASSIGN(s, into_thread(call, thread));
  } else {
    TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
    if (report.phase != "offer")
      return base::Error{base::Kind::kUsage, "an answer goes on with the offer's thread", "thread", "name the thread"};
    s.to = call.agent.host().slug_for(to).value_or(to);
    s.person = call.actor.login;
    TRY_ASSIGN(s.purpose, purpose_or(call.in, schemas::Purpose::kCrisis));
    s.test = flag_or(call.in, "test", false);
  }
  if (report.phase != "take" && call.in.contains("tell")) return base::Error{base::Kind::kUsage, "others are told of a take", "tell"};
  TRY_ASSIGN(std::vector<Submission> others, others_to_tell(call));
  if (s.thread && report.phase != "offer") TRY(take_up_offer(call, *s.thread, body));
  for (Submission& other : others) {  // its view cuts it to what that reader may know (decisions D24); its own referral has the authority
    other.body = body;
    other.body.authority_basis = text_or(call.in, "basis");
    std::get<schemas::HandoffReport>(other.body.payload).offer = {};
  }
  out["phase"] = report.phase;
  out["at"] = report.at;
  s.dedupe_key = dedupe_of(call);
  s.body = std::move(body);
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  out.update(submitted_json(done));
  if (!others.empty()) out["told"] = Json::array();
  for (Submission& other : others) {  // the take stands, whoever may not be told of it
    const base::Id thread = *other.thread;
    const auto copy = call.agent.host().submit(std::move(other));
    out["told"].push_back({{"thread", base::uuid(thread)}, {"ok", copy.ok()}, {"why", copy.ok() ? Json() : Json(copy.error().message())}});
  }
  return {};
}

base::Status op_forward(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "message"));
  TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
  TRY_ASSIGN(const keep::Message m, message_here(call, id));
  if (!may_be_passed_on(static_cast<schemas::MsgKind>(m.kind)))
    return base::Error{base::Kind::kDenied, "this kind of message is not passed on", "message", "say it in words of your own"};
  if (!m.why.empty() || m.conflict) return base::Error{base::Kind::kNotFound, "its content is not here, or does not count", "message"};
  Submission about;
  TRY_ASSIGN(about.body, schemas::decode_body(m.body));
  about.body.source = {};
  if (const std::string basis = text_or(call.in, "basis"); !basis.empty()) about.body.authority_basis = basis;
  about.to = call.agent.host().slug_for(to).value_or(to);
  TRY_ASSIGN(about.purpose, purpose_or(call.in, static_cast<schemas::Purpose>(m.purpose)));
  about.person = call.actor.login;
  about.test = m.test;
  const std::string note = text_or(call.in, "text");
  TRY_ASSIGN(const Submitted done,
             call.agent.host().compose(about, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) -> base::Result<Submitted> {
               Submission s = about;
               TRY_ASSIGN(s.body, passed_on(tx, desk, m, about, note));
               return mail::compose(tx, desk, random, s);
             }));
  out = submitted_json(done);
  return {};
}

base::Status op_follow_up(const Call& call, Json& out) {
  if (const auto before = answered_before(call)) {
    out = submitted_json(*before);
    return {};
  }
  TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
  schemas::FollowUp f;
  TRY_ASSIGN(f.mark, code_of(call.in, "mark", "follow_up_mark"));
  TRY_ASSIGN(f.result, code_of(call.in, "result", "follow_up_result"));
  TRY_ASSIGN(const std::uint64_t attempts, number_of(call.in, "attempts", 0, 1000));
  if (call.in.contains("attempts")) f.attempts = static_cast<std::int32_t>(attempts);
  TRY_ASSIGN(const base::Instant at, time_of(call.in, "at", call.agent.office().clock()));
  f.at = base::rfc3339(at);
  f.by_role = text_or(call.in, "role");
  f.text = text_or(call.in, "text");
  TRY_ASSIGN(Submission s, into_thread(call, thread));
  s.body.payload = std::move(f);
  s.dedupe_key = dedupe_of(call);
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  out = submitted_json(done);
  return {};
}

base::Status op_retract(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "message"));
  TRY_ASSIGN(const std::string reason, text_of(call.in, "reason"));
  if (reason.empty()) return base::Error{base::Kind::kUsage, "says why it is taken back", "reason"};
  TRY_ASSIGN(const keep::Message m, message_here(call, id));
  schemas::Correction c;
  c.target = id;
  c.action = "retract";
  c.reason = reason;
  c.text = text_or(call.in, "text");
  TRY_ASSIGN(Submission s, into_thread(call, m.thread_id));
  s.body.payload = std::move(c);
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  out = submitted_json(done);
  return {};
}

}  // namespace adapters::agent::api
