// Outbox: DRAFT -> SEALED -> SENT -> ACKED -> DELIVERED (protocol 12, "Sender agent state"), inside transactions. One batch is in
// flight at a time; what is submitted meanwhile is collected for the next (natural batching). Finished bytes are on disk before they
// are first sent, and a resend is byte for byte the same.
#pragma once

#include "adapters/agent/mail/submit.h"
#include "crypto/seal.h"

namespace adapters::agent::mail {

inline constexpr std::size_t kFlushMessages = 64, kFlushBytes = 3u << 20;
inline constexpr std::size_t kFlushParts = 6, kFlushPartsOfOne = 3;  // parts of attachments in a batch; of one attachment

struct SealContext {
  const Desk& desk;
  const crypto::SignKey& sign;
  const crypto::Hedge& hedge;
};

void enqueue(keep::Tx& tx, const Desk& desk, const keep::Message& m);  // a message that has been added waits for sealing
void put_back(keep::Tx& tx, const keep::OutItem& item, const keep::Message& m);  // it waits again, at its old place
// It waits no longer: somebody has found it sent. nullopt: it did not wait.
std::optional<keep::OutItem> take_out(keep::Tx& tx, const keep::Message& m, const base::Id& recipient);
// How many wait that count against the outbox's limit. Loop facts do not: a coordinator that is away delays no referral (D10). Read receipts
// neither: they go after all mail that may go. Parts of attachments go after those: they have a limit of their own, and only a few go at a time.
std::uint64_t mail_waiting(keep::Tx& tx);
std::uint64_t parts_waiting(keep::Tx& tx);

// What leaves the agency: the message as that reader may see it under the policy in force (desk.policy must be there), and why. A denied
// one has no body; nullopt: the reader has left, or the message does not decode.
struct Prepared {
  base::Bytes body;
  keep::DecisionRow decision;
};
std::optional<Prepared> prepare(keep::Tx& tx, const Desk& desk, const keep::Message& m, const base::Id& to);

// What could not be sealed now, in words for people; empty when all went.
struct SealNotes {
  std::vector<std::string> waiting;  // slugs without a usable epoch key
  std::size_t refused = 0;           // policy says no by now
  bool stale = false;                // the policy in force is not here: all waits
};

// The batch in flight, if any (after a restart: to be sent again).
std::optional<keep::BatchRow> in_flight(keep::Tx& tx);
// Takes what waits (in order, at most one group a recipient, kFlush*), seals it and keeps the bytes. nullopt: nothing can go now.
base::Result<std::optional<keep::BatchRow>> seal_next(keep::Tx& tx, const SealContext& c, SealNotes& notes);
// The hub has it: every check of check_ack() has passed.
struct Accepted {
  std::uint64_t first_index = 0, tree_size = 0;
  base::Instant hub_time;
};
void accept(keep::Tx& tx, const Desk& desk, keep::BatchRow row, const Accepted& at);

// Takes a batch that was not accepted apart again: same messages, to be sealed anew.
struct Verdict {
  std::uint32_t group_no = 0;
  base::Instant not_before;  // later than now: not before then
  std::string people;        // not empty: never again by itself, shown to people with these words
};
void take_back(keep::Tx& tx, const Desk& desk, const keep::BatchRow& row, const std::vector<Verdict>& verdicts);

struct Waiting {
  std::uint64_t waiting = 0, in_flight = 0, oldest_age_ms = 0;
  std::uint64_t parts = 0;                    // of attachments, not among those
  std::uint64_t facts = 0, facts_age_ms = 0;  // of these, loop facts, which may wait for a coordinator (D10)
};
Waiting waiting(keep::Tx& tx, base::Instant now);

}  // namespace adapters::agent::mail
