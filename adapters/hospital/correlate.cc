#include "adapters/hospital/correlate.h"

#include <algorithm>

#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

// SCH-1, 2, 4, 26: placer's and filler's appointment numbers, placer's group and order. PV1-5, 19, 50; PID-18.
constexpr const char* kRefs[] = {"SCH-1.1", "SCH-2.1", "SCH-4.1", "SCH-26.1", "PV1-5.1", "PV1-19.1", "PV1-50.1", "PID-18.1"};

enum class By { kReference, kPerson };

// A number of the person stays the same for life, so it leads only to a referral that is still open: a later visit is nobody's business. A
// reference names this visit; it leads to a handoff without a referral too, and to a referral whose outcome was reported already.
bool may_be_told(const agent::ThreadInfo& t, By by, bool asked) {
  const schemas::Phase phase = t.loop.phase;
  if (asked && (t.requester || phase == schemas::Phase::kNone)) return false;
  if (schemas::terminal(phase)) return phase == schemas::Phase::kCompleted && by == By::kReference && !asked;
  return phase != schemas::Phase::kNone || by == By::kReference;
}

std::optional<agent::ThreadInfo> best(const std::vector<agent::ThreadInfo>& found, By by, bool asked) {
  const agent::ThreadInfo* out = nullptr;
  int score = 0;
  for (const agent::ThreadInfo& t : found) {  // newest first
    const int now = !may_be_told(t, by, asked) ? 0 : 1 + (t.requester ? 0 : 1) + (schemas::terminal(t.loop.phase) ? 0 : 2);
    if (now > score) out = &t, score = now;
  }
  return out == nullptr ? std::nullopt : std::optional(*out);
}

}  // namespace

Keys keys_of(const hl7::Message& m) {
  Keys out;
  out.thread = base::parse_uuid(m.value("ZCR-2"));
  for (const char* path : kRefs) {
    std::string ref = m.value(path);
    if (!ref.empty() && ref != "\"\"") out.refs.push_back(std::move(ref));
  }
  if (const hl7::Segment* pid = m.find("PID")) out.ids = identifiers_of(m, *pid, false);
  return out;
}

std::optional<agent::ThreadInfo> correlate(const agent::Host& host, const Keys& keys, bool asked) {
  if (keys.thread) {
    const auto named = host.thread(*keys.thread);
    if (auto found = best(named ? std::vector{*named} : std::vector<agent::ThreadInfo>{}, By::kReference, asked)) return found;
  }
  for (const std::string& ref : keys.refs) {
    if (auto found = best(host.threads_by_ref(ref), By::kReference, asked)) return found;
  }
  for (const schemas::Identifier& id : keys.ids) {
    if (auto found = best(host.threads_by_subject_id(id), By::kPerson, asked)) return found;
  }
  return std::nullopt;
}

}  // namespace adapters::hospital
