// A Draft: a report with every number in it, before anything is hidden. Beside its tables it holds each count once, under a key, and the
// sums that tie counts together; suppress.h works on these alone. Values.
//
// A count is "how many loops of this span are so": its key is what is counted and where ("accepted|to=harbor"), its span says when. The
// same key in another table, another period or an earlier release is the same question; that is how differences are caught.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "schemas/report/period.h"

namespace schemas::report {

using CellId = std::pair<std::string, Span>;  // key, span

struct Count {
  std::uint64_t n = 0;
  bool total = false;            // a margin: worth more to the reader than one of its parts
  std::vector<std::string> tables;  // ids of the tables that show it, or that it follows from
  bool printed = false;          // false: nobody prints it, but it can be computed from what is printed
};
struct Sum {  // total = all the parts
  CellId total;
  std::vector<CellId> parts;
};
struct Figure {
  enum class Kind { kCount, kPercent, kMeasure } kind = Kind::kCount;
  std::vector<CellId> of;  // count: itself; percent: numerator, denominator; measure: how many values are behind it
  double value = 0;        // of a measure; not a number: there is none
};
struct Row {
  std::string label;
  std::vector<Figure> figures;
};
struct Table {
  std::string id, title, definition, denominator;
  std::string chart = "none";  // bar | line | none
  std::vector<std::string> columns;
  std::vector<Row> rows;
  Figure missing;  // a count: loops that belong here and lack what is measured
};
struct Draft {
  std::string name, title;
  std::vector<Table> tables;
  std::map<CellId, Count> counts;
  std::vector<Sum> sums;
};

}  // namespace schemas::report
