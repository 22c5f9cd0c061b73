// Which paths of a tree a written path stands for, by their looks alone. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace adapters::formats::mapping {

std::string without_places(std::string_view path);  // "OBX[2]-5" -> "OBX[]-5"
// "*" is any text. A pattern without one stands for itself and all that lies below it; places that it does not write are any place:
// "Person" for "Person[2]/@id", "PID-5" for "PID-5.1" and not for "PID-51".
bool covers(std::string_view pattern, std::string_view path);
// What the format's own adapter reads or leaves on purpose: all but what a site has added (Z segments, eCustomResults).
bool standard_covers(std::string_view format, std::string_view path);

}  // namespace adapters::formats::mapping
