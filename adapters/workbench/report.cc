#include "adapters/workbench/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schemas/json.h"

namespace adapters::workbench {
namespace {

using base::Error;
using schemas::Json;

constexpr std::size_t kMaxWarnings = 100, kMaxUnmapped = 500;

Json at_most(const std::set<std::string>& all, std::size_t most) {
  Json out = Json::array();
  for (const auto& one : all) {
    if (out.size() == most) {
      out.push_back("... and " + std::to_string(all.size() - most) + " more");
      break;
    }
    out.push_back(one);
  }
  return out;
}

}  // namespace

void Report::warn(Error e) {
  if (warnings.size() < kMaxWarnings)
    warnings.push_back(std::move(e));
  else
    ++more;
}

void Report::refuse(Error e) {
  ++refused;
  warn(std::move(e));
}

void Report::finish() {
  if (!error && messages > 0 && refused >= messages && !warnings.empty()) {
    error = warnings.front();
    if (messages > 1) error->what += ", and so with all " + std::to_string(messages);
  }
  if (error && error->mend.empty()) error->mend = "have the source correct it";
}

std::string_view Report::verdict() const {
  if (error) return "refused";
  return warnings.empty() && unmapped.empty() ? "read" : "partial";
}

std::string shown(const std::string& path, const Report& r) {
  std::string kind;
  for (const auto& k : r.kinds) kind += (kind.empty() ? "" : ", ") + k;
  Json out = {{"file", path},
              {"format", r.format},
              {"kind", kind},
              {"verdict", r.verdict()},
              {"messages", r.messages},
              {"fields", r.fields},
              {"unmapped", at_most(r.unmapped, kMaxUnmapped)},
              {"warnings", Json::array()}};
  for (const Error& e : r.warnings) out["warnings"].push_back({{"where", e.where}, {"what", e.what}});
  if (r.more > 0) out["warnings"].push_back({{"where", ""}, {"what", std::to_string(r.more) + " more"}});
  if (!r.withheld.empty()) out["withheld"] = at_most(r.withheld, kMaxUnmapped);
  if (r.error) out["error"] = {{"where", r.error->where}, {"what", r.error->what}, {"mend", r.error->mend}};
  return schemas::dump(out);
}

}  // namespace adapters::workbench
