// One function a group of rows of the table; what each counts from and whom it tells is said there and nowhere else.
#include "schemas/timers.h"

#include <algorithm>

namespace schemas {
namespace {

using enum Phase;

constexpr std::uint64_t kSilence = 2 * base::kMinute;
constexpr std::size_t kLevels = 3;
constexpr std::string_view kEscalate = "escalate:", kExpire = "expire", kCoordinatorRole = "role:coordinator";

bool undecided(Phase p) { return p == kRequested || p == kReceived || p == kInfoRequested; }
bool under_way(Phase p) {
  return p == kAccepted || p == kScheduled || p == kInProgress || p == kOnHold || p == kNoShow || p == kCancelRequested;
}

class Setter {
 public:
  Setter(const Loop& loop, const Facts& facts, const policy::Sla& sla, const policy::Calendar& calendar)
      : loop_(loop), facts_(facts), sla_(sla), calendar_(calendar) {}

  std::vector<Deadline> all() {
    if (undecided(loop_.phase)) decision();
    if (under_way(loop_.phase)) work();
    if (loop_.phase == kCompleted) follow_ups();
    if (!terminal(loop_.phase)) set("handoff", facts_.handoff_offered, sla_.handoff, "target.supervisor", 1);  // also without a referral
    if (loop_.phase != kNone && loop_.phase != kEnteredInError) hold();
    std::ranges::stable_sort(out_, {}, &Deadline::at);
    return std::move(out_);
  }

 private:
  Deadline& put(std::string name, base::Instant from, base::Instant at, std::string tell, std::int32_t raises = 0) {
    const bool phone = facts_.urgency == "emergent";  // software is never the only path
    return out_.emplace_back(Deadline{std::move(name), from, at, raises, std::move(tell), false, phone});
  }

  // `from` 0: it has not begun.
  void set(std::string name, base::Instant from, const policy::Span& span, std::string tell, std::int32_t raises = 0) {
    if (from.ms != 0 && !span.none()) put(std::move(name), from, later(from, span, calendar_), std::move(tell), raises);
  }

  void decision() {
    const auto from = loop_.requested;
    if (loop_.phase == kRequested) set("received", from, sla_.received, "target.it");
    if (facts_.viewed.ms == 0 && loop_.questions == 0) view(from);
    if (sla_.decide.none()) return;
    const auto whole = later(from, sla_.decide, calendar_);
    const auto decide = paused(whole);
    put("decide", from, decide, "target.on_call");
    auto last = decide;
    for (std::size_t i = 0; i < levels(); ++i) last = std::max(last, escalation(i, whole.minus(from.ms).ms, decide));
    put(std::string(kExpire), from, later(std::max(last, last_raised()), sla_.grace, calendar_), "requester.supervisor");
  }

  // Told again, quietly, while nobody has looked.
  void view(base::Instant from) {
    if (sla_.view.none()) return;
    const auto at = later(from, sla_.view, calendar_);
    put("view:50", from, from.plus((at.ms - from.ms) / 2), "target.on_call");
    put("view", from, at, "target.on_call");
  }

  base::Instant escalation(std::size_t i, std::uint64_t whole, base::Instant decide) {
    const policy::Escalation& e = sla_.escalate[i];
    const auto share = paused(loop_.requested.plus(whole * std::min<std::uint64_t>(e.percent, 100) / 100));
    const auto at = e.percent > 0 ? share : later(decide, e.after, calendar_);
    const auto level = static_cast<std::int32_t>(i + 1);
    auto& d = put(std::string(kEscalate) + std::to_string(level), loop_.requested, at, e.to, level);
    d.offer_next = e.offer_next;
    d.phone = d.phone || e.phone;
    return at;
  }

  [[nodiscard]] std::size_t levels() const { return std::min(sla_.escalate.size(), kLevels); }

  // When the last level was really raised: after downtime people still get the grace. The target cannot put off the end this way.
  [[nodiscard]] base::Instant last_raised() const {
    const auto raised = [&](const Event& e) {
      return e.by != Party::kTarget && e.esc_level > 0 && static_cast<std::size_t>(e.esc_level) >= levels();
    };
    const auto it = std::ranges::find_if(loop_.applied, raised);
    return it == loop_.applied.end() ? base::Instant{} : it->at;
  }

