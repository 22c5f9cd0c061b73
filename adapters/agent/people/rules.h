// What accounts and passwords must look like. Functions on values.
#pragma once

#include "adapters/agent/people/people.h"

namespace adapters::agent::people {

inline constexpr std::size_t kLeastPassword = 12, kMostPassword = 512;

std::string login_of(std::string_view typed);                    // trimmed, ASCII letters made small
base::Status check_person(const PersonRow& row);                 // kUsage names the field
base::Status check_password(std::string_view password, std::string_view login);  // kUsage: too short, too common, the login itself

}  // namespace adapters::agent::people
