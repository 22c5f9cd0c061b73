// What the hospital adapter would make of a file, told without its contents.
#include "adapters/hospital/inspect.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/kit/files.h"

using namespace adapters;

namespace {

bool holds(const std::vector<std::string>& list, std::string_view what) { return std::find(list.begin(), list.end(), what) != list.end(); }

}  // namespace

TEST_CASE("a good referral is looked at: its kind, the fields that get a value, and what nobody reads") {
  const auto got = hospital::look(kit::sample("ref_i12_minimal.hl7") + "ZZZ|1|something of theirs\r");
  REQUIRE(got.ok());
  REQUIRE(got->size() == 1);
  const hospital::Looked& l = got->front();
  CHECK(l.type == "REF^I12");
  CHECK(l.kind == "Referral");
  CHECK_FALSE(l.error);
  CHECK(l.warnings.empty());
  CHECK(holds(l.fields, "referral.subject.name.family"));
  CHECK(holds(l.fields, "referral.urgency"));
  CHECK_FALSE(holds(l.fields, "referral.subject"));
  CHECK(holds(l.unmapped, "ZZZ-1"));
  CHECK(holds(l.unmapped, "ZZZ-2"));
  CHECK_FALSE(holds(l.unmapped, "PID-5"));
  CHECK_FALSE(holds(l.unmapped, "MSH-10"));
}

TEST_CASE("what would be refused says why and where, and everything else that is wrong") {
  const auto got = hospital::look("MSH|^~\\&|A|B|C|D|20261005||REF^I12|1|P|2.5.1\rPRD|RP|Doe^Ann\rPID|1||7||Roe^Rey\r");
  REQUIRE(got.ok());
  REQUIRE(got->front().error);
  CHECK(got->front().error->where == "PID[1]-7");
  CHECK(got->front().warnings.size() > 1);
  CHECK(got->front().error->message().find("Roe") == std::string::npos);
}

TEST_CASE("a type that is not taken has no kind; every message of a batch is looked at; other bytes are an error") {
  const auto got = hospital::look("FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|A|B|C|D|20261005||VXU^V04|1|P|2.5.1\rPID|1\r" + kit::sample("ref_i12_minimal.hl7") + "BTS|2\rFTS|1\r");
  REQUIRE(got.ok());
  REQUIRE(got->size() == 2);
  CHECK(got->at(0).kind.empty());
  CHECK(got->at(0).error->kind == base::Kind::kUnsupported);
  CHECK(got->at(0).error->where == "MSH[1]-9");
  CHECK(got->at(1).kind == "Referral");
  CHECK_FALSE(hospital::look("not hl7").ok());
}
