// A thread's events for a customer's own FHIR server: transactions that may be repeated. Every resource is created on the condition that the
// server does not hold it yet, by an identifier that is ours (urn:uuid of its id); a later status is a conditional update of the Task. Pure.
#pragma once

#include <optional>
#include <string>

#include "adapters/agent/plugin.h"

namespace adapters::facade {

std::optional<std::string> push_bundle(const agent::Delivery& d);  // nullopt: nothing for that server

}  // namespace adapters::facade
