// How likely two records are about one person: points for what agrees, taken off for what contradicts. Pure; thread-safe.
// Family and given name 40 (also swapped, or nearly the same), date of birth 35, telephone 20, identifier 30, address 12, sex 5, a record
// within a day of the referral 5; another full date of birth -35, another sex -10, another name -40.
#pragma once

#include "schemas/model.h"

namespace adapters::agent::match {

struct Likeness {
  unsigned score = 0;  // 0 to 100
  std::string why;     // "name, dob, phone": what agrees; no values
};
inline constexpr unsigned kThreshold = 55;  // below it nobody is asked: a name alone is not enough

// `apart_ms`: between the record and the newest event of the thread.
Likeness likeness(const schemas::Subject& record, const schemas::Subject& referred, std::uint64_t apart_ms);

}  // namespace adapters::agent::match
