// The rules that are not about labels stand here, each with its citation; label rules are data (packs/, and the policy's own).
#include "schemas/policy/decide.h"

#include <algorithm>

#include "schemas/policy/internal/consent.h"
#include "schemas/policy/internal/rules.h"
#include "schemas/policy/statute.h"

namespace schemas::policy {
namespace {

std::string joined(const std::vector<std::string>& words, const char* last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : i + 1 == words.size() ? last : ", ") + words[i];
  return out;
}

bool complete(const Emergency* e) {
  return e != nullptr && !e->recipient.empty() && !e->affiliation.empty() && !e->discloser.empty() && !e->at.empty() && !e->nature.empty();
}

// Who may be able to prevent or lessen a threat (45 CFR 164.512(j)(1)(i)(B)).
constexpr std::string_view kHelps[] = {"police",          "sheriff",       "psap",          "ems",         "fire",  "hospital_ed",
                                       "psych_inpatient", "crisis_center", "mobile_crisis", "crisis_line", "school"};
constexpr std::string_view kSafety[] = {"emergency", "medical_emergency_2_51", "threat_512j"};

class Judge {
 public:
  Judge(const Policy& policy, const Ask& ask) : policy_(policy), ask_(ask), labels_(ask.labels) {
    const bool received = ask.machine && ask.kind == MsgKind::kStatus;
    about_person_ = about_a_person(ask.kind) && ask.purpose != Purpose::kTest && !received;
    const Agency* from = policy.agency(ask.from);
    if (about_person_ && from != nullptr && from->part2) labels_.emplace_back("part2");
    if (received) std::erase(labels_, "part2");
    std::ranges::sort(labels_);
    labels_.erase(std::unique(labels_.begin(), labels_.end()), labels_.end());
  }

  Answer judge() {
    membership();
    coordinator();
    if (ask_.kind == MsgKind::kReceipt || ask_.kind == MsgKind::kControl) return always();
    if (about_person_) evidence();
    if (ask_.break_glass) break_glass();
    label_rules(statute_rules(), false);
    justice_agreement();
    if (const StatePack* pack = state_pack(policy_.state_pack)) label_rules(pack->rules, false);
    label_rules(policy_.label_rules, ask_.break_glass);
    if (about_person_ && ask_.basis == "consent") cited_consent();
    agreements();
    flows();
    return answer();
  }

 private:
  void deny(Spoke spoke, const char* code, std::string mend) {
    if (denials_.empty()) out_.code = code, out_.mend = std::move(mend);
    spoke.verdict = Verdict::kDeny;
    denials_.push_back(std::move(spoke));
  }
  void oblige(const std::vector<std::string>& what) {
    for (const auto& o : what)
      if (!in(out_.obligations, o)) out_.obligations.push_back(o);
  }

  void membership() {
    for (const auto& [slug, kind] : {std::pair{&ask_.from, &ask_.from_kind}, std::pair{&ask_.to, &ask_.to_kind}})
      if (const Agency* a = policy_.agency(*slug); a != nullptr && a->kind != *kind)
        deny({"membership", {}, "The certificate of " + *slug + " names another kind of agency than the policy does.", ""}, "membership",
             "Correct the policy, or issue the certificate again.");
  }

  // A coordinator reads no content, and loop facts are for nobody else (decisions D10).
  void coordinator() {
    const bool to_it = ask_.to_kind == "coordinator";
    const bool may = ask_.kind == MsgKind::kMessage || ask_.kind == MsgKind::kCapacity || ask_.kind == MsgKind::kControl ||
                     ask_.kind == MsgKind::kLoopFacts;
    if (to_it && !may)
      deny({"coordinator", {}, "A coordinator gets messages, capacity and loop facts, never the content of a referral.", ""}, "privacy",
           "Send loop facts instead.");
    if (!to_it && ask_.kind == MsgKind::kLoopFacts)
      deny({"coordinator", {}, "Loop facts go to the coordinator only.", ""}, "privacy", "Send the status itself.");
  }

