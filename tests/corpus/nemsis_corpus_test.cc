// Every *.xml file of a corpus is read or refused with a place. HANDOFF_CORPUS names a folder of other people's files; without it the
// samples of the repository stand in. Prints a table.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "adapters/formats/nemsis/nemsis.h"
#include "adapters/formats/xml/xml.h"
#include "schemas/body.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

namespace fs = std::filesystem;
using namespace adapters::formats;

namespace {

struct Row {
  unsigned files = 0, xml = 0, datasets = 0, reports = 0, offers = 0, behavioral = 0, absent = 0, refused = 0;
};

void collect(const xml::Element& e, std::string_view name, std::vector<std::string>& out) {
  if (e.name == name && e.text.size() > 4) out.emplace_back(e.text);
  for (const auto& c : e.children) collect(c, name, out);
}

void check_report(const nemsis::Report& r, const std::vector<std::string>& secrets, Row& row) {
  ++row.reports;
  row.offers += r.handoff.phase == "offer", row.behavioral += r.behavioral, row.absent += static_cast<unsigned>(r.absent.size());
  schemas::Body body;
  body.payload = r.referral, body.absent = r.absent, body.custom = r.custom;
  const base::Bytes bytes = schemas::encode_body(body);
  CHECK(schemas::decode_body(bytes).ok());
  for (const std::string& s : secrets) CHECK(base::text(bytes).find(s) == std::string_view::npos);
}

void look(const fs::path& path, Row& row) {
  const std::string name = path.filename().string(), bytes = kit::read_file(path);
  CAPTURE(path.string());
  ++row.files;
  const auto tree = xml::parse(bytes);
  row.xml += tree.ok();
  const auto reports = nemsis::read(bytes, name);
  if (!reports.ok()) {
    ++row.refused;
    CHECK(reports.error().where.starts_with(name + ":"));
    CHECK_FALSE(reports.error().what.empty());
    std::cout << "  refused " << reports.error().message() << "\n";
    return;
  }
  ++row.datasets;
  std::vector<std::string> secrets;
  for (const char* element : {"ePatient.12", "ePatient.21"}) collect(tree->root(), element, secrets);
  for (const auto& r : *reports) check_report(r, secrets, row);
}

}  // namespace

TEST_CASE("every XML file of the corpus is read, or refused with a place") {
  const char* named = std::getenv("HANDOFF_CORPUS");
  const fs::path root = named != nullptr ? fs::path(named) : fs::path(HANDOFF_SOURCE_DIR) / "tests/corpus/samples";
  std::map<std::string, Row> table;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".xml") look(entry.path(), table[entry.path().parent_path().filename().string()]);
  }
  std::cout << "folder                         files   XML  data sets  reports  offers  behavioral  absent  refused\n";
  for (const auto& [name, r] : table) {
    std::cout << name << std::string(name.size() < 30 ? 30 - name.size() : 1, ' ') << r.files << "\t" << r.xml << "\t" << r.datasets << "\t"
              << r.reports << "\t" << r.offers << "\t" << r.behavioral << "\t" << r.absent << "\t" << r.refused << "\n";
    CHECK(r.files == r.datasets + r.refused);
  }
  CHECK_FALSE(table.empty());
}
