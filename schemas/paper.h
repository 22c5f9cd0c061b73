// What was written on paper while software was away, and typed in later. The kind's own time (a Referral's requested_at, a StatusUpdate's or a
// HandoffReport's at) is that of the paper; Body::entered_at is when it was typed in, and marks it everywhere. Nobody gains time by it: deadlines
// and lateness count from entered_at and from the place in the log; the time on paper is shown beside.
#pragma once

#include "crypto/base/result.h"
#include "schemas/model.h"

namespace schemas {

inline constexpr std::uint64_t kOldestPaperMs = 7 * base::kDay;

// Marks `body` as written on paper at `at`. kUsage: this kind is not one that is.
base::Status set_paper(Body& body, base::Instant at);
// The time on paper; 0: not from paper, or this reader's view does not show it.
base::Instant paper_time(const Body& body);
// Of a body from paper: typed in by `now`, after it was written, at most a week after. kUsage names paper_at.
base::Status check_paper(const Body& body, base::Instant now);

}  // namespace schemas
