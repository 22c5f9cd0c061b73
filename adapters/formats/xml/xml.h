// XML 1.0 documents as plain trees with line numbers. Reads only: UTF-8, UTF-16, ISO-8859-1 and WINDOWS-1252, no DTD, no entities but the five of XML itself, nothing
// is ever fetched. Comments and processing instructions are left out. Pure; thread-safe.
//
// Errors: kUnsupported (a DTD, another encoding), kMalformed, kTooLarge; `where` is "line 12". They never quote contents.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::formats::xml {

struct Attribute {
  std::string_view space, name, value;  // space: the namespace's URI, "" for none
};

struct Element {  // its text is the Document's
  std::string_view space, name;       // name without its prefix
  std::vector<Attribute> attributes;  // without xmlns declarations
  std::string_view text;              // its own, without surrounding white space
  bool nil = false;                   // xsi:nil
  unsigned line = 0;                  // from 1
  std::vector<Element> children;

  [[nodiscard]] const Element* child(std::string_view name) const;        // the first of that name, whatever its namespace; nullptr
  [[nodiscard]] std::string_view attribute(std::string_view name) const;  // "" if absent
};

class Document {  // a value; copies share one tree, which never changes
 public:
  Document(std::shared_ptr<const void> text, Element root) : text_(std::move(text)), root_(std::make_shared<const Element>(std::move(root))) {}
  [[nodiscard]] const Element& root() const { return *root_; }

 private:
  std::shared_ptr<const void> text_;  // what the elements' views point into
  std::shared_ptr<const Element> root_;
};

struct Limits {
  std::size_t bytes = 16u << 20, elements = 500000;
  std::size_t attributes = 1000;  // of one element; and namespace prefixes that hold in one place
  unsigned depth = 64;
};

base::Result<Document> parse(std::string_view bytes, const Limits& limits = {});

}  // namespace adapters::formats::xml
