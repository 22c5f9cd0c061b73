// Whom to call when nothing else works: the numbers of the policy's agencies. Nothing protected; shown before anybody signs in, and kept on
// devices.
#pragma once

#include "schemas/json.h"
#include "schemas/policy/policy.h"

namespace adapters::agent::people {

// [{agency, name, what, phone}], in the policy's order. The policy writes "+1-555-0101" or "Watch commander, +1-555-0102": `what` is who
// answers there, or else which of an agency's numbers it is: on_call, supervisor.
schemas::Json phone_tree(const schemas::policy::Policy& policy);

// The number of "role, number".
std::string number_in(const std::string& said);

}  // namespace adapters::agent::people
