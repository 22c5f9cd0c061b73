// handoff report: the program's measures, with small numbers hidden. A run is published: it is kept, and later ones are checked against it;
// --preview keeps nothing, and says on its face that it is not for release.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"
#include "cli/program/report_page.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

std::string shown(const Json& cell) { return counter::plain(cell.value("shown", "")); }

void print_table(std::ostream& out, const Json& t) {
  counter::wrap(out, 0, text(t, "title"));
  counter::wrap(out, 2, text(t, "definition"));
  counter::wrap(out, 2, "Of: " + text(t, "denominator") + ". Missing: " + text(t, "missing_shown"));
  const Json& columns = t.at("columns");
  std::vector<std::string> titles;
  for (const Json& c : columns) titles.push_back(counter::plain(c.get<std::string>()));
  // More columns than a line holds: a line for each number.
  const bool wide = titles.size() > 5;
  std::vector<counter::Table::Column> heads{{"", true, false}};
  for (const std::string& c : titles)
    if (!wide) heads.push_back({c.c_str(), true, true});
  if (wide) heads.insert(heads.end(), {{"", true, false}, {"", false, true}});
  counter::Table table(heads);
  for (const Json& row : t.at("rows")) {
    std::vector<std::string> cells{text(row, "label")};
    const Json& all = row.at("cells");
    for (std::size_t i = 0; i < all.size() && i < titles.size(); ++i) {
      if (wide) {
        table.add({i == 0 ? text(row, "label") : "", titles[i], shown(all[i])});
      } else {
        cells.push_back(shown(all[i]));
      }
    }
    if (!wide) table.add(std::move(cells));
  }
  table.print(out);
  out << "\n";
}

void print_text(std::ostream& out, const Json& r) {
  out << text(r, "title") << ", " << text(r, "period") << (r.value("published", false) ? "" : "  PREVIEW: not for release") << "\n";
  counter::wrap(out, 0, "policy " + text(r.at("policy"), "id") + " version " + text(r.at("policy"), "version") + "; log of " + text(r.at("log"), "size") + " entries, root " + text(r.at("log"), "root").substr(0, 16));
  counter::wrap(out, 0, text(r, "command"));
  counter::wrap(out, 0, report_words(r));
  out << "\n";
  for (const Json& t : r.at("tables")) print_table(out, t);
}

std::string field(std::string s) {
  if (!s.empty() && std::string_view("=+-@\t\r").find(s[0]) != std::string_view::npos && s != "-") s.insert(s.begin(), '\'');
  if (s.find_first_of(",\"\r\n") == std::string::npos) return s;
  std::string out = "\"";
  for (const char c : s) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

void print_csv(std::ostream& out, const Json& r) {
  out << "table,row,column,shown,value,suppressed\r\n";
  for (const Json& t : r.at("tables")) {
    for (const Json& row : t.at("rows")) {
      for (std::size_t i = 0; i < row.at("cells").size(); ++i) {
        const Json& c = row["cells"][i];
        out << field(text(t, "id")) << "," << field(text(row, "label")) << "," << field(t.at("columns").at(i).get<std::string>()) << "," << field(text(c, "shown")) << ","
            << (c.at("value").is_null() ? "" : c["value"].dump()) << "," << (c.value("suppressed", false) ? "yes" : "no") << "\r\n";
      }
    }
  }
}

}  // namespace

std::string report_words(const Json& report) {
  const auto below = report.value("suppress_below", 0U);
  if (below < 2) return "Nothing is suppressed: the policy sets no limit.";
  return "Counts of 1 to " + std::to_string(below - 1) + " are not told (" + "1-" + std::to_string(below - 1) + "), nor others from which they could be worked out (hidden). 0 is 0.";
}

counter::Exit report_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "report.list"}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "reports"));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  counter::Table table({{"name"}, {"title", true}, {"what", true}});
  for (const Json& r : *list) table.add({text(r, "name"), text(r, "title"), text(r, "what")});
  table.print(call.out);
  return counter::kWorked;
}

counter::Exit report_run(const counter::Call& call) {
  const std::string format = call.json() ? "json" : call.has("format") ? call.get("format") : "table";
  if (format != "table" && format != "csv" && format != "html" && format != "json")
    return base::Error{base::Kind::kUsage, "there is no such format", "--format", "table, csv, html or json"};
  Json ask = {{"op", "report.run"}, {"name", call.get("name")}, {"period", call.get("period")}, {"publish", !call.has("preview")}};
  if (call.has("by")) ask["by"] = call.get("by");
  TRY_ASSIGN(const auto answer, counter::ask(call, ask));
  TRY_ASSIGN([[maybe_unused]] const Json* tables, counter::list_in(*answer, "tables"));
  std::ostringstream text_out;
  if (format == "table") print_text(text_out, *answer);
  if (format == "csv") print_csv(text_out, *answer);
  if (format == "json") counter::print_json(text_out, *answer);
  if (format == "html") text_out << report_page(*answer);
  if (!call.has("out")) {
    call.out << text_out.str();
    return counter::kWorked;
  }
  std::ofstream file(call.get("out"), std::ios::binary | std::ios::trunc);
  file << text_out.str();
  file.close();
  if (!file) return base::Error{base::Kind::kIo, "the report cannot be written", "--out", "is the folder there, and room on the disk?"};
  if (!call.json()) call.out << "written: " << call.get("out") << "\n";
  return counter::kWorked;
}

}  // namespace cli::program
