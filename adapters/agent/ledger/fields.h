// The canonical groups that something shows, as the ledger and the accounting name them. Pure.
#pragma once

#include <string>
#include <vector>

#include "schemas/json.h"

namespace adapters::agent::ledger {

// "referral.subject", "handoff_report": of every body in its JSON form, wherever it stands. Names, nothing of their content.
std::vector<std::string> fields_in(const schemas::Json& answer);

}  // namespace adapters::agent::ledger
