// A site's own fields over the standard mapping of reports: the setting mapping = "FILE" (docs/guide/mapping.md, format = "nemsis",
// base = "standard"). They go over the referral that a report becomes; custom fields go with every message of it. Pure after load; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/formats/mapping/mapping.h"
#include "adapters/formats/nemsis/nemsis.h"

namespace adapters::ems {

class Site {
 public:
  // kNotFound, kUsage, kMalformed: the file, with its place.
  static base::Result<std::shared_ptr<const Site>> load(const std::string& path);
  // `bytes` is the document that the reports are of. kMalformed names the element: none of the reports is for sending.
  base::Status over(std::string_view bytes, const std::string& file, std::vector<formats::nemsis::Report>& reports) const;

 private:
  schemas::Config file_;
  formats::mapping::Mapping mapping_;
};

}  // namespace adapters::ems
