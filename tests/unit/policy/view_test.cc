// Views: a reader gets what the view names and nothing else, in every kind of message.
#include "schemas/policy/view.h"

#include "schemas/json.h"
#include "tests/unit/policy/kit.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace policy_kit;
using schemas::policy::all_paths;
using schemas::policy::apply;
using schemas::policy::full_path;
using schemas::policy::has_value;
using schemas::policy::View;

namespace {

schemas::Json json_of(const View& view, const schemas::Body& body) { return *schemas::to_json(apply(view, body).body); }
View only(std::vector<std::string> fields, std::vector<std::string> except = {}) { return {"v", std::move(fields), std::move(except), 0}; }

}  // namespace

TEST_CASE("everything is the message itself, but for the source bytes") {
  auto b = samples::referral();
  const auto cut = apply(alder(), "*", b);
  CHECK(cut.withheld.empty());
  CHECK(cut.body.source.bytes.empty());
  b.source = {};
  CHECK(*schemas::to_json(cut.body) == *schemas::to_json(b));
}

TEST_CASE("police learn the class of a status and what makes them safe, and no reason, note or name") {
  const auto b = samples::status_update();
  const auto cut = apply(alder(), "police_status", b);
  const auto j = (*schemas::to_json(cut.body))["status_update"];
  std::vector<std::string> keys;
  for (const auto& [key, value] : j.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"at", "hold", "reason_class", "safety_alert", "status"});
  CHECK(j["hold"].size() == 1);
  CHECK(j["hold"].contains("outcome"));
  for (const auto* gone : {"status_update.actor_name", "status_update.reason", "status_update.text", "custom.x-veteran", "consent_ref"})
    CHECK(std::ranges::find(cut.withheld, gone) != cut.withheld.end());
  CHECK(cut.body.custom.empty());
  CHECK(cut.body.good_faith.empty());
  CHECK(cut.body.emergency.nature.empty());
}

TEST_CASE("what the sealing agent wrote, the labels and the authority stay under any view") {
  const auto b = samples::referral();
  const auto cut = apply(only({"referral.urgency"}), b).body;
  CHECK(cut.view == b.view);
  CHECK(cut.rules == b.rules);
  CHECK(cut.notice == b.notice);
  CHECK(cut.consent_copy.text == b.consent_copy.text);
  CHECK(cut.parent_thread == b.parent_thread);
  CHECK(cut.labels == b.labels);
  CHECK(cut.authority_basis == b.authority_basis);
  CHECK(std::get<schemas::Referral>(cut.payload).labels == std::get<schemas::Referral>(b.payload).labels);
}

TEST_CASE("an exception takes out again what a wider name let in") {
  auto b = samples::referral();
  b.custom = {{"x-le-unit", "12"}, {"x-veteran", "yes"}};
  const auto j = json_of(only({"*"}, {"custom.x-le-*", "referral.subject.name.family", "referral.notes"}), b);
  CHECK(j["custom"] == schemas::Json{{"x-veteran", "yes"}});
  CHECK_FALSE(j["referral"].contains("notes"));
  CHECK_FALSE(j["referral"]["subject"]["name"].contains("family"));
  CHECK(j["referral"]["subject"]["name"].contains("given"));
}

TEST_CASE("fields of a list's entries can be named; a list of which nothing is named does not tell its length") {
  const auto b = samples::referral();
  const auto named = json_of(only({"referral.observations.value"}), b)["referral"];
  CHECK(named["observations"].size() == 2);
  CHECK(named["observations"][0].size() == 1);
  CHECK_FALSE(named.contains("diagnoses"));
}

TEST_CASE("a typed absence is told only of fields that the reader may see") {
  auto b = samples::referral();
  b.absent = {
      {"subject.dob", "nv:7701003"}, {"subject.contacts[0].name.family", "nv:1"}, {"custom.x-veteran", "asked"}, {"requester.phone", "x"}};
  const auto kept = apply(only({"referral.subject"}), b).body.absent;
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].field == "subject.dob");
  CHECK(kept[1].field == "subject.contacts[0].name.family");
  CHECK(apply(alder(), "*", b).body.absent.size() == 4);
}

TEST_CASE("an unknown view leaves nothing of the payload") {
  auto b = samples::message();
  const auto cut = apply(alder(), "no_such_view", b).body;
  const auto j = *schemas::to_json(cut);
  CHECK(j["secure_message"].empty());
  CHECK_FALSE(j.contains("custom"));
  CHECK_FALSE(j.contains("absent"));
}

TEST_CASE("a payload that this build does not know stays whole under everything alone") {
  const auto b = samples::opaque();
  const auto size = [&](const View& v) { return std::get<schemas::Opaque>(apply(v, b).body.payload).bytes.size(); };
  CHECK(size(only({"*"})) == 4);
  CHECK(size(only({"*"}, {"custom.x-le-*"})) == 4);
  CHECK(size(only({"*"}, {"referral.attachments"})) == 0);
  CHECK(size(only({"referral"})) == 0);
}

TEST_CASE("short names stand for full paths, and every path of the model is known") {
  CHECK(full_path("callback") == "referral.requester.phone");
  CHECK(full_path("status") == "status_update.status");
  CHECK(full_path("status_at") == "status_update.at");
  CHECK(full_path("decline_class") == "status_update.reason_class");
  CHECK(full_path("handoff.phase") == "handoff_report.phase");
  CHECK(full_path("reason") == "referral.reasons");
  CHECK(full_path("risk.weapons") == "referral.risk.weapons");
  CHECK(full_path("location_now") == "referral.location_now");
  CHECK(full_path("authority_basis") == "authority_basis");
  CHECK(full_path("custom.x-veteran") == "custom.x-veteran");
  CHECK(full_path("weather").empty());
  const auto all = all_paths();
  CHECK(all.size() > 200);
  for (const auto& p : all) CHECK(full_path(p) == p);
  CHECK(std::ranges::find(all, "referral.subject.contacts.name.family") != all.end());
}

TEST_CASE("a value is found under full and short names") {
  schemas::Body b;
  schemas::Referral r;
  r.requester.phone = "+1-555-0100";
  b.payload = r;
  CHECK(has_value(b, "callback"));
  CHECK(has_value(b, "referral.requester"));
  CHECK_FALSE(has_value(b, "referral.subject"));
  CHECK_FALSE(has_value(b, "authority_basis"));
  r.authority_basis = "hold";
  b.payload = r, b.custom["x-veteran"] = "no";
  CHECK(has_value(b, "authority_basis"));
  CHECK(has_value(b, "custom.x-veteran"));
  schemas::StatusUpdate u;
  u.callback = "+1-555-0142";
  b.payload = u;
  CHECK(has_value(b, "callback"));
}
