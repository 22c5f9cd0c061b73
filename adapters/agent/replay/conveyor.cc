// One item after the other.
#include "adapters/agent/replay/conveyor.h"

#include <algorithm>
#include <chrono>

#include "adapters/agent/mail/outbox.h"

namespace adapters::agent::replay {
namespace {

using base::Error;
using base::Kind;
using keep::ReplayRow;
using keep::ReplayState;
using keep::Table;

constexpr std::uint64_t kIdleMs = 60'000, kLookMs = 200, kLongestMs = 60'000;

std::optional<ReplayRow> job_row(keep::Tx& tx, std::uint64_t id) { return keep::find<ReplayRow>(tx, Table::kReplay, keep::key_of(id)); }
void save(keep::Tx& tx, const ReplayRow& row) { tx.put(Table::kReplay, keep::key_of(row.id), keep::pack(row)); }

void finish(ReplayRow& row, ReplayState state, base::Instant now, std::string words) {
  row.state = state;
  row.ended = now;
  row.words = std::move(words);
}

}  // namespace

void Conveyor::start() {
  thread_ = std::thread([this] { run(); });
}

void Conveyor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    something_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Conveyor::run() {
  for (;;) {
    const std::uint64_t wait = step();
    std::unique_lock lock(mutex_);
    if (!stop_ && !woken_ && wait > 0) something_.wait_for(lock, std::chrono::milliseconds(wait), [&] { return stop_ || woken_; });
    woken_ = false;
    if (stop_) return;
  }
}

std::optional<ReplayRow> Conveyor::current() const {
  std::optional<ReplayRow> out;
  (void)office_.store.read([&](keep::Tx& tx) {  // a store that cannot be read has told the process
    tx.scan(Table::kReplay, {}, [&](base::View, base::View v) {
      auto row = keep::unpack<ReplayRow>(v);
      if (row && row->state == ReplayState::kRunning) out = std::move(row);
      return !out;
    });
    return base::Status{};
  });
  return out;
}

std::uint64_t Conveyor::step() {
  const auto job = current();
  if (!job) return kIdleMs;
  const base::Instant now = office_.clock();
  if (now < job->next) return std::min(kLongestMs, job->next.ms - now.ms);
  std::optional<keep::QuarantineRow> next;
  bool full = false;
  (void)office_.store.read([&](keep::Tx& tx) {
    full = mail::mail_waiting(tx) >= job->most_waiting;
    if (!job->left.empty()) next = item(tx, job->left.front());
    return base::Status{};
  });
  if (full) {
    if (job->words.empty()) wait_for(*job, {Kind::kBusy, "the outbox holds enough for now"}, 0);
    return kLookMs;
  }
  if (!next) {  // gone meanwhile, or the end
    settle(job->id, {}, {Took::kGone, {Kind::kUsage, ""}});
    return 0;
  }
  const Attempt a = attempt(office_, supervisor_, modes_, *next);
  if (a.took == Took::kLater) {
    wait_for(*job, a.why, back_off_ms_);
    back_off_ms_ = std::min(kLongestMs, back_off_ms_ * 2);
    return kLookMs;
  }
  back_off_ms_ = 1'000;
  settle(job->id, *next, a);
  return 0;
}

void Conveyor::wait_for(const ReplayRow& job, const Error& why, std::uint64_t ms) {
  (void)office_.store.write([&](keep::Tx& tx) {
    auto row = job_row(tx, job.id);
    if (!row || row->state != ReplayState::kRunning) return base::Status{};
    row->words = why.what;
    if (ms > 0) row->next = office_.clock().plus(ms);
    save(tx, *row);
    return base::Status{};
  });
}

void Conveyor::settle(std::uint64_t id, const keep::QuarantineRow& taken, const Attempt& a) {
  (void)office_.store.write([&](keep::Tx& tx) {
    auto row = job_row(tx, id);
    if (!row) return base::Status{};
    const base::Instant now = office_.clock();
    if (!row->left.empty()) row->left.erase(row->left.begin());
    if (taken.id != 0 && a.took == Took::kGone) {
      tx.erase(Table::kQuarantine, keep::key_of(taken.id));
      ++row->sent;
    } else if (taken.id != 0) {
      keep::QuarantineRow again = taken;
      again.what = a.why.what;
      again.where = a.why.where;
      again.mend = a.why.mend;
      again.kind = static_cast<std::uint8_t>(a.why.kind);
      tx.put(Table::kQuarantine, keep::key_of(again.id), keep::pack(again));
      ++row->kept;
    }
    row->words.clear();
    row->next = now.plus(60'000 / std::max<std::uint32_t>(1, row->per_minute));
    if (row->left.empty() && row->state == ReplayState::kRunning) finish(*row, ReplayState::kDone, now, "");
    save(tx, *row);
    return base::Status{};
  });
}

base::Result<ReplayRow> Conveyor::begin(const Filter& filter, const Limits& limits, const std::string& by) {
  std::vector<keep::QuarantineRow> chosen;
  TRY(office_.store.read([&](keep::Tx& tx) {
    chosen = choose(tx, filter, limits.items);
    return base::Status{};
  }));
  for (const keep::QuarantineRow& q : chosen) {
    if (!modes_.holds_back(q.adapter)) continue;
    return Error{Kind::kConflict, "the adapter is in dry-run or shadow: nothing would be sent", q.adapter, "handoff-agent go-live, then replay"};
  }
  ReplayRow row;
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    row = {};
    for (const keep::QuarantineRow& q : chosen) row.left.push_back(q.id);
    if (row.left.empty()) return Error{Kind::kNotFound, "nothing in quarantine is meant by that", "", "see: handoff quarantine list"};
    row.id = tx.next(Table::kReplay);
    row.by = by;
    row.created = row.next = office_.clock();
    row.per_minute = limits.per_minute;
    row.most_waiting = limits.most_waiting;
    row.total = row.left.size();
    save(tx, row);
    return {};
  }));
  const std::lock_guard lock(mutex_);
  woken_ = true;
  something_.notify_all();
  return row;
}

