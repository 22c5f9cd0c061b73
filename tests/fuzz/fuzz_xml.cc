// Any bytes: parse as XML and, if that works, as an EMS record; every refusal must name a place.
#include <cstdlib>

#include "adapters/formats/nemsis/nemsis.h"
#include "adapters/formats/xml/xml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tree = adapters::formats::xml::parse(bytes);
  if (!tree.ok() && tree.error().where.empty()) std::abort();
  const auto reports = adapters::formats::nemsis::read(bytes, "f.xml");
  if (!reports.ok() && reports.error().where.empty()) std::abort();
  if (reports.ok() && !tree.ok()) std::abort();
  return 0;
}
