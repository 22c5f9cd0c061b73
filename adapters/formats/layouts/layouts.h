// The CSV layouts for centers without an interface engine (docs/guide/csv.md), version 1: which columns a file has and what they become.
// A column more or less is another layout. Built in; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/mapping/mapping.h"

namespace adapters::formats::layouts {

// One message that a row may make.
struct Part {
  std::string column;  // it is made if this column holds something; empty: always
  mapping::Mapping mapping;
};
struct Layout {
  std::string name;  // "referral_in"
  std::vector<std::string> columns;
  std::vector<Part> parts;
};

const std::vector<Layout>& all();  // referral_in, status_in, capacity_in, outcome_in
// By a file's name: "referral_in.csv", "referral_in-monday.layout=1.csv". kUnsupported names the mend.
base::Result<const Layout*> named(std::string_view file);
const Layout* like(const std::vector<std::string>& header);  // the same columns, in any order; nullptr: none

}  // namespace adapters::formats::layouts
