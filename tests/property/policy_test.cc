// What no policy can change, over policies and questions made at random: Part 2 records and the police, denials that only ever deny,
// the hub's matrix that never denies what the ends allow.
#include "schemas/header_rules.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/header.h"
#include "schemas/policy/statute.h"

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include <algorithm>

using namespace schemas::policy;
using schemas::MsgKind;
using schemas::Purpose;

namespace {

using Words = std::vector<std::string>;

const Words kBases{"consent",   "treatment",   "emergency", "hold", "medical_emergency_2_51", "court_order_2_65", "audit_2_53",
                   "state_law", "threat_512j", "x-local",   "admin"};
const Words kLabels{"general", "mh", "psych_notes", "part2", "hiv", "cji", "chri", "ferpa", "x-local"};
const Words kSlugs{"a1", "a2", "a3", "a4", "nobody"};
const base::Instant kNow{1'790'000'000'000};

const std::string& one(const Words& from) { return from.at(*rc::gen::inRange<std::size_t>(0, from.size())); }
bool coin() { return *rc::gen::inRange(0, 2) == 1; }
Words kinds() {
  Words out;
  for (const auto k : schemas::agency_kinds()) out.emplace_back(k);
  return out;
}
Words names(std::span<const schemas::CodeName> table) {
  Words out;
  for (const auto& row : table) out.emplace_back(row.name);
  return out;
}
Words some(const Words& from, std::size_t least) {
  Words out;
  for (auto n = *rc::gen::inRange<std::size_t>(least, 4); n != 0; --n) out.push_back(one(from));
  return out;
}
Words star_or_some(const Words& from) { return coin() ? Words{"*"} : some(from, 1); }
Verdict verdict() { return static_cast<Verdict>(*rc::gen::inRange(0, 3)); }

Flow flow(int n) {
  Flow f;
  f.id = "F" + std::to_string(n);
  f.from = star_or_some(kinds()), f.to = star_or_some(kinds()), f.kinds = star_or_some(names(schemas::msg_kinds()));
  f.purpose = star_or_some(names(schemas::purposes()));
  if (coin()) f.basis = some(kBases, 1);
  f.decision = verdict();
  if (coin()) f.view = "v";
  return f;
}
LabelRule label_rule(int n) {
  LabelRule l;
  l.id = "L" + std::to_string(n);
  l.label = some(kLabels, 1), l.from = some(kinds(), 0);
  (coin() ? l.to : l.to_not) = some(kinds(), 0);
  l.decision = verdict();
  l.except_basis = some(kBases, 0);
  return l;
}
Policy policy() {
  Policy p;
  p.version = 1;
  for (std::size_t i = 0; i < 4; ++i) {
    Agency a;
    a.slug = kSlugs[i], a.kind = one(kinds()), a.part2 = coin();
    if (coin()) a.agreement = "MOU", a.agreement_until = kNow.plus(base::kDay).minus(coin() ? 2 * base::kDay : 0);
    p.agencies.push_back(a);
  }
  for (int i = *rc::gen::inRange(0, 6); i != 0; --i) p.flows.push_back(flow(i));
  for (int i = *rc::gen::inRange(0, 4); i != 0; --i) p.label_rules.push_back(label_rule(i));
  p.views.push_back({"v", {coin() ? "*" : "referral.urgency"}, {}, 0});
  if (coin()) p.state_pack = one(state_packs());
  return p;
}

// An Ask with what it points to.
struct Question {
  Ask ask;
  schemas::Consent consent;
  schemas::Emergency emergency{"a", "b", "c", "d", "e"};
  Ask& with_pointers(bool consented, bool recorded) {
    ask.consent = consented ? &consent : nullptr;
    ask.emergency = recorded ? &emergency : nullptr;
    return ask;
  }
};
Question question(const Policy& p) {
  Question q;
  Ask& a = q.ask;
  a.from = one(kSlugs), a.to = one(kSlugs);
  a.from_kind = p.agency(a.from) != nullptr ? p.agency(a.from)->kind : one(kinds());
  a.to_kind = p.agency(a.to) != nullptr ? p.agency(a.to)->kind : one(kinds());
  a.kind = static_cast<MsgKind>(schemas::msg_kinds()[*rc::gen::inRange<std::size_t>(0, schemas::msg_kinds().size())].code);
  a.purpose = static_cast<Purpose>(*rc::gen::inRange(1, 7));
  a.basis = coin() ? one(kBases) : "";
  a.labels = some(kLabels, 0);
  a.urgency = coin() ? "emergent" : "routine";
  if (coin()) a.good_faith = "yes";
  if (coin()) a.court_order = "2026CV17";
  a.break_glass = *rc::gen::inRange(0, 6) == 0;
  a.machine = *rc::gen::inRange(0, 6) == 0;
  a.now = kNow;
  auto& c = q.consent;
  c.discloser = coin() ? "*" : a.from;
  c.recipients = coin() ? Words{a.to} : Words{"treating", "kind:" + one(kinds())};
  c.scope = coin() ? Words{"*"} : some(kLabels, 1);
  c.purposes = {"*"};
  c.granted_at = kNow.minus(base::kDay);
  c.part2 = coin(), c.legal = coin();
  return q;
}

const Words kJusticeKinds{"police", "sheriff", "court", "jail"};

}  // namespace

