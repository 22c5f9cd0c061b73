// Datatypes.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

void add_line(std::string& text, const std::string& line) {
  if (!line.empty()) text += (text.empty() ? "" : "\n") + line;
}

}  // namespace

void warn(Read& r, const Node& where, std::string what) { r.warnings.push_back({where.path(), std::move(what)}); }

schemas::Code code_in(const Node& c) {
  schemas::Code out;
  for (const Node& coding : c["coding"].each()) {
    const std::string code = coding["code"].text();
    if (code.empty()) continue;
    const std::string system = coding["system"].text();
    out = {system == kOwnCodes ? "" : v2_system(system), code, coding["display"].text()};
    break;
  }
  const std::string text = c["text"].text();
  if (!text.empty()) out.text = text;
  if (out.text.empty() && out.code.empty()) out.text = c["coding"].first()["display"].text();
  return out;
}

std::string words_in(const Node& c) {
  if (const std::string text = c["text"].text(); !text.empty()) return text;
  const Node coding = c["coding"].first();
  const std::string display = coding["display"].text(), code = coding["code"].text();
  coding["system"].pass();
  return display.empty() ? code : display;
}

std::string code_of(const Node& c, std::string_view system) {
  for (const Node& coding : c["coding"].each()) {
    if (coding["system"].text() == system) {
      coding["display"].pass();
      return coding["code"].text();
    }
  }
  return {};
}

schemas::Name name_in(const Node& n) {
  schemas::Name out{n["family"].text(), {}, {}, n["suffix"].first().text()};
  for (const Node& given : n["given"].each()) {
    std::string& into = out.given.empty() ? out.given : out.middle;
    into += (into.empty() ? "" : " ") + given.text();
  }
  const std::string text = n["text"].text();
  if (out.family.empty() && out.given.empty()) out.family = text;
  n["use"].pass();
  return out;
}

schemas::Name best_name(const Node& names) {
  Node best = names.first();
  for (const char* use : {"official", "usual"}) {
    const auto all = names.each();
    const auto it = std::find_if(all.begin(), all.end(), [&](const Node& n) { return n["use"].text() == use; });
    if (it == all.end()) continue;
    best = *it;
    break;
  }
  return name_in(best);
}

schemas::Address address_in(const Node& addresses) {
  const Node a = addresses.first();
  schemas::Address out;
  for (const Node& line : a["line"].each()) out.line += (out.line.empty() ? "" : ", ") + line.text();
  out.city = a["city"].text(), out.state = a["state"].text(), out.postal = a["postalCode"].text(), out.country = a["country"].text();
  const std::string text = a["text"].text();
  if (out.line.empty() && out.city.empty()) out.line = text;
  a["use"].pass();
  a["type"].pass();
  return out;
}

std::string telecom_in(const Node& telecoms, std::string_view system) {
  for (const Node& t : telecoms.each()) {
    if (t["system"].text() != system) continue;
    t["use"].pass();
    t["rank"].pass();
    if (const std::string value = t["value"].text(); !value.empty()) return value;
  }
  return {};
}

std::string identifier_in(const Node& identifiers) {
  for (const Node& i : identifiers.each()) {
    if (const std::string value = i["value"].text(); !value.empty()) return value;
  }
  return {};
}

std::string display_in(const Node& reference) {
  const std::string display = reference["display"].text(), id = identifier_in(reference["identifier"]), target = reference["reference"].text();
  reference["identifier"]["system"].pass();
  reference["type"].pass();
  return !display.empty() ? display : !id.empty() ? id : target;
}

std::string moment_in(const Node& value, Read& r) {
  std::string text = value.text();
  if (text.empty() || is_datetime(text)) return text;
  warn(r, value, "not a date, or a time without its offset");
  return {};
}

std::string note_in(const Node& annotations) {
  std::string out;
  for (const Node& n : annotations.each()) add_line(out, n["text"].text());
  return out;
}

void refs_in(const Node& identifiers, Read& r) {
  for (const Node& i : identifiers.each()) {
    std::string value = i["value"].text();
    for (const char* known : {"system", "use", "type"}) i[known].pass();
    if (value.starts_with("urn:uuid:")) value.erase(0, 9);
    if (value.empty()) continue;
    if (const auto id = base::parse_uuid(value); id && !r.thread) r.thread = id;
    r.refs.push_back(std::move(value));
  }
}

void ref_in(const Node& reference, Read& r) {
  refs_in(reference["identifier"], r);
  std::string target = reference["reference"].text();
  reference["display"].pass();
  reference["type"].pass();
  if (const Node there = reference.document() ? reference.document()->resolve(reference) : Node(); there) refs_in(there["identifier"], r);
  target = target.substr(0, target.find("/_history/"));
  target = target.substr(target.rfind('/') + 1);
  if (target.starts_with("urn:uuid:")) target.erase(0, 9);
  if (!target.empty() && !target.starts_with("#")) r.refs.push_back(std::move(target));
}

std::vector<schemas::Attachment> attachment_in(const Node& a, Read& r) {
  if (!a) return {};
  schemas::Attachment out;
  out.media_type = a["contentType"].text();
  out.title = a["title"].text();
  for (const char* known : {"language", "size", "hash", "creation"}) a[known].pass();
  const Node data = a["data"], url = a["url"];
  std::string text = data.text();
  if (text.empty() && url) {
    const std::string target = url.text();
    for (const Node& binary : a.document()->all("Binary")) {
      const std::string id = binary["id"].text();
      const bool named = !id.empty() && (target == "Binary/" + id || target.ends_with("/Binary/" + id) || target == "urn:uuid:" + id);
      if (!named && !binary.same(a.document()->by_url(target))) continue;
      text = binary["data"].text();
      const std::string type = binary["contentType"].text();
      if (out.media_type.empty()) out.media_type = type;
    }
    if (text.empty()) {
      warn(r, url, "what a link points to is not fetched; put the content into the document");
      if (out.title.empty()) return {};
    }
  }
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  if (auto bytes = base::unbase64(text)) {
    out.data = std::move(*bytes);
  } else {
    warn(r, data, "not base64");
  }
  return {std::move(out)};
}

void labels_in(const Node& resource, std::vector<std::string>& labels, Read& r) {
  const Node meta = resource["meta"];
  for (const char* known : {"versionId", "lastUpdated", "profile", "source"}) meta[known].pass();
  const auto label = [&](std::string l) {
    if (std::find(labels.begin(), labels.end(), l) == labels.end()) labels.push_back(std::move(l));
  };
  for (const Node& s : meta["security"].each()) {
    const std::string code = s["code"].text();
    s["system"].pass();
    s["display"].pass();
    if (code == "42CFRPart2") label("part2");
    if (code == "ETH" || code == "ETHUD" || code == "SUD" || code == "OPIOIDUD") {
      label("part2");
      warn(r, s, "substance use content: treated as under 42 CFR part 2");
    }
    if (code == "PSY" || code == "MH" || code == "BH" || code == "PSYTHPN") label(code == "PSYTHPN" ? "psych_notes" : "mh");
    if (code == "HIV") label("hiv");
    if (code == "HTEST") r.test = true;
  }
  for (const Node& t : meta["tag"].each()) {
    if (t["code"].text() == "HTEST") r.test = true;
  }
}

}  // namespace adapters::formats::fhir
