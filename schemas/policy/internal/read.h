// The sections of a policy file, each read into its part of the value. A state pack is read with the same rows.
#pragma once

#include "schemas/policy/internal/row.h"

namespace schemas::policy::internal {

void read_rules(Row& root, Policy& out);     // agency, flow, label_rule, view, required, custom_field
void read_workings(Row& root, Policy& out);  // sla, calendar, routing, role, glossary, report, break_glass, retention, expiry
void read_label_rule(const Toml& t, LabelRule& out, Fault& fault);

// What a part cannot know alone: duplicate ids, names that must exist, contradictions with a statute or state rule, lockout.
void check(const Policy& policy, Fault& fault);

}  // namespace schemas::policy::internal