TEST_CASE("without a court order, Part 2 records go to no police, court or jail under any policy") {
  CHECK(rc::check([] {
    const auto p = policy();
    auto q = question(p);
    Ask& a = q.with_pointers(coin(), coin());
    a.to = "nobody", a.to_kind = one(kJusticeKinds);
    a.labels.push_back("part2");
    if (a.kind == MsgKind::kStatus) a.machine = false;
    if (a.kind == MsgKind::kReceipt || a.kind == MsgKind::kControl) a.kind = MsgKind::kReferral;
    if (coin()) a.court_order.clear();
    if (a.basis == "court_order_2_65") a.court_order.clear();
    const auto answer = decide(p, a);
    RC_ASSERT(!answer.allowed);
    RC_ASSERT(std::ranges::any_of(answer.because, [](const Spoke& s) { return s.rule == "S-P2-LE" && s.verdict == Verdict::kDeny; }));
  }));
}

TEST_CASE("without a consent or an emergency, Part 2 records go to nobody, and with one the notice goes along") {
  CHECK(rc::check([] {
    const auto p = policy();
    auto q = question(p);
    Ask& a = q.with_pointers(coin(), coin());
    RC_PRE(a.kind != MsgKind::kReceipt && a.kind != MsgKind::kControl && !a.machine);
    a.labels.push_back("part2");
    const auto answer = decide(p, a);
    if (!answer.allowed) return;
    const auto must = [&](const char* what) { return std::ranges::find(answer.obligations, what) != answer.obligations.end(); };
    if (a.basis == "medical_emergency_2_51" && a.emergency != nullptr)  // without its record, only a consent is left
      RC_ASSERT(must("record_2_51") && must("review_24h"));
    else if (a.basis != "audit_2_53" && a.basis != "court_order_2_65")
      RC_ASSERT(a.consent != nullptr && a.consent->part2 && must("notice_2_32") && must("attach_consent"));
  }));
}

TEST_CASE("psychotherapy notes go nowhere unless a consent names them, and never through broken glass") {
  CHECK(rc::check([] {
    const auto p = policy();
    auto q = question(p);
    Ask& a = q.with_pointers(coin(), coin());
    RC_PRE(a.kind != MsgKind::kReceipt && a.kind != MsgKind::kControl);
    a.labels.push_back("psych_notes");
    if (!decide(p, a).allowed) return;
    RC_ASSERT(!a.break_glass && a.consent != nullptr);
    RC_ASSERT(std::ranges::find(a.consent->scope, "psych_notes") != a.consent->scope.end());
  }));
}

TEST_CASE("a decision is total and repeatable; a denial has a code and a way out, an allowance a view") {
  CHECK(rc::check([] {
    const auto p = policy();
    auto q = question(p);
    Ask& a = q.with_pointers(coin(), coin());
    if (coin()) a.from_kind = *rc::gen::arbitrary<std::string>(), a.kind = static_cast<MsgKind>(*rc::gen::inRange(0, 300));
    if (coin()) a.basis = *rc::gen::arbitrary<std::string>();
    const auto answer = decide(p, a), again = decide(p, a);
    RC_ASSERT(answer.allowed == again.allowed && answer.rules() == again.rules() && answer.explanation() == again.explanation());
    RC_ASSERT(answer.obligations == again.obligations && answer.view == again.view);
    RC_ASSERT(!answer.because.empty());
    RC_ASSERT(answer.allowed != (answer.because.front().verdict == Verdict::kDeny));
    RC_ASSERT(answer.allowed == answer.code.empty() && answer.allowed == answer.mend.empty() && answer.allowed != answer.view.empty());
  }));
}

TEST_CASE("one more denial never allows more") {
  CHECK(rc::check([] {
    const auto p = policy();
    auto q = question(p);
    const Ask& a = q.with_pointers(coin(), coin());
    auto stricter = p;
    if (coin()) {
      auto f = flow(99);
      f.decision = Verdict::kDeny;
      stricter.flows.insert(stricter.flows.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(p.flows) + 1), f);
    } else {
      auto l = label_rule(99);
      l.decision = Verdict::kDeny;
      stricter.label_rules.insert(stricter.label_rules.begin(), l);
    }
    RC_ASSERT(decide(p, a).allowed || !decide(stricter, a).allowed);
  }));
}

TEST_CASE("the hub's matrix lets pass whatever the two ends allow") {
  CHECK(rc::check([] {
    const auto p = policy();
    const auto note = header_of(p);
    if (!note.ok()) return;
    auto q = question(p);
    const Ask& a = q.with_pointers(coin(), coin());
    if (decide(p, a).allowed) RC_ASSERT(schemas::header_allows(*note, a.from_kind, a.to_kind, a.kind, a.purpose));
  }));
}
