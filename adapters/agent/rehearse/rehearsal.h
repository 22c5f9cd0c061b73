// A rehearsal: what an adapter hands in goes through everything up to and including lifecycle and policy, inside a transaction that is
// rolled back. Nothing leaves, and no message is kept; what would have happened is the answer.
#pragma once

#include <deque>
#include <span>

#include "adapters/agent/keep/records_feed.h"
#include "adapters/agent/mail/office.h"

namespace adapters::agent::rehearse {

// A submission that was rehearsed before, in the thread that `s` goes on with: it is composed first, so that a chain (arrival, offer,
// narrative) is answered as it would be if its beginning had been sent.
struct Earlier {
  Submission submission;
  base::Id thread_id{};  // as the adapter was told
};

// What was rehearsed lately, in order: the last 1000 submissions, of at most 32 MiB.
class Chain {
 public:
  // Those of the thread that `s` goes on with, or of the thread that its dedupe key opened.
  [[nodiscard]] std::vector<Earlier> before(const Submission& s) const;
  void add(const Submission& s, const base::Id& thread);
  void clear();

 private:
  std::deque<Earlier> all_;
  std::size_t bytes_ = 0;
};

struct Outcome {
  base::Result<Submitted> answer;  // what the adapter is told: ids that lead nowhere, or the refusal
  keep::RehearsedRow row;
};
Outcome rehearse(const mail::Office& office, std::span<const Earlier> before, const Submission& s);

// The row of something that never became a submission.
keep::RehearsedRow unread(std::string_view format, const base::Error& why, base::Instant now);

}  // namespace adapters::agent::rehearse
