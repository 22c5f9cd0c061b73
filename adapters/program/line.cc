// See line.h.
#include "adapters/program/line.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "adapters/agent/settings.h"
#include "cli/counter/print.h"

namespace adapters::program {

base::Result<std::shared_ptr<Json>> ask(const std::string& dir, const Json& request) {
  TRY_ASSIGN(cli::counter::Agent line, cli::counter::Agent::connect(dir));
  return line.ask(request);
}

base::Result<std::string> data_folder(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(const agent::Settings settings, agent::load_settings(config));
  return settings.dir;
}

std::string field(const Json& j, const char* key) { return cli::counter::text(j, key); }

std::string joined(const Json& list, const char* between) {
  std::string out;
  for (const Json& one : list) out += (out.empty() ? "" : between) + cli::counter::plain(one.is_string() ? one.get<std::string>() : "");
  return out;
}

void next(const std::string& words) { fmt::print("next: {}\n", words); }

}  // namespace adapters::program
