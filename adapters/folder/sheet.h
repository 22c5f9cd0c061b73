// The records of one export file, whatever its format, each made into a submission or refused. Knows no folder.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/formats/mapping/mapping.h"
#include "schemas/config.h"
#include "schemas/registry.h"

namespace adapters::folder {

struct Route {
  std::string service, to;
};
// How the records of files become submissions.
struct Sheet {
  std::string name, to;  // the adapter's, part of what a record is known by; where records go that no route claims
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  std::vector<Route> routes;
  formats::mapping::Mapping mapping;
  schemas::Config mapping_file;  // with the tables of its reader
  std::string zone{};            // of the mapping

  // Any of these may be empty. Which records are meant (besides [[only]]); what names a record (instead of row_id); the last word.
  std::function<bool(const formats::mapping::Record&)> wanted{};
  std::function<std::string(const formats::mapping::Record&)> id{};
  std::function<base::Status(const formats::mapping::Record&, agent::Submission&)> finish{};
};
// The adapter's keys `to` and `route`, beside the name and the purpose of its folder.
base::Status read_routes(const schemas::Config& config, Sheet& sheet);

struct Outcome {
  std::string row;      // "2" as a spreadsheet counts, "line 40", "$[3]"; empty: the file as a whole
  std::string verdict;  // sent | rehearsed (not live yet) | repeat | changed | refused | skipped (by [[only]])
  std::optional<base::Id> thread;
  std::optional<base::Error> why;  // where: file:row:column
  std::string kept;                // for quarantine: the local paths that the mapping needs, as rows of CSV; empty if they are not certain
  std::string doubts{};            // of what was sent nevertheless
};
struct Taken {
  std::vector<Outcome> rows;
  std::optional<base::Error> refused;  // the whole file
};

// kBusy, kFull, kIo: not now; nothing is lost by asking again. All else is in the outcomes.
base::Result<Taken> take(agent::Host& host, const Sheet& sheet, const std::string& file, std::string_view bytes);

// What Outcome::kept holds, as if it came in now. kUnsupported: a mapping with a base needs the record itself.
base::Result<Taken> take_again(agent::Host& host, const Sheet& sheet, std::string_view kept);

std::string result_file(const Taken& taken);  // its text

}  // namespace adapters::folder
