// The FHIR R4 server of this agency, type "fhir-facade": other systems of the agency read, search and write referrals below /fhir/R4 of the
// agent's HTTP server, and are told of news. What is true of it says GET /fhir/R4/metadata; docs/guide/fhir.md shows how to use it.
// Keys of its table: settings.h.
#pragma once

#include "adapters/agent/plugin.h"

namespace adapters::facade {

agent::AdapterType fhir_facade();

}  // namespace adapters::facade
