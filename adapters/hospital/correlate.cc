#include "adapters/hospital/correlate.h"

#include <algorithm>

#include "adapters/hospital/answer.h"
#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

// RF1-6, 11: originator's and external number. ORC, OBR, TXA: placer's and filler's number of the order. SCH-1, 2, 4, 26: placer's and
// filler's appointment numbers, placer's group and order. PV1-5, 19, 50; PID-18.
constexpr const char* kRefs[] = {"RF1-6.1",  "RF1-11.1", "ORC-2.1", "ORC-3.1",  "OBR-2.1", "OBR-3.1",  "TXA-14.1", "TXA-15.1",
                                 "SCH-1.1",  "SCH-2.1",  "SCH-4.1", "SCH-26.1", "PV1-5.1", "PV1-19.1", "PV1-50.1", "PID-18.1"};
constexpr std::size_t kOwnPlaces = 5, kPage = 200, kMostThreads = 2000;

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

// Referrals whose opening went out under that control id.
std::optional<agent::ThreadInfo> by_control_id(const agent::Host& host, const std::string& id) {
  std::uint64_t before = 0;
  for (std::size_t seen = 0; !id.empty() && seen < kMostThreads;) {
    const agent::ThreadPage page = host.threads(before, kPage);
    for (const agent::ThreadInfo& t : page.threads) {
      if (t.requester || t.loop.phase == schemas::Phase::kNone) continue;
      for (const schemas::Event& e : t.loop.applied) {
        if (control_id_for(e.msg_id) == id) return t;
      }
    }
    seen += page.threads.size();
    if (page.next == 0 || page.threads.empty()) break;
    before = page.next;
  }
  return std::nullopt;
}

}  // namespace

Keys keys_of(const hl7::Message& m) {
  Keys out;
  out.thread = base::parse_uuid(m.value("ZCR-2"));
  for (const char* path : kRefs) {
    std::string ref = m.value(path);
    if (ref.empty() || ref == "\"\"" || std::find(out.refs.begin(), out.refs.end(), ref) != out.refs.end()) continue;
    out.refs.push_back(std::move(ref));
  }
  for (std::size_t i = 0; i < kOwnPlaces && !out.thread; ++i) out.thread = base::parse_uuid(m.value(kRefs[i]));
  out.answers = m.value("MSA-2");
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

std::optional<agent::ThreadInfo> named(const agent::Host& host, const Keys& keys, bool requester) {
  const agent::ThreadInfo* out = nullptr;
  std::vector<agent::ThreadInfo> found;
  if (keys.thread) {
    if (auto t = host.thread(*keys.thread)) found.push_back(std::move(*t));
  }
  for (const std::string& ref : keys.refs) {
    for (agent::ThreadInfo& t : host.threads_by_ref(ref)) found.push_back(std::move(t));
  }
  for (const agent::ThreadInfo& t : found) {
    if (t.requester != requester || t.loop.phase == schemas::Phase::kNone) continue;
    if (out == nullptr || (schemas::terminal(out->loop.phase) && !schemas::terminal(t.loop.phase))) out = &t;
  }
  if (out != nullptr) return *out;
  return requester ? std::nullopt : by_control_id(host, keys.answers);
}

std::vector<agent::ThreadInfo> anywhere(const agent::Host& host, const Keys& keys) {
  std::vector<agent::ThreadInfo> out;
  const auto add = [&](std::vector<agent::ThreadInfo> more) {
    for (agent::ThreadInfo& t : more) {
      if (std::none_of(out.begin(), out.end(), [&](const auto& o) { return o.thread_id == t.thread_id; })) out.push_back(std::move(t));
    }
  };
  if (keys.thread) {
    if (auto t = host.thread(*keys.thread)) add({std::move(*t)});
  }
  for (const std::string& ref : keys.refs) add(host.threads_by_ref(ref));
  for (const schemas::Identifier& id : keys.ids) add(host.threads_by_subject_id(id));
  return out;
}

}  // namespace adapters::hospital
