// Delimited text: a record a row, a path a column.
#include <memory>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/mapping/flat.h"

namespace adapters::formats::mapping {

base::Result<Records> read_table(std::string_view bytes, const schemas::Config& config, bool tabs) {
  TRY_ASSIGN(csv::Options options, csv::options_from(config));
  if (tabs && options.delimiter == 0) options.delimiter = '\t';
  TRY_ASSIGN(csv::Table read, csv::read(bytes, options));
  const auto table = std::make_shared<const csv::Table>(std::move(read));
  Records out;
  out.paths = table->header;
  out.records.reserve(table->rows.size());
  for (std::size_t i = 0; i < table->rows.size(); ++i) {
    const csv::Row& row = table->rows[i];
    Record& record = out.records.emplace_back();
    record.where = "row " + std::to_string(row.number);
    if (row.cells.size() != table->header.size()) {
      record.fault = base::malformed(
          "the row has " + std::to_string(row.cells.size()) + " cells, the header " + std::to_string(table->header.size()), record.where,
          "put a cell that holds the delimiter into quotes");
      record.text = [](std::string_view) { return std::nullopt; };
      record.places = [](std::string_view) { return std::vector<std::string>(); };
      continue;
    }
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      if (!row.cells[c].empty()) record.paths.push_back(table->header[c]);
    record.text = [table, i](std::string_view path) -> std::optional<std::string> {
      const auto column = table->column(path);
      return column ? std::optional(table->rows[i].cells[*column]) : std::nullopt;
    };
    record.places = [table](std::string_view path) {
      return table->column(path) ? std::vector<std::string>{std::string(path)} : std::vector<std::string>();
    };
  }
  return out;
}

}  // namespace adapters::formats::mapping
