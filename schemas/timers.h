// Deadlines of a loop, the same at every party (domain brief 1.5; decisions D13): computed from facts and policy, never counted down, so
// a restart loses nothing. Pure; thread-safe. Normative: docs/spec/lifecycle.md, section 7; a test compares its table with this code.
#pragma once

#include <set>

#include "schemas/calendar.h"
#include "schemas/lifecycle.h"

namespace schemas {

struct Deadline {
  std::string name;  // received view:50 view decide escalate:1..3 expire contact on_hold outcome follow_up:FU24.. handoff hold:75 hold:90 hold:end
  base::Instant from;  // what it counts from: the request, this time on hold, ... A pause does not move it
  base::Instant at;
  std::int32_t raises = 0;  // escalation level
  std::string tell;         // who is told: "target.on_call", "target.supervisor", "role:coordinator", "requester.supervisor", "target.it"
  bool offer_next = false, phone = false;
  [[nodiscard]] std::string key() const;  // name and `from`: what is kept of a firing, so that a second time on hold has its own
};
// What deadlines follow from, beside the loop itself.
struct Facts {
  std::string urgency = "routine";
  base::Instant viewed;           // first by a person; 0: not yet (known to the target, and to the requester by its read receipt)
  base::Instant handoff_offered;  // of an offer that is not yet answered; 0: none
  base::Instant hold_start, hold_end;
};
// All deadlines that are set now, by time. One that is met is not listed, nor one that the policy leaves out (an empty span).
std::vector<Deadline> deadlines(const Loop& loop, const Facts& facts, const policy::Sla& sla, const policy::Calendar& calendar);

// A deadline that has passed and that this party has to act on.
struct Fire {
  Deadline deadline;
  std::uint64_t late_ms = 0;  // how long after its time: more than a minute is said to people
  bool event = false;         // make a loop event of it (esc_level, expired): the requester; the coordinator in its stead
};
// `fired`: keys of deadlines that this party has fired already. `self`: who asks. The requester acts on all; expire waits until the last
// level is reached. The target only ever tells its own people ("target."). The coordinator is told what is its own ("role:coordinator"),
// and acts for a requester that has been silent for two minutes past a deadline that raises a level.
std::vector<Fire> due(const std::vector<Deadline>& set, base::Instant now, Party self, const Loop& loop,
                      const std::set<std::string>& fired);

std::string follow_up_mark(const policy::Span& after);  // "FU24" hours, up to 72; "FU30" days beyond

}  // namespace schemas
