// Which threads speak of one person, from what the agency holds in plain: by a number of theirs, or by name and birth date. Inside transactions.
#pragma once

#include "adapters/agent/keep/records.h"
#include "schemas/model.h"

namespace adapters::agent::account {

struct PersonKey {
  std::string id, system;              // a record number; its system may be left out
  std::string family, given, dob;      // or all three of these
  [[nodiscard]] bool whole() const { return !id.empty() || (!family.empty() && !given.empty() && !dob.empty()); }
};
bool is(const schemas::Subject& s, const PersonKey& key);
std::vector<base::Id> threads_of(keep::Tx& tx, const PersonKey& key);  // oldest first

}  // namespace adapters::agent::account
