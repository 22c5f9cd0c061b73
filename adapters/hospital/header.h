// What the header alone decides: whether a message is read here, and as what.
#pragma once

#include <optional>
#include <string>

#include "adapters/formats/hl7v2/ack.h"
#include "adapters/formats/hl7v2/message.h"

namespace adapters::hospital {

namespace hl7 = formats::hl7v2;

enum class Topic {
  kReferral,     // REF^I12; OMG^O19 with ORC-1 NW: a new referral of ours
  kChange,       // REF^I13; OMG^O19 XO, XX: what a referral of ours says now
  kCancel,       // REF^I14; OMG^O19 CA, DC: it is taken back
  kQuery,        // REF^I15: where does it stand
  kStatus,       // RRI^I12 to I14; OSU^O51: where a referral stands that we were asked for (OSU CA: one of ours is taken back)
  kVisit,        // ADT
  kAppointment,  // SIU
  kResult,       // ORU^R01
  kDocument,     // MDM^T02, T06, T08, T10
  kWithdrawal,   // MDM^T11
  kNothing,      // ADT^A05: nothing that another agency would be told
};

struct Refusal {
  hl7::Verdict verdict;
  hl7::Fault fault;
};
// nullopt: it is read. `processing`: what a message without a processing id is taken for; "": nothing, it is refused.
std::optional<Refusal> refuse_header(const hl7::Message& m, const std::string& processing = {});
Topic topic_of(const hl7::Message& m);                        // of one that is not refused
bool is_test(const hl7::Message& m, const std::string& processing = {});  // processing id T or D
std::string dedupe_key(const hl7::Message& m);

}  // namespace adapters::hospital