  // Put off by the pause; business time goes on when the agency is open.
  [[nodiscard]] base::Instant paused(base::Instant at) const {
    const auto ms = pause();
    const bool business = ms > 0 && sla_.decide.business_days > 0;
    return business ? opening(at.plus(ms), calendar_) : at.plus(ms);
  }

  // The first question's pause; while it is open, all of what the policy grants.
  [[nodiscard]] std::uint64_t pause() const {
    const auto asked = std::ranges::find(loop_.applied, kInfoRequested, &Event::to);
    if (asked == loop_.applied.end() || sla_.info_pause.none()) return 0;
    const auto until = later(asked->at, sla_.info_pause, calendar_);
    const std::uint64_t most = until > asked->at ? until.ms - asked->at.ms : 0;
    const bool open = loop_.phase == kInfoRequested && loop_.questions == 1;
    return open ? most : std::min(loop_.paused_ms, most);
  }

  void work() {
    const bool waits = loop_.phase == kAccepted || loop_.phase == kScheduled || loop_.phase == kNoShow;
    if (waits && loop_.contacted.ms == 0) set("contact", loop_.accepted, sla_.contact, "target.supervisor", 1);
    if (loop_.phase == kOnHold) set("on_hold", loop_.since, sla_.on_hold, "target.supervisor", 1);
    set("outcome", loop_.accepted, sla_.outcome, "target.supervisor");
  }

  void follow_ups() {
    for (const auto& span : sla_.follow_up)
      if (const auto mark = follow_up_mark(span); !loop_.follow_ups.contains(mark))
        set("follow_up:" + mark, loop_.completed, span, "target.supervisor");
  }

  // An involuntary hold ends whatever becomes of the referral.
  void hold() {
    const auto start = facts_.hold_start, end = facts_.hold_end;
    if (start.ms == 0 || end <= start) return;
    const std::string tell = loop_.accepted.ms != 0 ? "target.supervisor" : "requester.supervisor";
    put("hold:75", start, start.plus((end.ms - start.ms) / 4 * 3), tell);
    put("hold:90", start, start.plus((end.ms - start.ms) / 10 * 9), tell);
    put("hold:end", start, end, tell);
  }

  const Loop& loop_;
  const Facts& facts_;
  const policy::Sla& sla_;
  const policy::Calendar& calendar_;
  std::vector<Deadline> out_;
};

std::int32_t last_level(const std::vector<Deadline>& set) {
  std::int32_t level = 0;
  for (const auto& d : set)
    if (d.name.starts_with(kEscalate)) level = std::max(level, d.raises);
  return level;
}

bool acts(Party self, const Deadline& d, std::uint64_t late, const Loop& loop, std::int32_t last) {
  const bool reached = loop.esc_level >= d.raises;
  switch (self) {
    case Party::kRequester:  // whether anybody has looked is known where it is looked at
      return !d.name.starts_with("view") && (d.name != kExpire || loop.esc_level >= last);
    case Party::kTarget: return d.tell.starts_with("target.");
    case Party::kCoordinator: return reached ? d.tell == kCoordinatorRole : late >= kSilence;
    case Party::kNobody: return false;
  }
  return false;
}

}  // namespace

std::string Deadline::key() const { return name + "@" + std::to_string(from.ms); }

std::vector<Deadline> deadlines(const Loop& loop, const Facts& facts, const policy::Sla& sla, const policy::Calendar& calendar) {
  return Setter(loop, facts, sla, calendar).all();
}

std::vector<Fire> due(const std::vector<Deadline>& set, base::Instant now, Party self, const Loop& loop,
                      const std::set<std::string>& fired) {
  std::vector<Fire> out;
  const auto last = last_level(set);
  for (const auto& d : set) {
    if (now < d.at || fired.contains(d.key())) continue;
    const std::uint64_t late = now.ms - d.at.ms;
    if (!acts(self, d, late, loop, last)) continue;
    const bool event = self != Party::kTarget && (d.raises > loop.esc_level || d.name == kExpire);
    out.push_back({d, late, event});
  }
  return out;
}

std::string follow_up_mark(const policy::Span& after) {
  if (after.business_days > 0) return "FU" + std::to_string(after.business_days) + "bd";
  const bool hours = after.ms <= 72 * base::kHour || after.ms % base::kDay != 0;
  return "FU" + std::to_string(after.ms / (hours ? base::kHour : base::kDay));
}

}  // namespace schemas
