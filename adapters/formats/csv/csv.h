// Comma- and tab-separated text (RFC 4180) <-> rows. Pure; thread-safe. Knows no meaning: adapters/formats/mapping does.
//
// Read: CRLF, LF or CR ends a row outside quotes; quoted cells may hold line ends; a byte order mark is passed over; empty lines do not
// count. Written: CRLF, and cells that a spreadsheet would run as a formula (=, +, -, @, tab, CR first) get an apostrophe in front, which
// reading takes off again: such a cell is data.
//
// Errors are kMalformed, kTooLarge or kUnsupported for the whole file, with "row:column" as their place: rows count from 1, the header's;
// the column is its name, or its number in the header itself. They never quote a cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "schemas/config.h"

namespace adapters::formats::csv {

struct Options {
  char delimiter = 0;              // 0: the one of , ; tab | that the header has most of
  std::string charset{};           // as iconv knows it; empty: UTF-8. UTF-16 is told by its byte order mark
  std::size_t max_row = 1u << 20;  // bytes
  std::size_t max_columns = 2000;
};
struct Row {
  std::size_t number = 0;          // in the file, as a spreadsheet counts
  std::vector<std::string> cells;  // UTF-8; may be more or fewer than the header has: look before use
};
struct Table {
  char delimiter = ',';
  std::vector<std::string> header;  // trimmed, all different; a column without a name is "column N"
  std::vector<Row> rows;
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
};

base::Result<Table> read(std::string_view bytes, const Options& options = {});
std::string write_row(const std::vector<std::string>& cells);  // with its CRLF

// The table [csv] of a mapping file: delimiter ("," ";" "tab" "|"), charset. kUsage names the key.
base::Result<Options> options_from(const schemas::Config& config);

}  // namespace adapters::formats::csv
