// What NEMSIS codes mean, as far as the mapping needs them.
#pragma once

#include <string>
#include <string_view>

namespace adapters::formats::nemsis {

std::string words(std::string_view code);             // "4230009" -> "Patient refused transport"; the code itself if it is not known here
std::string state_of(std::string_view fips);          // "08" -> "CO"; the text itself if it is none
std::string code_system(std::string_view type);       // CodeType 9924003 -> "RxNorm"
std::string_view reason_for(std::string_view icd10);  // "R45.851" -> "SI"; "" where there is no reason code of ours
bool behavioral(std::string_view icd10);              // of a mental, behavioral or substance-use crisis

}  // namespace adapters::formats::nemsis
