// Where a policy comes from: a file, or the one that the agent holds.
#pragma once

#include "cli/counter/call.h"
#include "schemas/json.h"
#include "schemas/policy/tools.h"

namespace cli::policy {

struct Source {
  std::string name;  // of the file, or "the agent's policy"
  std::string toml;
};
base::Result<Source> from_file(const counter::Call& call, const std::string& path);
base::Result<Source> from_agent(const counter::Call& call);
// The file that the option or positional `name` gives; else the agent's policy.
base::Result<Source> source(const counter::Call& call, const char* name);
base::Result<schemas::policy::Policy> parse(const Source& source);  // an error's place begins with the source's name

base::Result<std::vector<schemas::policy::Case>> cases(const counter::Call& call, const std::string& path);
// --at, or else the moment given.
base::Result<base::Instant> moment(const counter::Call& call, base::Instant fallback);

// Runs a table, prints what failed (in JSON: every row), and says whether all passed.
struct Table {
  std::vector<schemas::policy::CaseResult> results;
  [[nodiscard]] std::size_t failed() const;
  void print(const counter::Call& call) const;
  [[nodiscard]] schemas::Json json() const;
};
Table run_table(const schemas::policy::Policy& policy, const std::vector<schemas::policy::Case>& cases, base::Instant now);

std::string joined(const std::vector<std::string>& words, const char* glue = ", ");

}  // namespace cli::policy
