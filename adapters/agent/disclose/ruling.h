// Ruling: one question to the policy engine, as agents ask it. The sender's agent asks when a message is handed in and again when it is
// sealed; the recipient's before it shows it. What is left of the message after the answer is the copy that is sealed.
#pragma once

#include "adapters/agent/keep/records.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/view.h"

namespace adapters::agent::disclose {

namespace policy = schemas::policy;

struct End {  // one side of a message
  std::string slug, kind;
};
// What a message inherits from the referral that opened its thread. All of it may be empty.
struct Context {
  std::string basis, consent_ref, urgency;
  schemas::Subject subject;
  bool break_glass = false;
};
Context context_of(const schemas::Referral* opening);

struct Ruling {
  policy::Answer answer;
  policy::Ask ask;  // as it was asked; its pointers are gone
};
// `consents`: finds a consent by its id; used when the body brings no copy of one.
using FindConsent = std::function<std::optional<schemas::Consent>(std::string_view id)>;
Ruling rule(const policy::Policy& policy, const End& from, const End& to, schemas::MsgKind kind, schemas::Purpose purpose,
            const schemas::Body& body, const Context& context, const FindConsent& consents, base::Instant now);

// The copy for that reader: cut to the view, with rules, policy hash, labels, and the notice and consent that must travel.
struct Copy {
  schemas::Body body;
  std::vector<std::string> withheld;
};
Copy copy_for(const policy::Policy& policy, const Ruling& ruling, const std::string& sender, const schemas::Body& body, const Context& context,
              const FindConsent& consents);

keep::DecisionRow record_of(const policy::Policy& policy, const Ruling& ruling, std::vector<std::string> withheld = {});
base::Error refusal(const policy::Answer& answer);  // kDenied, naming the rule and the mend

// 42 CFR 2.32: the statement that goes with every disclosure of Part 2 records.
std::string_view notice_2_32();

}  // namespace adapters::agent::disclose
