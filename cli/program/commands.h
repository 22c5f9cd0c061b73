// What coordinators and compliance officers ask of their agent. Nothing protected is printed, unless --names asks for it or one consent is
// shown. Exit 1: something is overdue (a loop, a review) or ends soon (a consent).
#pragma once

#include "cli/counter/call.h"

namespace cli::program {

counter::Exit loops(const counter::Call& call);
counter::Exit timers(const counter::Call& call);
counter::Exit notices(const counter::Call& call);
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

}  // namespace cli::program
