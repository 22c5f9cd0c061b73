#include "adapters/formats/fhir/task_in.h"

#include "adapters/formats/fhir/read.h"

namespace adapters::formats::fhir {

base::Result<TaskAnswer> read_task(std::string_view json) {
  Read r = read(json);
  if (r.type == "Bundle" || r.type == "Task") {
    if (r.error) return *r.error;
  } else if (r.error && r.type.empty()) {
    return *r.error;
  } else {
    return base::Error{base::Kind::kUnsupported, "neither a Task nor a Bundle with one", "resourceType"};
  }
  auto* update = std::get_if<schemas::StatusUpdate>(&r.body.payload);
  if (r.kind != "StatusUpdate" || update == nullptr)
    return base::malformed(r.type == "Task" ? "a status that is no answer" : "no Task in the Bundle that answers", r.type == "Task" ? "Task.status" : "Bundle.entry",
                           "use accepted, rejected, in-progress, on-hold, completed or cancelled");
  if (!r.thread)
    return base::malformed("neither the identifier nor the id is the thread's UUID", "Task.identifier", "keep the identifier of the Task that was received");
  return TaskAnswer{*r.thread, std::move(*update)};
}

}  // namespace adapters::formats::fhir
