// Inspecting an export before anything is sent.
#include "adapters/main_inspect.h"

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
    const auto seen = adapters::inspect(root + "/cad.csv", {"", mapping});
    REQUIRE_MESSAGE(seen.ok(), seen.error().message());
    CHECK(seen->json.find("Civic Square") == std::string::npos);
    auto out = *schemas::parse_json(seen->json).value();
    CHECK(seen->read == (out["verdict"] == "read"));
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
}

TEST_CASE("without a mapping the structure alone is looked at; a format without a reader is an error") {
  const Desk d;
  const auto j = d.inspect(d.sample, "");
  CHECK(j["verdict"] == "partial");
  CHECK(j["unmapped"].size() == 37);
  CHECK_FALSE(adapters::inspect("x.docx", {}).ok());
  CHECK_FALSE(adapters::inspect("x.csv", {"", "/nowhere/m.toml"}).ok());
  CHECK_FALSE(adapters::inspect("/nowhere/x.csv", {})->read);
}
