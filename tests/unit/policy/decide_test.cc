// Decisions: who may say what to whom, under which authority, and why not. The law first, then the policy; a denial overrides.
#include "schemas/body.h"
#include "schemas/policy/decide.h"

#include "tests/unit/policy/kit.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace policy_kit;
using schemas::policy::decide;
using schemas::policy::labels_of;
using schemas::policy::not_covered;
using schemas::policy::Policy;

namespace {

using Words = std::vector<std::string>;

bool has(const Words& list, const std::string& word) { return std::ranges::find(list, word) != list.end(); }

// Denied by this rule first, with a code, an explanation and a way out.
void denied(const Answer& a, const std::string& rule, const std::string& code) {
  INFO(a.explanation());
  CHECK_FALSE(a.allowed);
  REQUIRE_FALSE(a.because.empty());
  CHECK(a.because.front().rule == rule);
  CHECK(a.code == code);
  CHECK_FALSE(a.mend.empty());
  CHECK(a.view.empty());
  CHECK(a.obligations.empty());
  CHECK(a.explanation().starts_with("Denied. " + rule + ": "));
}
void allowed(const Answer& a, const std::string& rule, const std::string& view) {
  INFO(a.explanation());
  CHECK(a.allowed);
  REQUIRE_FALSE(a.because.empty());
  CHECK(a.because.front().rule == rule);
  CHECK(a.view == view);
  CHECK(a.code.empty());
}
Policy with_coordinator() { return parsed(alder_with("agency = [\n", "agency = [\n {id=\"county\", kind=\"coordinator\"},\n")); }

}  // namespace

TEST_CASE("a flow allows what it names, with its view, and nothing else is allowed") {
  const auto p = alder();
  allowed(decide(p, ask(p, "apd", "harbor", MsgKind::kReferral, "hold", {"mh"})), "F1", "clinical_full");
  allowed(decide(p, ask(p, "harbor", "apd", MsgKind::kStatus, "hold", {"mh"})), "F2", "police_status");
  denied(decide(p, ask(p, "harbor", "apd", MsgKind::kReferral, "hold")), "none", "no_rule");
  denied(decide(p, ask(p, "apd", "harbor", MsgKind::kReferral, "hold", {}, Purpose::kAdmin)), "none", "no_rule");
  denied(decide(p, ask(p, "apd", "river", MsgKind::kReferral, "hold")), "none", "no_rule");
  denied(decide(p, ask(p, "apd", "harbor", MsgKind::kReferral, "treatment")), "F1", "basis");
  CHECK(decide(p, ask(p, "apd", "harbor", MsgKind::kReferral, "treatment")).explanation().find("only under: consent, emergency or hold.") !=
        std::string::npos);
}

TEST_CASE("a disclosure about a person needs an authority; what says nothing of a person needs none") {
  const auto p = alder();
  denied(decide(p, ask(p, "stb", "harbor", MsgKind::kReferral, "")), "S-BASIS", "basis");
  denied(decide(p, ask(p, "stb", "harbor", MsgKind::kReferral, "hunch")), "S-BASIS", "basis");
  CHECK(decide(p, ask(p, "stb", "harbor", MsgKind::kReferral, "", {}, Purpose::kTest)).because.front().rule ==
        "none");  // no flow for tests
  for (const auto kind : {MsgKind::kCapacity, MsgKind::kCapacityInquiry, MsgKind::kCapacityReply, MsgKind::kAcknowledgement})
    allowed(decide(p, ask(p, "stb", "harbor", kind, "", {}, Purpose::kCoord)), "F3", "clinical_full");
  allowed(decide(p, ask(p, "stb", "apd", MsgKind::kReceipt, "")), "always", "*");
  allowed(decide(p, ask(p, "stb", "apd", MsgKind::kControl, "", {}, Purpose::kAdmin)), "always", "*");
}

TEST_CASE("a deny flow overrides every allowing one, and one for some bases denies under these only") {
  const auto deny = [](const std::string& basis) {
    return parsed(alder_with("flow = [\n",
                             "flow = [\n {id=\"F0\", from=[\"*\"], to=[\"crisis_center\"], kinds=[\"*\"], purpose=[\"*\"], "
                             "decision=\"deny\"" +
                                 basis + "},\n"));
  };
  denied(decide(deny(""), ask(alder(), "apd", "harbor", MsgKind::kReferral, "hold")), "F0", "no_rule");
  const auto some = deny(", basis=[\"hold\"]");
  denied(decide(some, ask(some, "apd", "harbor", MsgKind::kReferral, "hold")), "F0", "no_rule");
  allowed(decide(some, ask(some, "apd", "harbor", MsgKind::kReferral, "emergency")), "F1", "clinical_full");
}

