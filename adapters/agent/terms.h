// Terms: what ends by itself unless somebody renews it, and how near that is. Within 60 days it is said, within 30 it is a warning, within 7 it is
// red: doctor, /healthz and the inbox tell long before anything stops. Pure; nothing protected is in the words.
#pragma once

#include "adapters/agent/doctor.h"
#include "adapters/agent/mail/submit.h"

namespace adapters::agent {

enum class Grade { kFine, kNote, kWarning, kRed };
Grade grade_of(base::Instant end, base::Instant now);
const char* name(Grade g);  // "ok", "note", "warning", "red"

struct Term {
  const char* what = "";  // certificate, epoch_keys, agreement, policy_review
  Grade grade = Grade::kFine;
  base::Instant end;
  std::string words, mend;
};
Term term(const char* what, std::string words, base::Instant end, base::Instant now, std::string mend);
// Of this agency, as its own copy of the log has it; empty while its certificate is not in there.
std::vector<Term> terms(const mail::Desk& desk);
Finding finding_of(const Term& t);

}  // namespace adapters::agent