  Answer always() {
    spoke_.push_back({"always", Verdict::kAllow, "Receipts and control messages pass between any two members.", ""});
    out_.view = "*";
    return answer();
  }

  // Every disclosure names its authority, and some authorities ask for more than their name.
  void evidence() {
    const auto& basis = ask_.basis;
    if (basis.empty() || !is_basis(basis))
      deny({"S-BASIS",
            {},
            basis.empty() ? "A disclosure about a person names the authority for it." : "This authority is not a known one.",
            "45 CFR 164.502(a)"},
           "basis", "Name the basis: consent, treatment, emergency, hold or another of the policy's.");
    if (basis == "threat_512j" && (ask_.good_faith.empty() || !in(kHelps, ask_.to_kind)))
      deny({"S-512J",
            {},
            ask_.good_faith.empty() ? "A disclosure because of a threat records the belief in good faith that it rests on."
                                    : "A disclosure because of a threat goes only to those who can prevent or lessen it.",
            "45 CFR 164.512(j)"},
           "basis", "State the threat and the belief in good faith, and send it to somebody who can lessen it.");
    if (basis == "court_order_2_65" && ask_.court_order.empty())
      deny({"S-P2-ORDER", {}, "The basis is a court order, and its reference is missing.", "42 CFR 2.61-2.67"}, "basis",
           "Give the reference of the order.");
    if (basis == "medical_emergency_2_51") {
      if (!complete(ask_.emergency))
        deny({"S-P2-EMERGENCY",
              {},
              "A disclosure in a medical emergency records recipient, affiliation, discloser, time and nature.",
              "42 CFR 2.51(c)"},
             "basis", "Complete the record of the emergency.");
      emergency_duties();
    }
  }

  void emergency_duties() { oblige({"record_2_51", "review_24h"}); }

  void break_glass() {
    const char* why = !in(kSafety, ask_.basis)     ? "Break-glass needs a reason of patient safety."
                      : !in(kCare, ask_.to_kind)   ? "Break-glass is for those who care for the person."
                      : in(labels_, "psych_notes") ? "Break-glass never opens psychotherapy notes."
                      : in(labels_, "part2") && ask_.basis != "medical_emergency_2_51"
                          ? "Break-glass opens substance use records only in a medical emergency under 42 CFR 2.51."
                          : nullptr;
    if (why != nullptr)
      deny({"S-BREAK-GLASS", {}, why, "45 CFR 164.312(a)(2)(ii), 164.508(a)(2); 42 CFR 2.51"}, "privacy",
           "Call the agency that holds the information.");
    oblige({"notify_privacy", "review_2bd"});
  }

  // An exception needs its evidence, which evidence() has denied without.
  [[nodiscard]] bool excepted(const LabelRule& rule) const {
    if (!in(rule.except_basis, ask_.basis)) return false;
    if (ask_.basis == "court_order_2_65") return !ask_.court_order.empty();
    return ask_.basis != "medical_emergency_2_51" || complete(ask_.emergency);
  }

  void label_rules(std::span<const LabelRule> rules, bool consent_waived) {
    for (const auto& rule : rules) {
      if (!internal::applies(rule, ask_.from_kind, ask_.to_kind)) continue;
      std::vector<std::string> hit;
      std::ranges::copy_if(labels_, std::back_inserter(hit), [&](const std::string& l) { return in(rule.label, l); });
      if (hit.empty()) continue;
      if (!excepted(rule))
        speak(rule, hit, consent_waived);
      else if (ask_.basis == "medical_emergency_2_51")
        emergency_duties();
    }
  }

