// Policy TOML -> Policy: how loops are timed, routed, staffed, reported and kept.
#include "schemas/policy/internal/read.h"
#include "schemas/policy/internal/words.h"

namespace schemas::policy::internal {
namespace {

constexpr std::string_view kUrgencies[] = {"emergent", "urgent", "routine"};
constexpr std::string_view kActions[] = {"create",      "accept", "decline", "handoff", "reassign", "view_timeline",
                                         "break_glass", "review", "audit",   "policy",  "keys"};
constexpr std::string_view kWeek[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::string_view kDesks[] = {"target.on_call",    "target.supervisor",    "target.it",
                                       "requester.on_call", "requester.supervisor", "requester.it"};

// {rule = {...}}, as the sections routing and report have it.
const Toml* rule_of(const Toml& section, const std::string& name, Fault& fault) {
  Row r(section, name, fault);
  const Toml* rule = r.table("rule");
  if (rule == nullptr) r.wrong(section, "rule", "a table");
  r.done();
  return rule;
}

void read(const Toml& t, Escalation& e, Fault& fault) {
  Row r(t, "escalate", fault);
  std::string at;
  r.text("at", at, Need::kRequired);
  const Span share = at.ends_with('%') ? parse_span(at.substr(0, at.size() - 1) + "s").value_or(Span{}) : Span{};
  if (at.starts_with('+')) e.after = parse_span(at.substr(1)).value_or(Span{});
  if (share.ms <= 100 * base::kSecond) e.percent = static_cast<std::uint32_t>(share.ms / base::kSecond);
  if (e.percent == 0 && e.after.none()) r.wrong(t, "at", "a share such as \"100%\" of the decision time, or \"+10m\" after it");
  r.text("to", e.to, Need::kRequired,
         {[](std::string_view w) { return in(kDesks, w) || (w.starts_with("role:") && w.size() > 5); },
          "target.supervisor, requester.supervisor, target.on_call, or role: and a role"});
  r.flag("offer_next", e.offer_next);
  r.flag("phone", e.phone);
  r.done();
}

void read_sla(const Toml& t, Policy& out, Fault& fault) {
  if (!in(kUrgencies, t.key)) return fault.at(t, "sla: an unknown urgency", "emergent, urgent or routine");
  Sla& s = out.sla[t.key] = default_sla(t.key);
  Row r(t, "sla." + t.key, fault);
  if (const Toml* timers = r.table("timers")) {
    Row row(*timers, "sla." + t.key + ".timers", fault);
    const std::pair<const char*, Span*> all[] = {
        {"received", &s.received}, {"view", &s.view},       {"decide", &s.decide},         {"contact", &s.contact}, {"on_hold", &s.on_hold},
        {"outcome", &s.outcome},   {"handoff", &s.handoff}, {"info_pause", &s.info_pause}, {"grace", &s.grace}};
    for (const auto& [key, span] : all) row.span(key, *span);
    row.spans("followup", s.follow_up);
    row.done();
  }
  if (const Toml* steps = r.list("escalate")) {
    s.escalate.clear();
    for (const auto& step : steps->items) read(step, s.escalate.emplace_back(), fault);
    if (s.escalate.size() > 3) r.wrong(*steps, "escalate", "at most three levels");
  }
  r.done();
}

// "08:30" -> 510; 24:00 is the end of the day.
void read_hour(Row& r, const Toml& t, const char* key, std::uint32_t& out) {
  std::string text;
  r.text(key, text);
  if (text.empty()) return;
  const auto at = text.size() == 5 && text[2] == ':' ? base::parse_rfc3339("2026-01-01T" + text + ":00Z") : std::nullopt;
  if (text == "24:00")
    out = 24 * 60;
  else if (at)
    out = static_cast<std::uint32_t>(at->ms % base::kDay / base::kMinute);
  else
    r.wrong(t, key, "an hour such as \"08:00\"");
}

void read_calendar(const Toml& t, Calendar& c, Fault& fault) {
  Row r(t, "calendar", fault);
  r.text("tz", c.tz);
  read_hour(r, t, "opens", c.opens);
  read_hour(r, t, "closes", c.closes);
  if (c.opens >= c.closes) r.wrong(t, "closes", "an hour after opens");
  std::vector<std::string> days;
  r.words("weekdays", days, Need::kOptional, {[](std::string_view w) { return in(kWeek, w); }, "days: sun mon tue wed thu fri sat"});
  if (t.find("weekdays") != nullptr) c.weekdays.clear();
  for (const auto& d : days) c.weekdays.push_back(static_cast<unsigned>(std::ranges::find(kWeek, d) - std::begin(kWeek)));
  if (c.weekdays.empty()) r.wrong(t, "weekdays", "at least one day");
  std::ranges::sort(c.weekdays);
  if (const Toml* holidays = r.list("holidays"))
    for (const auto& h : holidays->items) {
      if (h.text.size() != 10 || !base::parse_rfc3339(h.text + "T00:00:00Z")) r.wrong(h, "holidays", "dates such as 2026-12-25");
      c.holidays.push_back(h.text);
    }
  r.done();
}

void read_routing(const Toml& t, Policy& out, Fault& fault) {
  const std::string name = "routing." + t.key;
  if (!is_service(t.key)) return fault.at(t, "routing: not a service");
  const Toml* rule = rule_of(t, name, fault);
  if (rule == nullptr) return;
  Routing& g = out.routing[t.key];
  g.service = t.key;
  Row r(*rule, name, fault);
  r.words("order", g.order, Need::kRequired, {nullptr, "agencies"});
  for (const auto& slug : g.order)
    if (out.agency(slug) == nullptr) r.wrong(*rule, "order", "agencies of this policy, by id");
  r.span("require_fresh_capacity", g.require_fresh_capacity);
  r.text("mode", g.mode, Need::kOptional,
         {[](std::string_view w) { return w == "sequential" || w == "parallel"; }, "sequential or parallel"});
  r.flag("automatic", g.automatic);
  r.done();
}

void read(const Toml& t, std::string id, Role& role, Fault& fault) {
  role.id = std::move(id);
  role.line = t.line;
  Row r(t, "role " + role.id, fault);
  if (t.find("id") != nullptr) r.text("id", role.id);
  r.text("words", role.words);
  r.words("may", role.may, Need::kOptional,
          {[](std::string_view w) { return in(kActions, w); },
           "actions: create accept decline handoff "
           "reassign view_timeline break_glass review audit policy keys"});
  r.words("services", role.services, Need::kOptional, {is_service, "services"});
  r.words("without_labels", role.without_labels, Need::kOptional, {is_label, "labels"});
  if (role.id.empty()) r.wrong(t, "id", "a text");
  r.done();
}

// role = [{id = ...}, ...] or [role.supervisor].
void read_roles(Row& root, Policy& out) {
  const Toml* roles = root.any("role");
  if (roles == nullptr) return;
  for (const auto& t : roles->items) read(t, "", out.roles.emplace_back(), root.fault());
  for (const auto& t : roles->members) read(t, t.key, out.roles.emplace_back(), root.fault());
}

void read_report(const Toml& t, Report& out, Fault& fault) {
  const Toml* rule = rule_of(t, "report", fault);
  if (rule == nullptr) return;
  Row r(*rule, "report", fault);
  r.number("suppress_below", out.suppress_below, 0, 1000);
  r.flag("complementary", out.complementary);
  r.done();
}

void read_break_glass(const Toml& t, BreakGlassRules& out, Fault& fault) {
  Row r(t, "break_glass", fault);
  r.words("reasons", out.reasons, Need::kOptional,
          {[](std::string_view w) { return in_set("break_glass_reason", w); }, "break-glass reasons"});
  r.span("time_box", out.time_box);
  r.span("review", out.review);
  if (out.time_box.business_days != 0 || out.time_box.ms == 0 || out.time_box.ms > base::kHour) r.wrong(t, "time_box", "at most 60m");
  r.done();
}

void read_retention(const Toml& t, Retention& out, Fault& fault) {
  Row r(t, "retention", fault);
  r.span("audit", out.audit);
  r.span("content", out.content);
  if (out.audit.ms < Retention{}.audit.ms) r.wrong(t, "audit", "at least 6y (45 CFR 164.316(b)(2))");
  r.done();
}

void read_expiry(const Toml& t, Policy& out, Fault& fault) {
  for (const auto& v : t.members) {
    const Span span = v.type == Toml::Type::kText ? parse_span(v.text).value_or(Span{}) : Span{};
    if (!is_msg_kind(v.key)) return fault.at(v, "expiry: not a kind of message");
    if (span.business_days != 0 || span.ms == 0 || span.ms > kMaxExpiryMs)
      return fault.at(v, "expiry: expected a time such as \"60m\" or \"24h\", at most 7 days");
    out.expiry[v.key] = span.ms;
  }
}

}  // namespace

void read_workings(Row& root, Policy& out) {
  Fault& fault = root.fault();
  if (const Toml* t = root.table("calendar")) read_calendar(*t, out.calendar, fault);
  if (const Toml* t = root.table("sla"))
    for (const auto& urgency : t->members) read_sla(urgency, out, fault);
  if (const Toml* t = root.table("routing"))
    for (const auto& service : t->members) read_routing(service, out, fault);
  read_roles(root, out);
  if (const Toml* t = root.table("glossary"))
    for (const auto& term : t->members) {
      if (term.type != Toml::Type::kText) fault.at(term, "glossary: expected a text");
      out.glossary[term.key] = term.text;
    }
  if (const Toml* t = root.table("report")) read_report(*t, out.report, fault);
  if (const Toml* t = root.table("break_glass")) read_break_glass(*t, out.break_glass, fault);
  if (const Toml* t = root.table("retention")) read_retention(*t, out.retention, fault);
  if (const Toml* t = root.table("expiry")) read_expiry(*t, out, fault);
}

}  // namespace schemas::policy::internal
