// See source.h.
#include "cli/policy/source.h"

#include <nlohmann/json.hpp>

#include "cli/counter/print.h"

namespace cli::policy {

std::string joined(const std::vector<std::string>& words, const char* glue) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : glue) + w;
  return out;
}

base::Result<Source> from_file(const counter::Call& call, const std::string& path) {
  TRY_ASSIGN(std::string text, counter::read_file(call, path));
  return Source{path, std::move(text)};
}

base::Result<Source> from_agent(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "policy.show"}}));
  const auto toml = answer->find("toml");
  if (toml == answer->end() || !toml->is_string())
    return base::Error{base::Kind::kNotFound, "the agent has no policy text", "policy.show", "name a policy file instead"};
  return Source{"the agent's policy", toml->get<std::string>()};
}

base::Result<Source> source(const counter::Call& call, const char* name) {
  return call.has(name) ? from_file(call, call.get(name)) : from_agent(call);
}

base::Result<schemas::policy::Policy> parse(const Source& source) {
  auto parsed = schemas::policy::parse_policy(source.toml);
  if (parsed.ok()) return parsed;
  base::Error e = parsed.error();
  e.where = source.name + (e.where.starts_with("policy") ? e.where.substr(6) : ": " + e.where);
  return e;
}

base::Result<std::vector<schemas::policy::Case>> cases(const counter::Call& call, const std::string& path) {
  TRY_ASSIGN(const std::string text, counter::read_file(call, path));
  auto parsed = schemas::policy::parse_cases(text);
  if (parsed.ok()) return parsed;
  base::Error e = parsed.error();
  e.where = path + (e.where.starts_with("cases") ? e.where.substr(5) : ": " + e.where);
  return e;
}

base::Result<base::Instant> moment(const counter::Call& call, base::Instant fallback) {
  TRY_ASSIGN(const std::string text, counter::time_option(call, "at"));
  return text.empty() ? fallback : *base::parse_rfc3339(text);
}

}  // namespace cli::policy
