// The plugin's table of the configuration, checked.
#pragma once

#include <string>

#include "adapters/transport/process.h"
#include "schemas/config.h"

namespace adapters::foreign {

struct Settings {
  std::string name, config;                  // config: a JSON object, handed through
  transport::ProcessOptions process;         // cpu_seconds: of a minute
  std::uint64_t hello_ms = 10'000, answer_ms = 30'000, grace_ms = 5'000, restart_ms = 500, health_ms = 10'000;
};

// kUsage and kMalformed name the key and the mend.
base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name);

}  // namespace adapters::foreign
