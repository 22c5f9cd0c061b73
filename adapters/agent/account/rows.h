// What the compliance officer's own acts leave in the agency's store: suspensions, holds, tombstones and reviews. Plain values with their bytes.
#pragma once

#include "adapters/agent/keep/records.h"

namespace adapters::agent::account {

// 45 CFR 164.528(a)(2): an official asks that a person is not told, for a time, of what that official's agency was given.
struct SuspensionRow {                 // key: u64 id
  std::uint64_t id = 0;
  std::string agency;                  // slug of who was given it
  std::string official, statement;     // who asks; reference of the written statement, empty: said aloud, 30 days at most
  base::Instant from, until, lifted;   // lifted 0: it stands until `until`
  std::string by;                      // login
};
void fields(auto& f, keep::MaybeConst<SuspensionRow> auto& r) { f(r.id, r.agency, r.official, r.statement, r.from, r.until, r.lifted, r.by); }
// Litigation, an investigation, a public-records request: nothing of it is purged while the hold stands.
struct HoldRow {                       // key: u64 id
  std::uint64_t id = 0;
  base::Id thread_id{};                // zero: everything
  std::string reason, by, released_by;
  base::Instant placed, released;      // released 0: it stands
};
void fields(auto& f, keep::MaybeConst<HoldRow> auto& r) { f(r.id, r.thread_id, r.reason, r.by, r.released_by, r.placed, r.released); }
// Of a thread whose content was purged. The note is signed by the agency: what it was, when, under which policy, and that no hold stood.
struct TombstoneRow {                  // key: keyed thread
  base::Id thread_id{};
  base::Instant at;
  std::uint32_t messages = 0;
  std::string note;                    // whole, sfh-tombstone/v1
};
void fields(auto& f, keep::MaybeConst<TombstoneRow> auto& r) { f(r.thread_id, r.at, r.messages, r.note); }
// The weekly audit review (NIST AU-6): what was looked at, by whom, signed by the agency.
struct ReviewRow {                     // key: u64 week: Mondays since 1970
  std::uint64_t week = 0;
  base::Instant at;
  std::string by, finding, words;      // finding: nothing | followed_up
  std::string note;                    // whole, sfh-review/v1
};
void fields(auto& f, keep::MaybeConst<ReviewRow> auto& r) { f(r.week, r.at, r.by, r.finding, r.words, r.note); }

}  // namespace adapters::agent::account
