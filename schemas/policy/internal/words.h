// The words that a policy may use: those of the registry and the value sets, and those that only rules know.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/registry.h"
#include "schemas/values.h"

namespace schemas::policy {

inline constexpr std::string_view kObligations[] = {"notice_2_32", "attach_consent", "record_2_51",      "review_24h",
                                                    "review_2bd",  "notify_privacy", "agreement_expired"};
// Kinds of agency by what they are for.
inline constexpr std::string_view kJustice[] = {"police", "sheriff", "court", "jail"};
inline constexpr std::string_view kCare[] = {"ems",  "hospital_ed", "psych_inpatient", "crisis_center", "mobile_crisis",
                                             "cmhc", "ccbhc",       "sud_program",     "crisis_line"};

inline bool in(std::span<const std::string_view> list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }
inline bool in(const std::vector<std::string>& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }
inline bool star_or_in(const std::vector<std::string>& list, std::string_view word) { return in(list, "*") || in(list, word); }

inline bool local_code(std::string_view word) { return word.size() > 2 && word.starts_with("x-"); }
inline bool is_agency_kind(std::string_view w) { return std::ranges::find(agency_kinds(), w) != agency_kinds().end(); }
inline bool is_msg_kind(std::string_view w) { return code_of(msg_kinds(), w).has_value(); }
inline bool is_purpose(std::string_view w) { return code_of(purposes(), w).has_value(); }
inline bool in_set(const char* id, std::string_view w) {
  const ValueSet* set = value_set(id);
  return set != nullptr && allowed(*set, w);
}
inline bool is_basis(std::string_view w) { return in_set("authority_basis", w); }
inline bool is_label(std::string_view w) { return in_set("label", w); }
inline bool is_service(std::string_view w) { return in_set("service", w); }

// Kinds that say nothing of a person: they need no basis.
inline bool about_a_person(MsgKind kind) {
  switch (kind) {
    case MsgKind::kCapacity:
    case MsgKind::kCapacityInquiry:
    case MsgKind::kCapacityReply:
    case MsgKind::kAcknowledgement:
    case MsgKind::kReceipt:
    case MsgKind::kControl:
    case MsgKind::kLoopFacts: return false;
    default: return true;
  }
}

}  // namespace schemas::policy
