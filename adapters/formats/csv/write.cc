// Rows as text, so that a spreadsheet runs nothing.
#include "adapters/formats/csv/csv.h"
#include "adapters/formats/csv/guard.h"

namespace adapters::formats::csv {

bool like_formula(const std::string& cell) {
  const auto first = cell.find_first_not_of('\'');
  return first != cell.npos && std::string_view("=+-@\t\r").find(cell[first]) != std::string_view::npos;
}

std::string unguarded(std::string cell) {
  if (cell.starts_with('\'') && like_formula(cell)) cell.erase(0, 1);
  return cell;
}

std::string write_row(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) {
    if (&cell != cells.data()) out += ',';
    const std::string shown = (like_formula(cell) ? "'" : "") + cell;
    if (shown.find_first_of(",\"\r\n") == shown.npos && (!shown.empty() || cells.size() > 1)) {
      out += shown;
      continue;
    }
    out += '"';
    for (const char c : shown) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    out += '"';
  }
  return out + "\r\n";
}

}  // namespace adapters::formats::csv
