// The police adapter's table of the configuration and its mapping, checked.
#pragma once

#include <string>
#include <vector>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/mapping/mapping.h"
#include "adapters/transport/folder.h"
#include "schemas/config.h"
#include "schemas/registry.h"

namespace adapters::police {

struct Route {
  std::string service, to;
};
struct Settings {
  std::string name, out, to;
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  std::vector<Route> routes;
  formats::mapping::Mapping mapping;
  formats::csv::Options reading;
  transport::FolderOptions in;
};

// kUsage and kMalformed name the key and the mend, kNotFound the mapping file.
base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name);

}  // namespace adapters::police
