// The adapter itself: an MLLP server whose handler maps and submits, and an MLLP client that delivers answers.
#include <atomic>
#include <optional>

#include "adapters/hospital/answer.h"
#include "adapters/hospital/appointment_in.h"
#include "adapters/hospital/correlate.h"
#include "adapters/hospital/hospital.h"
#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/settings.h"
#include "adapters/hospital/visit_in.h"

namespace adapters::hospital {
namespace {

using agent::Delivery;
using agent::Health;
using agent::Host;
using agent::Submission;
using base::Error;
using base::Kind;
using hl7::Verdict;

// What the sender is told.
struct Answer {
  Verdict verdict = Verdict::kAccept;
  std::vector<hl7::Fault> faults;
};

// The acknowledgement for an error of the host or of the parser.
Answer answer_for(const Error& e) {
  const std::string place = hl7::parse_path(e.where).ok() ? e.where : place_of(e.where);
  const std::string words = e.mend.empty() ? e.what : e.what + "; " + e.mend;
  switch (e.kind) {
    case Kind::kMalformed:
    case Kind::kUsage: return {Verdict::kError, {{hl7::kDataType, place, words}}};
    case Kind::kConflict: return {Verdict::kError, {{hl7::kDuplicateKey, "MSH[1]-10", "this control id was used before for other bytes"}}};
    case Kind::kNotFound: return {Verdict::kError, {{hl7::kUnknownKey, place, words}}};
    case Kind::kUnsupported: return {Verdict::kReject, {{hl7::kUnsupportedType, place, words}}};
    default: return {Verdict::kReject, {{hl7::kInternal, place, words}}};
  }
}

// Not the message's fault: it will be sent again, so there is nothing for an operator to look at.
bool passing(Kind k) { return k == Kind::kBusy || k == Kind::kFull || k == Kind::kIo; }

class HospitalMllp : public agent::Adapter {
 public:
  explicit HospitalMllp(Settings s) : settings_(std::move(s)), client_(settings_.client) {}
  ~HospitalMllp() override { HospitalMllp::stop(); }

  base::Status start(Host& host) override {
    host_ = &host;
    settings_.server.clock = [&host] { return host.now(); };
    client_.use_clock(settings_.server.clock);
    server_.emplace(settings_.server,
                    transport::MllpHandlers{[this](std::string_view m) { return on_message(m); },
                                            [this](transport::Framed::What w, std::string_view head) { return on_refused(w, head); }});
    TRY(server_->start());
    host.say(settings_.name, "listening on " + server_->address());
    return {};
  }
  base::Status deliver(const Delivery& d) override;
  void stop() override {
    client_.stop();
    if (server_) server_->stop();
  }
  [[nodiscard]] Health health() const override {
    return {.ok = true, .words = words(), .accepted = accepted_, .refused = refused_, .delivered = delivered_, .failed = failed_};
  }

 private:
  std::optional<std::string> on_message(std::string_view bytes);
  std::optional<std::string> on_refused(transport::Framed::What what, std::string_view head);
  Answer take(const hl7::Message& m, std::string_view bytes);
  Answer take_referral(const hl7::Message& m, std::string_view bytes);
  Answer take_visit(const hl7::Message& m, std::string_view bytes);
  Answer take_appointment(const hl7::Message& m, std::string_view bytes);
  Answer hand_in(const hl7::Message& m, std::string_view bytes, Submission s);
  Submission in_thread(const agent::ThreadInfo& thread, schemas::Payload payload) const;
  [[nodiscard]] std::string words() const;
  Answer refuse(std::string_view bytes, Answer answer, Kind kind = Kind::kMalformed);
  [[nodiscard]] std::optional<std::string> route(const std::vector<std::string>& names) const;
  std::optional<std::string> reply(const hl7::Message* m, const Answer& a);

