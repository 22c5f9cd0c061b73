#include "adapters/inbox/assets.h"

#include <algorithm>

namespace adapters::inbox {

const transport::Asset* find(std::string_view path) {
  const auto files = all();
  const auto it = std::ranges::lower_bound(files, path, {}, &transport::Asset::path);
  return it != files.end() && it->path == path ? &*it : nullptr;
}

}  // namespace adapters::inbox
