// Escapes, and the small pieces that segments are written from.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/hl7v2/message.h"

namespace adapters::formats::hl7v2 {

// \F\ \S\ \T\ \R\ \E\ \P\ \Xhh..\ and \.br\ become what they stand for, \H\ and \N\ vanish, anything else stays as it is.
std::string unescape(std::string_view raw, const Delimiters& d);
// Delimiters and line ends are escaped; other control characters become spaces.
std::string escape(std::string_view text, const Delimiters& d);

// Escaped components joined; trailing empty ones are left out.
std::string components(const Delimiters& d, std::initializer_list<std::string_view> parts);
// NAME|field 1|field 2... from fields that are already escaped; trailing empty ones are left out.
std::string segment(const Delimiters& d, std::string_view name, const std::vector<std::string>& fields);
// MSH: the first two fields are the delimiters themselves; `fields` begins with MSH-3.
std::string header(const Delimiters& d, std::vector<std::string> fields);
// The segment's text with one field replaced by escaped bytes. Not for MSH.
std::string with_field(const std::string& segment_text, unsigned field, std::string_view raw, const Delimiters& d);

}  // namespace adapters::formats::hl7v2
