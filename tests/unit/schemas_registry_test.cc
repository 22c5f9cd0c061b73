// The registry: numbers and names are one to one, and the tables agree with the enums.
#include "schemas/registry.h"

#include <doctest/doctest.h>

#include <set>

TEST_CASE("no number and no name is given twice") {
  for (const auto table : {schemas::msg_kinds(), schemas::purposes(), schemas::entry_types(), schemas::receipt_statuses(),
                           schemas::nack_codes(), schemas::ops()}) {
    std::set<std::uint16_t> codes;
    std::set<std::string_view> names;
    for (const auto& row : table) {
      CHECK(codes.insert(row.code).second);
      CHECK(names.insert(row.name).second);
      CHECK_FALSE(row.words.empty());
      CHECK(schemas::name_of(table, row.code) == row.name);
      CHECK(schemas::code_of(table, row.name) == row.code);
    }
  }
  const auto kinds = schemas::agency_kinds();
  CHECK(std::set<std::string_view>(kinds.begin(), kinds.end()).size() == kinds.size());
}

TEST_CASE("codes answer to the names that policies and people use") {
  CHECK(schemas::name_of(schemas::MsgKind::kReferral) == "Referral");
  CHECK(schemas::name_of(schemas::MsgKind::kLoopFacts) == "LoopFacts");
  CHECK(schemas::code_of(schemas::purposes(), "TREAT") == static_cast<std::uint16_t>(schemas::Purpose::kTreat));
  CHECK(schemas::name_of(schemas::nack_codes(), 13) == "busy");
  CHECK(schemas::name_of(schemas::ops(), 15) == "STATUS");
  CHECK(schemas::name_of(schemas::receipt_statuses(), 3) == "?");
  CHECK_FALSE(schemas::code_of(schemas::msg_kinds(), "referral").has_value());
}
