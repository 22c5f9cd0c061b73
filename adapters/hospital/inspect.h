// What this adapter would make of a file of HL7 v2, for `handoff-agent inspect`: nothing is sent, and no contents are told. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/hospital/referral_in.h"

namespace adapters::hospital {

struct LookOptions {  // as in the adapter's own table
  MappingOptions mapping;
  hl7::ParseOptions parsing;
};
struct Remark {
  std::string where, what;  // "PID[1]-7"
};
struct Looked {                       // one message
  std::string type;                   // "REF^I12"
  std::string kind;                   // "Referral"; "": nothing is passed on of it; `error` says why, if it is not taken at all
  std::vector<std::string> fields;    // paths of the model that get a value: "referral.subject.dob"
  std::vector<std::string> unmapped;  // "PID-4", "ZXX-2": there, and read by nobody; in the message's order, once each
  std::vector<Remark> warnings;       // all that is wrong, if `error` names only the first
  std::optional<base::Error> error;   // the message would be refused
};

// One of each message, in order; batches too. An error: the bytes are no HL7 v2.
base::Result<std::vector<Looked>> look(std::string_view bytes, const LookOptions& options = {});

}  // namespace adapters::hospital
