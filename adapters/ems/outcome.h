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

// The same as a NEMSIS fragment: an EMSDataSet with the report's UUID and number and the elements of eOutcome that are known (01 or 02, 11, 16,
// 18). A fragment to be merged into the record: it lacks what a submission needs. `admitted`: an admission was told before. nullopt: nothing
// of it belongs into eOutcome.
std::optional<std::string> outcome_xml(const agent::Delivery& d, const Known& k, bool admitted);

}  // namespace adapters::ems
