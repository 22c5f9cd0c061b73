// The decision: may this be said to that agency now, and in what form? Pure, total, no clock. Deny by default; the order is statute
// rules, state pack, label rules, consent, flows; a denial anywhere overrides. Asked by the sender before it seals, by the recipient
// before it shows, and (in its header part, header_allows) by the hub.
#pragma once

#include <span>

#include "schemas/model.h"
#include "schemas/policy/policy.h"
#include "schemas/registry.h"

namespace schemas::policy {

struct Ask {
  std::string from, to;            // slugs; may be unknown to the policy
  std::string from_kind, to_kind;  // agency kinds, by certificate
  MsgKind kind{};
  Purpose purpose{};
  std::string basis;  // authority_basis of the value sets
  std::vector<std::string> labels;
  std::string urgency;
  const Consent* consent = nullptr;      // the one that is cited, if any; borrowed for the call
  const Emergency* emergency = nullptr;  // as above
  std::string court_order, good_faith;
  bool machine = false;  // a machine's "received": says nothing of a person
  bool break_glass = false;
  base::Instant now;
};

// A rule that spoke. `deny` rules decide; the others are why it was allowed.
struct Spoke {
  std::string rule;  // "F1", "L2", "S-P2-DENY", "agreement"
  Verdict verdict{};
  std::string words;  // "42 CFR Part 2 records do not go to police, courts or jails"
  std::string cite;
};
struct Answer {
  bool allowed = false;
  std::vector<Spoke> because;            // every rule that spoke, the deciding one first
  std::vector<std::string> obligations;  // notice_2_32, attach_consent, record_2_51, notify_privacy, review_24h
  std::string view;                      // id of the allowlist; "*" everything
  std::string code;                      // of a denial, for reports (45 CFR 171): "privacy", "no_rule", "no_consent", "agreement", "basis"
  std::string mend;                      // what would make it possible, in plain words
  [[nodiscard]] std::vector<std::string> rules() const;
  [[nodiscard]] std::string explanation() const;  // one paragraph for people
};
Answer decide(const Policy& policy, const Ask& ask);

// Labels and basis as the engine takes them from a message: the body's own, a Referral's, and those that follow from the sender
// (part2 programs), from custom fields with a sensitivity, and from the kind. Sorted, each once.
std::vector<std::string> labels_of(const Policy& policy, std::string_view sender, const Body& body);
std::string basis_of(const Body& body);

// Does this consent cover a disclosure of `labels` to that agency now? Empty: yes; else why not, in plain words.
std::string not_covered(const Consent& consent, const Policy& policy, const Ask& ask);

// Fields that this message must have and has not (policy `required`, and the minimum of domain 2.2), as canonical paths; custom
// fields with a wrong type or value are named with what is expected.
std::vector<base::Error> missing(const Policy& policy, const Ask& ask, const Body& body);

}  // namespace schemas::policy
