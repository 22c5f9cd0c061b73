// A first mapping for somebody's records, guessed from names and looks: what is certain enough is mapped or ignored, the rest is left for a
// person. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/formats/mapping/mapping.h"
#include "adapters/workbench/vocabulary.h"

namespace adapters::workbench {

struct Guess {
  std::string path, to;  // to: "" for what is ignored or to be decided
  bool timed = false;    // a date or a time, in the form `time` ("": ISO 8601)
  std::string time;
  std::vector<std::pair<std::string, std::string>> map;
  std::string other, note;  // note: a comment for the reader
  std::string_view provenance = "local";
};
struct Draft {
  std::string format, kind, zone;
  bool standard = false;
  std::string row_id;
  std::string record;  // [json] records or [xml] record; "": the whole file is one, or as the format has it
  std::vector<Guess> fields, ignored, undecided;
  std::vector<std::string> lacking;  // fields that the kind needs and nothing fills
  std::size_t paths = 0;             // of the source, places of lists taken together
};

// What a message of this kind has to say (schemas/policy/decide.h), as paths.
std::vector<std::string> needed_of(std::string_view kind);
// Those that no target of `targets` fills.
std::vector<std::string> lacking_of(std::string_view kind, const std::vector<std::string>& targets);

// The list in which the records lie, where nearly all of the source lies in one: for [json] records or [xml] record. "": none.
std::string record_of(const std::string& format, const formats::mapping::Records& source);

// zone: of times without an offset. kUsage: no such kind.
base::Result<Draft> guess(const std::string& format, const std::string& kind, const std::string& zone, const formats::mapping::Records& source);

// "23 of 41 columns mapped, 12 ignored, 6 to decide; required fields without a source: referral.service.code"
std::string coverage(const Draft& d);
std::string written(const Draft& d, const std::string& sample);  // the mapping file, which loads
std::string written(const Guess& g);                              // one [[field]]
std::string quoted(std::string_view text);                        // as a TOML string

}  // namespace adapters::workbench