base::Result<ReplayRow> Conveyor::end(std::uint64_t id, const std::string& by) {
  ReplayRow out;
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    auto row = job_row(tx, id);
    if (!row) return Error{Kind::kNotFound, "there is no such replay", "id", "see: handoff quarantine replays"};
    if (row->state == ReplayState::kRunning) {
      finish(*row, ReplayState::kStopped, office_.clock(), "stopped by " + by);
      save(tx, *row);
    }
    out = *row;
    return {};
  }));
  return out;
}

base::Result<ReplayRow> Conveyor::discard(const Filter& filter, const std::string& reason, const std::string& by) {
  ReplayRow row;
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    row = {};
    for (const keep::QuarantineRow& q : choose(tx, filter, 1'000)) {
      tx.erase(Table::kQuarantine, keep::key_of(q.id));
      row.left.push_back(q.id);
    }
    if (row.left.empty()) return Error{Kind::kNotFound, "nothing in quarantine is meant by that", "", "see: handoff quarantine list"};
    row.id = tx.next(Table::kReplay);
    row.by = by;
    row.reason = reason;
    row.total = row.left.size();
    row.created = office_.clock();
    finish(row, ReplayState::kDiscarded, row.created, "");
    save(tx, row);
    return {};
  }));
  return row;
}

std::vector<ReplayRow> Conveyor::jobs(std::size_t limit) const {
  std::vector<ReplayRow> out;
  (void)office_.store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kReplay, {}, [&](base::View, base::View v) {
      if (auto row = keep::unpack<ReplayRow>(v)) out.push_back(std::move(*row));
      return out.size() < limit;
    });
    return base::Status{};
  });
  return out;
}

}  // namespace adapters::agent::replay
