// What the EMS adapter makes of an EMSDataSet document, looked at without sending: a door for `handoff-agent inspect`. No contents in any of
// it: names of fields and elements, lines, and what is wrong. Pure but for the schema files that it reads; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::ems {

struct Warning {
  unsigned line = 0;
  std::string what;
};
struct Seen {                          // one PatientCareReport
  unsigned line = 0;
  std::vector<std::string> kinds;      // what it would become: EncounterNotification, HandoffReport, SecureMessage, Referral
  std::vector<std::string> fields;     // canonical paths that got a value, of all of these, sorted
  std::vector<std::string> unmapped;   // numbers of elements with a value that nothing reads
  std::vector<Warning> warnings;
  std::optional<base::Error> error;    // why it would be refused
};
struct Look {
  std::vector<Seen> reports;
  std::vector<Warning> warnings;       // of the document: what does not agree with the schema
  std::optional<base::Error> error;    // the document as a whole: nothing could be read
};
// `schema_dir`: see schemas.h; "": no schema, our own table of what is required alone.
Look look(std::string_view bytes, const std::string& schema_dir);

}  // namespace adapters::ems
