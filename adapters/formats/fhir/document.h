// A parsed resource or Bundle that remembers what of it was read, and finds what its references mean. Only .cc files of this folder
// include it. A Node never throws: what is missing or of another type reads as empty.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "adapters/formats/fhir/read.h"
#include "schemas/json.h"

namespace adapters::formats::fhir {

class Document;

class Node {
 public:
  Node() = default;
  Node(Document* document, const schemas::Json* json, std::string path) : document_(document), json_(json), path_(std::move(path)) {}
  [[nodiscard]] bool there() const { return json_ != nullptr; }
  explicit operator bool() const { return there(); }
  Node operator[](std::string_view key) const;
  [[nodiscard]] std::vector<Node> each() const;  // elements of a list; a lone value is a list of one
  [[nodiscard]] Node first() const;
  [[nodiscard]] std::string text() const;        // a string, number or truth value; read
  [[nodiscard]] std::string is() const;          // resourceType; read
  [[nodiscard]] bool same(const Node& o) const { return json_ == o.json_; }
  void pass() const;                             // all of it is known and needs no place
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const schemas::Json* json() const { return json_; }
  [[nodiscard]] Document* document() const { return document_; }

 private:
  Document* document_ = nullptr;
  const schemas::Json* json_ = nullptr;
  std::string path_;
};

class Document {
 public:
  explicit Document(std::shared_ptr<schemas::Json> json);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  [[nodiscard]] Node root() const { return root_; }
  // Every resource, the root or the Bundle's entries first, then what they contain.
  [[nodiscard]] const std::vector<Node>& resources() const { return resources_; }
  [[nodiscard]] std::vector<Node> all(std::string_view type) const;
  // The resource that a Reference means; an empty node if it is not in this document.
  [[nodiscard]] Node resolve(const Node& reference) const;
  [[nodiscard]] Node by_url(const std::string& full_url) const;   // the entry of that full URL, or of that Type/id

  void mark(const schemas::Json* json) { read_.insert(json); }
  void mark_all(const schemas::Json& json);
  // What nobody read, by resource, without indices, each once, sorted.
  [[nodiscard]] std::vector<std::string> unread() const;

 private:
  void add(const Node& resource, const std::string& full_url);
  std::shared_ptr<schemas::Json> json_;
  Node root_;
  std::vector<Node> resources_;
  std::map<std::string, std::size_t, std::less<>> by_url_;      // full URL, Type/id
  std::map<std::string, std::size_t, std::less<>> contained_;   // path of the containing resource, then "#id"
  std::unordered_set<const schemas::Json*> read_;
};

}  // namespace adapters::formats::fhir
