// What a search finds: a page of readable headers, newest first, from one snapshot of the log. Bounded work, whatever is asked: an answer may hold fewer
// rows than its limit, and `next_before` then says where to go on. Entries that come in later have higher numbers and disturb no page.
#pragma once

#include "hub/broker/index.h"
#include "schemas/wire.h"

namespace hub::broker {

// `index` may be null or behind: what it does not reach is read from the log itself, 10,000 entries at most. `party`: not zero, only what
// this agent sent or holds a slot in. A page holds whole groups: it may be a few rows longer than `q.limit` (1 to 500).
// kCorrupt: the index is damaged. Any thread, with a reader of its own.
base::Result<schemas::wire::Found> search(const state::Reader& log, const SearchIndex* index, const schemas::wire::Search& q, const base::Id& party);

}  // namespace hub::broker