TEST_CASE("Part 2 records do not go to police, courts and jails, whatever is said") {
  const auto p = alder();
  auto a = ask(p, "harbor", "apd", MsgKind::kStatus, "hold", {"part2"});
  denied(decide(p, a), "S-P2-LE", "privacy");
  CHECK(has(decide(p, a).rules(), "L1"));
  a.basis = "medical_emergency_2_51";
  const auto e = emergency();
  a.emergency = &e;
  denied(decide(p, a), "S-P2-LE", "privacy");
  a.basis = "court_order_2_65";
  denied(decide(p, a), "S-P2-ORDER", "basis");
  a.court_order = "2026CV17";
  denied(decide(p, a), "F2", "basis");  // the law lets it pass; this policy's flow does not
  const auto open = parsed(alder_with("\"state_law\"]", "\"state_law\",\"court_order_2_65\"]"));
  allowed(decide(open, a), "F2", "police_status");
}

TEST_CASE("what a Part 2 program says of a person is a Part 2 record even if nobody labels it") {
  const auto p = alder();
  denied(decide(p, ask(p, "river", "apd", MsgKind::kStatus, "emergency")), "S-P2-LE", "privacy");
  auto received = ask(p, "river", "apd", MsgKind::kStatus, "", {"part2"});
  received.machine = true;
  allowed(decide(p, received), "F2", "police_status");
}

TEST_CASE("Part 2 records go to treatment with a consent, its notice and its copy, or in a recorded emergency") {
  const auto p = alder();
  auto a = ask(p, "river", "stb", MsgKind::kMessage, "consent", {"part2"}, Purpose::kTreat);
  denied(decide(p, a), "S-P2-CONSENT", "no_consent");
  auto c = consent();
  a.consent = &c;
  allowed(decide(p, a), "F3", "clinical_full");
  CHECK(has(decide(p, a).rules(), "L2"));
  CHECK(decide(p, a).obligations == Words{"notice_2_32", "attach_consent"});
  c.revoked_at = kNow;
  denied(decide(p, a), "S-P2-CONSENT", "no_consent");
  CHECK(decide(p, a).explanation().find("The consent was revoked.") != std::string::npos);

  a.consent = nullptr, a.basis = "medical_emergency_2_51";
  denied(decide(p, a), "S-P2-EMERGENCY", "basis");
  auto e = emergency();
  a.emergency = &e;
  denied(decide(p, a), "F3", "basis");  // lawful, but not in this flow
  const auto open = parsed(alder_with("basis=[\"treatment\"", "basis=[\"medical_emergency_2_51\",\"treatment\""));
  allowed(decide(open, a), "F3", "clinical_full");
  CHECK(decide(open, a).obligations == Words{"record_2_51", "review_24h"});
  e.nature.clear();
  denied(decide(open, a), "S-P2-EMERGENCY", "basis");
}

TEST_CASE("psychotherapy notes need a consent that names them, and a broken glass never shows them") {
  const auto p = alder();
  auto a = ask(p, "stb", "harbor", MsgKind::kMessage, "treatment", {"psych_notes"}, Purpose::kTreat);
  denied(decide(p, a), "S-PSYCH", "no_consent");
  auto c = consent();
  c.discloser = "stb", c.recipients = {"harbor"};
  a.consent = &c;
  denied(decide(p, a), "S-PSYCH", "no_consent");  // "*" is not enough
  c.scope = {"psych_notes"};
  allowed(decide(p, a), "F3", "clinical_full");
  a.break_glass = true, a.basis = "emergency";
  denied(decide(p, a), "S-BREAK-GLASS", "privacy");
}

