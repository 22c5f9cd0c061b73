// A mapping, a line with three dashes, and a file of its format: whatever they hold, the file is read or refused with a place, and each
// record becomes a body or a list of faults with places.
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
  const auto source = mapping::read_records(m->format, bytes.substr(cut + line.size()), *config);
  if (!source.ok()) {
    CHECK(!source.error().what.empty());
    return 0;
  }
  for (const auto& e : mapping::unfit(*m, *source)) CHECK(!e.what.empty());
  for (const auto& record : source->records) {
    CHECK(!record.where.empty());
    (void)mapping::wanted(*m, record.text);
    const auto mapped = mapping::apply(*m, record.text);
    for (const auto& fault : mapped.faults) CHECK(!fault.where.empty() && !fault.what.empty());
    (void)schemas::encode_body(mapped.body);
  }
  return 0;
}
