// The behavioral health adapter, type "behavioral-folder": each Referral is written into a folder as a FHIR R4 Bundle, and a Task that is
// dropped into another folder is the answer.
//
// Its table in the agent's configuration:
//   out = "DIR"        THREAD.referral.json (Bundle) and THREAD.status-MESSAGE.json (Task) appear here, whole
//   in = "DIR"         watched; processed files go to in/done, refused ones to in/quarantine with NAME.reason.txt
//   callback = "..."   the intake desk's number, used where a Task names none (an acceptance must carry one)
//   purpose, keep_done (true), settle_ms, rescan_ms
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::behavioral {

agent::AdapterType behavioral_folder();

}  // namespace adapters::behavioral
