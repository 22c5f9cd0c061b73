#include "adapters/agent/web/events.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/agent/agent.h"
#include "adapters/agent/api/guard.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/json.h"

namespace adapters::agent::web {
namespace {

using keep::Table;
using schemas::Json;

std::string event(std::string_view name, const Json& data, std::uint64_t id = 0) {
  return (id == 0 ? std::string() : "id: " + std::to_string(id) + "\n") + "event: " + std::string(name) + "\ndata: " + schemas::dump(data) + "\n\n";
}

}  // namespace

struct Events::Place {
  std::uint64_t at = 0;      // changes below it have been passed on
  std::uint64_t order = 0;   // the highest that was named
  std::uint64_t wakes = 0, line = 0;
  std::chrono::steady_clock::time_point beat;
  std::string hub;           // as last told
};

Events::Slot::~Slot() {
  const std::lock_guard lock(events.mutex_);
  --events.all_;
  if (--events.listening_[person] == 0) events.listening_.erase(person);
}

void Events::news(const keep::News& news) {
  const std::lock_guard lock(mutex_);
  for (const auto& [table, id] : news) kept_.push_back({table, id});
  end_ += news.size();
  while (kept_.size() > kKept) kept_.pop_front();
  changed_.notify_all();
}

void Events::wake() {
  const std::lock_guard lock(mutex_);
  ++wakes_;
  changed_.notify_all();
}

void Events::line_changed() {
  const std::lock_guard lock(mutex_);
  ++line_;
  changed_.notify_all();
}

void Events::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

transport::HttpResponse Events::stream(const std::string& token, const people::Session& session, std::string_view last) {
  std::uint64_t from = 0;
  std::from_chars(last.data(), last.data() + last.size(), from);
  std::shared_ptr<Slot> slot;
  {
    const std::lock_guard lock(mutex_);
    unsigned& own = listening_[session.actor.person];
    if (stopped_ || own >= kOfPerson || all_ >= kOfAll) {
      if (own == 0) listening_.erase(session.actor.person);
      const base::Error busy{base::Kind::kBusy, "too many event streams are open", "events", "close other tabs of the inbox"};
      return {.status = 503, .type = "application/json", .body = schemas::dump(api::error_json(busy)), .headers = {{"Retry-After", "15"}}};
    }
    ++own;
    ++all_;
    slot = std::make_shared<Slot>(*this, session.actor.person);
  }
  transport::HttpResponse out{.status = 200, .type = "text/event-stream", .body = {}, .headers = {{"X-Accel-Buffering", "no"}}};
  out.stream = [this, slot, token, session, from](const Write& write) { run(token, session, from, write); };
  return out;
}

// Whoever has left is told so, and nothing after it.
void Events::run(const std::string& token, people::Session session, std::uint64_t from, const Write& write) {
  Place p;
  {
    const std::lock_guard lock(mutex_);
    p.at = end_;
    p.wakes = wakes_;
    p.line = line_;
  }
  p.beat = std::chrono::steady_clock::now();
  bool differs = false;
  const std::string hub = hub_state(differs, p.hub);
  p.order = from != 0 ? from : newest();
  Json hello{{"now", base::rfc3339(agent_.office().clock())}, {"order", newest()}, {"hub", Json::parse(hub)}};
  if (!write("retry: 3000\n" + event("hello", hello)) || !since(p, session.actor, write)) return;
  while (wait(p) && write({})) {
    auto now = agent_.people().session(token, false);
    if (!now) {
      const base::Instant time = agent_.office().clock();
      const auto row = agent_.people().by_id(session.actor.person);
      const char* why = !row || row->disabled ? "changed" : time >= session.ends ? "idle" : "left";
      write(event("ended", {{"why", why}}));
      return;
    }
    session = std::move(*now);
    if (!pass_on(p, session.actor, write)) return;
  }
}

bool Events::wait(Place& p) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, p.beat + std::chrono::milliseconds(beat_ms.load()), [&] { return stopped_ || end_ != p.at || wakes_ != p.wakes || line_ != p.line; });
  p.wakes = wakes_;
  return !stopped_;
}

