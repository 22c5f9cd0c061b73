// A site's own fields over the standard mapping of a referral: the setting mapping = "FILE" (docs/guide/mapping.md, base = "standard").
// Pure after load; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/formats/mapping/mapping.h"
#include "adapters/hospital/header.h"
#include "schemas/model.h"

namespace adapters::hospital {

class Site {
 public:
  // kNotFound, kUsage, kMalformed: the file, with its place.
  static base::Result<std::shared_ptr<const Site>> load(const std::string& path);

  // Lays the fields over `body`, a Referral. `faults` are those of the standard mapping; what is left of them, because a field gave what
  // was missing, and those of the site's own fields: any, and the referral is refused. Source bytes that hold what is ignored as cji or
  // chri are taken out of the body.
  [[nodiscard]] std::vector<hl7::Fault> over(const hl7::Message& m, schemas::Body& body, std::vector<hl7::Fault> faults) const;

 private:
  formats::mapping::Mapping mapping_;
};

}  // namespace adapters::hospital
