// The command line of handoff-agent, as plain values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::program {

constexpr int kWorked = 0, kFinding = 1, kFailed = 2, kDiskFailed = 3;  // docs/guide/agency-it.md

struct Arguments {
  std::string command;                         // "feed dry-run": one word or two, as the table of commands has it
  std::vector<std::string> words;              // what is no option
  std::map<std::string, std::string> options;  // without the dashes; a flag is ""
  [[nodiscard]] std::string get(const std::string& name, const std::string& fallback = {}) const {
    const auto it = options.find(name);
    return it == options.end() ? fallback : it->second;
  }
  [[nodiscard]] bool has(const std::string& name) const { return options.contains(name); }
};

base::Error usage(std::string what, std::string where = {});  // kUsage, with the mend "see --help"

// One row of the table in commands.cc. `takes`: its options, "config= json": one with = needs a value.
struct Command {
  const char *name, *takes, *help;
  base::Result<int> (*run)(const Arguments& a);  // the exit code
};

// kUsage: an unknown command or option, a missing value.
base::Result<Arguments> read_arguments(int argc, char** argv, const std::vector<Command>& commands, const Command** chosen);

// The agent's configuration: --config FILE, or the folder that is the command's first word.
// "-o FILE" among the words, as other tools have it (taken out of them), or --out.
std::string out_of(const Arguments& a, std::vector<std::string>& words);
base::Result<std::string> config_path(const Arguments& a);

}  // namespace adapters::program
