// The document: which one it is, and its reports.
#include <algorithm>
#include <map>

#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::nemsis {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view kNamespace = "http://www.nemsis.org";

std::string at(const std::string& file, const Element& e) { return file + ":" + std::to_string(e.line) + ": " + std::string(e.name); }

base::Status check_root(const Element& root, const std::string& file) {
  if (root.name != "EMSDataSet" || root.space != kNamespace)
    return Error{Kind::kUnsupported, "this is no EMSDataSet of NEMSIS 3", at(file, root),
                 "export patient care reports in NEMSIS 3.4 or 3.5"};
  // The version is told only by where its schema lies.
  const std::string_view location = root.attribute("schemaLocation");
  for (const std::string_view old : {"/release-3.3", "/3.3.", "/3.2.", "/2.2."}) {
    if (location.find(old) != location.npos)
      return Error{Kind::kUnsupported, "a version of NEMSIS that is not read", at(file, root), "export in NEMSIS 3.4 or 3.5"};
  }
  return {};
}

bool uuid(std::string_view s) {
  if (s.size() != 36) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = s[i];
    if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
  }
  return true;
}

void map_references(Record& r) {
  Report& out = r.out();
  out.number = r.value("eRecord.01", "source_ref");
  out.incident = r.value("eResponse.03", "incident_ref");
  out.response = r.value("eResponse.04", "custom.nemsis.eResponse.04");
  out.cad = r.value("eDispatch.06", "custom.nemsis.eDispatch.06");
  out.place = r.place("PatientCareReport");
  out.id = r.report().attribute("UUID");
  if (!out.id.empty() && !uuid(out.id)) r.fault("PatientCareReport", "its UUID is none", "write it as 8-4-4-4-12 hex digits");
  std::transform(out.id.begin(), out.id.end(), out.id.begin(), [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (out.id.empty()) out.id = out.number;
  out.referral.source_ref = out.id;
  out.referral.incident_ref = out.incident;
  for (const auto& [number, text] : {std::pair{"eRecord.01", &out.number}, {"eResponse.04", &out.response}, {"eDispatch.06", &out.cad}}) {
    if (!text->empty()) out.custom["nemsis." + std::string(number)] = *text;
  }
}

// What the agency that made the document says of its own elements: their titles, and what their values mean.
struct Definition {
  std::string title;
  std::map<std::string, std::string, std::less<>> values;
};
using Definitions = std::map<std::string, Definition, std::less<>>;

void find_definitions(const Element& e, Definitions& out) {
  for (const Element& c : e.children) {
    if (c.name == "eCustomConfiguration.CustomGroup" || c.name == "dCustomConfiguration.CustomGroup") {
      Definition& d = out[std::string(c.attribute("CustomElementID"))];
      for (const Element& said : c.children) {
        if (said.name.ends_with("CustomConfiguration.01")) d.title = said.text;
        const auto description = said.attribute("customValueDescription");
        if (said.name.ends_with("CustomConfiguration.06") && !description.empty()) d.values[std::string(said.text)] = description;
      }
    } else if (c.name != "PatientCareReport") {
      find_definitions(c, out);
    }
  }
}

void map_custom(Record& r, const Definitions& definitions) {
  for (const Element* group : r.all("eCustomResults.ResultsGroup")) {
    const auto ids = r.all(*group, "eCustomResults.02");
    if (ids.empty() || ids[0]->text.empty()) continue;
    const std::string name = "nemsis." + std::string(ids[0]->text);
    const auto known = definitions.find(ids[0]->text);
    const Definition* definition = known == definitions.end() ? nullptr : &known->second;
    for (const Element* e : r.values(*group, "eCustomResults.01", "custom." + name)) {
      std::string& to = r.out().custom[name];
      to.append(to.empty() ? "" : "; ").append(e->text);
      const auto meaning = definition == nullptr ? decltype(definition->values.find(""))() : definition->values.find(e->text);
      if (definition != nullptr && meaning != definition->values.end()) to += " (" + meaning->second + ")";
      if (definition != nullptr && !definition->title.empty()) r.out().custom[name + ".title"] = definition->title;
    }
  }
}

void find_reports(const Element& e, std::vector<const Element*>& out) {
  for (const Element& c : e.children) {
    if (c.name == "PatientCareReport") {
      out.push_back(&c);
    } else {
      find_reports(c, out);
    }
  }
}

}  // namespace

base::Result<std::vector<Examined>> examine(std::string_view bytes, const std::string& file, const Options& options) {
  const auto document = xml::parse(bytes);
  if (!document.ok()) {
    Error e = document.error();  // "line 12" -> "FILE:12"
    e.where = file + ":" + e.where.substr(e.where.find(' ') + 1);
    return e;
  }
  const Element& root = document->root();
  TRY(check_root(root, file));
  std::vector<const Element*> found;
  find_reports(root, found);
  if (found.empty()) return Error{Kind::kMalformed, "no PatientCareReport in it", at(file, root)};
  Definitions definitions;
  find_definitions(root, definitions);
  std::vector<Examined> out;
  for (const Element* e : found) {
    Examined& seen = out.emplace_back();
    Record record(*e, file, seen.report);
    map_references(record);
    for (const auto map : {map_person, map_situation, map_care, map_outcome}) map(record);
    map_custom(record, definitions);
    check_required(record, options);
    seen.fault = record.first_fault();
    seen.unmapped = record.unread();
  }
  return out;
}

base::Result<std::vector<Report>> read(std::string_view bytes, const std::string& file, const Options& options) {
  TRY_ASSIGN(std::vector<Examined> seen, examine(bytes, file, options));
  std::vector<Report> out;
  for (Examined& e : seen) {
    if (e.fault) return *e.fault;
    out.push_back(std::move(e.report));
  }
  return out;
}

}  // namespace adapters::formats::nemsis
