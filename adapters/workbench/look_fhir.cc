// FHIR as the facade takes it: one document, or one a line.
#include "adapters/formats/fhir/read.h"
#include "adapters/workbench/report.h"
#include "schemas/json.h"

namespace adapters::workbench {
namespace {

namespace fhir = formats::fhir;

void look_document(std::string_view bytes, const std::string& place, Report& out) {
  const fhir::Read r = fhir::read(bytes);
  const auto at = [&](const std::string& where) { return place.empty() || where.empty() ? place + where : place + ": " + where; };
  ++out.messages;
  if (!r.kind.empty()) out.kinds.insert(r.kind);
  out.fields.insert(r.fields.begin(), r.fields.end());
  out.unmapped.insert(r.unmapped.begin(), r.unmapped.end());
  if (r.error) {
    out.refuse({r.error->kind, r.error->what, at(r.error->where), r.error->mend});
  } else if (r.kind.empty() && r.fields.empty()) {
    out.refuse({base::Kind::kUnsupported, r.note.empty() ? "nothing that this exchange carries" : r.note, at(r.type),
                "send it inside a Bundle with the ServiceRequest that it belongs to, if there is one"});
  } else if (r.kind.empty()) {
    out.warn({base::Kind::kUnsupported, r.note, at(r.type), ""});
  }
  for (const auto& w : r.warnings) out.warn({base::Kind::kMalformed, w.what, at(w.where), ""});
}

}  // namespace

void look_fhir(std::string_view bytes, Report& out) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const auto first = bytes.substr(0, bytes.find('\n'));
  const bool lines = first.size() < bytes.size() && bytes.find_first_not_of(" \t\r\n", first.size()) != bytes.npos &&
                     first.find("\"resourceType\"") != first.npos && schemas::parse_json(first).ok();
  if (!lines) return look_document(bytes, "", out);
  std::size_t number = 0;
  for (std::string_view rest = bytes; !rest.empty();) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") != line.npos) look_document(line, "line " + std::to_string(number), out);
  }
}

}  // namespace adapters::workbench
