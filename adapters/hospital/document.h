// A document inside OBX-5 (type ED: media type, encoding, bytes) as an attachment, and back. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/hospital/header.h"
#include "schemas/model.h"

namespace adapters::hospital {

// The OBX of type ED as an attachment of that title; what is wrong with it goes to `faults`, then nothing is added.
void take_document(const hl7::Message& m, const hl7::Segment& obx, const std::string& title, std::vector<schemas::Attachment>& to,
                   std::vector<hl7::Fault>& faults);
// Base64 as it is sent: line ends and blanks inside, padding there or not. nullopt: it is none.
std::optional<base::Bytes> loose_base64(std::string_view text);
// OBX-5: "^application^pdf^Base64^JVBERi0...".
std::string document_value(const hl7::Delimiters& d, const schemas::Attachment& a, base::View bytes);

}  // namespace adapters::hospital
