// Life and answers: the MLLP server and what a sender is told.
#include "adapters/hospital/adapter.h"

#include "adapters/hospital/hospital.h"

namespace adapters::hospital {

using base::Error;
using base::Kind;
using hl7::Verdict;

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

base::Status HospitalMllp::start(agent::Host& host) {
  host_ = &host;
  settings_.server.clock = [&host] { return host.now(); };
  client_.use_clock(settings_.server.clock);
  server_.emplace(settings_.server, transport::MllpHandlers{[this](std::string_view m) { return on_message(m); },
                                                            [this](transport::Framed::What w, std::string_view head) { return on_refused(w, head); }});
  if (const auto tls = transport::tls_client(settings_.client.tls); !tls.ok()) return tls.error();  // told now, not with the first answer
  TRY(server_->start());
  host.say(settings_.name, words());
  return {};
}

void HospitalMllp::stop() {
  client_.stop();
  if (server_) server_->stop();
}

agent::Health HospitalMllp::health() const {
  return {.ok = true, .words = words(), .accepted = accepted_, .refused = refused_, .delivered = delivered_, .failed = failed_};
}

std::string HospitalMllp::words() const {
  if (!server_) return "not started";
  std::string out = (settings_.server.tls.wanted() ? "listening with TLS on " : "listening on ") + server_->address();
  if (unrelated_ > 0) out += ", " + std::to_string(unrelated_) + " about patients without a referral here";
  if (matches_ > 0) out += ", " + std::to_string(matches_) + " kept for a person to match";
  if (known_ > 0) out += ", " + std::to_string(known_) + " that said nothing new";
  return out;
}

std::string HospitalMllp::next_control_id() { return "A" + std::to_string(host_->now().ms) + "." + std::to_string(++acks_); }

std::optional<std::string> HospitalMllp::reply(const hl7::Message* m, const Answer& a) {
  const std::string code = hl7::ack_code(m == nullptr ? hl7::AckMode{} : hl7::ack_mode(*m), a.verdict);
  if (code.empty()) return a.message.empty() ? std::nullopt : std::optional(a.message);
  if (!a.message.empty() && code[0] != 'C') return a.message;
  std::string ack = hl7::build_ack(m, code, a.faults, next_control_id(), host_->now());
  return a.message.empty() ? ack : transport::followed_by(ack, a.message);
}

Answer HospitalMllp::refuse(Answer answer, Kind kind) {
  ++refused_;
  const hl7::Fault& first = answer.faults.front();
  answer.keep = Error{kind, first.text, first.where};
  return answer;
}

Answer HospitalMllp::kept(std::string_view bytes, Answer answer) {
  if (!answer.keep) return answer;
  const auto id = host_->quarantine(settings_.name, "hl7v2", base::view(bytes), *answer.keep);
  if (!id.ok()) host_->say(settings_.name, "a refused message could not be kept: " + id.error().message());
  return answer;
}

std::optional<std::string> HospitalMllp::on_message(std::string_view bytes) {
  const auto m = hl7::parse(bytes, settings_.parsing);
  if (m.ok()) return reply(&*m, kept(bytes, take(*m, bytes)));
  const auto header = hl7::parse_header(bytes);
  const bool known = header.ok();
  Answer answer = answer_for(m.error());
  if (!known) answer.verdict = Verdict::kReject;
  if (m.error().kind == Kind::kMalformed) answer.faults.front().code = hl7::kSegmentSequence;
  answer = kept(bytes, refuse(std::move(answer), m.error().kind));
  return reply(known ? &*header : nullptr, answer);
}

base::Status HospitalMllp::take_again(std::string_view format, base::View bytes) {
  if (!format.empty() && format != "hl7v2") return Error{Kind::kUnsupported, "this adapter reads HL7 v2"};
  TRY_ASSIGN(const hl7::Message m, hl7::parse(base::text(bytes), settings_.parsing));
  const Answer answer = take(m, base::text(bytes));
  if (answer.keep) return *answer.keep;
  if (answer.verdict == Verdict::kAccept) return {};
  return Error{Kind::kBusy, answer.faults.front().text, answer.faults.front().where};
}

std::optional<std::string> HospitalMllp::on_refused(transport::Framed::What what, std::string_view head) {
  using What = transport::Framed::What;
  const std::string words = what == What::kTooLarge ? "the message is over this listener's limit"
                            : what == What::kBroken ? "the message broke off and another began"
                                                    : "bytes that are no MLLP frame";
  const Answer answer =
      kept(head, refuse({Verdict::kReject, {{hl7::kInternal, "", words}}}, what == What::kTooLarge ? Kind::kTooLarge : Kind::kMalformed));
  if (what != What::kTooLarge) return std::nullopt;  // nobody waits for an answer to half a message
  const auto header = hl7::parse_header(head);
  return reply(header.ok() ? &*header : nullptr, answer);
}

namespace {

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<HospitalMllp>(std::move(s)));
}

}  // namespace

agent::AdapterType hospital_mllp() { return {"hospital-mllp", make}; }

}  // namespace adapters::hospital
