// Which XML: by the name and namespace of its root, and by the namespaces below it.
#include <algorithm>
#include <array>

#include "adapters/formats/xml/xml.h"
#include "adapters/workbench/detect.h"

namespace adapters::workbench {
namespace {

using base::Error;
using base::Kind;
using formats::xml::Element;

// XML that is known, and is no record: by the root's namespace (how it begins), and its name if one is given.
struct Known {
  std::string_view space, name, what, mend;
};
constexpr std::string_view kRecords = "hand in the records, not what describes them";
constexpr std::array kKnown = {
    Known{"http://www.w3.org/2001/XMLSchema", "", "an XML schema", kRecords},
    Known{"http://purl.oclc.org/dsdl/schematron", "", "rules in Schematron", kRecords},
    Known{"http://www.ascc.net/xml/schematron", "", "rules in Schematron", kRecords},
    Known{"http://relaxng.org/ns/structure", "", "a RELAX NG schema", kRecords},
    Known{"http://schemas.xmlsoap.org/wsdl", "", "the description of a web service (WSDL)", kRecords},
    Known{"http://www.w3.org/ns/wsdl", "", "the description of a web service (WSDL)", kRecords},
    Known{"http://www.w3.org/1999/XSL/Transform", "", "an XSLT program", kRecords},
    Known{"http://www.w3.org/1999/xhtml", "", "a web page", kRecords},
    Known{"http://www.w3.org/2000/svg", "", "a picture", kRecords},
    Known{"urn:oasis:names:tc:entity:xmlns:xml:catalog", "", "a catalog of schemas", kRecords},
    Known{"http://reference.niem.gov/niem/resource/mpd/catalog", "", "the catalog of a NIEM package", kRecords},
    Known{"http://schemas.xmlsoap.org/soap/envelope", "", "a SOAP envelope", "hand in what is inside its Body"},
    Known{"http://www.w3.org/2003/05/soap-envelope", "", "a SOAP envelope", "hand in what is inside its Body"},
    Known{"http://hl7.org/fhir", "", "FHIR in XML", "export FHIR as JSON"},
    Known{"urn:hl7-org:v3", "", "a clinical document (CDA) or another HL7 version 3 message", "export a referral as FHIR JSON or HL7 v2"},
    Known{"urn:hl7-org:v2xml", "", "HL7 v2 in XML", "export HL7 v2 with vertical bars"},
    Known{"http://ws.nibrs.ucr.cjis.fbi.gov", "", "an answer of the FBI's NIBRS service", kRecords},
    Known{"http://svrl.iso.org", "", "the findings of a validator", kRecords},
    Known{"http://purl.oclc.org/dsdl/svrl", "", "the findings of a validator", kRecords},
    Known{"http://www.nemsis.org", "DEMDataSet", "a NEMSIS DEMDataSet: an agency's demographics, without patients", "export an EMSDataSet"},
    Known{"http://www.nemsis.org", "StateDataSet", "a NEMSIS StateDataSet: a state's lists, without patients", "export an EMSDataSet"},
    Known{"http://www.nemsis.org", "CADDataSet", "a NEMSIS CADDataSet: dispatch data, without patients", "export an EMSDataSet, or map it as --format xml"},
};
// How namespaces of justice exchanges begin.
constexpr std::array<std::string_view, 10> kJustice = {
    "http://release.niem.gov/",     "http://niem.gov/",        "http://www.niem.gov/", "https://docs.oasis-open.org/niemopen/", "http://publication.niem.gov/",
    "http://fbi.gov/cjis/",         "http://www.fbi.gov/cjis", "http://usdoj.gov/",    "http://www.it.ojp.gov/",                "http://www.ndex.gov/"};
constexpr std::string_view kNemsis = "http://www.nemsis.org";

bool any_space(const Element& e, unsigned depth) {
  const auto justice = [](std::string_view space) { return std::ranges::any_of(kJustice, [&](auto s) { return space.starts_with(s); }); };
  if (justice(e.space)) return true;
  if (depth == 0) return false;
  return std::ranges::any_of(e.children, [&](const Element& c) { return any_space(c, depth - 1); });
}

std::string place(const Element& e) { return "line " + std::to_string(e.line); }

}  // namespace

Detected detect_xml(std::string_view bytes) {
  // A few bytes are enough to tell a page from a record; the rest may be no XML at all.
  std::string head(bytes.substr(0, 512));
  std::ranges::transform(head, head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (head.find("<!doctype html") != head.npos || head.find("<html") != head.npos)
    return {"", Error{Kind::kUnsupported, "not a record that is read here: a web page", "", std::string(kRecords)}};
  const auto document = formats::xml::parse(bytes);
  if (!document.ok()) {
    Error e = document.error();
    if (e.mend.empty()) e.mend = "export it again, whole and well-formed";
    return {"xml", std::move(e)};
  }
  const Element& root = document->root();
  for (const Known& k : kKnown)
    if (root.space.starts_with(k.space) && (k.name.empty() || root.name == k.name))
      return {"", Error{Kind::kUnsupported, "not a record that is read here: " + std::string(k.what), place(root), std::string(k.mend)}};
  if (root.name == "EMSDataSet") return {"nemsis", std::nullopt};
  if (root.space == kNemsis)
    return {"", Error{Kind::kUnsupported, "not a record that is read here: another data set of NEMSIS", place(root), "export an EMSDataSet"}};
  return {any_space(root, 3) ? "niem" : "xml", std::nullopt};
}

}  // namespace adapters::workbench
