// The page.
#include "cli/compliance/page.h"

#include <nlohmann/json.hpp>

#include "cli/counter/print.h"

namespace cli::compliance {
namespace {

using counter::text;
using schemas::Json;

std::string safe(std::string_view s) {
  std::string out;
  for (const char c : s) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string what(const Json& d) {
  std::string out;
  for (const Json& f : d.value("what", Json::array())) out += (out.empty() ? "" : ", ") + (f.is_string() ? f.get<std::string>() : std::string());
  return out.empty() ? text(d, "kind") : out;
}

}  // namespace

std::string page(const Json& answer, const std::string& agency, const std::string& made) {
  std::string out = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Accounting of disclosures</title>\n<style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto}"
                    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #767676;padding:.4em;text-align:left;vertical-align:top}</style>\n<h1>Accounting of disclosures</h1>\n<p>" +
                    safe(agency) + " gives you this account of what it told others about you since " + safe(text(answer, "since").substr(0, 10)) + ". It was made on " + safe(made) +
                    ". You may have one for free every twelve months (45 CFR 164.528).</p>\n";
  const Json list = answer.value("disclosures", Json::array());
  if (list.empty()) return out + "<p>Nothing that has to be told was given to anybody.</p>\n";
  out += "<table><tr><th>When<th>To whom<th>What<th>Why</tr>\n";
  for (const Json& d : list) {
    const std::string consent = text(d, "consent");
    out += "<tr><td>" + safe(counter::seconds(text(d, "at"))) + "<td>" + safe(text(d, "to_name")) + "<td>" + safe(what(d)) + "<td>" + safe(text(d, "purpose")) + ", " + safe(text(d, "basis")) +
           (consent.empty() ? "" : ", your consent " + safe(consent)) + (d.value("part2", false) ? "<br>42 CFR Part 2" : "") + (d.value("passed_on", false) ? "<br>passed on" : "") + "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace cli::compliance