TEST_CASE("criminal justice information stays among agencies of justice that have an agreement in force") {
  const auto p = alder();
  for (const auto* label : {"cji", "chri", "juvenile_le"}) {
    const auto a = decide(p, ask(p, "apd", "harbor", MsgKind::kReferral, "hold", {label}));
    CHECK_FALSE(a.allowed);
    CHECK(a.because.front().rule == (label == std::string("juvenile_le") ? "S-JUV-LE" : "S-CJI"));
  }
  const auto le = [](const std::string& agreement) {
    auto text = alder_with(
        "flow = [\n", "flow = [\n {id=\"F9\", from=[\"police\"], to=[\"sheriff\"], kinds=[\"*\"], purpose=[\"*\"], decision=\"allow\"},\n");
    return parsed(text.replace(text.find("agency = [\n"), 11, "agency = [\n {id=\"so\", kind=\"sheriff\"" + agreement + "},\n"));
  };
  const auto with = le(", agreement=\"MOU-9\", agreement_until=2027-01-01");
  allowed(decide(with, ask(with, "apd", "so", MsgKind::kMessage, "law_enforcement_512f", {"cji"})), "F9", "*");
  const auto without = le("");
  denied(decide(without, ask(without, "apd", "so", MsgKind::kMessage, "law_enforcement_512f", {"cji"})), "S-CJI-AGREEMENT", "agreement");
}

TEST_CASE("education records leave schools with a consent or in an emergency") {
  const auto p = parsed(alder_with(
      "flow = [\n",
      "flow = [\n {id=\"F9\", from=[\"school\"], to=[\"crisis_center\"], kinds=[\"*\"], purpose=[\"*\"], decision=\"allow\"},\n"));
  denied(decide(p, ask(p, "school", "harbor", MsgKind::kReferral, "treatment", {"ferpa"})), "S-FERPA", "no_consent");
  allowed(decide(p, ask(p, "school", "harbor", MsgKind::kReferral, "health_safety_ferpa", {"ferpa"})), "F9", "*");
}

TEST_CASE("a threat is told with a belief in good faith, to those who can lessen it") {
  const auto p = parsed(alder_with("\"state_law\"]", "\"state_law\",\"threat_512j\"]"));
  auto a = ask(p, "harbor", "apd", MsgKind::kStatus, "threat_512j", {"mh"});
  denied(decide(p, a), "S-512J", "basis");
  a.good_faith = "said to a nurse that he will";
  allowed(decide(p, a), "F2", "police_status");
  a.to = a.to_kind = "housing";
  denied(decide(p, a), "S-512J", "basis");
}

TEST_CASE("an agreement that has ended stops all but emergencies, which pass and are told") {
  const auto p = parsed(alder_with("2027-06-30},\n {id=\"ace\"", "2026-10-01},\n {id=\"ace\""));
  auto a = ask(p, "apd", "harbor", MsgKind::kReferral, "hold", {"mh"});
  denied(decide(p, a), "agreement", "agreement");
  denied(decide(p, ask(p, "harbor", "apd", MsgKind::kStatus, "hold")), "agreement", "agreement");
  a.urgency = "emergent";
  allowed(decide(p, a), "F1", "clinical_full");
  CHECK(decide(p, a).obligations == Words{"agreement_expired"});
  CHECK(has(decide(p, a).rules(), "agreement"));
}

TEST_CASE("a coordinator gets messages, capacity, control and loop facts and nothing else; loop facts go to nobody else") {
  const auto p = with_coordinator();
  for (const auto& kind : schemas::msg_kinds()) {
    const auto a = decide(p, ask(p, "apd", "county", static_cast<MsgKind>(kind.code), "consent"));
    const bool may = kind.code == 3 || kind.code == 6 || kind.code == 17 || kind.code == 19;
    CHECK((a.because.front().rule == "coordinator" && !a.allowed) != may);
  }
  allowed(decide(p, ask(p, "river", "county", MsgKind::kLoopFacts, "", {}, Purpose::kCoord)), "coordinator", "*");
  denied(decide(p, ask(p, "stb", "harbor", MsgKind::kLoopFacts, "")), "coordinator", "privacy");
  denied(decide(alder(), ask(alder(), "stb", "coordinator", MsgKind::kLoopFacts, "")), "none", "no_rule");
}

TEST_CASE("a certificate that names another kind than the policy stops everything") {
  const auto p = alder();
  auto a = ask(p, "apd", "harbor", MsgKind::kReferral, "hold");
  a.from_kind = "hospital_ed";
  denied(decide(p, a), "membership", "membership");
}

TEST_CASE("a state's stricter rule beats the consortium's flow") {
  auto p = alder();
  denied(decide(p, ask(p, "harbor", "apd", MsgKind::kStatus, "hold", {"hiv"})), "CO-HIV", "no_consent");
  p.state_pack.clear();
  allowed(decide(p, ask(p, "harbor", "apd", MsgKind::kStatus, "hold", {"hiv"})), "F2", "police_status");
}

