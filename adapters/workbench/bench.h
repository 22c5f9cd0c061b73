// handoff-agent map new, test, show: a mapping begun from a sample, held against samples with known results, and shown as a table.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::workbench {

struct NewMapping {
  std::string toml, coverage;
};
// kUsage: no such kind, or a format that cannot be told; else what is wrong with the sample.
struct NewOptions {
  std::string sample, format, kind = "Referral", zone = "UTC";
};
base::Result<NewMapping> new_mapping(const NewOptions& options);

struct Tested {
  std::string name;                 // of the sample
  bool golden = false;              // there is a NAME.expected.json
  std::vector<std::string> differences;  // "[0].body.referral.urgency: expected another value"; no values in it
};
// DIR holds mapping.toml, samples, and beside each sample NAME.expected.json: what each record becomes. `write` makes those anew.
// kNotFound, kUsage: the folder or its mapping.
base::Result<std::vector<Tested>> test_mappings(const std::string& folder, bool write);

base::Result<std::string> show_mapping(const std::string& path);

}  // namespace adapters::workbench
