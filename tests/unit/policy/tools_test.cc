// Lint, decision tables, comparison and matrix, through their door.
#include "schemas/policy/tools.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/policy/files.h"

using namespace schemas::policy;
using policy_files::alder;

namespace {

const base::Instant kNow = *base::parse_rfc3339("2026-11-02T12:00:00Z");

// The findings of the county's policy after a change.
template <class Change>
std::vector<Finding> findings(Change&& change, base::Instant now = kNow) {
  Policy p = alder();
  change(p);
  return lint(p, now);
}
bool says(const std::vector<Finding>& found, Finding::Grade grade, const std::string& words) {
  return std::ranges::any_of(
      found, [&](const Finding& f) { return f.grade == grade && f.what.find(words) != std::string::npos && !f.mend.empty(); });
}
constexpr auto kError = Finding::Grade::kError, kWarning = Finding::Grade::kWarning;

Agency& agency(Policy& p, const std::string& slug) { return *std::ranges::find(p.agencies, slug, &Agency::slug); }
Flow& flow(Policy& p, const std::string& id) { return *std::ranges::find(p.flows, id, &Flow::id); }

base::Result<std::vector<Case>> row(const std::string& columns) { return parse_cases("case = [ {" + columns + "} ]"); }
const std::string kRow = R"(name="n", from="apd", to="harbor", kind="Referral", purpose="CRISIS", basis="emergency", expect="allow")";

bool changes(const std::vector<Change>& list, const std::string& what, const std::string& before, const std::string& after) {
  return std::ranges::any_of(list, [&](const Change& c) {
    return c.what.find(what) != std::string::npos && c.before.find(before) != std::string::npos && c.after.find(after) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("the county's policy is clean") {
  for (const auto& f : lint(alder(), kNow)) FAIL_CHECK(f.line << ": " << f.what);
}

TEST_CASE("lint: nobody is left without a path for an emergency") {
  const auto none =
      findings([](Policy& p) { std::erase_if(p.flows, [](const Flow& f) { return f.id == "F1" || f.id == "F8" || f.id == "F10"; }); });
  CHECK(says(none, kError, "no path for an emergent referral from police"));
  CHECK(says(none, kError, "no path for an emergent referral from sheriff"));
  CHECK_FALSE(says(none, kError, "from ems"));
  const auto consent =
      findings([](Policy& p) { flow(p, "F1").basis = {"consent"}, flow(p, "F8").basis = {"consent"}, flow(p, "F10").basis = {"hold"}; });
  CHECK(says(consent, kError, "no path for an emergent referral from police"));
}

TEST_CASE("lint: an agreement that ended is an error where no other agency is left") {
  const auto past = [](Policy& p, const std::string& slug) { agency(p, slug).agreement_until = kNow.minus(base::kDay); };
  const auto one = findings([&](Policy& p) { past(p, "harbor"); });
  CHECK(says(one, kWarning, "the agreement of harbor ended"));
  CHECK(std::ranges::none_of(one, [](const Finding& f) { return f.grade == kError; }));
  const auto both = findings([&](Policy& p) { past(p, "harbor"), past(p, "stb"); });
  CHECK(says(both, kError, "every agency in the order for CSU_BED"));
  const auto all = findings([&](Policy& p) {
    for (const auto* slug : {"harbor", "stb", "mobile", "line", "ace", "acso"}) past(p, slug);
  });
  CHECK(says(all, kError, "every agency that police may send an emergent referral to"));
}

TEST_CASE("lint: warns 60 days before an agreement ends, and when the review is due") {
  const base::Instant end = agency(const_cast<Policy&>(alder()), "apd").agreement_until;
  CHECK(says(findings([](Policy&) {}, end.minus(59 * base::kDay)), kWarning, "the agreement of apd ends on"));
  CHECK_FALSE(says(findings([](Policy&) {}, end.minus(61 * base::kDay)), kWarning, "the agreement of apd ends on"));
  CHECK(says(findings([](Policy&) {}, *base::parse_rfc3339("2027-04-02T12:00:00Z")), kWarning, "to be reviewed by 2027-04-01"));
  CHECK(says(findings([](Policy& p) { agency(p, "stb").agreement_until = {}; }), kWarning, "no agreement with an end"));
}

TEST_CASE("lint: an escalation reaches somebody") {
  CHECK(says(findings([](Policy& p) { agency(p, "harbor").supervisor.clear(); }), kError, "supervisor of harbor"));
  CHECK(says(findings([](Policy& p) { std::erase_if(p.agencies, [](const Agency& a) { return a.kind == "coordinator"; }); }), kError,
             "coordinator"));
  CHECK(says(findings([](Policy& p) { agency(p, "stb").on_call.clear(); }), kWarning, "no on-call number"));
  CHECK(says(findings([](Policy& p) { agency(p, "stb").privacy_officer.clear(); }), kWarning, "privacy officer"));
}

TEST_CASE("lint: rules that never speak") {
  CHECK(says(findings([](Policy& p) { flow(p, "F5").to = {"court"}; }), kWarning, "F5 is never used"));
  CHECK(says(findings([](Policy& p) { p.flows.push_back(flow(p, "F3")), p.flows.back().id = "F99"; }), kWarning, "F99 is shadowed by F3"));
  CHECK(says(
      findings([](Policy& p) { p.flows.push_back(flow(p, "F3")), p.flows.back().id = "F99", p.flows.back().decision = Verdict::kDeny; }),
      kWarning, "F3 is shadowed by F99, which denies all of it"));
  CHECK(says(findings([](Policy& p) {
               p.label_rules.push_back(p.label_rules[3]);
               p.label_rules.back().id = "L9";
               p.label_rules.back().to = {"police"};
               p.label_rules.back().line = 9999;
             }),
             kWarning, "L9 is shadowed by L4"));
}

TEST_CASE("lint: a view that cuts what must be said, a role that checks itself, a desk that does not offer the service") {
  CHECK(says(findings([](Policy& p) {
               auto& v = *std::ranges::find(p.views, "ems_handoff", &View::id);
               std::erase(v.fields, "referral.risk");
             }),
             kWarning, "referral.risk.weapons"));
  CHECK(says(findings([](Policy& p) { p.roles.back().may = {"policy", "audit"}; }), kError, "both approves the policy and audits"));
  CHECK(says(findings([](Policy& p) { p.routing.at("CSU_BED").order = {"ace"}; }), kWarning, "does not list it as a service"));
}

TEST_CASE("a decision table is read strictly, so that a typing error never reads as a denial") {
  CHECK(row(kRow).ok());
  for (const std::string& bad :
       {std::string("name=\"n\""), kRow + ", kinds=\"x\"", kRow + ", labels=[\"part3\"]", kRow + ", consent=\"maybe\"",
        kRow + ", at=\"soon\"", std::string(R"(name="n", from="apd", to="harbor", kind="Referal", purpose="CRISIS", expect="allow")"),
        std::string(R"(name="n", from="apd", to="harbor", kind="Referral", purpose="CRISIS", basis="because", expect="allow")"),
        std::string(R"(name="n", from="apd", to="harbor", kind="Referral", purpose="CRISIS", basis="emergency")")}) {
    const auto out = row(bad);
    CHECK_MESSAGE(!out.ok(), bad);
    if (!out.ok()) CHECK(out.error().where == "cases:1");
  }
  CHECK_FALSE(parse_cases("").ok());
  CHECK_FALSE(parse_cases("case = []").ok());
  CHECK_FALSE(parse_cases("case = [ {" + kRow + "}, {" + kRow + "} ]").ok());  // the same name twice
}

TEST_CASE("a row that fails says what was expected and what came") {
  const auto why = [](const std::string& columns) {
    const auto rows = row(columns);
    REQUIRE(rows.ok());
    return run(alder(), rows->at(0), kNow).why;
  };
  CHECK(why(kRow).empty());
  CHECK(why(kRow + ", rule=\"F2\"") == "expected rule F2, got F1");
  CHECK(why(kRow + ", view=\"police_status\"") == "expected view police_status, got clinical_full");
  CHECK(why(kRow + ", obligations=[\"notice_2_32\"]").find("notice_2_32") != std::string::npos);
  CHECK(why(R"(name="n", from="apd", to="river", kind="Referral", purpose="CRISIS", basis="emergency", expect="allow")") ==
        "expected allow, got deny by none");
  CHECK(why(R"(name="n", from="nobody", to="river", kind="Referral", purpose="CRISIS", basis="emergency", expect="deny")").find("nobody") ==
        0);
}

TEST_CASE("a new version that decides the same is no difference") {
  Policy next = alder();
  next.version = 15;
  CHECK(diff(alder(), next, kNow).empty());
}

TEST_CASE("a difference in decisions is one line that people can read") {
  Policy next = alder();
  flow(next, "F7").kinds.emplace_back("FollowUp");
  const auto list = diff(alder(), next, kNow);
  CHECK(changes(list, "-> ems FollowUp", "deny", "allow (F7"));
  CHECK(list.size() <= 4);  // by what labels ask for besides
  Policy without = alder();
  std::erase_if(without.flows, [](const Flow& f) { return f.id == "F3"; });
  CHECK(changes(diff(alder(), without, kNow), "police, sheriff SecureMessage", "allow (F3), view police_message", "deny (no flow)"));
}

TEST_CASE("a label rule, a view of a flow, a timer, a view, a role and an agency each show") {
  Policy next = alder();
  std::erase_if(next.label_rules, [](const LabelRule& r) { return r.id == "L4"; });
  flow(next, "F2").view = "rescue";
  next.sla.at("emergent").decide = {20 * base::kMinute, 0};
  next.views[0].fields.emplace_back("status_update.text");
  next.roles[0].may = {"create"};
  agency(next, "stb").on_call = "+1-555-0199";
  next.glossary["received"] = "other words";
  const auto list = diff(alder(), next, kNow);
  CHECK(changes(list, "label hiv", "deny", "with consent"));
  CHECK(changes(list, "StatusUpdate", "view police_status", "view rescue"));
  CHECK(changes(list, "timer emergent decide", "15 minutes", "20 minutes"));
  CHECK(changes(list, "view " + next.views[0].id, "", "status_update.text"));
  CHECK(changes(list, "role officer", "create, handoff, view_timeline", "create"));
  CHECK(changes(list, "agency stb", "+1-555-0110", "+1-555-0199"));
  CHECK(changes(list, "glossary received", "", "other words"));
}

TEST_CASE("the matrix says what the engine would, the law included") {
  const Matrix m = matrix(alder());
  const auto cell = [&](const std::string& from, const std::string& to) {
    const auto at = [&](const std::string& kind) { return static_cast<std::size_t>(std::ranges::find(m.kinds, kind) - m.kinds.begin()); };
    return m.cells.at(at(from)).at(at(to));
  };
  CHECK(m.kinds.size() == 9);
  CHECK(cell("police", "crisis_center").find("Referral") == 0);
  CHECK(cell("police", "sud_program").find("Referral") == std::string::npos);
  CHECK(cell("crisis_center", "police").find("with consent: FollowUp") != std::string::npos);
  const std::string part2 = cell("sud_program", "hospital_ed");  // all that a Part 2 program says of a person
  CHECK(part2.find("Referral") > part2.find("with consent: "));
  CHECK(cell("sud_program", "police").find("StatusUpdate") == std::string::npos);
  CHECK(cell("hospital_ed", "coordinator").find("LoopFacts") != std::string::npos);
  CHECK(cell("hospital_ed", "coordinator").find("Referral") == std::string::npos);
}
