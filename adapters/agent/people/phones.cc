// The numbers of a policy.
#include "adapters/agent/people/phones.h"

#include <nlohmann/json.hpp>

namespace adapters::agent::people {

std::string number_in(const std::string& said) {
  const auto comma = said.rfind(',');
  const auto at = said.find_first_not_of(' ', comma == std::string::npos ? 0 : comma + 1);
  return at == std::string::npos ? std::string() : said.substr(at);
}

schemas::Json phone_tree(const schemas::policy::Policy& policy) {
  schemas::Json out = schemas::Json::array();
  for (const auto& a : policy.agencies) {
    const std::pair<const char*, const std::string*> lines[] = {{"on_call", &a.on_call}, {"supervisor", &a.supervisor}};
    for (const auto& [list, said] : lines) {
      const auto comma = said->rfind(',');
      const std::string phone = number_in(*said);
      if (phone.empty()) continue;
      out.push_back({{"agency", a.slug}, {"name", a.name.empty() ? a.slug : a.name}, {"what", comma == std::string::npos ? list : said->substr(0, comma)}, {"phone", phone}});
    }
  }
  return out;
}

}  // namespace adapters::agent::people
