// What people do with a policy: lint, test, compare, explain, print. All pure; all output plain values that the CLI renders.
#pragma once

#include "schemas/policy/decide.h"

namespace schemas::policy {

struct Finding {
  enum class Grade { kError, kWarning } grade = Grade::kWarning;
  unsigned line = 0;
  std::string rule, what, mend;
};
// Errors: no path for emergent referrals from an agency kind that had to have one, a supervisor-less escalation, an expired agreement of
// the only target. Warnings: unreachable or shadowed rules, no on-call number, agreements that end within 60 days of `now`, views
// that cut a required field, review_by passed.
std::vector<Finding> lint(const Policy& policy, base::Instant now);

// A decision table: [[case]] with a name that reads as a sentence, what is asked, and what must come. Every row is asked; nothing is
// skipped.
struct Case {
  std::string name, from, to, kind, purpose, basis;  // from, to: slugs, or kinds (their first agency)
  std::string consent;    // none | valid | expired | revoked | other (recipient) | general (names no label) | legal
  std::string emergency;  // the record of 42 CFR 2.51: none | complete | incomplete
  std::string court_order, good_faith, urgency, at;  // at: when it is asked, if not at `now`
  std::vector<std::string> labels;                   // those that follow from the sender (a Part 2 program) are added as an agent does
  bool machine = false, break_glass = false;
  std::string expect, rule, view, code;  // allow | deny; a rule that must have said so; the view; the code of a denial
  std::vector<std::string> obligations;  // that must be among those of the answer
  unsigned line = 0;
};
struct CaseResult {
  Case c;
  bool passed = false;
  std::string why;  // of a failure: what was expected and what came, in words
  Answer answer;
};
base::Status check_case(const Case& c);  // its words are known ones; kUsage names the column. Before run()
base::Result<std::vector<Case>> parse_cases(std::string_view toml);
CaseResult run(const Policy& policy, const Case& c, base::Instant now);

// Differences in what is decided, over every pair of agency kinds, message kind, purpose, label set and basis that either names:
// "EMS -> police SecureMessage: deny -> allow (F7)". And in timers, views and roles, as lines of words.
struct Change {
  std::string what, before, after;
};
std::vector<Change> diff(const Policy& before, const Policy& after, base::Instant now);

// Kinds x kinds: what may go from a row's kind to a column's, as short words ("Referral, StatusUpdate; consent").
struct Matrix {
  std::vector<std::string> kinds;
  std::vector<std::vector<std::string>> cells;  // [from][to]
};
Matrix matrix(const Policy& policy);
// The same for reading: pairs that may say the same share a line; pairs that may say nothing have none.
struct Road {
  std::vector<std::string> from, to;
  std::string may;
};
std::vector<Road> roads(const Matrix& matrix);

// The staff handbook: glossary, roles and responsibilities, who may send what to whom, what each reader sees, timers, decision tables,
// the state's holds, phone numbers. One document, deterministic.
std::string manual_markdown(const Policy& policy);
std::string manual_html(const Policy& policy);  // self-contained, printable

}  // namespace schemas::policy
