// The behavioral health adapter, type "behavioral-folder": each Referral is written into a folder as a FHIR R4 Bundle, and a Task that is
// dropped into another folder is the answer.
//
// Its table in the agent's configuration:
//   out = "DIR"        THREAD.referral.json (Bundle) and THREAD.status-MESSAGE.json (Task) appear here, whole
//   in = "DIR"         watched; processed files go to in/done, refused ones to in/quarantine with NAME.reason.txt
//   callback = "..."   the intake desk's number, used where a Task names none (an acceptance must carry one)
//   purpose, keep_done, settle_ms, rescan_ms   as every folder adapter has them (adapters/folder/adapter.h)
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::behavioral {

agent::AdapterType behavioral_folder();

// Type "behavioral-csv", for a center without an interface engine (docs/guide/csv.md):
//   in                 referral_in*.csv, status_in*.csv, capacity_in*.csv, outcome_in*.csv; a name may end in .layout=1.csv
//   out                NAME.result.csv a file; referral_out.layout=1.csv, status_out.layout=2.csv a row an event; directory.csv
//   to, route          where referrals of referral_in go: to = "slug", route = [{ service = "DETOX", to = "river" }]
//   callback           the intake desk's number, where an acceptance names none
//   purpose, keep_done, settle_ms, rescan_ms
agent::AdapterType behavioral_csv();

}  // namespace adapters::behavioral
