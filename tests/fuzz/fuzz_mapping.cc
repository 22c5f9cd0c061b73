// A mapping, a line with three dashes, and a CSV file: whatever they hold, each record becomes a body or a list of faults with places.
#include "adapters/formats/csv/csv.h"
#include "adapters/formats/mapping/mapping.h"
#include "crypto/base/check.h"
#include "schemas/body.h"

using namespace adapters::formats;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size), line = "\n---\n";
  const auto cut = bytes.find(line);
  if (cut == bytes.npos) return 0;
  const auto config = schemas::Config::parse(bytes.substr(0, cut));
  if (!config.ok()) return 0;
  const auto m = mapping::load(*config, "config");
  if (!m.ok()) return 0;
  const auto table = csv::read(bytes.substr(cut + line.size()));
  if (!table.ok()) return 0;
  for (const auto& row : table->rows) {
    const mapping::Source source = [&](std::string_view path) -> std::optional<std::string> {
      const auto column = table->column(path);
      return column && *column < row.cells.size() ? std::optional(row.cells[*column]) : std::nullopt;
    };
    (void)mapping::wanted(*m, source);
    const auto mapped = mapping::apply(*m, source);
    for (const auto& fault : mapped.faults) CHECK(!fault.where.empty() && !fault.what.empty());
    (void)schemas::encode_body(mapped.body);
  }
  return 0;
}
