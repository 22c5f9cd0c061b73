// Any bytes: read, and if that works, what is written of it reads as the same rows.
#include "adapters/formats/csv/csv.h"

#include "crypto/base/check.h"

namespace csv = adapters::formats::csv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)csv::read(bytes, {.delimiter = ';', .charset = "ISO-8859-1", .max_row = 64, .max_columns = 4});
  const auto table = csv::read(bytes);
  if (!table.ok()) {
    CHECK(!table.error().where.empty() && !table.error().what.empty());
    return 0;
  }
  std::string again = csv::write_row(table->header);
  for (const auto& row : table->rows) again += csv::write_row(row.cells);
  const auto second = csv::read(again, {.delimiter = ',', .max_row = 1u << 22});
  CHECK(second.ok() && second->rows.size() == table->rows.size() && second->header == table->header);
  for (std::size_t i = 0; i < table->rows.size(); ++i) CHECK(second->rows[i].cells == table->rows[i].cells);
  return 0;
}
