// The counter as data: every command with its words, example, options and the function that runs it. main.cc turns it into a parser.
#pragma once

#include <span>

#include "cli/counter/call.h"

namespace cli {

struct Option {
  const char* spec;  // "--to", "-o,--out"; without a dash it is a positional
  const char* words;
  enum Kind { kValue, kNeeded, kFlag } kind = kValue;
};
struct Command {
  const char* path;  // "inbox accept"
  const char* words;
  const char* example;
  counter::Exit (*run)(const counter::Call&);
  std::span<const Option> options;
};

std::span<const Command> commands();
std::span<const Option> global_options();  // before or after the command's words
std::span<const Option> groups();          // words for "inbox", "audit"

}  // namespace cli
