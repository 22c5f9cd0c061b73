#include "schemas/paper.h"

namespace schemas {

base::Status set_paper(Body& body, base::Instant at) {
  if (auto* r = std::get_if<Referral>(&body.payload)) {
    r->requested_at = base::rfc3339(at);
  } else if (auto* s = std::get_if<StatusUpdate>(&body.payload)) {
    s->at = at;
  } else if (auto* h = std::get_if<HandoffReport>(&body.payload)) {
    h->at = base::rfc3339(at);
  } else {
    return base::Error{base::Kind::kUsage, "only a referral, a status or a handoff report is taken over from paper", "paper_at"};
  }
  body.entered_at = at;  // the agent puts its own time there when it takes it in
  return {};
}

base::Instant paper_time(const Body& body) {
  if (body.entered_at.ms == 0) return {};
  if (const auto* s = std::get_if<StatusUpdate>(&body.payload)) return s->at;
  if (const auto* r = std::get_if<Referral>(&body.payload)) return base::parse_rfc3339(r->requested_at).value_or(base::Instant{});
  if (const auto* h = std::get_if<HandoffReport>(&body.payload)) return base::parse_rfc3339(h->at).value_or(base::Instant{});
  return {};
}

base::Status check_paper(const Body& body, base::Instant now) {
  const auto wrong = [](const char* what) { return base::Error{base::Kind::kUsage, what, "paper_at", "the time on the paper, of the last seven days"}; };
  if (body.entered_at.ms == 0) return {};
  const base::Instant at = paper_time(body);
  if (body.entered_at > now) return wrong("it cannot have been typed in later than now");
  if (at.ms == 0) return {};
  if (at > body.entered_at) return wrong("nothing was written on paper in the future");
  if (at.plus(kOldestPaperMs) < body.entered_at) return wrong("paper older than a week is not taken over");
  return {};
}

}  // namespace schemas
