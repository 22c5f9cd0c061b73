// Alder Police's export and its mapping, for the tests of the police adapter.
#pragma once

#include <string>

#include "adapters/police/settings.h"
#include "adapters/transport/files.h"

namespace police_kit {

inline std::string sample(const std::string& name) { return std::string(HANDOFF_SOURCE_DIR) + "/tests/corpus/samples/police/" + name; }
inline std::string read(const std::string& path) { return adapters::transport::read_file(path, 1 << 20).value(); }
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == text.npos ? text : text.replace(at, from.size(), to);
}
inline std::string config(const std::string& root) {
  return "in = \"" + root + "/in\"\nout = \"" + root + "/out\"\nto = \"harbor\"\nmapping = \"" + sample("alder_cad.toml") + "\"\n";
}

}  // namespace police_kit
