// A hospital's own segments and codes over its standard mapping: the adapter's setting mapping = "FILE".
#include "adapters/hospital/site.h"

#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/settings.h"
#include "tests/unit/mapping/kit.h"

#include <doctest/doctest.h>

using namespace adapters;
namespace hl7 = formats::hl7v2;

namespace {

const std::string kFile = mapping_kit::samples() + "mapping/site_hl7v2/mapping.toml";

hl7::Message message(const std::string& more = "") {
  return hl7::parse(mapping_kit::read(mapping_kit::samples() + "mapping/site_hl7v2/ref_i12_site.hl7") + more).value();
}
std::shared_ptr<const hospital::Site> site(const mapping_kit::Folder& folder, const std::string& fields) {
  const auto out = hospital::Site::load(folder.write("m.toml", "[mapping]\nformat = \"hl7v2\"\nkind = \"Referral\"\nbase = \"standard\"\n" + fields));
  REQUIRE_MESSAGE(out.ok(), out.error().message());
  return *out;
}
std::vector<hl7::Fault> over(const hospital::Site& site, const hl7::Message& m, schemas::Body& body) {
  auto mapped = hospital::referral_from(m, {});
  body.payload = mapped.referral, body.source = {"hl7v2", base::to_bytes("bytes")};
  return site.over(m, body, std::move(mapped.faults));
}

}  // namespace

TEST_CASE("the site's codes and segments go over the standard referral, whose source stays") {
  const auto loaded = hospital::Site::load(kFile);
  REQUIRE_MESSAGE(loaded.ok(), loaded.error().message());
  schemas::Body body;
  CHECK(over(**loaded, message(), body).empty());
  const auto& r = std::get<schemas::Referral>(body.payload);
  REQUIRE(r.reasons.size() == 1);
  CHECK(r.reasons[0].code == "SI");
  CHECK(r.risk.means == "yes");
  CHECK(r.subject.name.family == "Testcase");
  CHECK_FALSE(body.source.bytes.empty());
}

TEST_CASE("a Z segment that the mapping does not name refuses the message, by its path") {
  schemas::Body body;
  const auto faults = over(**hospital::Site::load(kFile), message("ZJL|III HIT\r"), body);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].text == "unmapped path ZJL-1");
}

TEST_CASE("source bytes that hold criminal-justice information stay at home") {
  const mapping_kit::Folder folder;
  const auto s = site(folder, "[[ignore]]\nfrom = [\"ZCR\", \"ZSF\"]\nprovenance = \"local\"\n[[ignore]]\nfrom = \"ZJL\"\nprovenance = \"chri\"\n");
  schemas::Body body;
  CHECK(over(*s, message("ZJL|III HIT\r"), body).empty());
  CHECK(body.source.bytes.empty());
  CHECK(over(*s, message(), body).empty());
  CHECK_FALSE(body.source.bytes.empty());
}

TEST_CASE("a field may give what the standard mapping misses") {
  const mapping_kit::Folder folder;
  std::string bytes = mapping_kit::read(mapping_kit::samples() + "mapping/site_hl7v2/ref_i12_site.hl7");
  bytes.replace(bytes.find("19861130"), 8, "");
  const auto m = hl7::parse(bytes).value();
  CHECK_FALSE(hospital::referral_from(m, {}).faults.empty());
  const auto s = site(folder, "[[field]]\nfrom = \"ZCR-3\"\nto = \"referral.subject.age_band\"\nprovenance = \"local\"\nmap = { WARD7 = \"25-44\" }\n"
                              "[[ignore]]\nfrom = [\"ZCR\", \"ZSF\"]\nprovenance = \"local\"\n");
  schemas::Body body;
  CHECK(over(*s, m, body).empty());
}

TEST_CASE("the setting names its file, and a mapping of another kind is refused when the adapter is made") {
  const mapping_kit::Folder folder;
  const auto settings = hospital::read_settings(schemas::Config::parse("mapping = \"" + kFile + "\"\n").value(), "ehr");
  REQUIRE_MESSAGE(settings.ok(), settings.error().message());
  CHECK(settings->site != nullptr);
  CHECK_FALSE(hospital::read_settings(schemas::Config::parse("mapping = \"/nowhere.toml\"\n").value(), "ehr").ok());
  CHECK_FALSE(hospital::Site::load(mapping_kit::samples() + "mapping/cad_csv/mapping.toml").ok());
}
