// Any bytes as FHIR: read or refused, never a crash, never without a word; a Referral or an answer that was read can be written again.
#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/read.h"
#include "adapters/formats/fhir/task_in.h"

namespace fhir = adapters::formats::fhir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const fhir::Context context{.thread_id = {}, .from = "a", .from_kind = {}, .to = "b", .to_kind = {}, .at = {}, .test = false};
  const fhir::Read read = fhir::read(bytes);
  if (read.note.empty() || (read.error && read.error->where.empty())) __builtin_trap();
  if (const auto* referral = std::get_if<schemas::Referral>(&read.body.payload)) {
    if (fhir::read(fhir::referral_bundle(read.body, *referral, context)).kind != "Referral") __builtin_trap();
  }
  if (const auto answer = fhir::read_task(bytes); answer.ok()) fhir::status_task(answer->update, context);
  return 0;
}
