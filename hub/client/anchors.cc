// See anchors.h.
#include "hub/client/anchors.h"

#include <fstream>
#include <iterator>

namespace hub::client {

std::string anchor_file(const std::string& first, unsigned version) {
  if (version <= 1) return first;
  const auto dot = first.rfind('.'), slash = first.rfind('/');
  const bool ending = dot != std::string::npos && (slash == std::string::npos || dot > slash);
  const auto at = ending ? dot : first.size();
  return first.substr(0, at) + "-" + std::to_string(version) + first.substr(at);
}

std::vector<std::string> anchor_notes(const std::string& first) {
  std::vector<std::string> out;
  for (unsigned version = 1;; ++version) {
    std::ifstream in(anchor_file(first, version), std::ios::binary);
    if (!in) return out;
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
}

}  // namespace hub::client
