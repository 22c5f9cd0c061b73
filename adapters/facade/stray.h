// One Bundle is one message. What lies in it beside that message and does not travel with it would be lost without a word: it is found here,
// before anything is sent, so that the whole Bundle can be refused. Pure.
#pragma once

#include <optional>

#include "adapters/formats/fhir/read.h"
#include "crypto/base/result.h"
#include "schemas/json.h"

namespace adapters::facade {

// The first entry that would not be sent; `where` is its expression ("Bundle.entry[2].resource"). nullopt: all of it travels, or the Bundle
// is no message at all.
std::optional<base::Error> stray(const schemas::Json& bundle, const formats::fhir::Read& read);

}  // namespace adapters::facade
