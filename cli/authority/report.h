// What a command tells: facts in order, for people ("key   value") or as one JSON document (--json).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/authority/desk.h"

namespace cli::authority {

class Report {
 public:
  using Value = std::variant<std::string, std::uint64_t, bool, std::vector<std::string>>;
  void add(const std::string& key, Value value);               // a key that is told again keeps its place
  void print(const Args& args, const Context& context) const;  // --json decides

 private:
  std::vector<std::pair<std::string, Value>> facts_;
};

std::string spoken(const crypto::Hash& h);  // "4f1a 09c2 ...": hex in groups, to be read aloud

}  // namespace cli::authority
