// Rows for centers without an interface engine: referrals that came in, and what agencies say of themselves. Pure.
#pragma once

#include <string>

#include "adapters/agent/plugin.h"

namespace adapters::behavioral {

// thread,from, the columns of referral_in after row_id, and notice: the text that must travel with the record (42 CFR 2.32).
std::string referral_header();
std::string referral_row(const agent::Delivery& d, const schemas::Referral& r);

// directory.csv (agency,kind,inbox,oncall_phone,services,hours,catchment) with what a capacity update says: the agency, its kind, telephone
// and one more service. What no update says stays empty. kMalformed: the file is not ours.
base::Result<std::string> directory_with(std::string_view file, const agent::Delivery& d, const schemas::Capacity& c);

}  // namespace adapters::behavioral
