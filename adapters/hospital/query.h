// REF^I15 -> RRI^I15: where a referral stands, as its thread's loop says. Pure; thread-safe.
#pragma once

#include <string>

#include "adapters/agent/plugin.h"
#include "adapters/formats/hl7v2/message.h"

namespace adapters::hospital {

// In the delimiters and the character set of the question.
std::string where_it_stands(const formats::hl7v2::Message& question, const agent::ThreadInfo& thread, const std::string& control_id, base::Instant now);

}  // namespace adapters::hospital
