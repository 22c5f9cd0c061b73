// The policy file: the worked example reads as it stands; what is wrong is refused with its line, its reason and its mend.
#include "schemas/policy/header.h"
#include "schemas/policy/statute.h"
#include "tests/unit/policy/kit.h"

#include <doctest/doctest.h>

using namespace policy_kit;
using schemas::policy::parse_policy;
using schemas::policy::parse_span;
using schemas::policy::Span;
using schemas::policy::Verdict;

namespace {

std::string refusal(const std::string& toml, base::Kind kind = base::Kind::kMalformed) {
  const auto out = parse_policy(toml);
  REQUIRE_FALSE(out.ok());
  CHECK(out.error().kind == kind);
  return out.error().message();
}
bool says(const std::string& text, const std::string& part) {
  if (text.find(part) == std::string::npos) MESSAGE(text);
  return text.find(part) != std::string::npos;
}
// The county's policy with a line more at its end, in the table [report].
std::string more(const std::string& text) { return alder_text() + "\n" + text; }

}  // namespace

TEST_CASE("the county's policy reads as it stands") {
  const auto p = alder();
  CHECK(p.id == "alder-county");
  CHECK(p.version == 14);
  CHECK(base::rfc3339(p.effective) == "2026-10-01T06:00:00.000Z");
  CHECK(p.review_by == "2027-04-01");
  CHECK(p.calendar.tz == "America/Denver");
  CHECK(p.state_pack == "CO-2026.1");
  CHECK(p.approvals_needed == std::vector<std::string>{"police", "crisis_center", "hospital_ed"});
  REQUIRE(p.agency("river") != nullptr);
  CHECK(p.agency("river")->part2);
  CHECK(p.agency("river")->agreement == "QSOA-24-3");
  CHECK(p.agency("nobody") == nullptr);
  REQUIRE(p.flows.size() == 3);
  CHECK(p.flows[1].id == "F2");
  CHECK(p.flows[1].basis.size() == 4);
  CHECK(p.flows[1].view == "police_status");
  REQUIRE(p.label_rules.size() == 3);
  CHECK(p.label_rules[1].decision == Verdict::kConsent);
  CHECK(p.label_rules[2].to_not == std::vector<std::string>{"police", "sheriff"});
  REQUIRE(p.view("police_status") != nullptr);
  CHECK(p.view("police_status")->fields.size() == 7);
  CHECK(p.view("clinical_full")->except == std::vector<std::string>{"custom.x-le-*"});
  REQUIRE(p.sla.contains("emergent"));
  const auto& emergent = p.sla_of("emergent");
  CHECK(emergent.decide == Span{15 * base::kMinute, 0});
  CHECK(emergent.on_hold == Span{4 * base::kHour, 0});  // not said: the default
  REQUIRE(emergent.escalate.size() == 3);
  CHECK(emergent.escalate[0].percent == 100);
  CHECK(emergent.escalate[1].after == Span{10 * base::kMinute, 0});
  CHECK(emergent.escalate[1].offer_next);
  CHECK(emergent.escalate[2].phone);
  CHECK(p.sla_of("routine").decide == Span{0, 2});
  CHECK(p.routing.at("CSU_BED").order == std::vector<std::string>{"harbor", "stb"});
  CHECK(p.routing.at("CSU_BED").require_fresh_capacity == Span{base::kHour, 0});
  CHECK(p.report.suppress_below == 11);
  CHECK(p.glossary.size() == 3);
  CHECK(p.custom_fields.at(0).codes.size() == 3);
}

TEST_CASE("an agreement holds until its last day is over everywhere") {
  CHECK(base::rfc3339(alder().agency("apd")->agreement_until) == "2027-07-01T11:59:59.000Z");
}

TEST_CASE("the other sections are read too") {
  const auto p =
      parsed(more("[calendar]\nopens = \"09:00\"\ncloses = \"24:00\"\nweekdays = [\"tue\",\"mon\"]\nholidays = [2026-12-25]\n"
                  "[role.supervisor]\nwords = \"reassigns\"\nmay = [\"reassign\",\"review\"]\nservices = [\"CSU_BED\"]\nwithout_labels = [\"part2\"]\n"
                  "[break_glass]\nreasons = [\"LIFE_THREAT\"]\ntime_box = \"30m\"\n[retention]\naudit = \"10y\"\n"
                  "[expiry]\nReferral = \"48h\"\n"));
  CHECK(p.calendar.opens == 9 * 60);
  CHECK(p.calendar.closes == 24 * 60);
  CHECK(p.calendar.weekdays == std::vector<unsigned>{1, 2});
  CHECK(p.calendar.holidays == std::vector<std::string>{"2026-12-25"});
  REQUIRE(p.roles.size() == 1);
  CHECK(p.roles[0].id == "supervisor");
  CHECK(p.roles[0].services == std::vector<std::string>{"CSU_BED"});
  CHECK(p.roles[0].without_labels == std::vector<std::string>{"part2"});
  CHECK(p.break_glass.time_box.ms == 30 * base::kMinute);
  CHECK(p.retention.audit.ms == 3650 * base::kDay);
  CHECK(p.expiry.at("Referral") == 48 * base::kHour);
}

