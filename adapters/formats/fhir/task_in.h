// A FHIR R4 Task (or a Bundle that holds exactly one) dropped in as an answer -> which thread, and what happened to it.
// Anything that FHIR allows and we do not use is ignored; anything we would misread is refused with its path ("Task.status").
#pragma once

#include <optional>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "schemas/model.h"

namespace adapters::formats::fhir {

struct TaskAnswer {
  base::Id thread_id{};          // from Task.identifier (urn:uuid:...), else from Task.id
  schemas::StatusUpdate update;  // `at` zero if Task.lastModified is missing
};

base::Result<TaskAnswer> read_task(std::string_view json);

}  // namespace adapters::formats::fhir
