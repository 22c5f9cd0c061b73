// What IT tries before anything is sent.
#include <fmt/format.h>

#include "adapters/program/commands.h"
#include "adapters/workbench/inspect.h"

namespace adapters::program {

base::Result<int> inspect_files(const Arguments& a) {
  if (a.words.empty()) return usage("name the files to inspect");
  TRY_ASSIGN(const auto inspector, workbench::Inspector::make({a.get("format"), a.get("mapping")}));
  bool all = true, opened = true;
  for (const std::string& path : a.words) {
    const workbench::Inspected seen = inspector.file(path);
    fmt::print("{}\n", seen.json);
    all = all && seen.read, opened = opened && seen.opened;
  }
  return !opened ? kFailed : all ? kWorked : kFinding;
}

}  // namespace adapters::program
