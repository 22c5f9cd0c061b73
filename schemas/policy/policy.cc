#include "schemas/policy/policy.h"

#include <algorithm>
#include <array>

namespace schemas::policy {
namespace {

struct Unit {
  std::string_view suffix;
  std::uint64_t ms;  // 0: business days
  const char* words;
};
constexpr std::array kUnits{Unit{"bd", 0, "business day"},  Unit{"y", 365 * base::kDay, "year"}, Unit{"d", base::kDay, "day"},
                            Unit{"h", base::kHour, "hour"}, Unit{"m", base::kMinute, "minute"},  Unit{"s", base::kSecond, "second"}};

std::string counted(std::uint64_t n, const char* word) { return std::to_string(n) + " " + word + (n == 1 ? "" : "s"); }

constexpr Span ms(std::uint64_t n) { return {n, 0}; }
constexpr Span business(std::uint32_t n) { return {0, n}; }

Sla made(std::array<Span, 9> t, std::vector<Span> follow_up, Span second, Span third) {
  Sla s{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], std::move(follow_up), {}};
  s.escalate = {{100, {}, "target.supervisor", false, false},
                {0, second, "role:coordinator", true, false},
                {0, third, "requester.supervisor", false, true}};
  return s;
}

}  // namespace

std::optional<Span> parse_span(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 6) return std::nullopt;
  const auto unit = std::ranges::find(kUnits, text.substr(digits), &Unit::suffix);
  if (unit == kUnits.end()) return std::nullopt;
  const auto n = std::stoul(std::string(text.substr(0, digits)));
  return unit->ms == 0 ? business(static_cast<std::uint32_t>(n)) : ms(n * unit->ms);
}

std::string words(const Span& span) {
  std::string out = span.business_days != 0 ? counted(span.business_days, "business day") : "";
  if (span.ms == 0) return out.empty() ? "no time" : out;
  const Unit* fits = nullptr;
  for (const auto& u : kUnits)
    if (fits == nullptr && u.ms != 0 && span.ms % u.ms == 0) fits = &u;
  if (fits != nullptr && fits->ms == base::kDay && span.ms == base::kDay) fits = &kUnits[3];  // people say 24 hours
  if (!out.empty()) out += " and ";
  return out + (fits == nullptr ? counted(span.ms, "millisecond") : counted(span.ms / fits->ms, fits->words));
}

Sla default_sla(std::string_view urgency) {
  using base::kDay, base::kHour, base::kMinute, base::kSecond;
  // received, view, decide, contact, on hold, outcome, handoff, question, grace after the last deadline
  if (urgency == "emergent")
    return made({ms(60 * kSecond), ms(5 * kMinute), ms(15 * kMinute), ms(60 * kMinute), ms(4 * kHour), ms(24 * kHour), ms(15 * kMinute),
                 ms(15 * kMinute), ms(30 * kMinute)},
                {ms(24 * kHour), ms(72 * kHour)}, ms(10 * kMinute), ms(15 * kMinute));
  if (urgency == "urgent")
    return made({ms(5 * kMinute), ms(kHour), ms(4 * kHour), ms(24 * kHour), ms(24 * kHour), ms(72 * kHour), ms(15 * kMinute), ms(4 * kHour),
                 ms(8 * kHour)},
                {ms(72 * kHour), ms(7 * kDay)}, ms(2 * kHour), ms(4 * kHour));
  return made({ms(kHour), business(1), business(2), ms(7 * kDay), ms(7 * kDay), ms(30 * kDay), ms(15 * kMinute), business(2), business(5)},
              {ms(30 * kDay)}, business(1), business(3));
}

const Agency* Policy::agency(std::string_view slug) const {
  const auto it = std::ranges::find(agencies, slug, &Agency::slug);
  return it == agencies.end() ? nullptr : &*it;
}

const View* Policy::view(std::string_view view_id) const {
  const auto it = std::ranges::find(views, view_id, &View::id);
  return it == views.end() ? nullptr : &*it;
}

const Sla& Policy::sla_of(std::string_view urgency) const {
  static const Sla emergent = default_sla("emergent"), urgent = default_sla("urgent"), routine = default_sla("routine");
  if (const auto it = sla.find(std::string(urgency)); it != sla.end()) return it->second;
  if (urgency == "emergent") return emergent;
  if (urgency == "urgent") return urgent;
  const auto it = sla.find("routine");
  return it == sla.end() ? routine : it->second;
}

}  // namespace schemas::policy
