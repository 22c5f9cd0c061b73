// handoff profile: what an auditor asks under a framework, and how far the software alone answers it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "schemas/policy/controls.h"

namespace cli::policy {
namespace {

using counter::Json;
using schemas::policy::Control;
using schemas::policy::ControlProfile;

std::string ids() {
  std::string out;
  for (const ControlProfile& p : schemas::policy::control_profiles()) out += (out.empty() ? "" : ", ") + p.id;
  return out;
}

void print_control(std::ostream& out, const Control& c) {
  counter::wrap(out, 0, c.id + " " + c.title + (c.parameter.empty() ? "" : " (" + c.parameter + ")"));
  counter::wrap(out, 4, c.here + ": " + c.words);
  for (const std::string& by : c.shown_by) counter::wrap(out, 4, "by " + by);
}

Json control_json(const Control& c) {
  return {{"id", c.id}, {"title", c.title}, {"parameter", c.parameter}, {"here", c.here}, {"words", c.words}, {"shown_by", c.shown_by}};
}

}  // namespace

counter::Exit profile_list(const counter::Call& call) {
  Json list = Json::array();
  counter::Table table({{"FRAMEWORK"}, {"EDITION"}, {"CONTROLS"}, {"TITLE", true}});
  for (const ControlProfile& p : schemas::policy::control_profiles()) {
    list.push_back({{"framework", p.id}, {"title", p.title}, {"edition", p.edition}, {"controls", p.controls.size()}});
    table.add({p.id, p.edition, std::to_string(p.controls.size()), p.title});
  }
  if (call.json()) {
    counter::print_json(call.out, {{"profiles", list}});
  } else {
    table.print(call.out);
  }
  return counter::kWorked;
}

counter::Exit profile_show(const counter::Call& call) {
  const std::string id = call.get("framework");
  const ControlProfile* profile = schemas::policy::control_profile(id);
  if (profile == nullptr) return base::Error{base::Kind::kNotFound, "there is no such profile: " + id, "--framework", "use one of " + ids()};
  if (call.json()) {
    Json controls = Json::array();
    for (const Control& c : profile->controls) controls.push_back(control_json(c));
    counter::print_json(call.out, {{"framework", profile->id},
                                   {"title", profile->title},
                                   {"edition", profile->edition},
                                   {"verify", profile->verify},
                                   {"controls", controls}});
    return counter::kWorked;
  }
  counter::wrap(call.out, 0, profile->title + ", " + profile->edition + ". Verify " + profile->verify + ".");
  for (const Control& c : profile->controls) print_control(call.out, c);
  return counter::kWorked;
}

}  // namespace cli::policy
