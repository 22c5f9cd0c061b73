// What an open agent knows of itself.
#include "adapters/agent/account/retention.h"
#include "adapters/agent/account/review.h"
#include "adapters/agent/agent.h"
#include "adapters/agent/doctor.h"
#include "adapters/agent/notify/check.h"
#include "adapters/agent/terms.h"

namespace adapters::agent {
namespace {

using Findings = std::vector<Finding>;

std::string day(base::Instant t) { return base::rfc3339(t).substr(0, 10); }

void look_at_certificate(const mail::Desk& desk, Findings& f) {
  const crypto::Cert* cert = desk.directory.cert(desk.cert);
  if (cert == nullptr) {
    f.push_back({false, "certificate: not in the log that this agent holds", "ask the hub's operator to import it (handoff-hub add); run the agent once"});
    return;
  }
  for (const Term& t : terms(desk)) f.push_back(finding_of(t));
}

void look_at_agency(const schemas::policy::Policy& policy, const mail::Desk& desk, Findings& f) {
  const schemas::policy::Agency* us = policy.agency(desk.slug);
  if (us == nullptr) {
    f.push_back({false, "policy: this agency (" + desk.slug + ") is not in it", "ask the program coordinator"});
    return;
  }
  const bool phone = !us->on_call.empty();
  f.push_back({phone, phone ? "on call: the policy names a number for us" : "on call: the policy names no number for us", "tell the program coordinator who is on call"});
  for (const auto& other : policy.agencies) {
    if (other.slug == desk.slug || other.agreement_until.ms == 0 || desk.now.plus(30 * base::kDay) < other.agreement_until) continue;
    f.push_back({false, "agreement: that of " + other.slug + " ends on " + day(other.agreement_until), "mail to and from them stops with it: tell the program coordinator"});
  }
}

void look_at_policy(const mail::Desk& desk, Findings& f) {
  const crypto::PolicyNote* note = desk.directory.policy();
  if (note == nullptr) return f.push_back({false, "policy: none is in force in the log that this agent holds", "the authority signs one: docs/guide/policy.md"});
  if (desk.policy == nullptr) return f.push_back({false, "policy: version " + std::to_string(note->version) + " is in force, and this agent only reads: " + desk.stale, "run the agent while the hub answers"});
  f.push_back({true, "policy: version " + std::to_string(note->version) + ", signed by the authorities, text and hash agree", ""});
  look_at_agency(*desk.policy, desk, f);
}

void look_at_hub(Agent& agent, const mail::Desk& desk, Findings& f) {
  const Connection c = agent.connection();
  f.push_back({c.up, c.up ? "hub: connected to " + c.endpoint : "hub: not connected to " + c.endpoint, "check address and firewall; the operator must have imported this agent's certificate"});
  if (!c.up) return;
  const base::Instant hub = std::max(agent.office().replica.hub_time(), base::Instant{c.hub.hub_time});
  const bool ahead = hub.ms > desk.now.ms + 2 * base::kMinute, behind = desk.now.ms > hub.ms + 15 * base::kMinute;  // it speaks every ten minutes
  f.push_back({!ahead && !behind, ahead || behind ? "clock: " + std::string(ahead ? "behind" : "ahead of") + " the hub's, or the hub has been silent" : "clock: agrees with the hub's",
               "set this machine's time (chrony, systemd-timesyncd)"});
  if (agent.office().replica.stopped()) f.push_back({false, "log: it does not hold together", "stop trusting this hub, tell the authority"});
}

// The compliance officer's own duties.
void look_at_reviews(Agent& agent, const mail::Desk& desk, Findings& f) {
  (void)agent.office().store.read([&](keep::Tx& tx) {
    if (const auto late = account::first_unsigned(tx, desk.now)) {
      f.push_back({false, "audit: the week from " + base::rfc3339(account::begin_of(*late)).substr(0, 10) + " has not been reviewed", "handoff audit review, then --sign"});
    }
    if (const auto r = account::retained(tx, desk); r.due != 0) f.push_back({false, "retention: " + std::to_string(r.due) + " thread(s) are past their time", "handoff retention run, or retention hold"});
    return base::Status{};
  });
}

void look_at_running(Agent& agent, Findings& f) {
  for (const AdapterStatus& a : agent.supervisor().status()) {
    std::string words = "adapter " + a.name + ": " + std::string(keep::name(a.mode));
    for (const std::string& kind : a.kinds) words += ", " + kind + " live";
    f.push_back({a.health.ok, words + "; " + a.health.words, "see its words, and handoff status"});
  }
  for (const std::string& alarm : agent.office().alarms.list()) {
    if (!alarm.starts_with("THE CLOCK")) f.push_back({false, "alarm: " + alarm, "docs/guide/agency-it.md, Alarms"});
  }
}

}  // namespace

Findings examine_inside(Agent& agent, bool running) {
  Findings f;
  const mail::Desk desk = agent.office().desk();
  if (!running && agent.office().replica.size() == 0) return {{true, "log: nothing of it is here yet; run the agent, then doctor again", ""}};
  look_at_certificate(desk, f);
  look_at_policy(desk, f);
  for (Finding& one : notify::check_people(agent.office(), agent.notifier())) f.push_back(std::move(one));
  look_at_reviews(agent, desk, f);
  if (!running) return f;
  look_at_hub(agent, desk, f);
  look_at_running(agent, f);
  return f;
}

}  // namespace adapters::agent
