// The rows of one export file, each made into a submission or refused. Knows no folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/police/settings.h"

namespace adapters::police {

struct Outcome {
  std::size_t row = 0;  // as a spreadsheet counts; 0: the file as a whole
  std::string verdict;  // sent | repeat | changed | refused | skipped (by [[only]])
  std::optional<base::Id> thread;
  std::optional<base::Error> why;  // where: file:row:column
  std::string kept;                // for quarantine: what of the row may leave; empty if the columns are not certain
};
struct Taken {
  std::vector<Outcome> rows;
  std::optional<base::Error> refused;  // the whole file
};

// kBusy, kFull, kIo: not now; nothing is lost by asking again. All else is in the outcomes.
base::Result<Taken> take(agent::Host& host, const Settings& settings, const std::string& file, std::string_view bytes);

std::string result_file(const Taken& taken);  // its text

}  // namespace adapters::police
