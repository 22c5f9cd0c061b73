// What the store holds of feeds: the mode of each adapter, what it would have sent, and quarantined records on their way in again. Plain
// values with their bytes; nothing protected in them.
#pragma once

#include "adapters/agent/keep/records.h"

namespace adapters::agent::keep {

enum class FeedMode : std::uint8_t { kLive = 0, kDryRun = 1, kShadow = 2 };

struct ModeChange {
  Instant at;
  std::string by;
  FeedMode mode = FeedMode::kLive;
  std::vector<std::string> kinds;
};
void fields(auto& f, MaybeConst<ModeChange> auto& r) {
  f(r.at, r.by, r.mode, r.kinds);
  f.within(r.mode, FeedMode::kLive, FeedMode::kShadow);
}
struct Tally {                           // of what was rehearsed since the mode began
  std::string kind, verdict, reason, to;
  std::uint64_t count = 0;
  Instant first, last;
};
void fields(auto& f, MaybeConst<Tally> auto& r) { f(r.kind, r.verdict, r.reason, r.to, r.count, r.first, r.last); }
struct ModeRow {                         // key: adapter name
  FeedMode mode = FeedMode::kLive;
  std::vector<std::string> kinds;        // shadow only: these are live already
  Instant since;
  std::vector<ModeChange> changes;       // oldest first, the last kChanges
  std::vector<Tally> tallies;
  std::uint64_t rehearsed = 0;           // the newest RehearsedRow's number
};
void fields(auto& f, MaybeConst<ModeRow> auto& r) {
  f(r.mode, r.kinds, r.since, r.changes, r.tallies, r.rehearsed);
  f.within(r.mode, FeedMode::kLive, FeedMode::kShadow);
}
inline constexpr std::size_t kModeChanges = 50, kTallies = 500, kRehearsedRows = 1000;

struct ReaderAnswer {                    // what the policy said for one recipient
  std::string to;                        // slug
  bool allowed = false;
  std::string view, code, words;
  std::vector<std::string> rules, withheld;
};
void fields(auto& f, MaybeConst<ReaderAnswer> auto& r) { f(r.to, r.allowed, r.view, r.code, r.words, r.rules, r.withheld); }
struct RehearsedRow {                    // key: keyed adapter || u64 number
  std::uint64_t no = 0;
  Instant at;
  std::string format, kind;              // of the source; of the message, "" where it could not be read
  std::string verdict;                   // would_send, repeat, denied, refused, unread, match
  bool test = false;
  std::vector<ReaderAnswer> readers;
  std::vector<std::string> unmapped;     // fields that the model has no place for and that travel as they are
  std::string where, what, mend;         // of a refusal
  std::uint8_t error = 0;                // its base::Kind
};
void fields(auto& f, MaybeConst<RehearsedRow> auto& r) {
  f(r.no, r.at, r.format, r.kind, r.verdict, r.test, r.readers, r.unmapped, r.where, r.what, r.mend, r.error);
}

enum class ReplayState : std::uint8_t { kRunning = 0, kDone = 1, kStopped = 2, kDiscarded = 3 };
struct ReplayRow {                       // key: u64 id
  std::uint64_t id = 0;
  ReplayState state = ReplayState::kRunning;
  std::string by, reason;
  Instant created, ended, next;          // next: no item before then
  std::uint32_t per_minute = 60;
  std::uint64_t most_waiting = 50;       // none is taken while more than that wait in the outbox
  std::vector<std::uint64_t> left;       // quarantine ids, oldest first
  std::uint64_t total = 0, sent = 0, kept = 0;  // kept: refused again, still in quarantine
  std::string words;                     // what it waits for, or why it ended
};
void fields(auto& f, MaybeConst<ReplayRow> auto& r) {
  f(r.id, r.state, r.by, r.reason, r.created, r.ended, r.next, r.per_minute, r.most_waiting, r.left, r.total, r.sent, r.kept, r.words);
  f.within(r.state, ReplayState::kRunning, ReplayState::kDiscarded);
}

std::string_view name(FeedMode mode);    // live, dry-run, shadow
std::optional<FeedMode> feed_mode(std::string_view name);

}  // namespace adapters::agent::keep
