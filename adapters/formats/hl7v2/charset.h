// Character sets of HL7 v2 messages (MSH-18, table 0211) to UTF-8 and back, through iconv. Pure functions; thread-safe.
// Sets whose bytes may look like delimiters (BIG-5, GB 18030, the JIS family, UTF-16/32) are refused by name, never guessed at.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace adapters::formats::hl7v2 {

bool valid_utf8(std::string_view text);
bool ascii(std::string_view text);

// The iconv name for an MSH-18 value: "8859/1" -> "ISO-8859-1", "UNICODE UTF-8" -> "UTF-8", "" and "ASCII" -> "". kUnsupported otherwise.
base::Result<std::string> charset_named(std::string_view msh18);

// kMalformed if the bytes are not text in that set. Never quotes them.
base::Result<std::string> to_utf8(std::string_view bytes, const std::string& charset);
// Characters that the set lacks are transliterated or become '?'.
std::string from_utf8(std::string_view text, const std::string& charset);

}  // namespace adapters::formats::hl7v2
