// What a command is given: its options as parsed, where to print, and where profiles live. It returns its exit code or an Error.
// Exit codes are a contract: 0 it worked or it holds, 1 a finding (tampering, denied), 2 an error.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace cli::counter {

inline constexpr int kWorked = 0, kFinding = 1, kError = 2;

struct Call {
  std::map<std::string, std::string> options;  // long name without dashes, or the name of a positional; flags are "1"
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  std::string profiles;   // folder of the NAME.toml
  bool terminal = false;  // stderr is one: progress may overwrite itself
  base::Instant now{};    // when the command was given

  [[nodiscard]] bool has(std::string_view name) const { return !get(name).empty(); }
  [[nodiscard]] std::string get(std::string_view name) const;
  [[nodiscard]] bool json() const { return has("json"); }
};
using Exit = base::Result<int>;

// Options that must look like something; absent is empty. kUsage with the option's name.
base::Result<std::string> time_option(const Call& call, const char* name);  // RFC 3339, or a date: its first moment in UTC
base::Result<std::string> id_option(const Call& call, const char* name);    // a UUID or 32 hex digits -> UUID
base::Result<std::uint64_t> number_option(const Call& call, const char* name, std::uint64_t fallback);
base::Result<std::string> read_file(const Call& call, const std::string& path);  // "-" is standard input

// The exit code that an error deserves.
int exit_code(const base::Error& e);

}  // namespace cli::counter
