// The policy file: the worked example reads as it stands; what is wrong is refused with its line, its reason and its mend.
#include "schemas/policy/header.h"
#include "schemas/policy/statute.h"
#include "tests/unit/policy_kit.h"

#include <doctest/doctest.h>

using namespace policy_kit;
using schemas::policy::parse_policy;
using schemas::policy::Span;
using schemas::policy::Verdict;

TEST_CASE("the county's policy reads as it stands") {
  const auto p = alder();
  CHECK(p.id == "alder-county");
  CHECK(p.version == 14);
  CHECK(base::rfc3339(p.effective) == "2026-10-01T06:00:00.000Z");
}
