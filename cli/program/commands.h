// What coordinators and compliance officers ask of their agent. Nothing protected is printed, unless --names asks for it or one consent is
// shown. Exit 1: something is overdue (a loop, a review) or ends soon (a consent).
#pragma once

#include "cli/counter/command.h"

namespace cli::program {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit loops(const counter::Call& call);
// Exit 0. Counts only, small ones hidden.
counter::Exit report_list(const counter::Call& call);
counter::Exit report_run(const counter::Call& call);
counter::Exit timers(const counter::Call& call);
counter::Exit notices(const counter::Call& call);
counter::Exit inbox_watch(const counter::Call& call);
counter::Exit oncall_show(const counter::Call& call);
counter::Exit oncall_set(const counter::Call& call);
counter::Exit oncall_take(const counter::Call& call);
counter::Exit oncall_hand_over(const counter::Call& call);
counter::Exit notify_list(const counter::Call& call);
counter::Exit notify_add(const counter::Call& call);
counter::Exit notify_remove(const counter::Call& call);
counter::Exit notify_test(const counter::Call& call);  // exit 1: a way did not take it
counter::Exit capacity_list(const counter::Call& call);
counter::Exit capacity_set(const counter::Call& call);
counter::Exit capacity_ask(const counter::Call& call);
counter::Exit consent_list(const counter::Call& call);
counter::Exit consent_show(const counter::Call& call);
counter::Exit consent_add(const counter::Call& call);
counter::Exit consent_revoke(const counter::Call& call);
counter::Exit consent_report(const counter::Call& call);
counter::Exit btg_open(const counter::Call& call);
counter::Exit btg_list(const counter::Call& call);
counter::Exit btg_review(const counter::Call& call);
// What the agency itself holds about the person is shown to its own people. Confirm: exit 1 if another record of the same visit still waits.
counter::Exit matches_list(const counter::Call& call);
counter::Exit matches_show(const counter::Call& call);
counter::Exit matches_confirm(const counter::Call& call);
counter::Exit matches_dismiss(const counter::Call& call);
counter::Exit matches_undo(const counter::Call& call);
counter::Exit quarantine_list(const counter::Call& call);
counter::Exit quarantine_show(const counter::Call& call);
counter::Exit quarantine_export(const counter::Call& call);
counter::Exit quarantine_replay(const counter::Call& call);
counter::Exit quarantine_replays(const counter::Call& call);
counter::Exit quarantine_stop(const counter::Call& call);
counter::Exit quarantine_discard(const counter::Call& call);

}  // namespace cli::program
