// Codes of a policy in words for people, in English: what the value sets, the registry and the policy itself call them.
#pragma once

#include "schemas/policy/policy.h"

namespace schemas::policy::internal {

std::string value_words(const char* set, std::string_view code);  // the code itself if the set has no words for it
std::string kind_words(std::string_view agency_kind);             // "Crisis center"; "*": "Everybody"
std::string message_words(std::string_view kind);                 // "StatusUpdate" -> "status update"
std::string purpose_words(std::string_view purpose);
std::string field_words(std::string_view path);  // "referral.subject.dob" -> "the person's date of birth"
std::string message_of(std::string_view path);   // "referral.subject.dob" -> "Referral"; "": of every message
std::string tell_words(std::string_view to);     // "target.supervisor" -> "supervisor of the agency that was asked"
std::string verdict_words(Verdict verdict);
std::string moment_words(std::uint32_t minutes_of_day);  // 510 -> "08:30"
std::string capital(std::string text);

// f of each, joined.
template <class F>
std::string each(const std::vector<std::string>& list, F&& f, const char* glue = ", ") {
  std::string out;
  for (const auto& word : list) out += (out.empty() ? "" : glue) + f(word);
  return out;
}

}  // namespace schemas::policy::internal
