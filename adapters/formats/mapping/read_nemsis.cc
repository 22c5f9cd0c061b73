// NEMSIS: a record a PatientCareReport; section and element number, whatever groups lie between. What is nil, or stands with a Pertinent
// Negative, holds nothing. Elements of the agency's own (eCustomResults) lie under the id that they have.
#include <memory>

#include "adapters/formats/mapping/flat.h"
#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::mapping {
namespace {

using xml::Element;

constexpr std::string_view kCustom = "eCustomResults";

class Walk {
 public:
  explicit Walk(Flat& out) : out_(out) {}

  void report(const Element& e) {
    for (const auto& a : e.attributes)
      if (a.name == "UUID" && !a.value.empty()) out_.leaf("@UUID", std::string(a.value));
    for (const Element& section : e.children) {
      if (section.name == kCustom)
        custom(section);
      else
        below(section, std::string(section.name));
    }
    for (const auto& [path, n] : seen_)
      if (n > 1) out_.list(path, n);
  }

 private:
  void put(const std::string& path, const Element& e) {
    if (!nemsis::absence(e).empty() || e.text.empty()) return;
    const std::string at = out_.place(path, seen_[path]++);
    out_.leaf(at, std::string(e.text));
    for (const auto& a : e.attributes)
      if (a.name != "PN" && a.name != "NV" && a.name != "nil" && !a.value.empty()) out_.leaf((at + "/@").append(a.name), std::string(a.value));
  }
  void below(const Element& e, const std::string& section) {
    for (const Element& c : e.children) {
      if (c.children.empty())
        put((section + "/").append(c.name), c);
      else
        below(c, section);
    }
  }
  void custom(const Element& e) {
    for (const Element& c : e.children) {
      const Element* id = c.child("eCustomResults.02");
      if (id == nullptr || id->text.empty()) {
        custom(c);
        continue;
      }
      for (const Element& v : c.children)
        if (v.name == "eCustomResults.01") put((std::string(kCustom) + "/").append(id->text), v);
    }
  }

  Flat& out_;
  std::map<std::string, std::size_t> seen_;
};

void find(const Element& e, std::vector<const Element*>& out) {
  for (const Element& c : e.children) {
    if (c.name == "PatientCareReport")
      out.push_back(&c);
    else
      find(c, out);
  }
}

}  // namespace

base::Result<Records> read_nemsis(std::string_view bytes, const schemas::Config&) {
  TRY_ASSIGN(const xml::Document document, xml::parse(bytes));
  const Element& root = document.root();
  if (root.name != "EMSDataSet")
    return base::Error{base::Kind::kUnsupported, "this is no EMSDataSet of NEMSIS 3", "line " + std::to_string(root.line),
                       "export patient care reports in NEMSIS 3.4 or 3.5"};
  std::vector<const Element*> reports;
  find(root, reports);
  Records out;
  for (const Element* e : reports) {
    const auto flat = std::make_shared<Flat>(false);
    Walk(*flat).report(*e);
    out.records.push_back(record_of(flat, "line " + std::to_string(e->line)));
  }
  out.paths = paths_of(out.records);
  return out;
}

}  // namespace adapters::formats::mapping
