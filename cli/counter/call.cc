// See call.h.
#include "cli/counter/call.h"

#include <charconv>
#include <fstream>
#include <istream>
#include <iterator>

#include "crypto/base/instant.h"

namespace cli::counter {
namespace {

base::Error wrong(const char* name, const char* what, const char* mend) {
  return {base::Kind::kUsage, what, std::string("--") + name, mend};
}

}  // namespace

std::string Call::get(std::string_view name) const {
  const auto it = options.find(std::string(name));
  return it == options.end() ? std::string() : it->second;
}

base::Result<std::string> time_option(const Call& call, const char* name) {
  std::string text = call.get(name);
  if (text.empty()) return text;
  if (text.size() == 10) text += "T00:00:00Z";
  const auto at = base::parse_rfc3339(text);
  if (!at) return wrong(name, "this is not a time", "write it as 2026-10-05T14:00:00Z, or as a date: 2026-10-05");
  return base::rfc3339(*at);
}

base::Result<std::string> id_option(const Call& call, const char* name) {
  const std::string text = call.get(name);
  if (text.empty()) return text;
  const auto id = base::parse_uuid(text);
  if (!id) return base::Error{base::Kind::kUsage, "this is not an id", name, "give the UUID or the 32 hex digits that handoff printed"};
  return base::uuid(*id);
}

base::Result<std::uint64_t> number_option(const Call& call, const char* name, std::uint64_t fallback) {
  const std::string text = call.get(name);
  if (text.empty()) return fallback;
  std::uint64_t n = 0;
  const auto end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, n);
  if (error != std::errc() || at != end) return wrong(name, "this is not a number", "write it in digits");
  return n;
}

base::Result<std::string> read_file(const Call& call, const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& source = path == "-" ? call.in : file;
  std::string text{std::istreambuf_iterator<char>(source), {}};
  if ((path != "-" && !file.is_open()) || source.bad())
    return base::Error{base::Kind::kNotFound, "the file cannot be read", path, "check the name and the permissions"};
  return text;
}

int exit_code(const base::Error& e) {
  switch (e.kind) {
    case base::Kind::kDenied:
    case base::Kind::kBadSignature:
    case base::Kind::kCorrupt: return kFinding;
    default: return kError;
  }
}

}  // namespace cli::counter
