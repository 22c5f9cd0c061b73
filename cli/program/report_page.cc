// The printable page. Numbers stand in tables; a chart repeats the first column, and a bar that may not be told is hatched.
#include "cli/program/report_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cli::program {
namespace {

using schemas::Json;

constexpr const char* kStyle = R"(
body{font:11pt/1.45 "Source Sans 3","Segoe UI",system-ui,sans-serif;color:#1a2330;margin:2.5rem auto;max-width:62rem;padding:0 1.5rem}
h1{font-size:1.7rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .2rem;border-top:2px solid #1a2330;padding-top:.6rem}
p{margin:.25rem 0}.about{color:#44505f}.preview{border:2px solid #9a3412;color:#9a3412;font-weight:700;padding:.4rem .8rem;display:inline-block}
table{border-collapse:collapse;margin:.7rem 0;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.25rem .5rem;text-align:right;border-bottom:1px solid #d5dbe3;vertical-align:bottom}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #1a2330;font-weight:600}tbody tr:last-child td{font-weight:700;border-top:1px solid #1a2330}
.s{color:#6b4e00;background:#fdf3d7}.m{font-size:.85rem;color:#44505f}code{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}svg{display:block;margin:.6rem 0;max-width:100%}
svg text{font:13px "Source Sans 3","Segoe UI",system-ui,sans-serif;fill:#1a2330}
@media print{@page{margin:16mm}body{margin:0;max-width:none;padding:0;font-size:9.5pt}section{break-inside:avoid}.s{background:none}}
)";

std::string escaped(const std::string& s) {
  std::string out;
  for (const char c : s) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}
std::string text(const Json& j, const char* key) {
  const auto it = j.find(key);
  return it == j.end() || it->is_null() ? std::string() : escaped(it->is_string() ? it->get<std::string>() : it->dump());
}

std::string cell(const Json& c) {
  return std::string(c.value("suppressed", false) ? "<td class=\"s\">" : "<td>") + text(c, "shown") + "</td>";
}

std::string table(const Json& t) {
  std::string out = "<table><thead><tr><th scope=\"col\"></th>";
  for (const Json& c : t.at("columns")) out += "<th scope=\"col\">" + escaped(c.get<std::string>()) + "</th>";
  out += "</tr></thead><tbody>";
  for (const Json& row : t.at("rows")) {
    out += "<tr><td>" + text(row, "label") + "</td>";
    for (const Json& c : row.at("cells")) out += cell(c);
    out += "</tr>";
  }
  return out + "</tbody></table>";
}

// Bars of the first column, the line for all left out.
std::string chart(const Json& t, std::size_t below) {
  const Json& rows = t.at("rows");
  if (t.value("chart", "none") == "none" || rows.size() < 3) return {};
  double most = static_cast<double>(std::max<std::size_t>(below, 1));
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) most = std::max(most, rows[i]["cells"][0].at("value").is_null() ? 0.0 : rows[i]["cells"][0]["value"].get<double>());
  const std::size_t line = 26, left = 230, wide = 420;
  const std::string name = text(t, "title") + ": " + escaped(t.at("columns").at(0).get<std::string>());
  std::string out = "<svg role=\"img\" aria-label=\"" + name + "\" width=\"760\" height=\"" + std::to_string(line * (rows.size() - 1) + 4) + "\">"
                    "<defs><pattern id=\"h-" + text(t, "id") + "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 6L6 0\" stroke=\"#8a6d1f\"/></pattern></defs>";
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const Json& c = rows[i]["cells"][0];
    const bool hidden = c.at("value").is_null();
    const double share = hidden ? static_cast<double>(below - (below > 0)) / most : c["value"].get<double>() / most;
    const std::string y = std::to_string(line * i + 4), width = std::to_string(static_cast<int>(share * static_cast<double>(wide)));
    const std::string fill = hidden ? "url(#h-" + text(t, "id") + ")" : "#2b5c8a";
    out += "<text x=\"0\" y=\"" + std::to_string(line * i + 18) + "\">" + text(rows[i], "label") + "</text><rect x=\"" + std::to_string(left) + "\" y=\"" + y + "\" width=\"" + width +
           "\" height=\"18\" fill=\"" + fill + "\"/><text x=\"" + std::to_string(left + 8 + std::stoul(width)) + "\" y=\"" + std::to_string(line * i + 18) + "\">" + text(c, "shown") + "</text>";
  }
  return out + "</svg>";
}

}  // namespace

std::string report_page(const Json& r) {
  std::string out = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" + text(r, "title") + ", " + text(r, "period") +
                    "</title><style>" + kStyle + "</style></head><body><h1>" + text(r, "title") + ", " + text(r, "period") + "</h1>";
  if (!r.value("published", false)) out += "<p class=\"preview\">Preview: not for release</p>";
  out += "<p class=\"about\">" + escaped(report_words(r)) + "</p>";
  for (const Json& t : r.at("tables")) {
    out += "<section><h2>" + text(t, "title") + "</h2><p>" + text(t, "definition") + "</p>" + chart(t, r.value("suppress_below", std::size_t{0})) + table(t) + "<p class=\"m\">Of: " + text(t, "denominator") +
           ". Missing: " + text(t, "missing_shown") + ".</p></section>";
  }
  out += "<section><h2>How this was made</h2><p class=\"m\">Made " + text(r, "made") + ". Policy " + text(r.at("policy"), "id") + ", version " + text(r.at("policy"), "version") + ". Definitions version " +
         text(r, "definitions") + ". Log of " + text(r.at("log"), "size") + " entries, root <code>" + text(r.at("log"), "root") + "</code>.</p><p class=\"m\">To make it again: <code>" + text(r, "command") + "</code></p></section></body></html>\n";
  return out;
}

}  // namespace cli::program