TEST_CASE("lengths of time read and are said in words") {
  CHECK(parse_span("2bd") == Span{0, 2});
  CHECK(parse_span("6y") == Span{std::uint64_t{6} * 365 * base::kDay, 0});
  for (const auto* bad : {"", "m", "5", "5 m", "-5m", "5w", "1234567s", "5mm"}) CHECK_FALSE(parse_span(bad).has_value());
  CHECK(schemas::policy::words(*parse_span("90s")) == "90 seconds");
  CHECK(schemas::policy::words(*parse_span("60m")) == "1 hour");
  CHECK(schemas::policy::words(*parse_span("24h")) == "24 hours");
  CHECK(schemas::policy::words(*parse_span("72h")) == "3 days");
  CHECK(schemas::policy::words(*parse_span("1bd")) == "1 business day");
}

TEST_CASE("unknown words are refused with their line") {
  CHECK(says(refusal(alder_with("kind=\"ems\", ", "kind=\"emz\", ")), "policy:3: agency ace: kind"));
  CHECK(says(refusal(alder_with("kinds=[\"*\"]", "kinds=[\"Gossip\"]")), "flow F3: kinds"));
  CHECK(says(refusal(alder_with("\"COORD\"]", "\"FUN\"]")), "flow F3: purpose"));
  CHECK(says(refusal(alder_with("\"state_law\"]", "\"hunch\"]")), "flow F2: basis"));
  CHECK(says(refusal(alder_with("label=[\"part2\"], to=[\"police\"", "label=[\"part3\"], to=[\"police\"")), "label_rule L1: label"));
  CHECK(says(refusal(alder_with("view=\"police_status\"", "view=\"police_stats\"")), "flow F2: there is no view"));
  CHECK(says(refusal(alder_with("\"notice_2_32\"", "\"notice_2_33\"")), "label_rule L2: obligations"));
  CHECK(says(refusal(alder_with("\"harbor\",\"stb\"]", "\"harbour\",\"stb\"]")), "routing.CSU_BED: order"));
  CHECK(says(refusal(alder_with("\"safety_alert\"]", "\"safety_alarm\"]")), "view police_status: fields"));
  CHECK(says(refusal(alder_with("America/Denver", "America/Alder")), "no such time zone"));
  CHECK(says(refusal(alder_with("CO-2026.1", "CO-1999.1")), "one of CA-2026.1, CO-2026.1"));
  CHECK(says(refusal(alder_with("[sla.emergent]", "[sla.soon]")), "sla: an unknown urgency"));
  CHECK(says(refusal(alder_with("\"target.supervisor\"", "\"somebody\"")), "escalate: to"));
}

TEST_CASE("unknown keys and tables are refused, and so are wrong types") {
  CHECK(says(refusal(alder_with("part2=true", "part3=true")), "policy:6: agency river: an unknown key"));
  CHECK(says(refusal(more("[extra]\na = 1\n")), "an unknown key"));
  CHECK(says(refusal(alder_with("part2=true", "part2=\"yes\"")), "part2: expected true or false"));
  CHECK(says(refusal(alder_with("suppress_below=11", "suppress_below=-1")), "suppress_below"));
  CHECK(says(refusal(alder_with("2027-06-30}", "\"soon\"}")), "agreement_until: expected a date"));
  CHECK(says(refusal("flow = ["), "not valid TOML"));
  CHECK(says(refusal("flow = 3"), "[policy] is missing"));
  CHECK(says(refusal(more("[retention]\naudit = \"1y\"\n")), "164.316"));
  CHECK(says(refusal(more("[break_glass]\ntime_box = \"2h\"\n")), "at most 60m"));
  CHECK(says(refusal(more("[expiry]\nReferral = \"8d\"\n")), "expiry"));
}

TEST_CASE("an id is used once, by flows and label rules together, and never looks like a statute rule's") {
  CHECK(says(refusal(alder_with("id=\"ace\"", "id=\"apd\"")), "agency apd: this id is used twice"));
  CHECK(says(refusal(alder_with("id=\"L3\"", "id=\"F1\"")), "label_rule F1: this id is used twice"));
  CHECK(says(refusal(alder_with("id=\"L3\"", "id=\"S-CJI\"")), "reserved"));
}

