// What there is to say of a program, once: its commands and their options as data, from which man pages and completions are written.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/result.h"

namespace cli::papers {

struct Flag {
  std::vector<std::string> names;  // "--out", "-o"
  std::string words;               // may be empty: the command's own words speak of it
  bool value = false;              // the next word is its value
  bool needed = false;
};
struct Entry {
  std::string path;   // "audit search"; empty for a program of one command
  std::string usage;  // its arguments: "DIR [--json]"
  std::string words;
  std::string example;
  std::vector<Flag> flags;
};
struct Page {
  std::string program, about;
  std::vector<std::string> tail;  // lines on exit codes and the like
  std::vector<Flag> everywhere;   // options that go with every command
  std::vector<std::pair<std::string, std::string>> groups;  // "audit", its words
  std::vector<Entry> entries;
};

Page of_table();                                                            // handoff, from the table of its commands
base::Result<Page> of_help(const std::string& program, std::string_view help);  // another program, from what its --help prints of its table

std::string man(const Page& page);
std::string bash(const Page& page);
std::string zsh(const Page& page);
std::string fish(const Page& page);

// What can stand at a place: the words after "", "audit", ... and the options after a whole path.
struct Place {
  std::string path;
  std::vector<std::pair<std::string, std::string>> next;  // word, what it does
  std::vector<Flag> flags;
};
std::vector<Place> places(const Page& page);
std::string quoted(std::string_view text);  // for a shell, in single quotes

}  // namespace cli::papers
