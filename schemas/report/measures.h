// The measures of domain brief section 6: what is counted, over which loops, and in which words it is explained. A loop belongs to the
// period in which it was requested (a handoff without a referral: offered), whatever came of it later. Pure; deterministic.
// docs/guide/reports.md has each definition for its readers.
#pragma once

#include <span>

#include "schemas/report/draft.h"
#include "schemas/report/facts.h"

namespace schemas::report {

inline constexpr const char* kDefinitions = "1";  // version of all definitions together: a change of one raises it

struct Field {  // a custom field that the policy marks report = true
  std::string id, label;
  std::vector<std::string> codes;
};
struct Input {
  std::vector<LoopFact> facts;               // of all times; those entered in error are left out by whoever makes them
  std::map<std::string, std::string> names;  // slug -> the agency's name
  std::vector<Field> fields;
};
// Fills in what the first referral of a chain says of the whole. Once, when the facts are complete.
void link_chains(std::vector<LoopFact>& facts);

struct Name {
  const char* name;
  const char* title;
  const char* what;
};
std::span<const Name> names();  // `quarterly` bundles several

// `by`: "", "partner", "from", "urgency", "service" or "month". kNotFound: no such report; kUsage: no such `by`.
base::Result<Draft> draft(std::string_view name, std::string_view by, const Input& input, const Period& period);
// Every count that any report may print, for that span alone.
std::map<std::string, std::uint64_t> all_counts(const Input& input, const Span& span);

}  // namespace schemas::report
