#include "adapters/hospital/query.h"

#include "adapters/hospital/answer.h"

namespace adapters::hospital {

std::string where_it_stands(const formats::hl7v2::Message& question, const agent::ThreadInfo& thread, const std::string& control_id, base::Instant now) {
  const schemas::Loop& loop = thread.loop;
  Standing s{.status = std::string(schemas::name(loop.phase)), .reason = {}, .reason_class = {}, .decide_by = {}, .thread_id = thread.thread_id};
  s.esc_level = loop.esc_level;
  for (const schemas::Event& e : loop.applied) {
    if (e.to == loop.phase && !e.reason.empty()) s.reason = e.reason, s.reason_class = e.reason_class;
    if (e.to == loop.phase && !e.outcome.empty()) s.notes = {"Outcome: " + e.outcome};
  }
  if (loop.phase == schemas::Phase::kScheduled && loop.appointment.ms != 0) s.notes.push_back("Appointment: " + base::rfc3339(loop.appointment));
  if (loop.since.ms != 0) s.notes.push_back("Since: " + base::rfc3339(loop.since));
  s.notes.push_back("Other side: " + thread.other);
  return rri(question, "I15", s, control_id, now);
}

}  // namespace adapters::hospital
