// What people get to see of a report: its JSON form (the Report of docs/spec/inbox-api.md), with nothing in it that is not printed; and the
// bytes in which a release is kept.
#pragma once

#include "schemas/json.h"
#include "schemas/report/measures.h"
#include "schemas/report/suppress.h"

namespace schemas::report {

struct About {  // what makes a report checkable
  std::string period, policy, command;
  std::uint32_t policy_version = 0;
  std::uint64_t log_size = 0;
  base::Hash log_root{};
  bool published = false;  // kept as a release: later ones are checked against it
};
std::shared_ptr<Json> to_json(const Draft& draft, const Release& release, const About& about);

// Sealed storage only: true numbers are in it.
std::string pack(const Release& release);
base::Result<Release> unpack_release(std::string_view text);

}  // namespace schemas::report
