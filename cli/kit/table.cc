// What whoever writes an adapter asks, as data.
#include "cli/kit/commands.h"

namespace cli::kit {
namespace {

using counter::Command, counter::Option;

constexpr Option kAdapterTest[] = {
    {"command", "the plugin's command, in quotes", Option::kNeeded},
    {"--config", "TOML file: what stands in the adapter's config table"},
    {"--memory-mb", "memory that the plugin may use, as memory_mb of its table (512; 0: no limit)"},
    {"--poke", "command that makes the plugin submit something; it finds its number in $HANDOFF_POKE"},
    {"--folder", "where both run (default: here)"},
    {"--seconds", "how long to wait for an answer (default 10)"},
    {"--step", "only this step of the story"},
};

constexpr Command kCommands[] = {
    {"adapter test", "plays the conformance story against a plugin; exit 1 if a step does not hold",
     "handoff adapter test 'python3 bridge.py' --config bridge.toml --poke 'cp sample.csv in/$HANDOFF_POKE.csv'", adapter_test,
     kAdapterTest},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::kit