TEST_CASE("break-glass adds fields for those who care, tells the privacy officers, and needs a reason of safety") {
  const auto p = parsed(alder_with("decision=\"allow\", view=\"clinical_full\"},\n {id=\"F2\"",
                                   "decision=\"consent\", view=\"police_status\"},\n {id=\"F2\""));
  auto a = ask(p, "apd", "harbor", MsgKind::kReferral, "emergency", {"mh"});
  denied(decide(p, a), "F1", "no_consent");
  a.break_glass = true;
  allowed(decide(p, a), "F1", "*");
  CHECK(decide(p, a).obligations == Words{"notify_privacy", "review_2bd"});
  a.basis = "hold";
  denied(decide(p, a), "S-BREAK-GLASS", "privacy");
  auto police = ask(p, "harbor", "apd", MsgKind::kStatus, "emergency");
  police.break_glass = true;
  denied(decide(p, police), "S-BREAK-GLASS", "privacy");
  auto part2 = ask(p, "river", "harbor", MsgKind::kMessage, "emergency", {"part2"});
  part2.break_glass = true;
  denied(decide(p, part2), "S-BREAK-GLASS", "privacy");
}

TEST_CASE("a consent that is cited as the authority has to cover what is said") {
  const auto p = alder();
  auto a = ask(p, "stb", "harbor", MsgKind::kReferral, "consent", {"mh"});
  allowed(decide(p, a), "F3", "clinical_full");  // kept on paper: nothing to check here
  auto c = consent();
  a.consent = &c;
  denied(decide(p, a), "S-CONSENT", "no_consent");
  c.discloser = "*", c.recipients = {"kind:crisis_center"};
  allowed(decide(p, a), "F3", "clinical_full");
}

TEST_CASE("a consent covers what it names, from when it was given until it ends") {
  const auto p = alder();
  const auto a = ask(p, "river", "stb", MsgKind::kMessage, "consent", {"part2"}, Purpose::kTreat);
  const auto why = [&](auto change) {
    auto c = consent();
    change(c);
    return not_covered(c, p, a);
  };
  using C = schemas::Consent&;
  CHECK(why([](C) {}).empty());
  CHECK(why([](C c) { c.expires = {}; }).empty());
  CHECK(why([](C c) { c.revoked_at = kNow.plus(1); }).empty());  // revocation is for the future
  CHECK(why([](C c) { c.recipients = {"treating"}; }).empty());
  CHECK(why([](C c) { c.recipients = {"kind:hospital_ed"}; }).empty());
  CHECK(why([](C c) { c.purposes = {"TPO"}; }).empty());
  CHECK(why([](C c) { c.scope = {"part2"}; }).empty());
  CHECK(why([](C c) { c.granted_at = {}; }) == "the consent does not say when it was given");
  CHECK(why([](C c) { c.granted_at = kNow.plus(1); }) == "the consent was not given yet");
  CHECK(why([](C c) { c.expires = kNow; }) == "the consent has expired");
  CHECK(why([](C c) { c.revoked_at = kNow; }) == "the consent was revoked");
  CHECK(why([](C c) { c.discloser = "harbor"; }).find("sender") != std::string::npos);
  CHECK(why([](C c) { c.recipients = {"harbor", "kind:ems"}; }).find("recipient") != std::string::npos);
  CHECK(why([](C c) { c.purposes = {"COORD"}; }).find("purpose") != std::string::npos);
  CHECK(why([](C c) { c.scope = {"mh"}; }).find("part2") != std::string::npos);
  CHECK(why([](C c) { c.part2 = false; }).find("42 CFR Part 2") != std::string::npos);
  CHECK(why([](C c) { c.method = "verbal"; }).find("in writing") != std::string::npos);
  CHECK(why([](C c) { c.legal = true; }).find("legal proceedings only") != std::string::npos);
}

TEST_CASE("labels come from the message, its sender and its custom fields") {
  auto p = alder();
  p.custom_fields.push_back({"x-hiv", "bool", {}, {}, {}, "", "", "hiv", 200, false, {}, 0});
  schemas::Body b;
  schemas::Referral r;
  r.labels = {"mh"}, r.criminal_history = "something";
  b.payload = r, b.labels = {"minor"}, b.custom = {{"x-hiv", "yes"}};
  CHECK(labels_of(p, "stb", b) == Words{"chri", "hiv", "mh", "minor"});
  CHECK(labels_of(p, "river", b) == Words{"chri", "hiv", "mh", "minor", "part2"});
  schemas::StatusUpdate received;
  received.status = "received", received.actor_role = "machine";
  b = {}, b.payload = received;
  CHECK(labels_of(p, "river", b).empty());
  b.payload = schemas::Capacity{};
  CHECK(labels_of(p, "river", b).empty());
  b.payload = schemas::Opaque{"BlobPart", {}};
  CHECK(labels_of(p, "river", b) == Words{"part2"});
}

