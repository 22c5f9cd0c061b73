// The questions that a policy can be asked, laid out: kinds of agencies, kinds of messages, purposes, bases, labels. Comparing two policies
// and printing one both walk this grid. Pure.
#pragma once

#include <set>

#include "schemas/policy/decide.h"

namespace schemas::policy::internal {

using Words = std::vector<std::string>;

// One cell of the grid, between agencies of two kinds.
struct Cell {
  std::string from, to;  // agency kinds
  MsgKind kind{};
  Purpose purpose{};
  std::string basis, label;  // label: one, or empty
};
// What a policy says to it. Equal outcomes mean the same to the people who send and read.
struct Outcome {
  Verdict verdict = Verdict::kDeny;  // kConsent: only with a consent that covers it
  std::string view;
  Words obligations, rules;
  bool same(const Outcome& o) const { return verdict == o.verdict && view == o.view && obligations == o.obligations; }
};

// The policy with one agency of each kind, in good standing and named as its kind: so that a comparison of rules is not one of agreements.
Policy by_kinds(const Policy& policy, const std::set<std::string>& kinds);
std::string slug_of_kind(std::string_view kind);
Outcome ask(const Policy& by_kind, const Cell& cell, base::Instant now);

std::set<std::string> kinds_of(const Policy& policy);   // of its agencies, flows and label rules
std::set<std::string> labels_in(const Policy& policy);  // that its rules and the statute rules name
std::set<std::string> bases_in(const Policy& policy);   // likewise, and no basis at all ("")
bool speaks(const Flow& flow, const Cell& cell);        // of this pair, kind and purpose
// A flow that does not deny says something of this pair, kind and purpose. Where none does, every answer is no, but for what the law lets
// pass.
bool any_flow(const Policy& policy, const Cell& cell);

// A consent that covers the cell now, as a case table or the grid needs one.
Consent covering(const Ask& ask);

// Does a reader with this view get the field, or a part of it?
bool leaves(const View& view, std::string_view path);

std::string last_day(const Agency& agency);  // of its agreement, as the policy writes it; "-" if it has none
std::string joined(const Words& words, std::string_view glue = ", ");

}  // namespace schemas::policy::internal
