// Every *.hl7 file of a corpus is rendered back byte for byte or refused by name. HANDOFF_CORPUS names a folder of other people's
// messages; without it the samples of the repository stand in. Prints a table.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/message.h"
#include "adapters/hospital/inspect.h"
#include "adapters/hospital/referral_in.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

namespace fs = std::filesystem;
namespace hl7 = adapters::formats::hl7v2;
namespace hospital = adapters::hospital;

namespace {

struct Row {
  unsigned files = 0, messages = 0, same = 0, refused = 0, referrals = 0, mapped = 0;
};

void look(const fs::path& path, Row& row) {
  CAPTURE(path.string());
  const std::string bytes = kit::read_file(path);
  ++row.files;
  const auto file = hl7::parse_file(bytes);
  if (!file.ok()) {
    ++row.refused;
    CHECK_FALSE(file.error().what.empty());
    CHECK_FALSE(file.error().where.empty());
    std::cout << "  refused " << path.filename().string() << ": " << file.error().message() << "\n";
    return;
  }
  CHECK((hl7::render(*file) == bytes));
  const auto looked = hospital::look(bytes);
  CHECK(looked.ok());
  ++row.same;
  for (const hl7::Message& m : file->parts) {
    if (m.envelope()) continue;
    ++row.messages;
    for (const hl7::Segment& s : m.segments) CHECK(hl7::valid_utf8(m.value(s, {.field = 5})));
    if (hospital::refuse_header(m) || hospital::topic_of(m) != hospital::Topic::kReferral) continue;
    ++row.referrals;
    const auto mapped = hospital::referral_from(m, {});
    for (const auto& f : mapped.faults) std::cout << "  fault " << path.filename().string() << ": " << f.where << " " << f.text << "\n";
    row.mapped += mapped.faults.empty() ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("every message of the corpus comes back byte for byte, or is refused by name") {
  const char* named = std::getenv("HANDOFF_CORPUS");
  const fs::path root = named != nullptr ? fs::path(named) : fs::path(HANDOFF_SOURCE_DIR) / "tests/corpus/samples";
  std::map<std::string, Row> table;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".hl7") look(entry.path(), table[entry.path().parent_path().filename().string()]);
  }
  std::cout << "folder                         files  messages  same bytes  refused  REF^I12  mapped\n";
  for (const auto& [name, r] : table) {
    std::cout << name << std::string(name.size() < 30 ? 30 - name.size() : 1, ' ') << r.files << "\t" << r.messages << "\t" << r.same
              << "\t" << r.refused << "\t" << r.referrals << "\t" << r.mapped << "\n";
    CHECK(r.files == r.same + r.refused);
  }
  CHECK_FALSE(table.empty());
}
