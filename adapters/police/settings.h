// The police adapter's table of the configuration and its mapping, checked.
#pragma once

#include <string>

#include "adapters/folder/adapter.h"
#include "adapters/folder/sheet.h"
#include "adapters/police/status_hook.h"
#include "schemas/config.h"

namespace adapters::police {

struct Settings {
  folder::Settings folder;
  folder::Sheet sheet;
  HookSettings hook;
};

// kUsage and kMalformed name the key and the mend, kNotFound the mapping file.
base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name);

}  // namespace adapters::police
