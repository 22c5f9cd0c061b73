// A policy file and a decision table, with a zero byte between them. Whatever parses can be linted, printed and compared with itself; the
// page holds no markup of the policy's making; every row of a table has an answer.
#include <algorithm>

#include "crypto/base/check.h"
#include "schemas/policy/tools.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schemas::policy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(text.find('\0'), size);
  const auto cases = parse_cases(text.substr(std::min(end + 1, size)));
  if (!cases.ok()) CHECK(!cases.error().what.empty());
  const auto policy = parse_policy(text.substr(0, end));
  if (!policy.ok()) return 0;
  const base::Instant now{1'790'000'000'000};
  for (const auto& f : lint(*policy, now)) CHECK(!f.what.empty() && !f.mend.empty());
  CHECK(diff(*policy, *policy, now).empty());
  const std::string html = manual_html(*policy);
  CHECK(html.find("<script") == std::string::npos && html.find("<img") == std::string::npos);
  CHECK(!manual_markdown(*policy).empty());
  if (!cases.ok()) return 0;
  for (const auto& c : *cases) {
    const CaseResult r = run(*policy, c, now);
    CHECK(r.passed == r.why.empty());
  }
  return 0;
}
