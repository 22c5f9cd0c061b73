// The NEMSIS schemas that a site has put into a folder: EMSDataSet_v3.xsd and what it includes, either right there or in one subfolder a
// release whose name holds its number ("3.4.0", "xsd_v3.5.1"). They are the standard's, and not shipped. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "adapters/formats/xml/schema.h"

namespace adapters::ems {

class Schemas {
 public:
  explicit Schemas(std::string folder) : folder_(std::move(folder)) {}  // "": there are none, and nothing is found
  [[nodiscard]] bool any() const { return !folder_.empty(); }
  base::Status usable() const;                                          // kNotFound, with the mend
  // kNotFound, kMalformed: the schema of this document's release. Otherwise what does not agree with it.
  base::Result<std::vector<formats::xml::Finding>> check(std::string_view document);

 private:
  std::string folder_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const formats::xml::Schema>> read_;  // by path
};

}  // namespace adapters::ems
