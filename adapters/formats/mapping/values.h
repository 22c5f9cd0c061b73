// What the values of some fields have to look like: codes of a value set, dates, moments. The rest is free text.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace adapters::formats::mapping {

std::string taken_at(std::string_view path);                                   // value set, "date" or "moment"; empty: anything
base::Status check_value(const std::string& takes, const std::string& value);  // kMalformed without a place

}  // namespace adapters::formats::mapping
