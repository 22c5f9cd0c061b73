#include "adapters/formats/mapping/values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/formats/mapping/moment.h"
#include "schemas/values.h"

namespace adapters::formats::mapping {
namespace {

// By the end of a path: the same struct lies in several kinds.
constexpr std::pair<std::string_view, std::string_view> kTakes[] = {
    {"referral.reasons.code", "reason"},
    {"referral.service.code", "service"},
    {"urgency", "urgency"},
    {"authority_basis", "authority_basis"},
    {"labels", "label"},
    {"hold.outcome", "hold_outcome"},
    {"med_clearance", "clearance_status"},
    {"clearance.status", "clearance_status"},
    {"subject.race", "race"},
    {"subject.ethnicity", "ethnicity"},
    {"requester.role", "actor_role"},
    {"actor_role", "actor_role"},
    {"author_role", "actor_role"},
    {"by_role", "actor_role"},
    {"capacity.service", "service"},
    {"capacity_inquiry.service", "service"},
    {"capacity_reply.service", "service"},
    {"capacity.state", "capacity_state"},
    {"capacity_reply.state", "capacity_state"},
    {"encounter.event", "encounter_event"},
    {"follow_up.mark", "follow_up_mark"},
    {"follow_up.result", "follow_up_result"},
    {"handoff_report.phase", "handoff_phase"},
    {"status_update.outcome", "outcome"},
    {"consent.method", "consent_method"},
    {"dob", "date"},
    {"hold.start", "moment"},
    {"hold.expires", "moment"},
    {"at", "moment"},
    {"appointment_at", "moment"},
    {"expected_at", "moment"},
    {"requested_at", "moment"},
    {"effective_from", "moment"},
    {"effective_until", "moment"},
    {"follow_up_at", "moment"},
    {"last_attempt_at", "moment"},
    {"hold_until", "moment"},
};

bool ends(std::string_view path, std::string_view with) {
  return path.ends_with(with) && (path.size() == with.size() || path[path.size() - with.size() - 1] == '.');
}

}  // namespace

std::string taken_at(std::string_view path) {
  const auto it = std::ranges::find_if(kTakes, [&](const auto& t) { return ends(path, t.first); });
  return it == std::end(kTakes) ? "" : std::string(it->second);
}

base::Status check_value(const std::string& takes, const std::string& value) {
  if (takes.empty()) return {};
  if (takes == "date")
    return is_date(value) ? base::Status() : base::malformed("not a date like 2026-10-05", "", "say with time how the source writes it");
  if (takes == "moment")
    return is_moment(value) ? base::Status() : base::malformed("not a time with its offset", "", "say with time how the source writes it");
  const schemas::ValueSet* set = schemas::value_set(takes);
  if (set == nullptr || schemas::allowed(*set, value)) return {};
  std::string codes;
  for (const auto& v : set->values) codes += (codes.empty() ? "" : ", ") + v.code;
  return base::malformed("not a code of the value set " + takes, "",
                         "translate it with map to one of " + codes + ", or to a local x-... code");
}

}  // namespace adapters::formats::mapping
