#include "adapters/hospital/correlate.h"

#include <algorithm>

#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

// SCH-1, 2, 4, 26: placer's and filler's appointment numbers, placer's group and order. PV1-5, 19, 50; PID-18.
constexpr const char* kRefs[] = {"SCH-1.1", "SCH-2.1", "SCH-4.1", "SCH-26.1", "PV1-5.1", "PV1-19.1", "PV1-50.1", "PID-18.1"};

std::optional<agent::ThreadInfo> best(const std::vector<agent::ThreadInfo>& found, bool asked) {
  const agent::ThreadInfo* out = nullptr;
  int score = 0;
  for (const agent::ThreadInfo& t : found) {  // newest first
    const bool open = !schemas::terminal(t.loop.phase);
    if (asked && (t.requester || !open)) continue;
    const int now = 1 + (t.requester ? 0 : 1) + (open ? 2 : 0);
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
    if (auto found = best(named ? std::vector{*named} : std::vector<agent::ThreadInfo>{}, asked)) return found;
  }
  for (const std::string& ref : keys.refs) {
    if (auto found = best(host.threads_by_ref(ref), asked)) return found;
  }
  for (const schemas::Identifier& id : keys.ids) {
    if (auto found = best(host.threads_by_subject_id(id), asked)) return found;
  }
  return std::nullopt;
}

}  // namespace adapters::hospital
