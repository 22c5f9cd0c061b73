// FHIR search (R4 3.1.1) over the catalogue: _id, _lastUpdated, status, identifier, patient or subject, _count and pages by `next`.
#pragma once

#include "adapters/facade/catalogue.h"
#include "adapters/facade/outcome.h"

namespace adapters::facade {

using Query = std::multimap<std::string, std::string, std::less<>>;

// A filter for these parameters. kUsage names the parameter that is not known (skipped when `lenient`) or a value that cannot be read.
struct Search {
  Catalogue::Filter filter;
  std::size_t count = 50;
  std::string after;                 // the last item of the page before, "MS.ID"
  Query used;
};
base::Result<Search> parse_search(const std::string& type, const Query& query, bool lenient);
HttpResponse search(const agent::Host& host, const Catalogue& catalogue, const Settings& settings, const std::string& type, const Query& query, bool lenient);

}  // namespace adapters::facade
