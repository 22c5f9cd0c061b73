// Any bytes as a dropped-in Task: read or refused, never a crash; what was read can be written again.
#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/task_in.h"

namespace fhir = adapters::formats::fhir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = fhir::read_task({reinterpret_cast<const char*>(data), size});
  if (answer.ok())
    fhir::status_task(answer->update,
                      {.thread_id = answer->thread_id, .from = "a", .from_kind = {}, .to = "b", .to_kind = {}, .at = {}, .test = false});
  return 0;
}
