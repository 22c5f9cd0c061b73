// What a compliance officer keeps at the agency's shelf. Of a person: which fields went where and why, never what stood in them, but for the
// copy that the person asked for, which goes into a file of its own (mode 0600). Exit 1: a finding (a review that is late, people who are
// inactive, something exposed).
#pragma once

#include "cli/counter/command.h"

namespace cli::compliance {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit accounting(const counter::Call& call);
counter::Exit suspension_add(const counter::Call& call);
counter::Exit suspension_list(const counter::Call& call);
counter::Exit suspension_lift(const counter::Call& call);
counter::Exit audit_flows(const counter::Call& call);
counter::Exit incident_scope(const counter::Call& call);
counter::Exit retention_status(const counter::Call& call);
counter::Exit retention_run(const counter::Call& call);
counter::Exit retention_hold(const counter::Call& call);
counter::Exit retention_release(const counter::Call& call);
counter::Exit audit_review(const counter::Call& call);
counter::Exit access_review(const counter::Call& call);

}  // namespace cli::compliance
