// Fields of the model by their path, through the field lists: "referral.subject.name.family", "custom.x-veteran". Lists: a path puts a
// new element at the end ("referral.reasons.code"); with a word in brackets the paths of the same word fill one element
// ("referral.timeline[arrived].name", "referral.timeline[arrived].at"); "[*]" makes an element for each text of a source that has several.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "schemas/model.h"

namespace adapters::formats::mapping {

struct Step {
  std::string name, word;  // word: what stood in brackets
};
struct Target {
  std::string path;  // without brackets
  std::vector<Step> steps;
  bool repeats = false;  // each value makes an element of its own
  std::string element;   // up to the last brackets; empty: none
};

base::Result<schemas::Body> body_of(std::string_view kind);  // with an empty payload; kUsage: no such kind
// kUsage: no such path for that kind, or it is no single value.
base::Result<Target> target_of(std::string_view kind, std::string_view written);

// Elements that were begun, by their written place: one for each body that is being filled.
using Elements = std::map<std::string, std::size_t>;
// kMalformed says what was expected, without a place.
base::Status put(schemas::Body& body, const Target& target, const std::string& text, Elements& elements);
// The first list on the way to the target ("referral.reasons"), "" if there is none; and that list without its elements.
std::string list_of(const schemas::Body& body, const Target& target);
void empty_list(schemas::Body& body, const Target& target);

}  // namespace adapters::formats::mapping
