// The command line of handoff-authority as a small table: words, and flags that may repeat.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace cli::authority {

struct Flag {
  std::string_view name;   // "--days"
  std::string_view value;  // what the help calls its value; empty: a switch
  bool required = false;
};

class Args {
 public:
  // `words` and `flags` must outlive nothing: all is copied. kUsage says which argument is wrong.
  static base::Result<Args> parse(std::span<const std::string> given, std::size_t words, std::span<const Flag> flags);

  [[nodiscard]] const std::string& word(std::size_t i) const { return words_.at(i); }
  [[nodiscard]] bool has(std::string_view flag) const { return flags_.contains(flag); }
  [[nodiscard]] std::string get(std::string_view flag, std::string_view otherwise = {}) const;  // the last one given
  [[nodiscard]] std::vector<std::string> all(std::string_view flag) const;
  [[nodiscard]] base::Result<unsigned> number(std::string_view flag, unsigned otherwise, unsigned least, unsigned most) const;
  [[nodiscard]] base::Result<std::vector<unsigned>> numbers(std::string_view flag) const;  // "1,2"; empty if not given

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::vector<std::string>, std::less<>> flags_;
};

}  // namespace cli::authority
