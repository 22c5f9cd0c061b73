// What IT asks its agent. Nothing protected is in any answer.
#pragma once

#include "cli/counter/command.h"

namespace cli::admin {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit status(const counter::Call& call);
counter::Exit can_send(const counter::Call& call);
counter::Exit directory_list(const counter::Call& call);
counter::Exit directory_offer(const counter::Call& call);
counter::Exit login(const counter::Call& call);
counter::Exit logout(const counter::Call& call);
counter::Exit people_list(const counter::Call& call);
counter::Exit people_add(const counter::Call& call);
counter::Exit people_set(const counter::Call& call);
counter::Exit people_disable(const counter::Call& call);
counter::Exit people_enable(const counter::Call& call);
counter::Exit people_reset(const counter::Call& call);
counter::Exit people_recover(const counter::Call& call);
counter::Exit people_sessions(const counter::Call& call);
counter::Exit people_sign_out(const counter::Call& call);
counter::Exit people_remove_factor(const counter::Call& call);
counter::Exit people_remove(const counter::Call& call);

}  // namespace cli::admin
