#include "adapters/formats/fhir/document.h"

#include <nlohmann/json.hpp>
#include <set>

namespace adapters::formats::fhir {
namespace {

using schemas::Json;

constexpr std::size_t kMaxResources = 10'000;

std::string type_of(const Json& resource) {
  if (!resource.is_object()) return {};
  const auto it = resource.find("resourceType");
  return it != resource.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// True if something below was read. The highest places of which nothing was read go to `out`.
bool unread_below(const Json& j, const std::string& path, const std::unordered_set<const Json*>& read, std::set<std::string>& out) {
  if (read.contains(&j)) return true;
  if (!j.is_structured()) {
    out.insert(path);
    return false;
  }
  std::set<std::string> found;
  bool any = false;
  if (j.is_object()) {
    for (const auto& [key, value] : j.items()) {
      const std::string type = type_of(value);
      any = unread_below(value, type.empty() ? path + "." + key : type, read, found) || any;
    }
  } else {
    for (const Json& value : j) {
      const std::string type = type_of(value);
      any = unread_below(value, type.empty() ? path : type, read, found) || any;
    }
  }
  if (any) {
    out.insert(found.begin(), found.end());
  } else {
    out.insert(path);
  }
  return any;
}

}  // namespace

Node Node::operator[](std::string_view key) const {
  std::string path = path_ + "." + std::string(key);
  if (json_ == nullptr || !json_->is_object()) return {document_, nullptr, std::move(path)};
  const auto it = json_->find(std::string(key));
  return {document_, it == json_->end() || it->is_null() ? nullptr : &*it, std::move(path)};
}

std::vector<Node> Node::each() const {
  std::vector<Node> out;
  if (json_ == nullptr) return out;
  if (!json_->is_array()) return {*this};
  for (std::size_t i = 0; i < json_->size(); ++i) out.emplace_back(document_, &(*json_)[i], path_ + "[" + std::to_string(i) + "]");
  return out;
}

Node Node::first() const {
  if (json_ == nullptr || !json_->is_array()) return *this;
  return json_->empty() ? Node{document_, nullptr, path_} : Node{document_, &json_->front(), path_ + "[0]"};
}

std::string Node::text() const {
  if (json_ == nullptr || json_->is_structured() || json_->is_null()) return {};
  document_->mark(json_);
  return json_->is_string() ? json_->get<std::string>() : schemas::dump(*json_);
}

std::string Node::is() const { return (*this)["resourceType"].text(); }

void Node::pass() const {
  if (json_ != nullptr) document_->mark_all(*json_);
}

Document::Document(std::shared_ptr<Json> json) : json_(std::move(json)) {
  root_ = Node(this, json_.get(), type_of(*json_));
  if (root_.is() != "Bundle") {
    add(root_, {});
    return;
  }
  const std::vector<Node> entries = root_["entry"].each();
  for (const Node& entry : entries) {
    if (resources_.size() >= kMaxResources) break;
    if (const Node resource = entry["resource"]; resource && resource.json()->is_object()) add(resource, entry["fullUrl"].text());
  }
}

void Document::add(const Node& resource, const std::string& full_url) {
  const std::size_t place = resources_.size();
  resources_.push_back(resource);
  const std::string type = resource.is(), id = resource["id"].text();
  if (!full_url.empty()) by_url_.emplace(full_url, place);
  if (!id.empty()) by_url_.emplace(type + "/" + id, place);
  for (const Node& inner : resource["contained"].each()) {
    if (inner.json()->is_object() && resources_.size() < kMaxResources) {
      contained_.emplace(resource.path() + "#" + inner["id"].text(), resources_.size());
      resources_.push_back(inner);
      (void)inner.is();
    }
  }
}

std::vector<Node> Document::all(std::string_view type) const {
  std::vector<Node> out;
  for (const Node& r : resources_) {
    if (r.is() == type) out.push_back(r);
  }
  return out;
}

Node Document::by_url(const std::string& full_url) const {
  const auto it = by_url_.find(full_url);
  return it == by_url_.end() ? Node() : resources_[it->second];
}

Node Document::resolve(const Node& reference) const {
  const std::string target = reference["reference"].text();
  if (target.starts_with("#")) {
    // A contained resource is seen by its container alone.
    const std::string& path = reference.path();
    const auto end = path.find('.', path.starts_with("Bundle.") ? path.find(".resource") + 1 : 0);
    if (const auto it = contained_.find(path.substr(0, end) + target); it != contained_.end()) return resources_[it->second];
    return {};
  }
  std::string key = target.substr(0, target.find("/_history/"));
  if (const auto it = by_url_.find(key); it != by_url_.end()) return resources_[it->second];
  // An absolute URL may end in the Type/id of an entry that has no full URL.
  if (const auto id = key.rfind('/'); id != std::string::npos && id > 0) {
    const auto type = key.rfind('/', id - 1);
    if (type != std::string::npos) key = key.substr(type + 1);
    if (const auto it = by_url_.find(key); it != by_url_.end()) return resources_[it->second];
  }
  return {};
}

void Document::mark_all(const Json& json) {
  read_.insert(&json);
  if (!json.is_structured()) return;
  for (const Json& inner : json) mark_all(inner);
}

std::vector<std::string> Document::unread() const {
  std::set<std::string> out;
  const auto whole = [&](const Json& j, const std::string& type) {
    // Type and id are always read; a resource of which nothing else was is named by its type alone.
    std::set<std::string> found;
    bool any = false;
    for (const auto& [key, value] : j.items()) {
      if (key == "resourceType" || key == "id" || key == "contained") continue;
      any = unread_below(value, type + "." + key, read_, found) || any;
    }
    if (any) {
      out.insert(found.begin(), found.end());
    } else {
      out.insert(type);
    }
  };
  if (root_.json() != nullptr && root_.json()->is_object() && type_of(*root_.json()) == "Bundle") {
    for (const auto& [key, value] : root_.json()->items()) {
      if (key != "entry") unread_below(value, "Bundle." + key, read_, out);
    }
    for (const Node& entry : root_["entry"].each()) {
      if (!entry.json()->is_object()) continue;
      for (const auto& [key, value] : entry.json()->items()) {
        if (key != "resource") unread_below(value, "Bundle.entry." + key, read_, out);
      }
    }
  }
  for (const Node& r : resources_) {
    const std::string type = type_of(*r.json());
    whole(*r.json(), type.empty() ? "?" : type);
  }
  return {out.begin(), out.end()};
}

}  // namespace adapters::formats::fhir