  void speak(const LabelRule& rule, const std::vector<std::string>& hit, bool consent_waived) {
    const std::string what = "Information labelled " + joined(hit, " and ");
    Spoke spoke{rule.id, rule.decision, rule.words, rule.cite};
    if (rule.decision == Verdict::kDeny) {
      if (spoke.words.empty()) spoke.words = what + " does not go to this kind of agency.";
      const auto otherwise = rule.except_basis.empty() ? "" : ", or state one of: " + joined(rule.except_basis, ", ");
      return deny(std::move(spoke), "privacy", "Leave out what is labelled " + joined(hit, " and ") + otherwise + ".");
    }
    if (spoke.words.empty()) spoke.words = what + (rule.decision == Verdict::kConsent ? " needs a consent." : " may go there.");
    if (rule.decision == Verdict::kConsent && !consent_waived) {
      const auto why = lacks(hit);
      if (!why.empty()) {
        spoke.words += " " + why;
        return deny(std::move(spoke), "no_consent",
                    "Ask the person for a consent that names sender, recipient, purpose and " + joined(hit, " and ") + ".");
      }
    }
    oblige(rule.obligations);
    spoke_.push_back(std::move(spoke));
  }

  // Why no consent covers these labels, as a sentence; empty if the one that is cited does.
  [[nodiscard]] std::string lacks(const std::vector<std::string>& labels) const {
    if (ask_.consent == nullptr) return "No consent is cited.";
    auto why = internal::why_not(*ask_.consent, policy_, ask_, labels);
    if (why.empty()) return why;
    why.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(why.front())));
    return why + ".";
  }

  // Whoever says "by consent" and cites it is held to it.
  void cited_consent() {
    if (ask_.consent == nullptr) return;
    if (auto why = lacks(labels_); !why.empty())
      deny({"S-CONSENT", {}, std::move(why), "45 CFR 164.508; 42 CFR 2.31"}, "no_consent",
           "Ask the person for a new consent, or name another authority.");
  }

  // CJI also needs an agreement that is in force, emergency or not.
  void justice_agreement() {
    if (!in(labels_, "cji") && !in(labels_, "chri")) return;
    const Agency* to = policy_.agency(ask_.to);
    if (to == nullptr || to->agreement.empty() || ended(*to))
      deny(
          {"S-CJI-AGREEMENT", {}, "Criminal justice information needs an agreement with its recipient that is in force.", "CJISSECPOL 5.1"},
          "agreement", "Name the agreement in the policy, or renew it.");
  }

  [[nodiscard]] bool ended(const Agency& a) const { return a.agreement_until.ms != 0 && a.agreement_until <= ask_.now; }

  // Emergencies pass without an agreement, and are told.
  void agreements() {
    const bool passes = ask_.urgency == "emergent" || in(kSafety, ask_.basis) || (ask_.machine && !about_person_);
    for (const auto& slug : {ask_.from, ask_.to}) {
      const Agency* a = policy_.agency(slug);
      if (a == nullptr || !ended(*a)) continue;
      Spoke spoke{"agreement", Verdict::kAllow, "The agreement of " + slug + " has ended.", ""};
      if (!passes) {
        deny(std::move(spoke), "agreement", "Renew the agreement and its date in the policy; emergencies pass until then.");
        continue;
      }
      oblige({"agreement_expired"});
      spoke_.push_back(std::move(spoke));
    }
  }

  [[nodiscard]] bool matches(const Flow& f) const {
    return star_or_in(f.from, ask_.from_kind) && star_or_in(f.to, ask_.to_kind) && star_or_in(f.kinds, name_of(ask_.kind)) &&
           star_or_in(f.purpose, name_of(purposes(), static_cast<std::uint16_t>(ask_.purpose)));
  }
  [[nodiscard]] bool fits_basis(const Flow& f) const { return f.basis.empty() || in(f.basis, ask_.basis); }

  [[nodiscard]] std::string what() const {
    const auto purpose = static_cast<std::uint16_t>(ask_.purpose);
    return std::string(name_of(ask_.kind)) + " from " + ask_.from_kind + " to " + ask_.to_kind + " for " +
           std::string(name_of(purposes(), purpose));
  }

  void flows() {
    if (loop_facts()) return;
    const Flow* granted = nullptr;
    const Flow* other_basis = nullptr;
    const Flow* unconsented = nullptr;
    for (const auto& f : policy_.flows) {
      if (!matches(f)) continue;
      if (f.decision == Verdict::kDeny) {
        if (fits_basis(f)) deny({f.id, {}, "The policy denies " + what() + ".", ""}, "no_rule", "Ask the consortium to change this flow.");
      } else if (about_person_ && !fits_basis(f)) {
        if (other_basis == nullptr) other_basis = &f;
      } else if (f.decision == Verdict::kConsent && !ask_.break_glass && about_person_ && !lacks(labels_).empty()) {
        if (unconsented == nullptr) unconsented = &f;
      } else if (granted == nullptr) {
        granted = &f;
      }
    }
    if (granted != nullptr) return grant(*granted);
    if (unconsented != nullptr)
      return deny({unconsented->id, {}, "The policy allows " + what() + " under a consent. " + lacks(labels_), ""}, "no_consent",
                  "Ask the person for a consent that names sender, recipient and purpose.");
    if (other_basis != nullptr)
      return deny({other_basis->id, {}, "The policy allows " + what() + " only under: " + joined(other_basis->basis, " or ") + ".", ""},
                  "basis", "Name one of these as the authority, if it is the case.");
    deny({"none", {}, "No flow of policy version " + std::to_string(policy_.version) + " allows " + what() + ".", ""}, "no_rule",
         "Ask the consortium for a flow, or send it to an agency that may have it.");
  }

  // A consortium with a coordinator sends it loop facts; no flow has to say so.
  bool loop_facts() {
    if (ask_.kind != MsgKind::kLoopFacts || std::ranges::find(policy_.agencies, "coordinator", &Agency::kind) == policy_.agencies.end())
      return false;
    granted_ = {"coordinator", Verdict::kAllow, "Loop facts go to the coordinator.", ""};
    out_.view = "*";
    return true;
  }

  void grant(const Flow& f) {
    granted_ = {f.id, f.decision, "The policy allows " + what() + ".", ""};
    out_.view = f.view;
    // What a broken glass adds: all fields, but not the ones that an everything-else view leaves out on purpose.
    const View* view = policy_.view(f.view);
    if (ask_.break_glass && (view == nullptr || !in(view->fields, "*"))) out_.view = "*";
  }

  Answer answer() {
    out_.allowed = denials_.empty();
    out_.because = std::move(denials_);
    if (!granted_.rule.empty()) out_.because.push_back(std::move(granted_));
    std::ranges::move(spoke_, std::back_inserter(out_.because));
    if (!out_.allowed) out_.view.clear(), out_.obligations.clear();
    return std::move(out_);
  }

  const Policy& policy_;
  const Ask& ask_;
  std::vector<std::string> labels_;  // sorted
  bool about_person_ = true;
  std::vector<Spoke> denials_, spoke_;
  Spoke granted_;
  Answer out_;
};

}  // namespace

std::vector<std::string> Answer::rules() const {
  std::vector<std::string> out;
  for (const auto& s : because)
    if (!in(out, s.rule)) out.push_back(s.rule);
  return out;
}

std::string Answer::explanation() const {
  std::string out = allowed ? "Allowed." : "Denied.";
  for (const auto& s : because) {
    if (!allowed && s.verdict != Verdict::kDeny) continue;
    out += " " + s.rule + ": " + s.words + (s.cite.empty() ? "" : " (" + s.cite + ")");
  }
  return mend.empty() ? out : out + " " + mend;
}

Answer decide(const Policy& policy, const Ask& ask) { return Judge(policy, ask).judge(); }

}  // namespace schemas::policy