bool Events::pass_on(Place& p, const people::Actor& actor, const Write& write) {
  std::vector<Change> changes;
  bool lags = false, line = false;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t first = end_ - kept_.size();
    lags = p.at < first;
    if (!lags) changes.assign(kept_.begin() + static_cast<std::ptrdiff_t>(p.at - first), kept_.end());
    p.at = end_;
    line = std::exchange(p.line, line_) != line_;
  }
  std::vector<base::Id> changed;
  bool capacity = lags;
  std::set<std::uint64_t> notices;
  for (const Change& c : changes) {
    if (c.table == Table::kThread && c.id.size() == 16) changed.push_back(base::fixed<16>(c.id));
    if (c.table == Table::kNotice && c.id.size() == 8) notices.insert(keep::number_in(c.id));
    capacity = capacity || c.table == Table::kCapacity;
  }
  if (lags && !since(p, actor, write)) return false;
  if (!threads(p, actor, changed, write)) return false;
  for (const std::uint64_t seq : notices) {
    if (!write(event("notice", {{"seq", seq}}))) return false;
  }
  if (capacity && !write(event("capacity", Json::object()))) return false;
  const bool beat = std::chrono::steady_clock::now() >= p.beat + std::chrono::milliseconds(beat_ms.load());
  if ((line || beat) && !hub(p, write)) return false;
  if (!beat) return true;
  p.beat = std::chrono::steady_clock::now();
  return write(event("clock", {{"now", base::rfc3339(agent_.office().clock())}}));
}

// A thread whose order did not rise (a message of it has been delivered) is named without an id: it would take a resuming listener back.
bool Events::threads(Place& p, const people::Actor& actor, const std::vector<base::Id>& changed, const Write& write) {
  if (changed.empty()) return true;
  std::map<std::uint64_t, base::Id> rows;
  api::Sight sees(actor);
  (void)agent_.office().store.read([&](keep::Tx& tx) {
    for (const base::Id& id : std::set<base::Id>(changed.begin(), changed.end())) {
      const auto row = mail::thread(tx, id);
      if (row && actor.can("view_timeline") && sees(tx, id)) rows.emplace(row->order, id);
    }
    return base::Status{};
  });
  for (const auto& [order, id] : rows) {
    const bool rises = order > p.order;
    p.order = std::max(p.order, order);
    if (!write(event("thread", {{"thread", base::uuid(id)}, {"order", order}}, rises ? order : 0))) return false;
  }
  return true;
}

// The newest kResumed of them, oldest first: whoever was away longer asks for the list anyway.
bool Events::since(Place& p, const people::Actor& actor, const Write& write) {
  std::vector<base::Id> changed;
  (void)agent_.office().store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kRecent, {}, [&](base::View k, base::View id) {
      if (keep::number_in(k) <= p.order || changed.size() == kResumed) return false;
      if (id.size() == 16) changed.push_back(base::fixed<16>(id));
      return true;
    });
    return base::Status{};
  });
  return threads(p, actor, changed, write);
}

std::uint64_t Events::newest() const {
  std::uint64_t order = 0;
  (void)agent_.office().store.read([&](keep::Tx& tx) {
    order = tx.next(Table::kRecent) - 1;
    return base::Status{};
  });
  return order;
}

std::string Events::hub_state(bool& differs, std::string& before) const {
  mail::Office& o = agent_.office();
  const Connection line = agent_.connection();
  const mail::Desk desk = o.desk();
  mail::Waiting w;
  (void)o.store.read([&](keep::Tx& tx) {
    w = mail::waiting(tx, desk.now);
    return base::Status{};
  });
  Json state{{"connected", line.up},
             {"since", base::rfc3339(line.since)},
             {"waiting", w.waiting + w.in_flight},
             {"read_only", desk.stale.empty() ? Json() : Json(desk.stale)}};
  const std::string key = schemas::dump(state);
  differs = std::exchange(before, key) != key;
  state["oldest_age_s"] = w.oldest_age_ms / 1000;
  return schemas::dump(state);
}

bool Events::hub(Place& p, const Write& write) {
  bool differs = false;
  const std::string state = hub_state(differs, p.hub);
  return !differs || write(event("hub", Json::parse(state)));
}

}  // namespace adapters::agent::web
