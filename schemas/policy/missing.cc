// What a message must say: the minimum of the domain, the policy's own requirements, and custom fields as they were declared.
#include <algorithm>

#include "schemas/policy/decide.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/view.h"

namespace schemas::policy {
namespace {

base::Error lacking(std::string what, std::string where) {
  return {base::Kind::kMalformed, std::move(what), std::move(where), "fill it in and send again"};
}

// What each other kind must say to be of any use (domain brief 2.2). A status that only raises the escalation has no status of its own.
struct Least {
  MsgKind kind;
  const char* path;
};
constexpr Least kLeast[] = {
    {MsgKind::kHandoff, "handoff_report.phase"},
    {MsgKind::kHandoff, "handoff_report.at"},
    {MsgKind::kEncounter, "encounter.event"},
    {MsgKind::kEncounter, "encounter.at"},
    {MsgKind::kCapacity, "capacity.service"},
    {MsgKind::kCapacity, "capacity.state"},
    {MsgKind::kCapacityInquiry, "capacity_inquiry.service"},
    {MsgKind::kCapacityReply, "capacity_reply.inquiry"},
    {MsgKind::kCapacityReply, "capacity_reply.state"},
    {MsgKind::kFollowUp, "follow_up.mark"},
    {MsgKind::kFollowUp, "follow_up.result"},
    {MsgKind::kCorrection, "correction.target"},
    {MsgKind::kCorrection, "correction.reason"},
    {MsgKind::kAcknowledgement, "acknowledgement.ack_of"},
    {MsgKind::kAcknowledgement, "acknowledgement.level"},
    {MsgKind::kBreakGlass, "break_glass.reason"},
    {MsgKind::kBreakGlass, "break_glass.text"},
    {MsgKind::kConsent, "consent.id"},
    {MsgKind::kConsent, "consent.recipients"},
    {MsgKind::kConsent, "consent.scope"},
    {MsgKind::kConsent, "consent.purposes"},
    {MsgKind::kConsent, "consent.method"},
};

void least(MsgKind kind, const Body& body, std::vector<base::Error>& out) {
  for (const auto& l : kLeast)
    if (l.kind == kind && !has_value(body, l.path)) out.push_back(lacking("a message of this kind says this", l.path));
  if (kind == MsgKind::kMessage && !has_value(body, "secure_message.text") && !has_value(body, "secure_message.attachments"))
    out.push_back(lacking("a message has a text or an attachment", "secure_message.text"));
  const auto* s = std::get_if<StatusUpdate>(&body.payload);
  if (s != nullptr && s->status.empty() && s->esc_level == 0)
    out.push_back(lacking("a status update has a status", "status_update.status"));
}

void minimum(const Body& body, std::vector<base::Error>& out) {
  const auto* r = std::get_if<Referral>(&body.payload);
  if (r == nullptr) return;
  const auto& s = r->subject;
  if (s.name.family.empty() && s.name.given.empty() && (!s.unknown || s.descriptor.empty()))
    out.push_back(lacking("a referral names its subject, or says unknown with a description", "referral.subject.name"));
  if (s.dob.empty() && s.age_band.empty()) out.push_back(lacking("a referral has a date of birth or an age band", "referral.subject.dob"));
  static constexpr std::pair<const char*, const char*> kRest[] = {
      {"referral.reasons", "a referral has a reason"},
      {"referral.service", "a referral says which service is asked for"},
      {"referral.urgency", "a referral has an urgency"},
      {"referral.requester.phone", "a referral has a number to call its requester back"},
      {"authority_basis", "a referral says under which authority it is made"},
  };
  for (const auto& [path, words] : kRest)
    if (!has_value(body, path)) out.push_back(lacking(words, full_path(path)));
}

bool is_number(std::string_view s) {
  if (s.starts_with('-')) s.remove_prefix(1);
  return !s.empty() && s.size() <= 18 && s.find_first_not_of("0123456789") == s.npos;
}

// What a declared field expects, if this value is not that.
std::string expected(const CustomField& c, const std::string& value) {
  if (c.type == "bool") return value == "true" || value == "false" || value == "yes" || value == "no" ? "" : "yes or no";
  if (c.type == "int") return is_number(value) ? "" : "a whole number";
  if (c.type == "date") return value.size() == 10 && base::parse_rfc3339(value + "T00:00:00Z") ? "" : "a date such as 2026-10-05";
  if (c.type == "code") {
    std::string all;
    for (const auto& code : c.codes) all += (all.empty() ? "" : ", ") + code;
    return in(c.codes, value) || local_code(value) ? "" : "one of " + all;
  }
  const auto characters = std::ranges::count_if(value, [](char ch) { return (static_cast<unsigned char>(ch) & 0xc0U) != 0x80U; });
  return static_cast<std::uint64_t>(characters) <= c.max ? "" : "at most " + std::to_string(c.max) + " characters";
}

void custom(const Policy& policy, const Ask& ask, const Body& body, std::vector<base::Error>& out) {
  for (const auto& c : policy.custom_fields) {
    const auto it = body.custom.find(c.id);
    const bool said = it != body.custom.end() && !it->second.empty();
    const bool applies = c.applies_to.empty() || in(c.applies_to, name_of(ask.kind));
    if (!said && applies && in(c.required_for, ask.from_kind) && about_a_person(ask.kind))
      out.push_back(lacking("the policy requires this field of the sender's kind of agency", "custom." + c.id));
    if (!said) continue;
    if (const auto want = expected(c, it->second); !want.empty())
      out.push_back({base::Kind::kMalformed, "expected " + want, "custom." + c.id, "correct the value"});
  }
}

}  // namespace

std::vector<base::Error> missing(const Policy& policy, const Ask& ask, const Body& body) {
  std::vector<base::Error> out;
  minimum(body, out);
  least(ask.kind, body, out);
  for (const auto& q : policy.required) {
    if (q.kind != name_of(ask.kind) || (!q.from.empty() && !in(q.from, ask.from_kind)) || (!q.to.empty() && !in(q.to, ask.to_kind)))
      continue;
    for (const auto& field : q.fields) {
      const auto path = full_path(field);
      const bool told = std::ranges::any_of(out, [&](const base::Error& e) { return e.where == path; });
      if (!told && !has_value(body, field))
        out.push_back(lacking("the policy requires this field (line " + std::to_string(q.line) + ")", path));
    }
  }
  custom(policy, ask, body, out);
  return out;
}

}  // namespace schemas::policy
