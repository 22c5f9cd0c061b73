// The agency's own disclosure ledger (decisions D4): who opened, printed, exported, sent or was refused what, with role, device, fields and
// basis. Rows are chained by hash, so that one taken out or changed later shows; its head is what the hub's log keeps of it. Sealed in the
// store like everything else: it names people.
#pragma once

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/store.h"
#include "adapters/agent/people/actor.h"
#include "crypto/base/instant.h"

namespace adapters::agent::ledger {

enum class Access : std::uint8_t {
  kSignIn = 1, kSignInFailed = 2, kSignOut = 3, kList = 4, kOpen = 5, kFile = 6, kPrint = 7, kExport = 8, kForward = 9, kAct = 10, kDenied = 11,
  kBreakGlass = 12, kReview = 13, kAccount = 14
};
std::string_view name(Access a);  // "open", "print", ...
std::optional<Access> access_named(std::string_view name);

struct LedgerRow {                    // key: u64 seq
  std::uint64_t seq = 0;
  base::Instant at;
  Access access{};
  base::Id person{}, thread_id{}, msg_id{};
  std::string login, role, device;
  std::vector<std::string> fields;    // canonical groups that were shown: "referral.subject", "handoff_report"
  std::string basis;                  // authority of the thread, or "operations"
  std::string words;                  // "accept", "denied: role"; nothing of the content
  base::Hash prev{};                  // of the row before it; zero for the first
};
void fields(auto& f, keep::MaybeConst<LedgerRow> auto& r) {
  f(r.seq, r.at, r.access, r.person, r.thread_id, r.msg_id, r.login, r.role, r.device, r.fields, r.basis, r.words, r.prev);
}

// Fills seq, at, the actor's fields and prev; in the caller's transaction, so that what was shown is recorded or not shown.
std::uint64_t record(keep::Tx& tx, const people::Actor& actor, base::Instant now, LedgerRow row);
std::optional<LedgerRow> row(keep::Tx& tx, std::uint64_t seq);
std::vector<std::uint64_t> rows_of(keep::Tx& tx, const base::Id& thread_id);  // oldest first

struct Head {
  std::uint64_t size = 0;
  base::Hash hash{};
};
void fields(auto& f, keep::MaybeConst<Head> auto& r) { f(r.size, r.hash); }
Head head(keep::Tx& tx);
base::Hash hash_at(keep::Tx& tx, std::uint64_t size);  // of the ledger's first `size` rows: to hold against a head that was kept elsewhere
std::optional<std::uint64_t> first_bad(keep::Tx& tx);  // the first row that does not follow from the one before; nullopt: whole

}  // namespace adapters::agent::ledger
