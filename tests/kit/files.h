// Files as tests read them. What is not there ends the test, with its name.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace kit {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be read: " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}
inline std::string source_file(std::string_view name) { return read_file(std::filesystem::path(HANDOFF_SOURCE_DIR) / name); }
inline std::string sample(std::string_view name) { return read_file(std::filesystem::path(HANDOFF_SOURCE_DIR) / "tests/corpus/samples" / name); }

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == text.npos) throw std::runtime_error("not there: " + std::string(from));
  return text.replace(at, from.size(), to);
}

}  // namespace kit
