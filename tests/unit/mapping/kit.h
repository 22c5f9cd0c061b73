// A folder of its own for each test, and inspect's answer as JSON.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/transport/files.h"
#include "adapters/workbench/inspect.h"
#include "schemas/json.h"

namespace mapping_kit {

struct Folder {
  std::string path;
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-bench-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string write(const std::string& name, std::string_view bytes) const {
    (void)adapters::transport::write_file(path, name, bytes);
    return path + "/" + name;
  }
};

inline std::string samples() { return std::string(HANDOFF_SOURCE_DIR) + "/tests/corpus/samples/"; }
inline std::string read(const std::string& path) { return adapters::transport::read_file(path, 1 << 20).value(); }

// Of bytes under a name, without a mapping.
inline schemas::Json inspected(std::string_view bytes, const std::string& name = "file", const std::string& format = "") {
  const auto seen = adapters::workbench::Inspector::make({format, ""})->bytes(name, bytes);
  return *schemas::parse_json(seen.json).value();
}

}  // namespace mapping_kit
