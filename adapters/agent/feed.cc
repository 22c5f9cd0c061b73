// The feed, as one adapter walks it.
#include "adapters/agent/feed.h"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/agent/delivery_of.h"
#include "adapters/agent/mail/threads.h"

namespace adapters::agent {
namespace {

using keep::Table;

constexpr std::size_t kLookAhead = 512;
constexpr std::uint64_t kMaxWaitMs = 60'000;

std::optional<keep::CursorRow> cursor(keep::Tx& tx, const std::string& name) { return keep::find<keep::CursorRow>(tx, Table::kCursor, base::view(name)); }

}  // namespace

base::Status Feed::begin(keep::Store& store, const std::string& name) {
  return store.write([&](keep::Tx& tx) {
    if (cursor(tx, name)) return base::Status{};
    keep::CursorRow row;
    row.low = tx.next(Table::kFeed) - 1;
    tx.put(Table::kCursor, base::view(name), keep::pack(row));
    return base::Status{};
  });
}

base::Status Feed::load(keep::Store& store) {
  return store.read([&](keep::Tx& tx) {
    cursor_ = cursor(tx, name_).value_or(keep::CursorRow{});
    return base::Status{};
  });
}

base::Result<std::optional<Feed::Next>> Feed::next(const mail::Office& office, std::uint64_t& wait_ms) {
  const base::Instant now = office.clock();
  const crypto::Directory directory = office.replica.directory();
  std::optional<Next> out;
  std::uint64_t gone = 0;
  TRY(office.store.read([&](keep::Tx& tx) {
    std::uint64_t message_seq = 0, seq = 0;
    std::size_t seen = 0;
    std::set<base::Id> behind;
    tx.scan(Table::kFeed, keep::key_of(cursor_.low + 1), [&](base::View k, base::View v) {
      const std::uint64_t at = keep::number_in(k);
      if (cursor_.done.contains(at) || v.size() != 24) return true;
      const auto thread = base::fixed<16>(v.first(16));
      const auto parked = parked_.find(thread);
      const bool waits = behind.contains(thread) || (parked != parked_.end() && parked->second.due > now);
      if (!waits) {
        seq = at;
        message_seq = keep::number_in(v);
        return false;
      }
      if (!behind.contains(thread)) wait_ms = std::min(wait_ms, parked->second.due.ms - now.ms);
      behind.insert(thread);
      return ++seen < kLookAhead;
    });
    if (seq == 0) return base::Status{};
    auto d = delivery_of(tx, office, directory, message_seq);
    if (!d) {
      gone = seq;
      return base::Status{};
    }
    d->seq = seq;
    out = Next{seq, std::move(*d)};
    return base::Status{};
  }));
  if (gone != 0) {
    TRY(finish(office.store, gone, true));
    wait_ms = 0;
  }
  return out;
}

base::Result<bool> Feed::settle(const mail::Office& office, const Next& item, const base::Status& verdict) {
  const base::Id& thread = item.delivery.thread_id;
  if (!verdict.ok() && verdict.error().kind == base::Kind::kBusy) {
    const base::Instant now = office.clock();
    const auto [it, fresh] = parked_.try_emplace(thread);
    Parked& p = it->second;
    if (fresh) p.since = now;
    if (now < p.since.plus(retry_for_ms_)) {
      p.due = now.plus(p.wait_ms);
      p.wait_ms = std::min(kMaxWaitMs, p.wait_ms * 2);
      return false;
    }
  }
  parked_.erase(thread);
  const bool failed = !verdict.ok() && verdict.error().kind != base::Kind::kUnsupported;
  TRY(finish(office.store, item.seq, failed));
  return true;
}

base::Status Feed::finish(keep::Store& store, std::uint64_t seq, bool failed) {
  keep::CursorRow next = cursor_;
  next.done.insert(seq);
  while (next.done.contains(next.low + 1)) next.done.erase(++next.low);
  if (failed) {
    ++next.failed;
  } else {
    ++next.delivered;
  }
  TRY(store.write([&](keep::Tx& tx) {
    tx.put(Table::kCursor, base::view(name_), keep::pack(next));
    return base::Status{};
  }));
  cursor_ = std::move(next);
  return {};
}

std::uint64_t Feed::queue(keep::Tx& tx, const std::string& name) {
  const auto row = cursor(tx, name);
  const std::uint64_t end = tx.next(Table::kFeed) - 1;
  if (!row || end < row->low) return 0;
  return end - row->low - row->done.size();
}

}  // namespace adapters::agent
