// See plain_words.h.
#include "schemas/policy/manual/plain_words.h"

#include <algorithm>

#include "schemas/model_fields.h"
#include "schemas/registry.h"
#include "schemas/values.h"

namespace schemas::policy::internal {
namespace {

constexpr std::pair<std::string_view, std::string_view> kFields[] = {
    {"subject", "everything that is known of the person"},
    {"subject.name", "the person's name"},
    {"subject.unknown", "whether the person is unknown"},
    {"subject.descriptor", "words that tell an unknown person from others"},
    {"subject.dob", "the person's date of birth"},
    {"subject.age_band", "the person's age band"},
    {"subject.sex", "the person's sex"},
    {"subject.gender", "the person's gender"},
    {"subject.language", "the person's language"},
    {"subject.phone", "the person's telephone"},
    {"subject.safe_to_contact", "how the person may be reached safely"},
    {"subject.interpreter", "whether an interpreter is needed"},
    {"location_now", "where the person is now"},
    {"incident_ref", "incident number"},
    {"reasons", "reasons"},
    {"risk", "risk to self and others, weapons"},
    {"risk.weapons", "weapons"},
    {"hold", "involuntary hold"},
    {"hold.outcome", "what became of the hold"},
    {"requester", "who asks, with telephone"},
    {"requester.phone", "telephone of who asks"},
    {"requester.role", "role of who asks"},
    {"requester_agency", "agency that asks"},
    {"authority_basis", "legal ground"},
    {"consent_ref", "consent that is cited"},
    {"clearance", "medical clearance"},
    {"med_clearance", "whether it is medically cleared"},
    {"dependents", "children and others who depend on the person"},
    {"in_reply_to_ref", "your own reference"},
    {"at", "time"},
    {"reason_class", "class of the reason"},
    {"expected_at", "when the person is expected"},
    {"callback", "telephone of the desk"},
    {"esc_level", "level of escalation"},
    {"late_ms", "how late it is"},
    {"alternatives", "other agencies that may be asked"},
    {"phase", "offered, taken or refused"},
};

// Keys of payloads in paths, and the kinds that they are.
std::string kind_of_key(std::string_view key) {
  std::string out;
  each_payload([&]<class T>(Tag<T>) {
    if (key == PayloadName<T>::kKey) out = PayloadName<T>::kKind;
  });
  return out;
}

}  // namespace

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string value_words(const char* set, std::string_view code) {
  const ValueSet* values = value_set(set);
  const Value* v = values != nullptr ? values->find(code) : nullptr;
  return v != nullptr && !v->en.empty() ? v->en : std::string(code);
}

std::string kind_words(std::string_view kind) { return kind == "*" ? "Everybody" : value_words("agency_kind", kind); }

std::string message_words(std::string_view kind) {
  if (kind == "*") return "every kind of message";
  const auto it = std::ranges::find(msg_kinds(), kind, &CodeName::name);
  return std::string(it != msg_kinds().end() ? it->words : kind);
}

std::string purpose_words(std::string_view purpose) {
  if (purpose == "*") return "any purpose";
  const auto it = std::ranges::find(purposes(), purpose, &CodeName::name);
  return std::string(it != purposes().end() ? it->words : purpose);
}

std::string message_of(std::string_view path) { return kind_of_key(path.substr(0, path.find('.'))); }

std::string field_words(std::string_view path) {
  const auto dot = path.find('.');
  if (path == "*") return "everything";
  if (dot == std::string_view::npos) return message_of(path).empty() ? std::string(path) : "everything";
  if (path.starts_with("custom.")) return "the county's own field " + std::string(path.substr(dot + 1));
  const auto field = message_of(path).empty() ? path : path.substr(dot + 1);
  const auto it = std::ranges::find(kFields, field, [](const auto& f) { return f.first; });
  if (it != std::end(kFields)) return std::string(it->second);
  std::string out(field);
  for (char& c : out)
    if (c == '_' || c == '.') c = ' ';
  return out;
}

std::string tell_words(std::string_view to) {
  const auto dot = to.find('.');
  if (to == "role:coordinator") return "program coordinator";
  if (to.starts_with("role:")) return value_words("actor_role", to.substr(5));
  if (dot == std::string_view::npos) return std::string(to);
  const auto who = to.substr(0, dot), what = to.substr(dot + 1);
  const std::string desk = what == "on_call" ? "on-call number" : what == "it" ? "IT" : std::string(what);
  return desk + (who == "target" ? " of the agency that was asked" : " of the agency that asked");
}

std::string verdict_words(Verdict verdict) {
  return verdict == Verdict::kDeny ? "never" : verdict == Verdict::kConsent ? "with consent" : "allowed";
}

std::string moment_words(std::uint32_t minutes) {
  const auto two = [](std::uint32_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(minutes / 60) + ":" + two(minutes % 60);
}

}  // namespace schemas::policy::internal
