// What the program manager does with a policy. Nothing here reads a person's data: a policy is about kinds, not about people.
// Exit codes: 0 nothing to say against it, 1 a finding (an error, a failed case, a difference, a denial), 2 an error.
#pragma once

#include "cli/counter/call.h"

namespace cli::policy {

counter::Exit lint(const counter::Call& call);
counter::Exit test(const counter::Call& call);
counter::Exit diff(const counter::Call& call);
counter::Exit matrix(const counter::Call& call);
counter::Exit manual(const counter::Call& call);
counter::Exit whatif(const counter::Call& call);
counter::Exit explain(const counter::Call& call);

}  // namespace cli::policy
