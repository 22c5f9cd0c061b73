// REF^I12 -> Referral, after the mapping table of the domain brief (docs/guide has it for people). Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/formats/hl7v2/ack.h"
#include "adapters/formats/hl7v2/message.h"
#include "schemas/model.h"

namespace adapters::hospital {

namespace hl7 = formats::hl7v2;

struct MappingOptions {
  std::string authority_basis = "treatment";
  std::string default_urgency = "urgent";  // when RF1-2 says nothing
  std::string service;                     // when RF1-3 says nothing; "" makes RF1-3 required
  std::string utc_offset = "+00:00";       // of times that carry none, where MSH-7 carries none either
  bool part2_program = false;              // the sender is a federally assisted SUD program: its SUD content is labelled part2
  bool keep_ssn = false;                   // PID-19 and PID-3 numbers of type SS are dropped otherwise
};

struct Mapped {
  schemas::Referral referral;
  std::vector<schemas::Absent> absent;
  std::vector<std::string> target_names;  // what the message calls its addressee, most telling first
  std::string target_place;               // where it says so, for errors
  std::vector<hl7::Fault> faults;         // empty: the referral is good
};

// What the header alone decides. nullopt: it is a REF^I12 that we read.
struct Refusal {
  hl7::Verdict verdict;
  hl7::Fault fault;
};
std::optional<Refusal> refuse_header(const hl7::Message& m);
bool is_test(const hl7::Message& m);  // processing id T or D
std::string dedupe_key(const hl7::Message& m);

Mapped referral_from(const hl7::Message& m, const MappingOptions& options);

// "referral.subject.dob" -> "PID[1]-7": where a rule of the house meets the message. "" if there is no such place.
std::string place_of(std::string_view model_path);

}  // namespace adapters::hospital
