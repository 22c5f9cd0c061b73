// The ambulance service's adapter, type "ems-folder": NEMSIS 3.4/3.5 files dropped into a folder become an arrival, a handoff offer, a note
// and, if so configured, a referral; what the hospital answers is written into another folder, one CSV row a file.
//
// Its table in the agent's configuration:
//   in = "DIR"                 watched; processed files go to in/done, refused ones to in/quarantine with NAME.reason.txt
//   out = "DIR"                THREAD.MESSAGE.outcome.csv appears here, whole; known/ remembers which thread tells of which report
//   destination = [{ name = "STB", to = "stb" }]   eDisposition.02 or .01 (eScene.03 or .02 for a transfer in the field) -> agency
//   to = "slug"                where a patient went whom no row and no directory name claims
//   reports = "behavioral"     or "all": reports of a mental-health crisis only, or of every patient
//   refer_to, refer_service    if set, what is taken becomes a referral too: to whom and for what
//   callback = "..."           the crew's desk, in every handoff and referral; needed to refer
//   schema_dir = "DIR"         the standard's .xsd files (schemas.h); documents that do not agree with them are refused
//   outcome_format = "csv"     or "nemsis" (THREAD.MESSAGE.outcome.xml, see outcome.h), or "both"
//   basis ("treatment"), purpose ("CRISIS"), keep_done (true), settle_ms, rescan_ms
//
// POST of an EMSDataSet to /nemsis/NAME (scope nemsis.write) goes the way of a file and answers with what became of each report.
//
// Each report is sent once, known by its UUID (3.4: its number). The same content again changes nothing; other content under the same UUID
// is quarantined: what was said is taken back by a person, with a correction, not by a re-export. A file is taken whole or not at all.
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::ems {

agent::AdapterType ems_folder();

}  // namespace adapters::ems
