// The referral story from a terminal, through one's own agent. Only `inbox show`, and `inbox list --names`, print what is protected:
// there the person has asked for it.
#pragma once

#include "cli/counter/command.h"

namespace cli::referral {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit send(const counter::Call& call);
counter::Exit inbox_list(const counter::Call& call);
counter::Exit inbox_show(const counter::Call& call);
// One answer to a referral each; they differ in the action and in the options that the table allows them.
counter::Exit inbox_accept(const counter::Call& call);
counter::Exit inbox_decline(const counter::Call& call);
counter::Exit inbox_info(const counter::Call& call);
counter::Exit inbox_answer(const counter::Call& call);
counter::Exit inbox_schedule(const counter::Call& call);
counter::Exit inbox_hold(const counter::Call& call);
counter::Exit inbox_start(const counter::Call& call);
counter::Exit inbox_complete(const counter::Call& call);
counter::Exit inbox_close(const counter::Call& call);
counter::Exit inbox_cancel(const counter::Call& call);
counter::Exit inbox_follow_up(const counter::Call& call);
counter::Exit inbox_retract(const counter::Call& call);
counter::Exit inbox_attachment(const counter::Call& call);
counter::Exit reroute(const counter::Call& call);
counter::Exit forward(const counter::Call& call);
// A warm handoff's two sides.
counter::Exit handoff_offer(const counter::Call& call);
counter::Exit handoff_take(const counter::Call& call);
counter::Exit handoff_refuse(const counter::Call& call);

}  // namespace cli::referral
