// A command of the counter as data: its words, example, options and the function that runs it. Each room of commands has a table of them.
#pragma once

#include <span>

#include "cli/counter/call.h"

namespace cli::counter {

struct Option {
  const char* spec;  // "--to", "-o,--out"; without a dash it is a positional; kMany: may be given often, values are lines
  const char* words;
  enum Kind { kValue, kNeeded, kFlag, kMany } kind = kValue;
};
inline constexpr Option kCsv{"--csv", "one line each, for a spreadsheet", Option::kFlag};

struct Command {
  const char* path;  // "inbox accept"
  const char* words;
  const char* example;
  Exit (*run)(const Call&);
  std::span<const Option> options;
};

}  // namespace cli::counter
