// The next agency.
#include "adapters/agent/loop/routing.h"

#include <algorithm>
#include <set>

#include "adapters/agent/mail/effects.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"
#include "schemas/calendar.h"

namespace adapters::agent::loop {
namespace {

constexpr unsigned kLongestChain = 64;

// Agencies that this chain of referrals has asked, this thread's included.
std::set<base::Id> asked_along(keep::Tx& tx, const base::Id& thread_id) {
  std::set<base::Id> out;
  base::Id at = thread_id;
  for (unsigned i = 0; i < kLongestChain && !base::all_zero(at); ++i) {
    const auto row = mail::loop_row(tx, at);
    if (!row) break;
    out.insert(row->asked);
    at = row->parent;
  }
  return out;
}

std::string capacity_words(keep::Tx& tx, const mail::Desk& desk, const base::Id& agency, const std::string& service, const schemas::policy::Span& fresh) {
  const auto row = mail::capacity_of(tx, agency, service);
  if (!row) return "unknown";
  const bool old = !fresh.none() && desk.now > schemas::later(row->as_of, fresh, desk.policy->calendar);
  return old || row->stale(desk.now) ? "stale" : row->state;
}

struct Opening {
  keep::Message message;
  schemas::Body body;
};
base::Result<Opening> opening(keep::Tx& tx, const base::Id& thread_id) {
  const auto row = mail::thread(tx, thread_id);
  const auto m = row && row->opening != 0 ? mail::message(tx, row->opening) : std::nullopt;
  if (!m || !m->outgoing) return base::Error{base::Kind::kNotFound, "we opened no referral of this id", "thread", "see: handoff inbox list"};
  TRY_ASSIGN(schemas::Body body, schemas::decode_body(m->body));
  return Opening{*m, std::move(body)};
}

// In the policy's order for the service; after "medical clearance first", whoever gives that.
std::vector<std::string> order_for(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread_id, const std::string& service) {
  const auto& routing = desk.policy->routing;
  const auto row = mail::thread(tx, thread_id);
  const schemas::Loop state = row ? mail::loop_of(tx, desk.self, *row) : schemas::Loop{};
  const bool clearance = !state.applied.empty() && state.applied.back().reason == "CLIN_MED_CLEARANCE_REQ";
  const auto rule = routing.find(clearance ? "ED_MED" : service);
  if (rule != routing.end() || !clearance) return rule == routing.end() ? std::vector<std::string>{} : rule->second.order;
  std::vector<std::string> out;
  for (const auto& a : desk.policy->agencies) {
    if (a.kind == "hospital_ed") out.push_back(a.slug);
  }
  return out;
}

bool may_take(const Candidate& c) { return c.allowed && c.capacity != "none" && c.capacity != "divert"; }

}  // namespace

std::vector<Candidate> candidates(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread_id) {
  std::vector<Candidate> out;
  const auto row = mail::loop_row(tx, thread_id);
  const auto first = opening(tx, thread_id);
  if (!row || !first.ok() || desk.policy == nullptr) return out;
  const auto rule = desk.policy->routing.find(row->service);
  const schemas::policy::Span fresh = rule == desk.policy->routing.end() ? schemas::policy::Span{} : rule->second.require_fresh_capacity;
  const auto asked = asked_along(tx, thread_id);
  for (const std::string& slug : order_for(tx, desk, thread_id, row->service)) {
    const crypto::Member* member = desk.directory.by_slug(slug);
    if (member == nullptr || member->cert.agent == desk.self || asked.contains(member->cert.agent)) continue;
    Candidate c{slug, capacity_words(tx, desk, member->cert.agent, row->service, fresh), true, {}};
    const auto answer = mail::ask_policy(tx, desk, *member, static_cast<schemas::Purpose>(first->message.purpose), first->body, {});
    c.allowed = answer.allowed;
    if (!answer.allowed) c.why = answer.explanation();
    out.push_back(std::move(c));
  }
  return out;
}

std::vector<Candidate> others(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread_id) {
  std::vector<Candidate> out;
  const auto row = mail::loop_row(tx, thread_id);
  if (!row || desk.policy == nullptr) return out;
  const auto rule = desk.policy->routing.find(row->service);
  const schemas::policy::Span fresh = rule == desk.policy->routing.end() ? schemas::policy::Span{} : rule->second.require_fresh_capacity;
  for (const std::string& slug : order_for(tx, desk, thread_id, row->service)) {
    const crypto::Member* member = desk.directory.by_slug(slug);
    if (member == nullptr || member->cert.agent == desk.self || member->cert.agent == row->asker) continue;
    out.push_back({slug, capacity_words(tx, desk, member->cert.agent, row->service, fresh), true, {}});
  }
  return out;
}

base::Result<Submitted> reroute(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const base::Id& thread_id, const std::string& to, const std::string& person) {
  TRY_ASSIGN(const Opening first, opening(tx, thread_id));
  const auto row = mail::thread(tx, thread_id);
  const auto loop = mail::loop_row(tx, thread_id);
  if (loop && !base::all_zero(loop->child)) return base::Error{base::Kind::kConflict, "it was referred on already", "thread", "go on from there"};
  const schemas::Phase phase = mail::loop_of(tx, desk.self, *row).phase;
  const bool accepted = !schemas::terminal(phase) && phase != schemas::Phase::kRequested && phase != schemas::Phase::kReceived && phase != schemas::Phase::kInfoRequested;
  if (accepted) return base::Error{base::Kind::kConflict, "it is accepted", "thread", "ask for its cancellation first"};
  if (phase == schemas::Phase::kRequested || phase == schemas::Phase::kReceived || phase == schemas::Phase::kInfoRequested) {
    schemas::StatusUpdate cancel;  // one identified target at a time
    cancel.status = std::string(schemas::name(schemas::Phase::kCancelled));
    cancel.at = desk.now;
    cancel.actor_name = person;
    cancel.reason = "PLACED_ELSEWHERE";
    Submission s;
    s.body.payload = std::move(cancel);
    s.thread = thread_id;
    s.purpose = static_cast<schemas::Purpose>(first.message.purpose);
    s.test = first.message.test;
    s.person = person;
    TRY_ASSIGN([[maybe_unused]] const Submitted cancelled, mail::compose(tx, desk, random, s));
  }
  Submission s;
  s.body = first.body;
  s.body.parent_thread = thread_id;
  s.body.entered_at = {};  // this one is not from paper
  s.to = to;
  s.purpose = static_cast<schemas::Purpose>(first.message.purpose);
  s.test = first.message.test;
  s.person = person;
  return mail::compose(tx, desk, random, s);
}

void offer_next(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const base::Id& thread_id, std::vector<std::string>& tell) {
  const auto row = mail::loop_row(tx, thread_id);
  if (!row || !base::all_zero(row->child) || row->asker != desk.self) return;
  const auto all = candidates(tx, desk, thread_id);
  const auto next = std::ranges::find_if(all, may_take);
  std::string words = "no other agency can be offered: call";
  if (next != all.end()) words = "next agency to ask: " + next->slug + " (capacity " + next->capacity + ")";
  const auto rule = desk.policy == nullptr ? schemas::policy::Routing{} : [&] {
    const auto it = desk.policy->routing.find(row->service);
    return it == desk.policy->routing.end() ? schemas::policy::Routing{} : it->second;
  }();
  if (next != all.end() && rule.automatic) {
    const auto sent = reroute(tx, desk, random, thread_id, next->slug, "");
    if (sent.ok()) {
      words = "referred on to " + next->slug + " by the policy's order";
    } else {
      tell.push_back("a referral could not be referred on: " + sent.error().what);
    }
  }
  mail::notify(tx, {0, thread_id, {}, "offer_next", "on_call", words, desk.now, next == all.end(), {}, {}});
}

}  // namespace adapters::agent::loop