  Settings settings_;
  transport::MllpClient client_;
  std::optional<transport::MllpServer> server_;
  Host* host_ = nullptr;
  std::atomic<std::uint64_t> accepted_{0}, refused_{0}, delivered_{0}, failed_{0}, acks_{0}, unrelated_{0};
};

std::optional<std::string> HospitalMllp::reply(const hl7::Message* m, const Answer& a) {
  const std::string code = hl7::ack_code(m == nullptr ? hl7::AckMode{} : hl7::ack_mode(*m), a.verdict);
  if (code.empty()) return std::nullopt;
  const base::Instant now = host_->now();
  return hl7::build_ack(m, code, a.faults, "A" + std::to_string(now.ms) + "." + std::to_string(++acks_), now);
}

Answer HospitalMllp::refuse(std::string_view bytes, Answer answer, Kind kind) {
  ++refused_;
  const hl7::Fault& first = answer.faults.front();
  const auto kept = host_->quarantine(settings_.name, "hl7v2", base::view(bytes), Error{kind, first.text, first.where});
  if (!kept.ok()) host_->say(settings_.name, "a refused message could not be kept: " + kept.error().message());
  return answer;
}

std::optional<std::string> HospitalMllp::on_message(std::string_view bytes) {
  const auto m = hl7::parse(bytes, settings_.parsing);
  if (m.ok()) return reply(&*m, take(*m, bytes));
  const auto header = hl7::parse_header(bytes);
  const bool known = header.ok();
  Answer answer = answer_for(m.error());
  if (!known) answer.verdict = Verdict::kReject;
  if (m.error().kind == Kind::kMalformed) answer.faults.front().code = hl7::kSegmentSequence;
  answer = refuse(bytes, std::move(answer), m.error().kind);
  return reply(known ? &*header : nullptr, answer);
}

std::optional<std::string> HospitalMllp::on_refused(transport::Framed::What what, std::string_view head) {
  using What = transport::Framed::What;
  const std::string words = what == What::kTooLarge ? "the message is over this listener's limit"
                            : what == What::kBroken ? "the message broke off and another began"
                                                    : "bytes that are no MLLP frame";
  const Answer answer =
      refuse(head, {Verdict::kReject, {{hl7::kInternal, "", words}}}, what == What::kTooLarge ? Kind::kTooLarge : Kind::kMalformed);
  if (what != What::kTooLarge) return std::nullopt;  // nobody waits for an answer to half a message
  const auto header = hl7::parse_header(head);
  return reply(header.ok() ? &*header : nullptr, answer);
}

std::optional<std::string> HospitalMllp::route(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    for (const Facility& f : settings_.facilities) {
      if (f.name == name) return f.to;
    }
  }
  for (const std::string& name : names) {
    if (auto slug = host_->slug_for(name); slug && *slug != host_->own_slug()) return slug;
  }
  if (!settings_.to.empty()) return settings_.to;
  return std::nullopt;
}

std::string HospitalMllp::words() const {
  if (!server_) return "not started";
  std::string out = "listening on " + server_->address();
  if (unrelated_ > 0) out += ", " + std::to_string(unrelated_) + " about patients without a referral here";
  return out;
}

Answer HospitalMllp::take(const hl7::Message& m, std::string_view bytes) {
  if (auto refusal = refuse_header(m)) return refuse(bytes, {refusal->verdict, {refusal->fault}}, Kind::kUnsupported);
  switch (topic_of(m)) {
    case Topic::kVisit: return take_visit(m, bytes);
    case Topic::kAppointment: return take_appointment(m, bytes);
    case Topic::kReferral: break;
  }
  return take_referral(m, bytes);
}

Answer HospitalMllp::take_referral(const hl7::Message& m, std::string_view bytes) {
  Mapped mapped = referral_from(m, settings_.mapping);
  if (!mapped.faults.empty()) return refuse(bytes, {Verdict::kError, std::move(mapped.faults)});
  const auto to = route(mapped.target_names);
  if (!to)
    return refuse(bytes, {Verdict::kError, {{hl7::kUnknownKey, mapped.target_place, "no agency of that name; add a facility row or `to`"}}},
                  Kind::kNotFound);
  Submission s;
  s.to = *to;
  mapped.referral.requester_agency = host_->own_slug();
  s.body.payload = std::move(mapped.referral);
  s.body.absent = std::move(mapped.absent);
  s.body.source = {"hl7v2", base::to_bytes(bytes)};
  return hand_in(m, bytes, std::move(s));
}

// A system that tells of every patient tells of many who are nobody's business here: that is no error, and nothing is kept of it.
Answer HospitalMllp::take_visit(const hl7::Message& m, std::string_view bytes) {
  const auto thread = correlate(*host_, keys_of(m), false);
  if (!thread) return ++unrelated_, Answer{};
  Visit visit = visit_from(m, settings_.mapping.utc_offset);
  if (!visit.faults.empty()) return refuse(bytes, {Verdict::kError, std::move(visit.faults)});
  return hand_in(m, bytes, in_thread(*thread, std::move(visit.encounter)));
}

Answer HospitalMllp::take_appointment(const hl7::Message& m, std::string_view bytes) {
  const auto thread = correlate(*host_, keys_of(m), true);
  if (!thread) return ++unrelated_, Answer{};
  Appointment a = appointment_from(m, thread->loop.phase, {settings_.mapping.utc_offset, settings_.next_action, host_->now()});
  if (!a.faults.empty()) return refuse(bytes, {Verdict::kError, std::move(a.faults)});
  return hand_in(m, bytes, in_thread(*thread, std::move(a.payload)));
}

// Without the message's own bytes: a visit or an appointment tells match keys and times, not what else PID and IN1 hold.
Submission HospitalMllp::in_thread(const agent::ThreadInfo& thread, schemas::Payload payload) const {
  Submission s;
  s.to = thread.other, s.thread = thread.thread_id;
  s.body.payload = std::move(payload);
  if (thread.loop.phase == schemas::Phase::kNone) s.body.authority_basis = settings_.mapping.basis;  // no referral whose basis counts
  return s;
}

Answer HospitalMllp::hand_in(const hl7::Message& m, std::string_view bytes, Submission s) {
  s.purpose = settings_.purpose, s.test = is_test(m), s.dedupe_key = dedupe_key(m);
  const auto done = host_->submit(std::move(s));
  if (done.ok()) {
    if (!done->repeat) ++accepted_;
    return {};
  }
  if (!passing(done.error().kind)) return refuse(bytes, answer_for(done.error()), done.error().kind);
  ++refused_;
  return answer_for(done.error());
}

base::Status HospitalMllp::deliver(const Delivery& d) {
  const auto* update = std::get_if<schemas::StatusUpdate>(&d.body.payload);
  const bool ours = d.opening && d.opening_from == host_->own_slug() && d.opening->source.format == "hl7v2";
  if (d.outgoing || update == nullptr || !ours || settings_.client.to.empty())
    return Error{Kind::kUnsupported, "not an answer to one of the hospital's own referrals"};
  for (const auto& refused : d.loop.refused) {
    if (refused.msg_id == d.msg_id) return Error{Kind::kStale, refused.why};
  }
  const auto referral = hl7::parse(base::text(d.opening->source.bytes), settings_.parsing);
  if (!referral.ok()) return Error{Kind::kCorrupt, "the referral's source bytes can no longer be read"};
  const std::string id = control_id_for(d.msg_id);
  std::string code, where;
  const auto answered = client_.send(rri_from(*update, *referral, d.msg_id, d.thread_id), [&](std::string_view bytes) {
    const auto ack = hl7::read_ack(bytes);
    if (!ack.ok() || ack->control_id != id) return false;
    code = ack->code, where = ack->where;
    return true;
  });
  if (!answered.ok()) return answered.error();
  if (code == "AA" || code == "CA") return ++delivered_, base::Status();
  ++failed_;
  return Error{Kind::kDenied, "the hospital's system answered " + (code.size() == 2 ? code : std::string("something unreadable")), "",
               "look at its log for control id " + id};
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<HospitalMllp>(std::move(s)));
}

}  // namespace

agent::AdapterType hospital_mllp() { return {"hospital-mllp", make}; }

}  // namespace adapters::hospital
