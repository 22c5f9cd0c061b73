// XML 1.0 documents as plain trees with line numbers. Reads only: UTF-8, UTF-16, ISO-8859-1 and WINDOWS-1252, no DTD, no entities but the five of XML itself, nothing
// is ever fetched. Comments and processing instructions are left out. Pure; thread-safe.
//
// Errors: kUnsupported (a DTD, another encoding), kMalformed, kTooLarge; `where` is "line 12". They never quote contents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::formats::xml {

struct Attribute {
  std::string space, name, value;  // space: the namespace's URI, "" for none
};

struct Element {
  std::string space, name;            // name without its prefix
  std::vector<Attribute> attributes;  // without xmlns declarations
  std::string text;                   // its own, without surrounding white space
  bool nil = false;                   // xsi:nil
  unsigned line = 0;                  // from 1
  std::vector<Element> children;

  [[nodiscard]] const Element* child(std::string_view name) const;        // the first of that name, whatever its namespace; nullptr
  [[nodiscard]] std::string_view attribute(std::string_view name) const;  // "" if absent
};

struct Limits {
  std::size_t bytes = 16u << 20, elements = 500000;
  unsigned depth = 64;
};

base::Result<Element> parse(std::string_view bytes, const Limits& limits = {});

}  // namespace adapters::formats::xml
