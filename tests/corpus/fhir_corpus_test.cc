// Every FHIR file that others wrote is read or refused with a place: none crashes the reader, of none is nothing said, and what was read
// as a message has a kind that the model knows. Files: HANDOFF_CORPUS/fhir, if that is set.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "adapters/formats/fhir/read.h"
#include "schemas/registry.h"

#include <doctest/doctest.h>

namespace fs = std::filesystem;

TEST_CASE("every file of the corpus is read, or refused with its place") {
  const char* folder = std::getenv("HANDOFF_CORPUS");
  if (folder == nullptr || !fs::exists(fs::path(folder) / "fhir")) {
    MESSAGE("skipped: HANDOFF_CORPUS is not set");
    return;
  }
  std::map<std::string, int> kinds;
  int refused = 0, files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(folder) / "fhir")) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto r = adapters::formats::fhir::read(bytes);
    INFO(entry.path().filename().string());
    CHECK_FALSE(r.note.empty());
    if (r.error) {
      ++refused;
      CHECK_FALSE(r.error->where.empty());
      CHECK_FALSE(r.error->what.empty());
    } else {
      CHECK_FALSE(r.type.empty());
    }
    if (!r.kind.empty()) CHECK(schemas::code_of(schemas::msg_kinds(), r.kind));
    ++kinds[r.kind.empty() ? "(part or not carried)" : r.kind];
  }
  for (const auto& [kind, n] : kinds) MESSAGE(kind << ": " << n);
  MESSAGE(files << " files, " << refused << " refused");
}
