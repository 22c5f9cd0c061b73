// status_out.layout=2.csv: what became of the referrals, a row an event (thread,source_ref,status,reason,at,by_role,appt_at,outcome,place,
// expected_at,callback; layout 1 ends with outcome). A row is written whole, synced, at the end of the file, or not at all; the file may be
// taken away at any time, the next row begins a new one. Not thread-safe.
#pragma once

#include <string>

#include "adapters/agent/plugin.h"

namespace adapters::folder {

std::string source_ref(const agent::Delivery& d, const schemas::StatusUpdate& update);  // the desk's own number of the referral
std::string status_row(const agent::Delivery& d, const schemas::StatusUpdate& update);
// Appends the row unless it is the file's last one already (an event that is delivered again). kFull and kIo name the file.
base::Status append_status(const std::string& folder, const std::string& row);

}  // namespace adapters::folder
