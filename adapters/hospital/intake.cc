// What comes in: which thread it is about, what it becomes, and what its sender is told.
#include "adapters/hospital/adapter.h"
#include "adapters/hospital/appointment_in.h"
#include "adapters/hospital/query.h"
#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/status_in.h"
#include "adapters/hospital/values.h"
#include "adapters/hospital/visit_in.h"
#include "adapters/hospital/words_in.h"

namespace adapters::hospital {
namespace {

using agent::Submission;
using agent::ThreadInfo;
using base::Error;
using base::Kind;
using hl7::Verdict;

// Not the message's fault: it will be sent again, so there is nothing for an operator to look at.
bool passing(Kind k) { return k == Kind::kBusy || k == Kind::kFull || k == Kind::kIo; }

std::string number_place(const hl7::Message& m) {
  for (const char* segment : {"RF1", "ORC", "ZCR"}) {
    if (m.find(segment) != nullptr) return std::string(segment) + (segment[0] == 'R' ? "[1]-6" : "[1]-2");
  }
  return "MSH[1]-9";
}

}  // namespace

Answer HospitalMllp::take(const hl7::Message& m, std::string_view bytes) {
  if (auto refusal = refuse_header(m, settings_.mapping.default_processing)) return refuse({refusal->verdict, {refusal->fault}}, Kind::kUnsupported);
  switch (topic_of(m)) {
    case Topic::kReferral: return take_referral(m, bytes);
    case Topic::kChange: return take_change(m);
    case Topic::kQuery: return take_query(m);
    case Topic::kCancel:
    case Topic::kStatus: return take_status(m);
    case Topic::kVisit: return take_visit(m);
    case Topic::kAppointment: return take_appointment(m);
    case Topic::kResult:
    case Topic::kDocument: return take_words(m);
    case Topic::kWithdrawal: return take_withdrawal(m);
    case Topic::kNothing: break;
  }
  return ++unrelated_, Answer{};
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

Answer HospitalMllp::take_referral(const hl7::Message& m, std::string_view bytes) {
  Mapped mapped = referral_from(m, settings_.mapping);
  Submission s;
  s.body.payload = std::move(mapped.referral);
  s.body.absent = std::move(mapped.absent);
  s.body.source = {"hl7v2", base::to_bytes(bytes)};
  if (settings_.site != nullptr) mapped.faults = settings_.site->over(m, s.body, std::move(mapped.faults));
  if (!mapped.faults.empty()) return refuse({Verdict::kError, std::move(mapped.faults)});
  const auto to = route(mapped.target_names);
  if (!to)
    return refuse({Verdict::kError, {{hl7::kUnknownKey, mapped.target_place, "no agency of that name; add a facility row or `to`"}}},
                  Kind::kNotFound);
  s.to = *to;
  std::get<schemas::Referral>(s.body.payload).requester_agency = host_->own_slug();
  return hand_in(m, std::move(s));
}

// Of a referral that the hospital made, or (a target may say so too) that it was asked for.
std::optional<ThreadInfo> HospitalMllp::either(const Keys& keys) const {
  auto found = named(*host_, keys, true);
  return found ? found : named(*host_, keys, false);
}

Answer HospitalMllp::unknown(const hl7::Message& m) {
  return refuse({Verdict::kError, {{hl7::kUnknownKey, number_place(m), "no referral of this number is known here"}}}, Kind::kNotFound);
}

Answer HospitalMllp::take_change(const hl7::Message& m) {
  const auto thread = either(keys_of(m));
  if (!thread) return unknown(m);
  if (!m.value("ZCR-1").empty() && !thread->requester) return status_of(m, *thread);
  const std::vector<agent::Delivery> events = host_->events(thread->thread_id);
  schemas::Referral before;
  for (const agent::Delivery& d : events) {
    if (const auto* r = std::get_if<schemas::Referral>(&d.body.payload)) before = *r;
  }
  const Mapped now = referral_from(m, settings_.mapping);
  Words words = change_from(before, now);
  if (!words.faults.empty()) return refuse({Verdict::kError, std::move(words.faults)});
  if (words.message.text.empty()) return ++known_, Answer{};
  Submission s = in_thread(*thread, std::move(words.message));
  s.body.labels = now.referral.labels;
  return hand_in(m, std::move(s));
}

Answer HospitalMllp::take_status(const hl7::Message& m) {
  const Keys keys = keys_of(m);
  const bool answer = topic_of(m) == Topic::kStatus;
  auto thread = answer ? named(*host_, keys, false) : either(keys);
  if (!thread && m.value("MSH-9.1") == "OSU") thread = named(*host_, keys, true);
  return thread ? status_of(m, *thread) : unknown(m);
}

Answer HospitalMllp::status_of(const hl7::Message& m, const ThreadInfo& thread) {
  Told told = status_from(m, thread.loop.phase, thread.requester,
                          {settings_.mapping.utc_offset, settings_.mapping.callback, settings_.next_action, host_->now()});
  if (!told.faults.empty()) return refuse({Verdict::kError, std::move(told.faults)});
  if (!told.update) return ++known_, Answer{};
  return hand_in(m, in_thread(thread, std::move(*told.update)));
}

Answer HospitalMllp::take_query(const hl7::Message& m) {
  const auto thread = either(keys_of(m));
  if (!thread) return unknown(m);
  return {.verdict = Verdict::kAccept, .message = where_it_stands(m, *thread, next_control_id(), host_->now())};
}

// A system that tells of every patient tells of many who are nobody's business here: that is no error, and nothing is kept of it.
Answer HospitalMllp::take_visit(const hl7::Message& m) {
  const auto thread = correlate(*host_, keys_of(m), false);
  Visit visit = visit_from(m, settings_.mapping.utc_offset);
  if (!visit.faults.empty()) return broken(std::move(visit.faults), thread.has_value());
  if (!thread) return propose(m, in_thread({}, std::move(visit.encounter)));
  return hand_in(m, in_thread(*thread, std::move(visit.encounter)));
}

Answer HospitalMllp::take_appointment(const hl7::Message& m) {
  const auto thread = correlate(*host_, keys_of(m), true);
  const schemas::Phase phase = thread ? thread->loop.phase : schemas::Phase::kScheduled;
  Appointment a = appointment_from(m, phase, {settings_.mapping.utc_offset, settings_.next_action, host_->now()});
  if (!a.faults.empty()) return broken(std::move(a.faults), thread.has_value());
  if (!thread) return propose(m, in_thread({}, std::move(a.payload)));
  return hand_in(m, in_thread(*thread, std::move(a.payload)));
}

Answer HospitalMllp::take_words(const hl7::Message& m) {
  const auto thread = correlate(*host_, keys_of(m), false);
  const bool document = topic_of(m) == Topic::kDocument;
  Words words = document ? document_from(m) : results_from(m, settings_.mapping.utc_offset);
  if (!words.faults.empty()) return broken(std::move(words.faults), thread.has_value());
  Submission s = in_thread(thread.value_or(ThreadInfo{}), std::move(words.message));
  if (const std::string number = document_number(m); document && !number.empty()) s.body.custom[kDocument] = number;
  return thread ? hand_in(m, std::move(s)) : propose(m, std::move(s));
}

// MDM^T11: the message that carried this document is taken back, wherever it went.
Answer HospitalMllp::take_withdrawal(const hl7::Message& m) {
  const std::string number = document_number(m);
  if (number.empty()) return refuse({Verdict::kError, {{hl7::kRequiredMissing, "TXA[1]-12", "the number of the document is missing"}}});
  for (const ThreadInfo& thread : anywhere(*host_, keys_of(m))) {
    for (const agent::Delivery& d : host_->events(thread.thread_id)) {
      const auto it = d.body.custom.find(kDocument);
      if (!d.outgoing || it == d.body.custom.end() || it->second != number) continue;
      schemas::Correction c{.target = d.msg_id, .replacement = {}, .action = "retract", .reason = "ERROR", .text = "the hospital withdrew this document"};
      return hand_in(m, in_thread(thread, std::move(c)));
    }
  }
  return refuse({Verdict::kError, {{hl7::kUnknownKey, "TXA[1]-12", "no document of this number was passed on"}}}, Kind::kNotFound);
}

// Without the message's own bytes: what is passed on is what was read, not what else PID and IN1 hold.
Submission HospitalMllp::in_thread(const agent::ThreadInfo& thread, schemas::Payload payload) const {
  Submission s;
  s.to = thread.other, s.thread = thread.thread_id;
  s.body.payload = std::move(payload);
  if (thread.loop.phase == schemas::Phase::kNone) s.body.authority_basis = settings_.mapping.basis;  // no referral whose basis counts
  return s;
}

Answer HospitalMllp::hand_in(const hl7::Message& m, Submission s) {
  s.purpose = settings_.purpose, s.test = is_test(m, settings_.mapping.default_processing), s.dedupe_key = dedupe_key(m);
  const auto done = host_->submit(std::move(s));
  if (!done.ok()) return failed(done.error());
  if (!done->repeat) ++accepted_;
  return {};
}

Answer HospitalMllp::failed(const Error& e) {
  if (!passing(e.kind)) return refuse(answer_for(e), e.kind);
  ++refused_;
  return answer_for(e);
}

// Nothing is kept of a message about a person of whom nothing is known here: its sender is told, and that is all.
Answer HospitalMllp::broken(std::vector<hl7::Fault> faults, bool related) {
  Answer answer{.verdict = Verdict::kError, .faults = std::move(faults)};
  if (related) return refuse(std::move(answer));
  return ++refused_, answer;
}

// About somebody who may have been referred, without a number that says so: a person of the agency is asked.
Answer HospitalMllp::propose(const hl7::Message& m, Submission s) {
  s.body.authority_basis.clear(), s.thread.reset();
  if (!settings_.match || m.find("PID") == nullptr) return ++unrelated_, Answer{};
  s.purpose = settings_.purpose, s.test = is_test(m, settings_.mapping.default_processing), s.dedupe_key = dedupe_key(m);
  const auto kept = host_->propose_match(settings_.name, person_in(m, settings_.mapping.utc_offset), std::move(s));
  if (!kept.ok()) return failed(kept.error());
  ++(*kept ? matches_ : unrelated_);
  return {};
}

}  // namespace adapters::hospital
