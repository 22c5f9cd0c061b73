// One message that was parsed already, as a record of the mapping language. Pure; thread-safe.
#pragma once

#include "adapters/formats/hl7v2/message.h"
#include "adapters/formats/mapping/record.h"

namespace adapters::formats::mapping {

Record record_of(const hl7v2::Message& message);

}  // namespace adapters::formats::mapping
