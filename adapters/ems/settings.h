// The EMS adapter's table of the configuration, checked.
#pragma once

#include <string>
#include <vector>

#include "adapters/formats/nemsis/nemsis.h"
#include "adapters/transport/folder.h"
#include "schemas/config.h"
#include "schemas/registry.h"

namespace adapters::ems {

struct Destination {
  std::string name, to;
};
struct Settings {
  std::string name, out, to, callback, basis, refer_to, refer_service;  // refer_to "": nothing is referred
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  formats::nemsis::Options reading{.all = false, .refer = false};
  std::vector<Destination> destinations;
  transport::FolderOptions in;
};

// kUsage and kMalformed name the key and the mend.
base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name);

}  // namespace adapters::ems
