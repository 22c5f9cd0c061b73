// The commands of handoff-authority. Each gets parsed arguments, does one thing and says what it did.
#pragma once

#include "cli/authority/desk.h"

namespace cli::authority {

// The whole program but for main(): 0 it worked, 1 a finding, 2 an error (commands.md). Throws nothing.
int run(std::span<const std::string> arguments, const Context& context);

enum class Exit { kOk = 0, kFinding = 1 };
using Outcome = base::Result<Exit>;

Outcome init(const Args& args, const Context& context);
Outcome anchor_show(const Args& args, const Context& context);
Outcome anchor_rotate(const Args& args, const Context& context);
Outcome request_show(const Args& args, const Context& context);
Outcome issue(const Args& args, const Context& context);
Outcome revoke(const Args& args, const Context& context);
Outcome suspend(const Args& args, const Context& context);
Outcome policy_sign(const Args& args, const Context& context);
Outcome sign(const Args& args, const Context& context);
Outcome record(const Args& args, const Context& context);

// Writes `note` to -o, takes it into the register if it is complete, and tells: what it is, its hashes, what it still needs.
class Report;
Outcome finish(Desk& desk, const crypto::Note& note, const std::string& file, Report& report, const Args& args, const Context& context);

}  // namespace cli::authority
