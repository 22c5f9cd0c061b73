// Signed bytes that would be needed to rebuild a hub that lost its disk, and that nobody here needs for anything else: receipts, and the
// frames of attachments' parts. Kept for kKeepForHub; the hub's backups are to be younger than that (docs/guide/hub-operator.md).
#pragma once

#include "adapters/agent/keep/store.h"

namespace adapters::agent::keep {

inline constexpr std::uint64_t kKeepForHub = 8 * base::kDay;

enum class ForHub : std::uint8_t { kBatch = 1, kReceipt = 2 };  // a BATCH frame; RCP1 || sig

void keep_for_hub(Tx& tx, base::Instant now, ForHub kind, base::View bytes);
void visit_for_hub(Tx& tx, const std::function<void(ForHub kind, base::View bytes)>& visit);  // oldest first
bool any_over(Tx& tx, base::Instant now);     // something is older than kKeepForHub
void drop_over(Tx& tx, base::Instant now);    // at most some hundreds at a time

}  // namespace adapters::agent::keep
