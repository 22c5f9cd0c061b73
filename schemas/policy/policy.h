// A consortium's policy as a plain value: what its TOML says, checked (domain brief section 5; the worked example is
// docs/policy/alder-county.toml). Every rule keeps its id and line, so that a decision can name them. Thread-safe (a value).
//
// The statute rules (statute.h) are not in here: they hold whatever a policy says, and a policy that contradicts one is refused.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace schemas::policy {

// A length of time as policies write it: "60s", "15m", "4h", "7d" or business days "2bd" (in the policy's calendar).
struct Span {
  std::uint64_t ms = 0;
  std::uint32_t business_days = 0;
  [[nodiscard]] bool none() const { return ms == 0 && business_days == 0; }
  friend bool operator==(const Span&, const Span&) = default;
};
std::optional<Span> parse_span(std::string_view text);
std::string words(const Span& span);  // "15 minutes", "2 business days"

enum class Verdict { kAllow, kConsent, kDeny };  // kConsent: allowed under a consent that covers it

struct Agency {
  std::string slug, kind, name, agreement, on_call, supervisor, privacy_officer;
  base::Instant agreement_until;  // 0: no agreement named
  bool part2 = false;             // a 42 CFR Part 2 program: what it says of a person carries the label part2
  std::vector<std::string> services;
  unsigned line = 0;
};
struct Flow {
  std::string id;
  std::vector<std::string> from, to, kinds, purpose, basis;  // agency kinds, message kinds, ...; "*" any; basis empty: any
  Verdict decision = Verdict::kDeny;
  std::string view = "*";
  unsigned line = 0;
};
struct LabelRule {
  std::string id;
  std::vector<std::string> label, from, to, to_not;  // `to`/`from` empty: everybody; to_not: everybody but these
  Verdict decision = Verdict::kDeny;
  std::vector<std::string> except_basis, obligations;
  std::string cite, words;  // words: for people; empty: made from the rule
  unsigned line = 0;
};
struct View {  // an allowlist of canonical paths (view.h); "*" everything; except: taken out again
  std::string id;
  std::vector<std::string> fields, except;
  unsigned line = 0;
};
struct Required {
  std::string kind;
  std::vector<std::string> from, to, fields;  // agency kinds; empty: all
  unsigned line = 0;
};
struct CustomField {
  std::string id;                                            // "x-..."
  std::string type = "text";                                 // bool | int | code | date | text
  std::vector<std::string> codes, applies_to, required_for;  // values of a code; message kinds; agency kinds
  std::string label_en, label_es, sensitivity;               // sensitivity: a label, or empty
  std::uint32_t max = 200;                                   // characters of a text
  bool report = false;
  std::map<std::string, std::string> map;  // csv, hl7, nemsis: where the formats keep it
  unsigned line = 0;
};
struct Escalation {
  std::uint32_t percent = 0;  // of `decide`; or
  Span after;                 // after the decide deadline
  std::string to;             // "target.supervisor", "role:coordinator", "requester.supervisor"
  bool offer_next = false, phone = false;
};
struct Sla {
  Span received, view, decide, contact, on_hold, outcome, handoff, info_pause, grace;
  std::vector<Span> follow_up;
  std::vector<Escalation> escalate;  // level 1, 2, 3
};
struct Calendar {
  std::string tz = "UTC";                          // IANA
  std::uint32_t opens = 8 * 60, closes = 17 * 60;  // minutes of the local day
  std::vector<unsigned> weekdays{1, 2, 3, 4, 5};   // 0 Sunday
  std::vector<std::string> holidays;               // "2026-12-25"
};
struct Routing {
  std::string service;
  std::vector<std::string> order;  // slugs
  Span require_fresh_capacity;
  std::string mode = "sequential";  // sequential | parallel (only where policy and consent both allow)
  bool automatic = false;           // the requester's agent re-routes by itself, else it offers (D20)
};
struct Role {  // one row of the RACI table
  std::string id, words;
  std::vector<std::string> may;  // actions: create accept decline handoff reassign view_timeline break_glass review audit policy keys
  std::vector<std::string> services;        // who has it sees only threads that ask for one of these; empty: all
  std::vector<std::string> without_labels;  // and none that carries one of these labels
  unsigned line = 0;
};
struct BreakGlassRules {
  std::vector<std::string> reasons;      // codes
  Span time_box{60 * base::kMinute, 0};  // at most an hour
  Span review{0, 2};
};
struct Report {
  std::uint32_t suppress_below = 11;
  bool complementary = true;
};
struct Retention {
  Span audit{std::uint64_t{6} * 365 * base::kDay, 0}, content{std::uint64_t{6} * 365 * base::kDay, 0};
};

struct Policy {
  std::string id;
  std::uint32_t version = 0;
  base::Instant effective;
  std::string review_by;                      // date
  std::string state_pack;                     // "CO-2026.1"; empty: none
  std::vector<std::string> approvals_needed;  // agency kinds
  Calendar calendar;
  std::vector<Agency> agencies;
  std::vector<Flow> flows;
  std::vector<LabelRule> label_rules;
  std::vector<View> views;
  std::vector<Required> required;
  std::vector<CustomField> custom_fields;
  std::map<std::string, Sla> sla;          // by urgency; what is not said is the default of domain 1.5
  std::map<std::string, Routing> routing;  // by service
  std::vector<Role> roles;
  std::map<std::string, std::string> glossary;
  BreakGlassRules break_glass;
  Report report;
  Retention retention;
  std::map<std::string, std::uint64_t> expiry;  // message kind -> ms
  base::Hash hash{};                            // SHA-256 of the bytes it was read from

  [[nodiscard]] const Agency* agency(std::string_view slug) const;
  [[nodiscard]] const View* view(std::string_view id) const;
  [[nodiscard]] const Sla& sla_of(std::string_view urgency) const;  // an unknown urgency: routine
};

// kMalformed "policy:LINE: what" with the mend. Names that are not in the registry or value sets, duplicate ids, views that no one
// defined, a rule that contradicts a statute rule, a matrix too large for a signed note: all refused here. Warnings are lint's (tools.h).
base::Result<Policy> parse_policy(std::string_view toml);

Sla default_sla(std::string_view urgency);  // domain 1.5

}  // namespace schemas::policy
