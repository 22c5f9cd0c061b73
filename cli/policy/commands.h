// What the program manager does with a policy. Nothing here reads a person's data: a policy is about kinds, not about people.
// Exit codes: 0 nothing to say against it, 1 a finding (an error, a failed case, a difference, a denial), 2 an error.
#pragma once

#include "cli/counter/command.h"

namespace cli::policy {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit lint(const counter::Call& call);
counter::Exit test(const counter::Call& call);
counter::Exit diff(const counter::Call& call);
counter::Exit matrix(const counter::Call& call);
counter::Exit manual(const counter::Call& call);
counter::Exit whatif(const counter::Call& call);
counter::Exit explain(const counter::Call& call);
counter::Exit profile_list(const counter::Call& call);
counter::Exit profile_show(const counter::Call& call);

}  // namespace cli::policy
