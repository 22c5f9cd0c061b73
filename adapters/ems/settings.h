// The EMS adapter's table of the configuration, checked.
#pragma once

#include <string>
#include <vector>

#include "adapters/ems/site.h"
#include "adapters/folder/adapter.h"
#include "adapters/formats/nemsis/nemsis.h"
#include "schemas/config.h"

namespace adapters::ems {

struct Destination {
  std::string name, to;
};
struct Settings {
  folder::Settings folder;
  std::string to, callback, basis, refer_to, refer_service;  // refer_to "": nothing is referred
  std::shared_ptr<const Site> site;  // nullptr: the standard mapping alone
  std::string schema_dir;        // "": no schema
  bool csv = true, nemsis = false;  // what outcomes are written as
  formats::nemsis::Options reading{.all = false, .refer = false};
  std::vector<Destination> destinations;
};

// kUsage and kMalformed name the key and the mend.
base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name);

}  // namespace adapters::ems
