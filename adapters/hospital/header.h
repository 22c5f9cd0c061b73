// What the header alone decides: whether a message is read here, and as what.
#pragma once

#include <optional>
#include <string>

#include "adapters/formats/hl7v2/ack.h"
#include "adapters/formats/hl7v2/message.h"

namespace adapters::hospital {

namespace hl7 = formats::hl7v2;

enum class Topic { kReferral, kVisit, kAppointment };  // REF^I12; ADT; SIU

struct Refusal {
  hl7::Verdict verdict;
  hl7::Fault fault;
};
std::optional<Refusal> refuse_header(const hl7::Message& m);  // nullopt: it is read
Topic topic_of(const hl7::Message& m);                        // of one that is not refused
bool is_test(const hl7::Message& m);                          // processing id T or D
std::string dedupe_key(const hl7::Message& m);

}  // namespace adapters::hospital
