// Control profiles: what an auditor asks under a framework, and how far this software alone answers, as data
// (schemas/policy/controls/*.toml, compiled in). A jurisdiction names the edition that it is audited by. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace schemas::policy {

struct Control {
  std::string id, title;
  std::string parameter;              // a value that the framework sets: "after at most 30 minutes"; may be empty
  std::string here;                   // shown | part | duty | later
  std::string words;
  std::vector<std::string> shown_by;  // tests
};
struct ControlProfile {
  std::string id, title, edition, verify;  // verify: with whom to confirm it
  std::vector<Control> controls;
};
std::span<const ControlProfile> control_profiles();
const ControlProfile* control_profile(std::string_view id);  // nullptr: there is none

}  // namespace schemas::policy
