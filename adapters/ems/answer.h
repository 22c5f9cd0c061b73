// What a charting system is told over HTTP about the reports that it posted: JSON, with lines and element numbers, and no contents.
#pragma once

#include <string>
#include <vector>

#include "adapters/formats/xml/schema.h"
#include "adapters/transport/http.h"

namespace adapters::ems {

struct Taken {                // one report
  std::string id;             // its UUID, or its number in 3.4
  std::string verdict;        // sent | known | passed_by
  std::string thread;         // "" if nothing was sent
};

// 202 if anything is new and on its way, else 200: {"reports":[{"pcr","verdict","thread"}]}.
transport::HttpResponse answer(const std::vector<Taken>& taken);
// 422 malformed or without a receiver, 413, 409 changed, 403 by the policy, 503 try later, 500: {"errors":[{"line","where","what","mend"}]},
// and `reports` that were taken before it.
transport::HttpResponse answer(const base::Error& e, const std::vector<Taken>& taken);
// 422: what does not agree with the schema.
transport::HttpResponse answer(const std::vector<formats::xml::Finding>& findings);

}  // namespace adapters::ems
