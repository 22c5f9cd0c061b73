// map test and map show, over the samples of the repository: one folder for each format.
#include "adapters/workbench/bench.h"

#include "tests/unit/mapping/kit.h"

#include <doctest/doctest.h>

using namespace adapters::workbench;
namespace fs = std::filesystem;

namespace {

struct Copy : mapping_kit::Folder {
  explicit Copy(const std::string& sample) {
    for (const auto& entry : fs::directory_iterator(mapping_kit::samples() + "mapping/" + sample)) fs::copy(entry.path(), path);
  }
};

}  // namespace

TEST_CASE("every golden sample of the repository is as expected") {
  unsigned folders = 0;
  for (const auto& entry : fs::directory_iterator(mapping_kit::samples() + "mapping")) {
    const auto all = test_mappings(entry.path().string(), false);
    REQUIRE_MESSAGE(all.ok(), all.error().message());
    ++folders;
    for (const auto& t : *all) {
      CAPTURE(entry.path().string());
      CHECK(t.golden);
      for (const auto& d : t.differences) FAIL_CHECK(t.name << ": " << d);
    }
  }
  CHECK(folders == 5);
}

TEST_CASE("a change is told by record and field, without values; --write takes it over") {
  const Copy folder("cad_csv");
  std::string sample = mapping_kit::read(folder.path + "/welfare.csv");
  sample.replace(sample.find(";2;Roe"), 6, ";1;Roe");
  (void)folder.write("welfare.csv", sample);
  const auto changed = test_mappings(folder.path, false);
  REQUIRE(changed->at(0).differences == std::vector<std::string>{"~ records[0].body.referral.urgency: another value than expected"});
  CHECK(test_mappings(folder.path, true)->at(0).differences.empty());
  CHECK(test_mappings(folder.path, false)->at(0).differences.empty());
}

TEST_CASE("a sample without a golden file is not as expected; a refusal is a result like any other") {
  const Copy folder("cad_csv");
  (void)folder.write("zz.csv", "case_no;NCIC_OCA\n1;2\n");
  CHECK_FALSE(test_mappings(folder.path, false)->at(1).golden);
  CHECK(test_mappings(folder.path, true)->at(1).golden);
  CHECK(mapping_kit::read(folder.path + "/zz.csv.expected.json").find("unmapped column NCIC_OCA") != std::string::npos);
}

TEST_CASE("no cji or chri value reaches any golden result") {
  for (const char* sample : {"cad_csv", "crisis_json", "niem"}) {
    for (const auto& entry : fs::directory_iterator(mapping_kit::samples() + "mapping/" + sample)) {
      if (!entry.path().string().ends_with(".expected.json")) continue;
      const std::string text = mapping_kit::read(entry.path().string());
      for (const char* secret : {"NCIC", "III HIT", "see file", "900-00"}) CHECK(text.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("a folder without a mapping or samples is an error with its place") {
  const mapping_kit::Folder folder;
  CHECK_FALSE(test_mappings(folder.path, false).ok());
  (void)folder.write("mapping.toml", mapping_kit::read(mapping_kit::samples() + "mapping/cad_csv/mapping.toml"));
  CHECK(test_mappings(folder.path, false).error().what == "no samples in it");
}

TEST_CASE("a mapping is shown as a table, with what has no source") {
  const auto shown = show_mapping(mapping_kit::samples() + "mapping/crisis_json/mapping.toml");
  REQUIRE(shown.ok());
  CHECK(shown->find("client.lastName                                referral.subject.name.family    local") != std::string::npos);
  CHECK(shown->find("criminalHistory") != std::string::npos);
  CHECK(shown->find("required fields without a source: none") != std::string::npos);
  const mapping_kit::Folder folder;
  const auto some = show_mapping(folder.write("m.toml", "[mapping]\nformat = \"csv\"\nkind = \"Referral\"\n[[field]]\nfrom = \"a\"\nto = \"referral.notes\"\nprovenance = \"local\"\n"));
  CHECK(some->find("without a source: referral.subject.name, referral.subject.dob, referral.reasons") != std::string::npos);
}
