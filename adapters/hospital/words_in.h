// What a hospital's system sends along a referral -> SecureMessage: results (ORU^R01), documents (MDM^T02, T06, T08, T10), changes of the
// referral itself (REF^I13, OMG^O19 XO). Text that a person reads; OBX of type ED become attachments. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/hospital/referral_in.h"

namespace adapters::hospital {

struct Words {
  schemas::SecureMessage message;
  std::vector<hl7::Fault> faults;  // empty: good
};
Words results_from(const hl7::Message& m, const std::string& utc_offset);
Words document_from(const hl7::Message& m);
// What is otherwise than in `before`; an empty text: nothing is. `now`: the same message mapped as a whole.
Words change_from(const schemas::Referral& before, const Mapped& now);

// TXA-12, the document's own number; kept beside the message so that it can be withdrawn by it.
std::string document_number(const hl7::Message& m);
inline constexpr const char* kDocument = "x-document";  // custom field

}  // namespace adapters::hospital
