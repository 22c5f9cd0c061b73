// vectors_generate DIR: writes every vector file below DIR. Deterministic; a test compares the committed files with it.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/vectors/vector_file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: vectors_generate DIR\n");
    return 2;
  }
  for (const auto& [path, content] : vectors::make_all()) {
    const std::filesystem::path file = std::filesystem::path(argv[1]) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  return 0;
}
