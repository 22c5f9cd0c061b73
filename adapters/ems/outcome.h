// What a receiving agency says of a patient, as one CSV row for the ambulance service's records (NEMSIS eOutcome).
#pragma once

#include <optional>
#include <string>

#include "adapters/agent/plugin.h"

namespace adapters::ems {

// Which report a thread tells of.
struct Known {
  std::string id, number, incident, cad;
};
std::string render(const Known& k);
Known read_known(std::string_view text);

// Header and one row: report_uuid, report_number, incident_no, cad_no, event, at, eOutcome.01, disposition, facility, by.
// nullopt: nothing that belongs into a record (a machine's "received", a note).
std::optional<std::string> outcome_row(const agent::Delivery& d, const Known& k);

}  // namespace adapters::ems
