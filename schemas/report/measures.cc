// Which report has which tables, and by what its rows are.
#include "schemas/report/measures.h"

#include <algorithm>

#include "schemas/report/internal/tables.h"

namespace schemas::report {
namespace {

struct Measure {
  Name name;
  void (*make)(Maker& maker, const std::string& by);
  std::vector<const char*> by;  // its tables if nobody asks for another; also what it can be asked for, with kBy
};

const std::vector<Measure>& measures() {
  static const std::vector<Measure> all = {
      {{"volume", "Referral volume", "how many people were referred, from where, to where, how urgently"}, tables::volume, {"from", "partner", "urgency", "month"}},
      {{"delivery", "Delivery reliability", "how many referrals reached the other machine, and how fast"}, tables::delivery, {"partner"}},
      {{"acceptance", "Acceptance", "how many referrals were accepted, declined, left to expire"}, tables::acceptance, {"partner", "urgency"}},
      {{"time-to-view", "Time to view", "how long until a person looked (known at the parties only)"}, tables::time_to_view, {"urgency", "partner"}},
      {{"time-to-accept", "Time to accept", "how long until a referral was accepted, and how often in time"}, tables::time_to_accept, {"urgency", "partner"}},
      {{"closure", "Loop closure", "how many loops were answered, had their outcome told, and were seen after"}, tables::closure, {"partner", "urgency"}},
      {{"escalation", "Escalations and timeouts", "how many referrals ran late, and how far that went"}, tables::escalation, {"urgency", "partner"}},
      {{"no-show", "Appointments and first contact", "missed appointments, and how long until somebody met the person"}, tables::no_show, {"partner"}},
      {{"unmet", "Unmet need", "what was asked for and not given, and why"}, tables::unmet, {"service"}},
      {{"hops", "Re-referrals", "how many agencies were asked for one person, and the time that took"}, tables::hops, {"urgency"}},
      {{"handoff", "Warm handoffs", "how long the one who brought a person had to wait"}, tables::handoff, {"partner"}},
      {{"holds", "Involuntary holds", "what became of holds (from the agency's own referrals)"}, tables::holds, {"partner"}},
      {{"follow-up", "Follow-up", "who was seen after, and when"}, tables::follow_up, {"partner"}},
      {{"bed-search", "Bed search", "how long a bed was looked for"}, tables::bed_search, {"service"}},
      {{"capacity", "Capacity accuracy", "declined for want of room while room was published"}, tables::capacity, {"partner"}},
      {{"encounters", "Encounters", "co-response, outcome for the police, force and injury (from the agency's own referrals)"}, tables::encounters, {""}},
      {{"fields", "The program's own fields", "custom fields that the policy marks for reports (from the agency's own referrals)"}, tables::fields, {""}},
  };
  return all;
}

constexpr std::string_view kQuarterly[] = {"volume", "acceptance", "time-to-accept", "closure", "escalation", "unmet", "hops", "no-show", "handoff", "follow-up"};
constexpr Name kQuarterlyName = {"quarterly", "Quarterly report", "the main measures together, for funders and the county board"};
constexpr std::string_view kBy[] = {"partner", "from", "urgency", "service", "month"};

void make(const Measure& m, const std::string& by, Maker& maker) {
  if (!by.empty() && !(m.by.size() == 1 && *m.by[0] == '\0')) return m.make(maker, by);
  for (const char* one : m.by) m.make(maker, one);
}

}  // namespace

std::span<const Name> names() {
  static const std::vector<Name> all = [] {
    std::vector<Name> out{kQuarterlyName};
    for (const Measure& m : measures()) out.push_back(m.name);
    return out;
  }();
  return all;
}

base::Result<Draft> draft(std::string_view name, std::string_view by, const Input& input, const Period& period) {
  if (!by.empty() && std::ranges::find(kBy, by) == std::end(kBy))
    return base::Error{base::Kind::kUsage, "rows are by something else", "by", "partner, from, urgency, service or month"};
  Draft out;
  Maker maker(input, period, out);
  const bool bundle = name == kQuarterlyName.name;
  for (const Measure& m : measures()) {
    const bool wanted = bundle ? std::ranges::find(kQuarterly, m.name.name) != std::end(kQuarterly) : name == m.name.name;
    if (!wanted) continue;
    out.name = name;
    out.title = bundle ? kQuarterlyName.title : m.name.title;
    make(m, std::string(by), maker);
  }
  if (out.name.empty()) return base::Error{base::Kind::kNotFound, "there is no such report", "name", "see: handoff report list"};
  return out;
}

std::map<std::string, std::uint64_t> all_counts(const Input& input, const Span& span) {
  Draft all;
  const Period period{{}, span, {}};
  Maker maker(input, period, all);
  for (const Measure& m : measures()) {
    for (const std::string_view by : kBy) make(m, std::string(by), maker);
  }
  std::map<std::string, std::uint64_t> out;
  for (const auto& [id, count] : all.counts) out[id.first] = count.n;
  return out;
}

}  // namespace schemas::report
