// XML: a record an element of the name in [xml] record, or the document. NIEM: the same, and references are followed.
#include <map>
#include <memory>

#include "adapters/formats/mapping/flat.h"
#include "adapters/formats/niem/look.h"
#include "adapters/formats/xml/xml.h"

namespace adapters::formats::mapping {
namespace {

using xml::Element;

constexpr std::string_view kInstance = "http://www.w3.org/2001/XMLSchema-instance";

bool structural(const xml::Attribute& a) { return a.space.find("/structures/") != a.space.npos; }

class Walk {
 public:
  Walk(std::string record, bool niem, Flat& out) : record_(std::move(record)), niem_(niem), out_(out) {}

  struct Found {
    unsigned line;
    Part part;
  };

  void run(const Element& root) {
    const bool whole = record_.empty() || root.name == record_;
    if (whole) records_.push_back({root.line, {}});
    walk(root, "", whole);
    for (const auto& [path, id] : references_)
      if (const auto it = ids_.find(id); it != ids_.end() && it->second != path) out_.refer(path, it->second);
  }
  [[nodiscard]] const std::vector<Found>& records() const { return records_; }

 private:
  void attributes(const Element& e, const std::string& path) {
    for (const auto& a : e.attributes) {
      if (a.space == kInstance) continue;
      if (!niem_ || !structural(a)) {
        if (!a.value.empty()) out_.leaf(below(path, "@").append(a.name), std::string(a.value));
      } else if (a.name == "id") {
        ids_.emplace(a.value, path);
      } else if (a.name == "ref" || a.name == "uri") {
        const std::string id(a.value.substr(a.value.find('#') + 1));  // npos + 1 is 0
        (e.children.empty() ? references_ : ids_).emplace(e.children.empty() ? path : id, e.children.empty() ? id : path);
      }
    }
  }

  void walk(const Element& e, const std::string& path, bool inside) {
    attributes(e, path);
    if (!e.text.empty() && !e.nil) out_.leaf(path, std::string(e.text));
    std::map<std::string_view, std::size_t> total, seen;
    for (const Element& c : e.children) ++total[c.name];
    for (const auto& [name, n] : total)
      if (n > 1) out_.list(below(path, name), n);
    for (const Element& c : e.children) {
      const std::string at = out_.place(below(path, c.name), seen[c.name]++);
      const bool record = !inside && c.name == record_;
      const std::size_t first = out_.leaves().size();
      walk(c, at, inside || record);
      if (record) records_.push_back({c.line, {at + "/", first, out_.leaves().size()}});
    }
  }

  static std::string below(const std::string& path, std::string_view name) { return (path.empty() ? "" : path + "/").append(name); }

  std::string record_;
  bool niem_;
  Flat& out_;
  std::vector<Found> records_;
  std::map<std::string, std::string> ids_, references_;
};

}  // namespace

base::Result<Records> read_xml(std::string_view bytes, const schemas::Config& config, bool niem) {
  TRY_ASSIGN(std::string record, config.text("xml.record", ""));
  TRY_ASSIGN(const std::string base, config.text("mapping.base", ""));
  TRY_ASSIGN(const xml::Document document, xml::parse(bytes));
  const Element& root = document.root();
  if (niem && base == "standard") {
    TRY_ASSIGN(record, niem::record_element(bytes));
  }
  const auto flat = std::make_shared<Flat>(false);
  Walk walk(record, niem, *flat);
  walk.run(root);
  if (walk.records().empty())
    return base::malformed("no element " + record, "line " + std::to_string(root.line), "correct xml.record in the mapping");
  Records out;
  for (const auto& found : walk.records()) out.records.push_back(record_of(flat, "line " + std::to_string(found.line), found.part));
  out.paths = paths_of(out.records);
  return out;
}

}  // namespace adapters::formats::mapping
