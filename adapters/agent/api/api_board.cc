// board.show: how the loops stand now, in counts. For a coordinator behind a login, so nothing is suppressed (decisions D25).
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/api/report_facts.h"
#include "schemas/calendar.h"

namespace adapters::agent::api {
namespace {

using schemas::report::LoopFact;

constexpr std::uint64_t kDays = 30, kLines = 7, kOnTimeTarget = 90;

Json median(std::vector<double> minutes) {
  if (minutes.empty()) return nullptr;
  const auto middle = minutes.begin() + static_cast<std::ptrdiff_t>((minutes.size() - 1) / 2);
  std::ranges::nth_element(minutes, middle);
  return std::round(*middle * 10) / 10;
}

bool answered(const LoopFact& f) { return f.requested.ms != 0 && (f.accepted.ms != 0 || !f.decline_class.empty()); }
double minutes(const LoopFact& f) { return f.accepted > f.requested ? static_cast<double>(f.accepted.ms - f.requested.ms) / static_cast<double>(base::kMinute) : 0; }

std::vector<double> times(const std::vector<LoopFact>& facts, base::Instant from, base::Instant to) {
  std::vector<double> out;
  for (const LoopFact& f : facts)
    if (f.requested.ms != 0 && f.accepted.ms != 0 && f.accepted >= from && f.accepted < to) out.push_back(minutes(f));
  return out;
}

void now_json(keep::Tx& tx, const mail::Desk& desk, bool tests, Json& out) {
  std::map<std::string, std::uint64_t> urgency;
  std::uint64_t all = 0, late = 0;
  std::array<std::uint64_t, 4> late_at{};
  constexpr std::array<std::pair<const char*, std::uint64_t>, 4> kAges = {{{"under_1h", base::kHour}, {"1h_24h", base::kDay}, {"1d_7d", 7 * base::kDay}, {"over_7d", ~std::uint64_t{0}}}};
  std::array<std::array<std::uint64_t, 4>, kAges.size()> ages{};
  each_loop(tx, desk, [&](const LoopView& v) {
    if (!open(v.thread) || (v.thread.test && !tests)) return true;
    const auto level = static_cast<std::size_t>(std::clamp(v.state.esc_level, 0, 3));
    ++all;
    ++urgency[v.row.urgency];
    if (!v.overdue.empty()) {
      ++late;
      ++late_at[level];
    }
    const base::Instant began = v.state.requested.ms != 0 ? v.state.requested : v.thread.created;
    const std::uint64_t age = desk.now > began ? desk.now.ms - began.ms : 0;
    for (std::size_t i = 0; i < kAges.size(); ++i) {
      if (age >= kAges[i].second) continue;
      ++ages[i][level];
      break;
    }
    return true;
  });
  out["open"] = {{"all", all}, {"emergent", urgency["emergent"]}, {"urgent", urgency["urgent"]}, {"routine", urgency["routine"]}};
  out["overdue"] = {{"all", late}, {"level", late_at}};
  out["age_level"] = Json::array();
  for (std::size_t i = 0; i < kAges.size(); ++i) out["age_level"].push_back({{"age", kAges[i].first}, {"level", ages[i]}});
}

void past_json(const std::vector<LoopFact>& facts, const mail::Desk& desk, Json& out) {
  const base::Instant since = desk.now.minus(kDays * base::kDay);
  std::map<std::string, std::uint64_t> declines;
  std::uint64_t due = 0, in_time = 0;
  for (const LoopFact& f : facts) {
    if (f.requested < since || f.requested.ms == 0) continue;
    if (!f.decline_class.empty()) ++declines[f.decline_class];
    if (f.decide_due.ms == 0 || (!answered(f) && f.decide_due > desk.now)) continue;
    ++due;
    in_time += f.accepted.ms != 0 ? f.accepted <= f.decide_due : answered(f) && f.esc_level == 0;
  }
  const auto decided = times(facts, since, desk.now.plus(1));
  const std::uint64_t target = desk.policy ? desk.policy->sla_of("emergent").decide.ms / base::kMinute : 0;
  out["decide"] = {{"median_min", median(decided)}, {"target_min", target}, {"n", decided.size()}, {"days", kDays}};
  out["on_time"] = {{"percent", due == 0 ? Json() : Json(100 * in_time / due)}, {"target", kOnTimeTarget}, {"n", due}, {"days", kDays}};
  out["declines"] = Json::array();
  for (const auto& [name, n] : declines) out["declines"].push_back({{"class", name}, {"n", n}});
  const std::string tz = desk.policy ? desk.policy->calendar.tz : "UTC";
  out["by_day"] = Json::array();
  for (std::uint64_t i = kLines; i-- > 0;) {
    const std::string day = schemas::local_time(desk.now.minus(i * base::kDay), tz).substr(4, 10);
    const auto period = schemas::report::parse_period(day + ".." + day, tz);
    const auto of_day = period.ok() ? times(facts, period->span.from, period->span.to) : std::vector<double>{};
    out["by_day"].push_back({{"day", day}, {"median_min", median(of_day)}, {"n", of_day.size()}});
  }
}

}  // namespace

base::Status op_board(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  const bool tests = desk.directory.anchor().test;
  return o.store.read([&](keep::Tx& tx) {
    out["now"] = base::rfc3339(desk.now);
    now_json(tx, desk, tests, out);
    past_json(report_input(tx, desk, tests).facts, desk, out);
    return base::Status{};
  });
}

}  // namespace adapters::agent::api
