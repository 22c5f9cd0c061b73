// What is asked of a policy, as data.
#include "cli/policy/commands.h"

namespace cli::policy {
namespace {

using counter::Command, counter::Option;

constexpr Option kProfile[] = {
    {"--framework", "cjis-6.1, cjis-5.9.5", Option::kNeeded},
};
constexpr Option kPolicyLint[] = {
    {"file", "policy file; without it the agent's policy"},
    {"--cases", "also run this decision table"},
    {"--at", "as if it were this time or date"},
};
constexpr Option kPolicyTest[] = {
    {"file", "policy file; without it (one file only) the agent's policy", Option::kNeeded},
    {"cases", "decision table: [[case]] rows"},
    {"--at", "ask at this time or date; without it when the policy comes into force"},
};
constexpr Option kPolicyDiff[] = {
    {"old", "policy file; with one file only it is the new one, and the agent's policy the old", Option::kNeeded},
    {"new", "policy file"},
};
constexpr Option kPolicyFile[] = {{"file", "policy file; without it the agent's policy"}};
constexpr Option kPolicyManual[] = {
    {"file", "policy file; without it the agent's policy"},
    {"--format", "md or html"},
    {"-o,--out", "file to write; without it standard output"},
};
constexpr Option kPolicyWhatif[] = {
    {"new", "policy file", Option::kNeeded},
    {"--replay", "ask it about the messages that the agent keeps", Option::kFlag},
    {"--since", "not before this time or date"},
    {"--until", "not after this time or date"},
};
constexpr Option kPolicyExplain[] = {
    {"what", "a message's id; or, with --from and --to, a policy file (without it the agent's policy)"},
    {"--from", "agency or kind of agency that sends"},
    {"--to", "agency or kind of agency that receives"},
    {"--kind", "Referral (if not said), StatusUpdate, SecureMessage, ..."},
    {"--purpose", "CRISIS (if not said), TREAT, COORD, CAPACITY, ADMIN or TEST"},
    {"--basis", "legal ground: consent, emergency, hold, treatment, ..."},
    {"--labels", "labels, with commas between: part2,hiv"},
    {"--consent", "none (if not said), valid, expired, revoked, other, general or legal"},
    {"--court-order", "reference of a court order"},
    {"--good-faith", "the statement that 45 CFR 164.512(j) asks for"},
    {"--at", "as if it were this time or date"},
};

constexpr Command kCommands[] = {
    {"policy lint", "what is wrong with a policy, or will be soon", "handoff policy lint alder-county.toml --cases alder-county-cases.toml",
     lint, kPolicyLint},
    {"policy test", "does it decide as a table of cases says?", "handoff policy test alder-county.toml alder-county-cases.toml",
     test, kPolicyTest},
    {"policy diff", "what does a new version decide differently?", "handoff policy diff v14.toml v15.toml", diff, kPolicyDiff},
    {"policy matrix", "what may go from each kind of agency to each", "handoff policy matrix alder-county.toml", matrix,
     kPolicyFile},
    {"policy manual", "the handbook for all staff", "handoff policy manual alder-county.toml --format html -o handbook.html",
     manual, kPolicyManual},
    {"policy whatif", "which of the agent's messages would a new version have decided differently?",
     "handoff policy whatif v15.toml --replay --since 2026-10-01", whatif, kPolicyWhatif},
    {"policy explain", "why a message was, or would be, allowed or denied",
     "handoff policy explain alder-county.toml --from river --to stb --kind SecureMessage \\\n"
     "    --purpose TREAT --basis consent --labels part2 --consent valid",
     explain, kPolicyExplain},
    {"profile list", "the frameworks and editions that there is a map of", "handoff profile list", profile_list, {}},
    {"profile show", "each control: shown by which test, in part, later, or a duty", "handoff profile show --framework cjis-6.1",
     profile_show, kProfile},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::policy
