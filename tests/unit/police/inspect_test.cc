// Inspecting an export before anything is sent.
#include "adapters/workbench/inspect.h"

#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "schemas/json.h"
#include "tests/unit/police/kit.h"

#include <doctest/doctest.h>

using police_kit::replaced;

namespace {

struct Desk {
  std::string root, sample = police_kit::read(police_kit::sample("alder_cad.csv"));
  Desk() {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-inspect-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
  }
  ~Desk() { std::filesystem::remove_all(root); }
  [[nodiscard]] schemas::Json inspect(const std::string& bytes, const std::string& mapping = police_kit::sample("alder_cad.toml")) const {
    REQUIRE(adapters::transport::write_file(root, "cad.csv", bytes).ok());
    const auto inspector = adapters::workbench::Inspector::make({"", mapping});
    REQUIRE_MESSAGE(inspector.ok(), inspector.error().message());
    const auto seen = inspector->file(root + "/cad.csv");
    CHECK(seen.json.find("Civic Square") == std::string::npos);
    auto out = *schemas::parse_json(seen.json).value();
    CHECK(seen.read == (out["verdict"] == "read"));
    return out;
  }
};

}  // namespace

TEST_CASE("the sample is read, and the fields that it fills are named without their contents") {
  const auto j = Desk().inspect(Desk().sample);
  CHECK(j["verdict"] == "read");
  CHECK(j["kind"] == "Referral");
  CHECK(j["format"] == "csv");
  CHECK(j["unmapped"].empty());
  CHECK(std::ranges::find(j["fields"], "referral.hold.start") != j["fields"].end());
}

TEST_CASE("faults of rows make it partial, columns that nobody named refuse it") {
  const Desk d;
  const auto partial = d.inspect(replaced(d.sample, ",SUIC,", ",SUICIDE,"));
  CHECK(partial["verdict"] == "partial");
  CHECK(partial["warnings"][0]["where"] == "2:call_type");
  const auto refused = d.inspect(replaced(d.sample, "bwc_id", "NCIC_OCA"));
  CHECK(refused["verdict"] == "refused");
  CHECK(refused["unmapped"] == schemas::Json::array({"NCIC_OCA"}));
  CHECK(refused["error"]["what"] == "unmapped column NCIC_OCA");
  CHECK(d.inspect("a,b\n1,\"x\n")["error"]["where"] == "2:b");
  const auto other = d.inspect("MSH|^~\\&|A|B|C|D|20261005||ADT^A01|1|P|2.5.1\r");
  CHECK(other["error"]["what"] == "the mapping is for csv, the file is hl7v2");
}

TEST_CASE("without a mapping the structure alone is looked at; a format without a reader is an error") {
  const Desk d;
  const auto j = d.inspect(d.sample, "");
  CHECK(j["verdict"] == "partial");
  CHECK(j["unmapped"].size() == 37);
  using adapters::workbench::Inspector;
  CHECK_FALSE(Inspector::make({"docx", ""}).ok());
  CHECK_FALSE(Inspector::make({"", "/nowhere/m.toml"}).ok());
  CHECK_FALSE(Inspector::make({"hl7v2", police_kit::sample("alder_cad.toml")}).ok());
  const auto missing = Inspector::make({})->file("/nowhere/x.csv");
  CHECK_FALSE(missing.read);
  CHECK_FALSE(missing.opened);
}
