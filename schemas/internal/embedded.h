// Data files that are compiled in (schemas/embed.cmake), so that nothing is read at run time. Values; thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace schemas::internal {

struct Embedded {
  std::string_view name, text;  // file name without folder; its bytes
};
std::span<const Embedded> value_files();  // schemas/values/*.toml, by name
std::span<const Embedded> pack_files();   // schemas/policy/packs/*.toml, by name
std::span<const Embedded> control_files();  // schemas/policy/controls/*.toml, by name

}  // namespace schemas::internal
