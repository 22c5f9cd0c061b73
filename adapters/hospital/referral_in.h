// REF^I12 -> Referral, after the mapping table of the domain brief (docs/guide has it for people). Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/hospital/header.h"
#include "schemas/model.h"

namespace adapters::hospital {

struct MappingOptions {
  std::string basis = "treatment";         // authority_basis of what is sent
  std::string default_urgency = "urgent";  // when RF1-2 says nothing
  std::string default_processing;          // of a message without MSH-11; "": it is refused
  std::string service;                     // when neither RF1-3 nor OBR-4 says it; "" makes one of them required
  std::string callback, reason;            // likewise where PRD-5 and CTD-5, RF1-10 and DG1-3 say nothing
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

Mapped referral_from(const hl7::Message& m, const MappingOptions& options);

// "referral.subject.dob" -> "PID[1]-7": where a rule of the house meets the message. "" if there is no such place.
std::string place_of(std::string_view model_path);

}  // namespace adapters::hospital
