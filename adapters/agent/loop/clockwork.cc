// Firing deadlines.
#include "adapters/agent/loop/clockwork.h"

#include <algorithm>
#include <chrono>

#include "adapters/agent/loop/routing.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"

namespace adapters::agent::loop {
namespace {

using keep::Table;
using schemas::Party;

constexpr std::size_t kRound = 64;
constexpr std::uint64_t kSilenceMs = 2 * base::kMinute;  // before a coordinator speaks for a requester (D13)

Party self_in(const mail::Desk& desk, const keep::LoopRow& loop) {
  if (loop.asker == desk.self) return Party::kRequester;
  if (loop.asked == desk.self) return Party::kTarget;
  return desk.kind == "coordinator" ? Party::kCoordinator : Party::kNobody;
}

std::string late(std::uint64_t ms) {
  if (ms < base::kMinute) return {};
  const std::uint64_t minutes = ms / base::kMinute;
  return minutes < 120 ? ", late by " + std::to_string(minutes) + " min" : ", late by " + std::to_string(minutes / 60) + " h";
}

// Nothing protected: it may go through a stranger's mail or push service. A referral that nobody has opened is told of as when it came.
std::string words_of(const keep::LoopRow& loop, const schemas::Fire& fire) {
  if (fire.deadline.name.starts_with("view")) return "New " + mail::item_words(loop.urgency) + ", not opened yet" + late(fire.late_ms) + ". Open to view.";
  return "deadline passed: " + fire.deadline.name + late(fire.late_ms);
}

// The loop's own event: seen by both parties, the coordinator and the log.
base::Result<Submitted> make_event(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const keep::LoopRow& loop, Party self, const schemas::Fire& fire) {
  schemas::StatusUpdate u;
  u.at = desk.now;
  u.actor_role = "machine";
  u.deadline = fire.deadline.name;
  u.late_ms = fire.late_ms;
  if (fire.deadline.name == "expire") u.status = std::string(schemas::name(schemas::Phase::kExpired));
  u.esc_level = fire.deadline.raises;
  Submission s;
  s.body.payload = std::move(u);
  s.thread = loop.thread_id;
  s.purpose = self == Party::kCoordinator ? schemas::Purpose::kCoord : schemas::Purpose::kCrisis;
  const auto row = mail::thread(tx, loop.thread_id);
  const auto opening = row && row->opening != 0 ? mail::message(tx, row->opening) : std::nullopt;
  if (opening && self != Party::kCoordinator) s.purpose = static_cast<schemas::Purpose>(opening->purpose);
  s.test = row && row->test;
  if (self == Party::kCoordinator) return mail::compose_to_parties(tx, desk, random, s, loop);
  return mail::compose(tx, desk, random, s);
}

void act(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, keep::LoopRow& loop, Party self, const schemas::Fire& fire, std::vector<std::string>& tell) {
  std::string did = "told";
  if (fire.event) {
    const auto sent = make_event(tx, desk, random, loop, self, fire);
    did = fire.deadline.name == "expire" ? "expired" : "escalated to level " + std::to_string(fire.deadline.raises);
    if (!sent.ok()) {
      did = "not said: " + sent.error().what;
      tell.push_back("a deadline could not be told to the other side: " + sent.error().what);
    }
  }
  keep::TimerRow row;
  row.seq = tx.next(Table::kTimer);
  row.thread_id = loop.thread_id;
  row.name = fire.deadline.name;
  row.tell = fire.deadline.tell;
  row.did = did + late(fire.late_ms);
  row.deadline = fire.deadline.at;
  row.at = desk.now;
  tx.put(Table::kTimer, keep::key_of(row.seq), keep::pack(row));
  mail::notify(tx, {0, loop.thread_id, {}, fire.deadline.name, fire.deadline.tell, words_of(loop, fire), desk.now, fire.deadline.phone, {}, {}, loop.urgency});
  if (fire.deadline.offer_next && self == Party::kRequester) offer_next(tx, desk, random, loop.thread_id, tell);
}

// An outcome that stays away is asked for again: every day at the target, every week at the coordinator.
std::optional<base::Instant> nag(keep::Tx& tx, const mail::Desk& desk, keep::LoopRow& loop, Party self, const std::vector<schemas::Deadline>& set) {
  const auto outcome = std::ranges::find(set, "outcome", &schemas::Deadline::name);
  const std::uint64_t every = self == Party::kTarget ? base::kDay : self == Party::kCoordinator ? 7 * base::kDay : 0;
  if (every == 0 || outcome == set.end() || outcome->at > desk.now) return std::nullopt;
  const auto last = loop.fired.find("nag:outcome");
  const base::Instant due = (last == loop.fired.end() ? outcome->at : last->second).plus(every);
  if (due > desk.now) return due;
  loop.fired["nag:outcome"] = desk.now;
  mail::notify(tx, {0, loop.thread_id, {}, "outcome", self == Party::kTarget ? "target.supervisor" : "role:coordinator", "the outcome is still missing", desk.now, false, {}, {}});
  return desk.now.plus(every);
}

schemas::policy::Calendar calendar_of(const mail::Desk& desk) { return desk.policy != nullptr ? desk.policy->calendar : schemas::policy::Calendar{}; }

// Deadlines keep the version under which their loop began.
schemas::policy::Sla sla_of(const mail::Desk& desk, const keep::LoopRow& loop) {
  const auto begun = desk.shelf != nullptr ? desk.shelf->version(loop.policy_version) : nullptr;
  const auto policy = begun != nullptr ? begun : desk.policy;
  return policy != nullptr ? policy->sla_of(loop.urgency) : schemas::policy::default_sla(loop.urgency);
}

void look_at_one(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const base::Id& thread_id, std::vector<std::string>& tell) {
  const auto row = mail::thread(tx, thread_id);
  auto loop = mail::loop_row(tx, thread_id);
  if (!loop) return;
  const Party self = self_in(desk, *loop);
  if (!row || self == Party::kNobody) {
    mail::look_at(tx, *loop, {});
    return mail::save_loop(tx, *loop);
  }
  const schemas::Loop state = mail::loop_of(tx, desk.self, *row);
  const auto set = deadlines_of(desk, *loop, state);
  std::set<std::string> fired;
  for (const auto& [name, at] : loop->fired) fired.insert(name);
  auto fires = schemas::due(set, desk.now, self, state, fired);
  for (schemas::Fire& fire : fires) fire.event = fire.event && state.phase != schemas::Phase::kNone;  // without a referral no level is raised
  for (const schemas::Fire& fire : fires) loop->fired[fire.deadline.key()] = desk.now;
  base::Instant next;
  for (const schemas::Deadline& d : set) {
    base::Instant at = d.at;
    if (loop->fired.contains(d.key())) continue;
    if (self == Party::kCoordinator) at = at.plus(kSilenceMs);
    if (at <= desk.now) continue;  // not this party's to fire
    if (next.ms == 0 || at < next) next = at;
  }
  if (const auto again = nag(tx, desk, *loop, self, set); again && (next.ms == 0 || *again < next)) next = *again;
  const bool refer_on = self == Party::kRequester && state.phase == schemas::Phase::kRejected && loop->fired.try_emplace("offer_next", desk.now).second;
  mail::look_at(tx, *loop, next);
  mail::save_loop(tx, *loop);
  if (refer_on) offer_next(tx, desk, random, thread_id, tell);
  for (const schemas::Fire& fire : fires) act(tx, desk, random, *loop, self, fire, tell);
}

}  // namespace

std::vector<schemas::Deadline> deadlines_of(const mail::Desk& desk, const keep::LoopRow& loop, const schemas::Loop& state) {
  schemas::Facts facts;
  facts.urgency = loop.urgency.empty() ? "routine" : loop.urgency;
  facts.viewed = loop.viewed;
  facts.handoff_offered = loop.handoff_offered;
  facts.hold_start = loop.hold_start;
  facts.hold_end = loop.hold_end;
  return schemas::deadlines(state, facts, sla_of(desk, loop), calendar_of(desk));
}

std::vector<std::pair<std::string, base::Instant>> follow_ups_of(const mail::Desk& desk, const keep::LoopRow& loop, const schemas::Loop& state) {
  std::vector<std::pair<std::string, base::Instant>> out;
  for (const auto& span : sla_of(desk, loop).follow_up) out.emplace_back(schemas::follow_up_mark(span), schemas::later(state.completed, span, calendar_of(desk)));
  return out;
}

std::size_t look(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::vector<std::string>& tell) {
  const auto due = mail::loops_due(tx, desk.now, kRound);
  for (const base::Id& id : due) look_at_one(tx, desk, random, id, tell);
  return due.size();
}

void Clockwork::start() {
  thread_ = std::thread([this] { run(); });
}

void Clockwork::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  something_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Clockwork::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  something_.notify_one();
}

// A look a second, and at once when something changed: the clock may be set (D18), so nothing waits for a time far away.
void Clockwork::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      something_.wait_for(lock, std::chrono::seconds(1), [&] { return stop_ || woken_; });
      if (stop_) return;
      woken_ = false;
    }
    const mail::Desk desk = office_.desk();
    bool any = false;
    (void)office_.store.read([&](keep::Tx& tx) {  // a store that cannot be read fails the next write
      const auto next = mail::next_look(tx);
      any = next && *next <= desk.now;
      return base::Status{};
    });
    if (!any || !desk.stale.empty()) continue;
    std::size_t n = 0;
    std::vector<std::string> tell;
    const base::Status s = office_.store.write([&](keep::Tx& tx) {
      std::vector<std::string> words;
      n = look(tx, desk, office_.random, words);
      tell = std::move(words);
      return base::Status{};
    });
    for (const std::string& words : tell) office_.alarms.raise("deadline", words);
    if (s.ok() && n > 0 && office_.wake_courier) office_.wake_courier();
    if (s.ok() && n == kRound) wake();
  }
}

}  // namespace adapters::agent::loop
