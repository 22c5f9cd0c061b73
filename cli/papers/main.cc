// handoff-papers BIN OUT: writes OUT/man/PROGRAM.1 and OUT/completions/{bash,zsh,fish}/ for the five programs in BIN. Run by the build.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/papers/page.h"

namespace {

using namespace cli::papers;

// What `BIN/program --help` prints. The build itself gives the folder.
std::string help_of(const std::string& bin, const std::string& program) {
  std::string text;
  FILE* pipe = ::popen((cli::papers::quoted(bin + "/" + program) + " --help").c_str(), "r");
  if (pipe == nullptr) return text;
  char some[4096];
  for (std::size_t n; (n = std::fread(some, 1, sizeof some, pipe)) > 0;) text.append(some, n);
  return ::pclose(pipe) == 0 ? text : std::string();
}

bool write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return std::filesystem::exists(path) && std::filesystem::file_size(path) == text.size();
}

bool write_all(const Page& page, const std::filesystem::path& out) {
  return write(out / "man" / (page.program + ".1"), man(page)) && write(out / "completions/bash" / page.program, bash(page)) &&
         write(out / "completions/zsh" / ("_" + page.program), zsh(page)) && write(out / "completions/fish" / (page.program + ".fish"), fish(page));
}

int fail(const std::string& what) {
  std::cerr << "handoff-papers: " << what << "\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("usage: handoff-papers BIN OUT");
  if (!write_all(of_table(), argv[2])) return fail("cannot write there");
  for (const char* program : {"handoff-hub", "handoff-agent", "handoff-authority", "handoff-verify"}) {
    const auto page = of_help(program, help_of(argv[1], program));
    if (!page.ok()) return fail(page.error().message());
    if (!write_all(*page, argv[2])) return fail("cannot write there");
  }
  return 0;
}
