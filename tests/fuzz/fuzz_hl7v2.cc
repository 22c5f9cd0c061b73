// Any bytes: parse, and if that works, render must give them back and every value must be readable.
#include <cstdlib>

#include "adapters/formats/hl7v2/ack.h"

namespace hl7 = adapters::formats::hl7v2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = hl7::parse_file(bytes);
  if (file.ok() && hl7::render(*file) != bytes) std::abort();
  if (file.ok()) {
    for (const hl7::Message& m : file->parts) {
      for (const hl7::Segment& s : m.segments) {
        for (unsigned field = 1; field < 6; ++field) {
          (void)m.value(s, {.field = field});
          (void)m.value(s, {.field = field, .component = 2, .subcomponent = 1, .repetition = 2});
        }
      }
      hl7::build_ack(&m, hl7::ack_code(hl7::ack_mode(m), hl7::Verdict::kError), {{hl7::kDataType, "PID[1]-5.1", "x"}}, "1", {});
    }
  }
  (void)hl7::parse_header(bytes);
  (void)hl7::parse_path(bytes.substr(0, 40));
  (void)hl7::read_ack(bytes);
  return 0;
}
