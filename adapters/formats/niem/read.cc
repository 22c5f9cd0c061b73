// What document it is, which of its elements hold an incident each, and what is no incident.
#include <algorithm>

#include "adapters/formats/niem/look.h"
#include "adapters/formats/niem/said.h"
#include "adapters/formats/niem/tree.h"

namespace adapters::formats::niem {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kName = 60;

bool any_standard(const Element& e) {
  return standard_space(e.space) || std::ranges::any_of(e.children, [](const Element& c) { return any_standard(c); });
}

// Ours to look at, or the reason why not.
base::Status check_root(const Element& root) {
  if (root.space == "http://www.w3.org/2001/XMLSchema")
    return Error{Kind::kUnsupported, "an XML schema, not a document", "line 1", "name the files with incidents"};
  if (root.name.ends_with("Response") || root.name == "Envelope" || root.name == "Fault")
    return Error{Kind::kUnsupported, "an answer of another system, not an incident", "line " + std::to_string(root.line),
                 "leave answers of criminal-justice systems where they are"};
  if (any_standard(root)) return {};
  return Error{Kind::kUnsupported, "not NIEM: the root is " + std::string(root.name.substr(0, kName)), "line " + std::to_string(root.line),
               "map it as format xml, or export NIEM"};
}

std::string container_name(const Element& root) {
  for (const std::string_view name : {"Report", "DataItemPackage", "IncidentReport"})
    if (root.name == name || !all(root, {name}).empty()) return std::string(name);
  // An Incident that holds its people is a record of its own; one whose people stand beside it is the document's.
  const Elements incidents = all(root, {"Incident"});
  const bool own = std::ranges::any_of(incidents, [](const Element* e) {
    return !all(*e, {"Subject", "IncidentSubject", "Person"}).empty();
  });
  return own || incidents.size() > 1 || root.name == "Incident" ? "Incident" : "";
}

void containers(const Element& e, const std::string& name, Elements& out) {
  if (e.name == name) return out.push_back(&e);
  for (const Element& c : e.children) containers(c, name, out);
}

bool says(const std::string& text, std::string_view word) {
  return std::ranges::equal(text, word, {}, [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
}

// What the header of a report, or of a package, says about it.
std::optional<Error> no_incident(const Element& container, const std::string& where) {
  const std::string category = text(container, {"NIBRSReportCategoryCode"}),
                    action = text(container, {"ReportActionCategoryCode", "DataItemPublishInstruction"});
  if (says(category, "ZERO REPORT")) return Error{Kind::kUnsupported, "a zero report has no incident", where, "nothing needs to be done"};
  if (category.find("ARREST") != category.npos || category.find("Arrest") != category.npos)
    return Error{Kind::kUnsupported, "an arrest report does not leave", where, "export incidents"};
  if (says(action, "D") || says(action, "DELETE"))
    return Error{Kind::kUnsupported, "it takes a report back, and what was sent cannot be taken back unseen", where,
                 "tell the other agency on its thread"};
  return std::nullopt;
}

}  // namespace

base::Result<std::vector<Incident>> read(std::string_view bytes, const Options& options) {
  TRY_ASSIGN(const xml::Document document, xml::parse(bytes));
  const Element& root = document.root();
  TRY(check_root(root));
  Elements found;
  const std::string name = container_name(root);
  if (name.empty())
    found.push_back(&root);
  else
    containers(root, name, found);
  const Tree tree(root);
  std::vector<Incident> out;
  for (const Element* container : found) {
    Incident& one = out.emplace_back();
    one.where = "line " + std::to_string(container->line);
    read_incident(tree, *container, options, one);
    if (auto error = no_incident(*container, one.where)) one.error = std::move(error);
  }
  return out;
}

bool may_leave(std::string_view path) {
  for (;;) {
    const auto end = path.find('/');
    const std::string_view step = path.substr(0, end);
    if (withheld_name(step.substr(0, step.find('[')))) return false;
    if (end == path.npos) return true;
    path.remove_prefix(end + 1);
  }
}

base::Result<std::string> record_element(std::string_view bytes) {
  TRY_ASSIGN(const xml::Document document, xml::parse(bytes));
  const Element& root = document.root();
  TRY(check_root(root));
  return container_name(root);
}

}  // namespace adapters::formats::niem
