// XML Schema: a document against the .xsd files of a folder. The schema is read once; nothing is ever fetched from a network, no entity is
// expanded, and what a finding says never holds contents of the document: a line, an element's name and what is wrong with it.
// Thread-safe once made.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::formats::xml {

struct Finding {
  unsigned line = 0;  // from 1
  std::string what;   // "eTimes.03: not of the type that the schema says"
};

class Schema {
 public:
  // kNotFound, kMalformed: the file; the mend says what belongs there.
  static base::Result<Schema> load(const std::string& path);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();
  // At most `most` findings, in the order of the document; empty: it is valid. The document has been parsed by xml::parse() before: one with
  // a DOCTYPE, or that is not well-formed, is a finding here.
  [[nodiscard]] std::vector<Finding> check(std::string_view document, std::size_t most = 100) const;

 private:
  struct Impl;
  explicit Schema(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace adapters::formats::xml
