// One row of an audit in the forms in which others take it: JSON lines, CSV, FHIR R4 AuditEvent, syslog (RFC 5424). Only the columns named
// here leave; whatever else an answer holds stays behind. Pure.
#pragma once

#include <string>
#include <string_view>

#include "schemas/json.h"

namespace cli::audit {

struct Record {
  std::string shelf;                   // "ledger": the agency's own; "log": the hub's
  std::string seq, at;                 // RFC 3339, UTC
  std::string who, role, device;       // log: the sending agency, its kind is not said
  std::string action;                  // ledger: open, print, ...; log: the kind of message
  std::string words, thread, message, to, basis, fields;  // fields: names, parted by spaces
  bool denied = false;
};
Record from_ledger(const schemas::Json& row);
Record from_log(const schemas::Json& row);

std::string csv_head();
std::string csv_line(const Record& r);
std::string json_line(const Record& r);
std::string fhir(const Record& r, const std::string& agency);     // an AuditEvent, one line
std::string syslog(const Record& r, const std::string& agency);   // one line, facility 13 (log audit); notice, or warning for a denial

}  // namespace cli::audit
