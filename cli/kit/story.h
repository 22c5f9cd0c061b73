// The conformance story: what every plugin must do, a step each. Steps are tried in order and each is judged alone.
#pragma once

#include "cli/kit/bench.h"

namespace cli::kit {

struct Verdict {
  enum class What { kOk, kBad, kSkipped } what = What::kOk;
  std::string words, mend;                   // kBad: what was seen, and what to do; kSkipped: why
};
struct Step {
  const char *name, *words;
  Verdict (*run)(Bench& bench);
};
const std::vector<Step>& story();

}  // namespace cli::kit
