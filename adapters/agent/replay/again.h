// Quarantined records, handed in again: which are meant, what would become of each, and the one real attempt.
#pragma once

#include "adapters/agent/rehearse/watch.h"
#include "adapters/agent/supervisor.h"

namespace adapters::agent::replay {

inline constexpr std::string_view kDelivery = "delivery";  // format of an event that could not be handed out: its bytes are a message id

struct Filter {                      // all of what is given must hold; ids empty: any
  std::vector<std::uint64_t> ids;
  std::string adapter, reason;       // reason: a part of the words
  base::Instant since;
};
bool meant(const Filter& filter, const keep::QuarantineRow& item);
// Oldest first.
std::vector<keep::QuarantineRow> choose(keep::Tx& tx, const Filter& filter, std::size_t limit);
std::optional<keep::QuarantineRow> item(keep::Tx& tx, std::uint64_t id);

struct Seen {
  std::vector<keep::RehearsedRow> rows;  // none for a delivery
  std::string verdict;                   // would_send, would_hand_out, refused, nothing
  bool stale = false;                    // what it says would have expired by now, had it been sent when it came
  base::Error why{base::Kind::kUsage, ""};
};
// Nothing is sent, handed out or kept.
Seen preview(mail::Office& office, Supervisor& supervisor, const keep::QuarantineRow& item);

enum class Took { kGone, kKept, kLater };  // submitted or handed out: it may leave; refused again; ask later
struct Attempt {
  Took took = Took::kLater;
  base::Error why{base::Kind::kBusy, ""};
};
Attempt attempt(mail::Office& office, Supervisor& supervisor, const rehearse::Modes& modes, const keep::QuarantineRow& item);

}  // namespace adapters::agent::replay
