// A view made at random leaves exactly what it names, in every kind of message: judged on the JSON forms, not by the code that cuts.
#include "schemas/json.h"
#include "schemas/policy/view.h"
#include "tests/unit/schemas_samples.h"

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

using schemas::Json;
using schemas::policy::View;

namespace {

using Words = std::vector<std::string>;
using Leaves = std::map<std::string, std::multiset<std::string>>;

void flatten(const Json& j, const std::string& path, Leaves& out) {
  if (j.is_object()) {
    for (const auto& [key, value] : j.items()) flatten(value, path.empty() ? key : path + "." + key, out);
  } else if (j.is_array()) {
    for (const auto& e : j) flatten(e, path, out);
  } else {
    out[path].insert(j.dump());
  }
}
Leaves leaves(const schemas::Body& body) {
  Leaves out;
  flatten(*schemas::to_json(body), "", out);
  return out;
}

bool covers(const Words& names, const std::string& path) {
  if (path == "referral.consent_ref" && covers(names, "consent_ref")) return true;  // one thing, said in two places
  return std::ranges::any_of(names, [&](const std::string& n) { return n == "*" || n == path || path.starts_with(n + "."); });
}

// What stays whatever a view says (view.h), and what never does.
const Words kStays{
    "kind",  "seen",        "parent_thread", "episode",      "accompanies",     "authority_basis",         "labels", "forwards", "view",
    "rules", "policy_hash", "notice",        "consent_copy", "entered_at", "referral.labels", "referral.authority_basis"};

const std::vector<schemas::Body (*)()> kSamples{samples::referral,    samples::status_update, samples::message,   samples::acknowledgement,
                                                samples::capacity,    samples::handoff,       samples::encounter, samples::inquiry,
                                                samples::reply,       samples::consent,       samples::follow_up, samples::correction,
                                                samples::break_glass, samples::loop_facts,    samples::blob_part};

Words some_paths(const Words& all, std::size_t most) {
  Words out;
  for (auto n = *rc::gen::inRange<std::size_t>(0, most); n != 0; --n) out.push_back(all[*rc::gen::inRange<std::size_t>(0, all.size())]);
  return out;
}

}  // namespace

TEST_CASE("a reader gets exactly what the view names") {
  auto all = schemas::policy::all_paths();
  all.insert(all.end(), {"custom.x-veteran", "custom.x-sober-housing"});
  CHECK(rc::check([&] {
    auto body = kSamples[*rc::gen::inRange<std::size_t>(0, kSamples.size())]();
    body.absent.clear();
    View view{"v", some_paths(all, 40), some_paths(all, 6), 0};
    if (*rc::gen::inRange(0, 4) == 0) view.fields.push_back("*");
    const auto before = leaves(body), after = leaves(schemas::policy::apply(view, body).body);
    for (const auto& [path, values] : before) {
      const bool stays = covers(kStays, path) || (covers(view.fields, path) && !covers(view.except, path) && !path.starts_with("source"));
      const auto it = after.find(path);
      if (stays)
        RC_ASSERT(it != after.end() && it->second == values);
      else
        RC_ASSERT(it == after.end());
    }
    for (const auto& [path, values] : after) RC_ASSERT(before.contains(path));
  }));
}

TEST_CASE("what was cut is told by name, and cutting again takes nothing more") {
  const auto all = schemas::policy::all_paths();
  CHECK(rc::check([&] {
    const auto body = kSamples[*rc::gen::inRange<std::size_t>(0, kSamples.size())]();
    const View view{"v", some_paths(all, 40), some_paths(all, 6), 0};
    const auto once = schemas::policy::apply(view, body);
    for (const auto& path : once.withheld) {
      RC_ASSERT(schemas::policy::has_value(body, path));
      RC_ASSERT(path == "consent_ref" || !schemas::policy::has_value(once.body, path));
    }
    const auto twice = schemas::policy::apply(view, once.body);
    RC_ASSERT(twice.withheld.empty());
    RC_ASSERT(*schemas::to_json(twice.body) == *schemas::to_json(once.body));
  }));
}