TEST_CASE("each kind has to say what makes it of use") {
  const auto p = alder();
  const auto places = [&](schemas::Payload payload) {
    schemas::Body b;
    const auto kind = schemas::kind_of(payload);
    b.payload = std::move(payload);
    Words out;
    for (const auto& e : schemas::policy::missing(p, ask(p, "stb", "harbor", kind, "treatment"), b)) out.push_back(e.where);
    return out;
  };
  CHECK(places(schemas::SecureMessage{}) == Words{"secure_message.text"});
  CHECK(places(schemas::StatusUpdate{}) == Words{"status_update.status"});
  CHECK(places(schemas::HandoffReport{}) == Words{"handoff_report.phase", "handoff_report.at"});
  CHECK(places(schemas::EncounterNotification{}) == Words{"encounter.event", "encounter.at"});
  CHECK(places(schemas::Capacity{}) == Words{"capacity.service", "capacity.state"});
  CHECK(places(schemas::CapacityInquiry{}) == Words{"capacity_inquiry.service"});
  CHECK(places(schemas::FollowUp{}) == Words{"follow_up.mark", "follow_up.result"});
  CHECK(places(schemas::Correction{}) == Words{"correction.target", "correction.reason"});
  CHECK(places(schemas::Acknowledgement{}) == Words{"acknowledgement.ack_of", "acknowledgement.level"});
  CHECK(places(schemas::BreakGlass{}) == Words{"break_glass.reason", "break_glass.text"});
  schemas::StatusUpdate raised;
  raised.esc_level = 1;
  CHECK(places(raised).empty());
}

TEST_CASE("what a message lacks is named by its path") {
  const auto p = alder();
  const auto places = [&](const schemas::Body& b, const std::string& from) {
    Words out;
    for (const auto& e : schemas::policy::missing(p, ask(p, from, "harbor", MsgKind::kReferral, "hold"), b)) {
      CHECK_FALSE(e.mend.empty());
      out.push_back(e.where);
    }
    return out;
  };
  schemas::Body b;
  b.payload = schemas::Referral{};
  CHECK(places(b, "stb") == Words{"referral.subject.name", "referral.subject.dob", "referral.reasons", "referral.service",
                                  "referral.urgency", "referral.requester.phone", "authority_basis"});
  const auto police = places(b, "apd");
  CHECK(has(police, "referral.location_now"));
  CHECK(has(police, "referral.risk.weapons"));
  CHECK(std::ranges::count(police, "referral.reasons") == 1);
  b = samples::referral();
  b.custom.clear();
  CHECK(places(b, "apd").empty());
  b.custom["x-veteran"] = "perhaps";
  CHECK(places(b, "apd") == Words{"custom.x-veteran"});
  b.custom["x-unheard-of"] = "kept";
  b.custom["x-veteran"] = "unknown";
  CHECK(places(b, "apd").empty());
}

TEST_CASE("custom fields are checked against their declared type") {
  auto p = alder();
  p.custom_fields = {{"x-n", "int", {}, {}, {"police"}, "", "", "", 200, false, {}, 0},
                     {"x-d", "date", {}, {}, {}, "", "", "", 200, false, {}, 0},
                     {"x-b", "bool", {}, {}, {}, "", "", "", 200, false, {}, 0},
                     {"x-t", "text", {}, {}, {}, "", "", "", 3, false, {}, 0}};
  schemas::Body b = samples::referral();
  b.custom = {{"x-n", "12"}, {"x-d", "2026-10-05"}, {"x-b", "yes"}, {"x-t", "äöü"}};
  const auto a = ask(p, "apd", "harbor", MsgKind::kReferral, "hold");
  CHECK(schemas::policy::missing(p, a, b).size() == 0);
  b.custom = {{"x-n", "a dozen"}, {"x-d", "5.10."}, {"x-b", "ja"}, {"x-t", "four"}};
  const auto bad = schemas::policy::missing(p, a, b);
  CHECK(bad.size() == 4);
  for (const auto& e : bad) CHECK(e.message().find("dozen") == std::string::npos);
  b.custom.clear();
  CHECK(schemas::policy::missing(p, a, b).at(0).where == "custom.x-n");
}
