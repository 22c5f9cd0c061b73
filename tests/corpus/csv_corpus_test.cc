// Every CSV and TSV file of a corpus is read, and reads the same after it was written again, or is refused with a named place.
// HANDOFF_CORPUS names a folder of other people's files; without it the samples of the repository stand in. Prints a table.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "adapters/formats/csv/csv.h"

#include <doctest/doctest.h>

#include "tests/kit/files.h"

namespace fs = std::filesystem;
namespace csv = adapters::formats::csv;

namespace {

struct Row {
  unsigned files = 0, read = 0, refused = 0;
  std::size_t rows = 0, odd = 0;  // odd: more or fewer cells than the header
};

void look(const fs::path& path, Row& row) {
  CAPTURE(path.string());
  ++row.files;
  const auto table = csv::read(kit::read_file(path));
  if (!table.ok()) {
    ++row.refused;
    CHECK_FALSE(table.error().what.empty());
    CHECK_FALSE(table.error().mend.empty());
    CHECK(table.error().where.find(':') != std::string::npos);
    std::cout << "  refused " << path.filename().string() << ": " << table.error().message() << "\n";
    return;
  }
  ++row.read;
  std::string again = csv::write_row(table->header);
  for (const auto& r : table->rows) {
    again += csv::write_row(r.cells);
    row.odd += r.cells.size() == table->header.size() ? 0 : 1;
  }
  row.rows += table->rows.size();
  const auto second = csv::read(again, {.delimiter = ','});
  REQUIRE(second.ok());
  CHECK(second->header == table->header);
  REQUIRE(second->rows.size() == table->rows.size());
  for (std::size_t i = 0; i < table->rows.size(); ++i) CHECK((second->rows[i].cells == table->rows[i].cells));
}

}  // namespace

TEST_CASE("every file of the corpus is read, or refused with its place") {
  const char* named = std::getenv("HANDOFF_CORPUS");
  const fs::path root = named != nullptr ? fs::path(named) : fs::path(HANDOFF_SOURCE_DIR) / "tests/corpus/samples";
  std::map<std::string, Row> table;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto ext = entry.path().extension();
    if (ext == ".csv" || ext == ".tsv") look(entry.path(), table[entry.path().parent_path().filename().string()]);
  }
  std::cout << "folder                         files  read  refused  rows  odd rows\n";
  for (const auto& [name, r] : table) {
    std::cout << name << std::string(name.size() < 30 ? 30 - name.size() : 1, ' ') << r.files << "\t" << r.read << "\t" << r.refused << "\t"
              << r.rows << "\t" << r.odd << "\n";
    CHECK(r.files == r.read + r.refused);
  }
  CHECK_FALSE(table.empty());
}
