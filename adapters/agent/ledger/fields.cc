// What of the canonical model is in an answer: bodies in their JSON form, wherever they stand in it.
#include "adapters/agent/ledger/fields.h"

#include <nlohmann/json.hpp>
#include <set>

namespace adapters::agent::ledger {

using schemas::Json;

namespace {

// A body says its kind and has one group of that name: "HandoffReport" and "handoff_report".
std::string key_of_kind(std::string_view kind) {
  if (kind == "CapacityUpdate") return "capacity";
  if (kind == "EncounterNotification") return "encounter";
  std::string key;
  for (const char c : kind) {
    if (c >= 'A' && c <= 'Z') {
      if (!key.empty()) key += '_';
      key += static_cast<char>(c - 'A' + 'a');
    } else {
      key += c;
    }
  }
  return key;
}

void collect(const Json& j, std::set<std::string>& out) {
  if (!j.is_structured()) return;
  if (j.is_object()) {
    const auto kind = j.find("kind");
    const std::string key = kind != j.end() && kind->is_string() ? key_of_kind(kind->get<std::string>()) : "";
    if (const auto group = j.find(key); group != j.end() && group->is_object()) {
      if (key == "referral") {
        for (const auto& [name, value] : group->items()) out.insert("referral." + name);
      } else {
        out.insert(key);
      }
    }
  }
  for (const Json& inner : j) collect(inner, out);
}

}  // namespace

std::vector<std::string> fields_in(const Json& answer) {
  std::set<std::string> out;
  collect(answer, out);
  return {out.begin(), out.end()};
}

}  // namespace adapters::agent::ledger