TEST_CASE("a rule that is weaker than the law is refused with the law's citation") {
  const auto rule = [](const std::string& text) { return alder_with("label_rule = [\n", "label_rule = [\n {id=\"L0\", " + text + "},\n"); };
  CHECK(says(refusal(rule("label=[\"part2\"], to=[\"police\"], decision=\"allow\"")), "contradicts S-P2-LE (42 CFR 2.12(d)"));
  CHECK(says(refusal(rule("label=[\"mh\",\"part2\"], to=[\"ems\",\"jail\"], decision=\"consent\"")), "contradicts S-P2-LE"));
  CHECK(says(refusal(rule("label=[\"part2\"], decision=\"allow\"")), "contradicts S-P2-"));
  CHECK(says(refusal(rule("label=[\"part2\"], to=[\"ems\"], decision=\"consent\", except_basis=[\"emergency\"]")),
             "contradicts S-P2-CONSENT"));
  CHECK(says(refusal(rule("label=[\"part2\"], to=[\"court\"], decision=\"deny\", except_basis=[\"medical_emergency_2_51\"]")), "S-P2-LE"));
  CHECK(says(refusal(rule("label=[\"psych_notes\"], to=[\"hospital_ed\"], decision=\"allow\"")), "contradicts S-PSYCH"));
  CHECK(says(refusal(rule("label=[\"cji\"], to=[\"crisis_center\"], decision=\"consent\"")), "contradicts S-CJI"));
  CHECK(says(refusal(rule("label=[\"hiv\"], to=[\"police\"], decision=\"allow\"")), "contradicts CO-HIV"));
  CHECK(parse_policy(rule("label=[\"part2\"], to=[\"ems\"], decision=\"deny\"")).ok());
  CHECK(parse_policy(rule("label=[\"hiv\"], to=[\"ems\"], decision=\"allow\"")).ok());
}

TEST_CASE("a policy that leaves a kind of agency with nobody to refer to is refused") {
  CHECK(says(refusal("flow = [{id=\"F1\", from=[\"police\"], to=[\"mobile_crisis\"], kinds=[\"Referral\"], purpose=[\"CRISIS\"], "
                     "decision=\"allow\"}]\n"
                     "agency = [{id=\"apd\", kind=\"police\"}, {id=\"stb\", kind=\"hospital_ed\"}]\n"
                     "[policy]\nid = \"t\"\nversion = 1\neffective = 2026-10-01T00:00:00Z\n"),
             "policy:1: flow F1: leaves police with nobody"));
}

TEST_CASE("the header matrix is the flows, without what a denial takes away") {
  const auto note = schemas::policy::header_of(alder());
  REQUIRE(note.ok());
  CHECK(note->version == 14);
  CHECK(note->rules == alder().hash);
  CHECK(note->matrix.size() == 2 * 3 * 3 * 2 + 3 * 2 + 4 * 4 * 3 + (3 + 1) * 2);  // the last: parts, where F3 has no "*"
  CHECK(note->expiry.size() == schemas::msg_kinds().size());
  CHECK(crypto::parse_policy_note(note->text()).ok());
  const auto deny = [](const std::string& kinds) {
    return alder_with("flow = [\n", "flow = [\n {id=\"F0\", from=[\"*\"], to=[\"police\"], kinds=[" + kinds +
                                        "], purpose=[\"*\"], decision=\"deny\"},\n");
  };
  CHECK(schemas::policy::header_of(parsed(deny("\"StatusUpdate\"")))->matrix.size() == note->matrix.size() - 3);
  CHECK(says(refusal(alder_with("flow = [\n",
                                "flow = [\n {id=\"F0\", from=[\"ems\"], to=[\"ems\"], kinds=[\"Referral\"], purpose=[\"*\"], "
                                "decision=\"deny\"},\n")),
             "policy:9: flow F0: this denial cuts"));
  const auto county = alder_with("agency = [\n", "agency = [\n {id=\"county\", kind=\"coordinator\"},\n");
  CHECK(schemas::policy::header_of(parsed(county))->matrix.back().kind == "LoopFacts");
}

TEST_CASE("what does not fit a signed note is refused") {
  std::string every;
  for (const auto kind : schemas::agency_kinds()) every += "\"" + std::string(kind) + "\",";
  const auto big = "flow = [{id=\"F1\", from=[" + every + "], to=[" + every +
                   "], kinds=[\"Referral\",\"StatusUpdate\"], purpose=[\"CRISIS\",\"TREAT\"], decision=\"allow\"}]\n"
                   "[policy]\nid = \"t\"\nversion = 1\neffective = 2026-10-01T00:00:00Z\n";
  CHECK(says(refusal(big, base::Kind::kTooLarge), "more header rows"));
  CHECK(says(refusal(std::string(300u << 10, '#'), base::Kind::kTooLarge), "256 KiB"));
}

TEST_CASE("the packs are there, each form and rule with its citation") {
  CHECK(schemas::policy::state_packs() == std::vector<std::string>{"CA-2026.1", "CO-2026.1", "FL-2026.1", "TX-2026.1", "WA-2026.1"});
  for (const auto& id : schemas::policy::state_packs()) {
    const auto* pack = schemas::policy::state_pack(id);
    REQUIRE(pack != nullptr);
    CHECK(pack->verify == "with counsel");
    CHECK_FALSE(pack->forms.empty());
    for (const auto& form : pack->forms) CHECK_FALSE(form.cite.empty());
    for (const auto& rule : pack->rules) CHECK_FALSE((rule.cite.empty() || rule.words.empty()));
  }
  CHECK(schemas::policy::state_pack("US-2026.1") == nullptr);
  CHECK_FALSE(schemas::policy::statute_rules().empty());
}
