// The decision table of Alder County: every row holds, and the table has teeth: whatever rule is taken out or widened, a row notices.
#include "schemas/policy/tools.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/policy/files.h"

using namespace schemas::policy;
using policy_files::alder;

namespace {

const std::vector<Case>& table() {
  static const auto rows = [] {
    auto parsed = parse_cases(policy_files::read("docs/policy/alder-county-cases.toml"));
    REQUIRE_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error().message()));
    return std::move(parsed).value();
  }();
  return rows;
}

bool some_row_notices(const Policy& policy) {
  return std::ranges::any_of(table(), [&](const Case& c) { return !run(policy, c, policy.effective).passed; });
}

template <class Change>
void must_be_noticed(const std::string& what, Change&& change) {
  Policy changed = alder();
  change(changed);
  CHECK_MESSAGE(some_row_notices(changed), what << ": no row of the table notices");
}

}  // namespace

TEST_CASE("the county decides every row as its table says") {
  CHECK(table().size() >= 70);
  for (const auto& c : table()) {
    const CaseResult r = run(alder(), c, alder().effective);
    CHECK_MESSAGE(r.passed, c.name << " (line " << c.line << "): " << r.why);
  }
}

TEST_CASE("a denial always says why, and under which code") {
  for (const auto& c : table()) {
    const Answer a = run(alder(), c, alder().effective).answer;
    CHECK_FALSE(a.because.empty());
    if (!a.allowed) {
      CHECK_MESSAGE(!a.code.empty(), c.name);
      CHECK_MESSAGE(!a.mend.empty(), c.name);
    }
  }
}

TEST_CASE("whichever flow is taken out, a row notices") {
  for (std::size_t i = 0; i < alder().flows.size(); ++i)
    must_be_noticed(alder().flows[i].id + " taken out",
                    [&](Policy& p) { p.flows.erase(p.flows.begin() + static_cast<std::ptrdiff_t>(i)); });
}

TEST_CASE("whichever way a flow is widened, a row notices") {
  using List = std::vector<std::string> Flow::*;
  constexpr std::pair<const char*, List> kLists[] = {
      {"from", &Flow::from}, {"to", &Flow::to}, {"kinds", &Flow::kinds}, {"purpose", &Flow::purpose}};
  for (std::size_t i = 0; i < alder().flows.size(); ++i) {
    const Flow& f = alder().flows[i];
    for (const auto& [name, list] : kLists)
      if (f.*list != std::vector<std::string>{"*"})
        must_be_noticed(f.id + " for every " + name, [&](Policy& p) { p.flows[i].*list = {"*"}; });
    if (!f.basis.empty()) must_be_noticed(f.id + " on any ground", [&](Policy& p) { p.flows[i].basis.clear(); });
    if (f.view != "*") must_be_noticed(f.id + " with everything to be seen", [&](Policy& p) { p.flows[i].view = "*"; });
    if (f.decision == Verdict::kConsent)
      must_be_noticed(f.id + " without a consent", [&](Policy& p) { p.flows[i].decision = Verdict::kAllow; });
  }
}

TEST_CASE("whichever label rule is taken out or softened, a row notices") {
  for (std::size_t i = 0; i < alder().label_rules.size(); ++i) {
    const LabelRule& r = alder().label_rules[i];
    must_be_noticed(r.id + " taken out", [&](Policy& p) { p.label_rules.erase(p.label_rules.begin() + static_cast<std::ptrdiff_t>(i)); });
    must_be_noticed(r.id + " softened",
                    [&](Policy& p) { p.label_rules[i].decision = r.decision == Verdict::kDeny ? Verdict::kConsent : Verdict::kAllow; });
    for (std::size_t t = 0; t < r.to.size(); ++t)
      must_be_noticed(r.id + " without " + r.to[t], [&](Policy& p) {
        auto& to = p.label_rules[i].to;
        to.erase(to.begin() + static_cast<std::ptrdiff_t>(t));
      });
    for (std::size_t l = 0; l < r.label.size() && r.label.size() > 1; ++l)
      must_be_noticed(r.id + " without " + r.label[l], [&](Policy& p) {
        auto& label = p.label_rules[i].label;
        label.erase(label.begin() + static_cast<std::ptrdiff_t>(l));
      });
    must_be_noticed(r.id + " with an exception for treatment and emergencies", [&](Policy& p) {
      auto& except = p.label_rules[i].except_basis;
      except.insert(except.end(), {"treatment", "emergency", "hold"});
    });
  }
}

TEST_CASE("version 15, \"let EMS see part2 without consent\", does not get through") {
  const std::string toml = policy_files::read("docs/policy/alder-county.toml");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string out = toml;
    const auto at = out.find(from);
    REQUIRE(at != std::string::npos);
    return out.replace(at, from.size(), to);
  };
  // Said openly, it contradicts the law.
  const auto open = parse_policy(toml + "\n[[label_rule]]\nid = \"L9\"\nlabel = [\"part2\"]\nto = [\"ems\"]\ndecision = \"allow\"\n");
  REQUIRE_FALSE(open.ok());
  CHECK(open.error().message().find("S-P2-CONSENT") != std::string::npos);
  // As one more exception too.
  CHECK_FALSE(
      parse_policy(with("except_basis = [\"medical_emergency_2_51\"]", "except_basis = [\"medical_emergency_2_51\", \"treatment\"]")).ok());
  // Left out quietly, the law still asks for the consent, and the table notices.
  const auto quiet =
      parse_policy(with("to = [\"hospital_ed\", \"crisis_center\", \"ems\", ", "to = [\"hospital_ed\", \"crisis_center\", "));
  REQUIRE(quiet.ok());
  CHECK(some_row_notices(*quiet));
  const auto ems = std::ranges::find(table(), "the crew hears of substance use treatment without a consent", &Case::name);
  REQUIRE(ems != table().end());
  CHECK_FALSE(run(*quiet, *ems, quiet->effective).answer.allowed);
}
