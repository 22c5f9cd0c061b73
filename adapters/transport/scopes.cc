#include "adapters/transport/scopes.h"

#include <algorithm>

namespace adapters::transport {
namespace {

struct Scope {
  std::string_view who, type;
  std::string may;  // of "cruds"
};

bool read(std::string_view text, Scope& s) {
  const auto slash = text.find('/'), dot = text.find('.', slash == std::string_view::npos ? 0 : slash);
  if (slash == std::string_view::npos || dot == std::string_view::npos || text.find('?') != std::string_view::npos) return false;
  s.who = text.substr(0, slash), s.type = text.substr(slash + 1, dot - slash - 1);
  const std::string_view may = text.substr(dot + 1);
  s.may = may == "read" ? "rs" : may == "write" ? "cud" : may == "*" ? "cruds" : std::string(may);
  return !s.type.empty() && !s.may.empty() && s.may.find_first_not_of("cruds") == std::string::npos;
}

}  // namespace

bool scope_covers(const std::vector<std::string>& allowed, std::string_view wanted) {
  if (std::find(allowed.begin(), allowed.end(), wanted) != allowed.end()) return true;
  Scope want;
  if (!read(wanted, want)) return false;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& a) {
    Scope has;
    return read(a, has) && has.who == want.who && (has.type == "*" || has.type == want.type) &&
           std::all_of(want.may.begin(), want.may.end(), [&](char c) { return has.may.find(c) != std::string::npos; });
  });
}

}  // namespace adapters::transport
