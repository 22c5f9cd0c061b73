// Measures of how referrals were answered: volume, delivery, acceptance, times, closure, escalation, appointments.
#include "schemas/report/internal/tables.h"

namespace schemas::report::tables {
namespace {

bool accepted(const LoopFact& f) { return f.accepted.ms != 0; }
bool declined(const LoopFact& f) { return !accepted(f) && f.phase == "rejected"; }
bool expired(const LoopFact& f) { return !accepted(f) && f.phase == "expired"; }
bool called_off(const LoopFact& f) { return !accepted(f) && f.phase == "cancelled"; }
bool decided(const LoopFact& f) { return accepted(f) || declined(f) || expired(f); }
bool undecided(const LoopFact& f) { return !decided(f) && !called_off(f); }
bool answered(const LoopFact& f) { return accepted(f) || declined(f); }
bool told(const LoopFact& f) { return accepted(f) && f.phase == "completed"; }
bool seen_after(const LoopFact& f) {
  const auto mark = f.follow_ups.find("FU72");
  return told(f) && mark != f.follow_ups.end() && mark->second == "reached";
}
bool in_time(base::Instant at, base::Instant due) { return at.ms != 0 && due.ms != 0 && at <= due; }
Is level(std::int32_t n) {
  return [n](const LoopFact& f) { return f.esc_level >= n; };
}
std::optional<double> seconds(base::Instant from, base::Instant to) {
  const auto m = minutes(from, to);
  return m ? std::optional(*m * 60) : std::nullopt;
}

}  // namespace

Table words(const std::string& id, const std::string& title, const std::string& by, std::vector<std::string> columns, const std::string& definition,
            const std::string& denominator, const std::string& chart) {
  static const std::map<std::string, std::string> kRows = {
      {"partner", ", by agency asked"}, {"from", ", by agency that asked"}, {"urgency", ", by urgency"}, {"service", ", by service"}, {"month", ", by month"}};
  const auto rows = kRows.find(by);
  Table t;
  t.id = by.empty() ? id : id + "-" + by;
  t.title = title + (rows == kRows.end() ? "" : rows->second);
  t.definition = definition + " (definition " + id + "/" + kDefinitions + ")";
  t.denominator = denominator;
  t.chart = by == "month" ? "line" : chart;
  t.columns = std::move(columns);
  return t;
}

bool asked(const LoopFact& f) { return f.requested.ms != 0; }

std::optional<double> minutes(base::Instant from, base::Instant to) {
  if (from.ms == 0 || to.ms == 0) return std::nullopt;
  return to > from ? static_cast<double>(to.ms - from.ms) / static_cast<double>(base::kMinute) : 0.0;
}

void volume(Maker& m, const std::string& by) {
  m.table(words("volume", "Referrals", by, {"Referrals"}, "Referrals requested in the period, each to one agency; a re-referral counts again.", "none: a count", "bar"),
          by, asked, [](Scope& s) { return std::vector<Figure>{s.count("requested", asked)}; });
}

void delivery(Maker& m, const std::string& by) {
  const Minutes ack = [](const LoopFact& f) { return seconds(f.requested, f.received); };
  m.table(words("delivery", "Delivery", by, {"Referrals", "Received", "Received %", "Half within, s", "95 % within, s"},
                "Received: the machine of the agency asked opened the referral and said so. Seconds from the request until then.", "referrals requested; for seconds, those received", "none"),
          by, asked, [&](Scope& s) {
            std::vector<Figure> row{s.count("requested", asked)};
            row.push_back(s.part("received", "requested", [](const LoopFact& f) { return f.received.ms != 0; }));
            row.push_back(s.percent("received", "requested"));
            row.push_back(s.measure("received", ack, 0.5));
            row.push_back(s.measure("received", ack, 0.95));
            return row;
          });
}

void acceptance(Maker& m, const std::string& by) {
  m.table(words("acceptance", "Acceptance", by, {"Referrals", "Decided", "Accepted", "Declined", "Expired", "Called off", "Open", "Accepted %"},
                "Accepted %: accepted out of those decided. Decided: accepted, declined, or expired because nobody answered. Called off by who asked, and still open, are apart.",
                "referrals decided: accepted + declined + expired", "bar"),
          by, asked, [](Scope& s) {
            std::vector<Figure> row{s.count("requested", asked), s.part("decided", "requested", decided), s.part("accepted", "decided", accepted),
                                    s.count("declined", declined), s.count("expired", expired), s.count("called-off", called_off), s.count("open", undecided)};
            s.sum("decided", {"accepted", "declined", "expired"});
            s.sum("requested", {"decided", "called-off", "open"});
            row.push_back(s.percent("accepted", "decided"));
            return row;
          });
}

void time_to_view(Maker& m, const std::string& by) {
  const Minutes took = [](const LoopFact& f) { return f.view_known ? minutes(f.requested, f.viewed) : std::nullopt; };
  m.missing("requested", [](const LoopFact& f) { return !f.view_known; });
  m.table(words("time-to-view", "Time until a person looked", by, {"Referrals", "Looked at", "Half within, min", "90 % within, min", "In time", "In time %"},
                "Minutes from the request until a person at the agency asked first opened it. In time: by the policy's view deadline.",
                "referrals that a person looked at; missing: it is not known here whether anybody did", "none"),
          by, asked, [&](Scope& s) {
            std::vector<Figure> row{s.count("requested", asked)};
            row.push_back(s.part("viewed", "requested", [](const LoopFact& f) { return f.view_known && f.viewed.ms != 0; }));
            row.push_back(s.measure("viewed", took, 0.5));
            row.push_back(s.measure("viewed", took, 0.9));
            row.push_back(s.part("viewed-in-time", "viewed", [](const LoopFact& f) { return f.view_known && in_time(f.viewed, f.view_due); }));
            row.push_back(s.percent("viewed-in-time", "viewed"));
            return row;
          });
}

void time_to_accept(Maker& m, const std::string& by) {
  const Minutes took = [](const LoopFact& f) { return minutes(f.requested, f.accepted); };
  m.missing("accepted", [](const LoopFact& f) { return accepted(f) && f.decide_due.ms == 0; });
  m.table(words("time-to-accept", "Time until accepted", by, {"Accepted", "Half within, min", "90 % within, min", "In time", "In time %"},
                "Minutes from the request until the agency asked accepted. In time: by the policy's decide deadline, a question's pause added.",
                "referrals accepted; missing: the policy sets no deadline", "bar"),
          by, asked, [&](Scope& s) {
            std::vector<Figure> row{s.count("accepted", accepted)};
            row.push_back(s.measure("accepted", took, 0.5));
            row.push_back(s.measure("accepted", took, 0.9));
            row.push_back(s.part("accepted-in-time", "accepted", [](const LoopFact& f) { return in_time(f.accepted, f.decide_due); }));
            row.push_back(s.percent("accepted-in-time", "accepted"));
            return row;
          });
}

void closure(Maker& m, const std::string& by) {
  m.table(words("closure", "Loop closure", by, {"Referrals", "Answered", "Answered %", "Outcome told", "Outcome told %", "Seen after 72 h", "Seen after 72 h %"},
                "Answered (L1): accepted, or declined with a coded reason. Outcome told (L2): accepted and completed with an outcome. Seen after 72 h (L3): of these, the person was reached at 72 hours.",
                "referrals requested", "bar"),
          by, asked, [](Scope& s) {
            std::vector<Figure> row{s.count("requested", asked), s.part("answered", "requested", answered), s.percent("answered", "requested")};
            row.push_back(s.part("told", "answered", told));
            row.push_back(s.percent("told", "requested"));
            row.push_back(s.part("seen-after", "told", seen_after));
            row.push_back(s.percent("seen-after", "requested"));
            return row;
          });
}

void escalation(Maker& m, const std::string& by) {
  m.table(words("escalation", "Escalations", by, {"Referrals", "Level 1 or more", "Level 2 or more", "Level 3", "Expired", "Escalated %"},
                "The highest escalation level that a referral reached: 1 supervisor of the agency asked, 2 coordinator, 3 supervisor of who asked. Expired: nobody answered even then.",
                "referrals requested", "bar"),
          by, asked, [](Scope& s) {
            std::vector<Figure> row{s.count("requested", asked), s.part("level-1", "requested", level(1)), s.part("level-2", "level-1", level(2)),
                                    s.part("level-3", "level-2", level(3)), s.part("expired", "requested", expired)};
            row.push_back(s.percent("level-1", "requested"));
            return row;
          });
}

void no_show(Maker& m, const std::string& by) {
  const Minutes took = [](const LoopFact& f) { return minutes(f.requested, f.contacted); };
  m.missing("accepted", [](const LoopFact& f) { return accepted(f) && f.contacted.ms == 0; });
  m.table(words("no-show", "Appointments and first contact", by, {"Appointments", "Missed", "Missed %", "Met", "Half within, min", "90 % within, min"},
                "Appointments: accepted referrals with a time set. Missed: at least once. Met: somebody met the person; minutes from the request until then.",
                "missed: referrals with an appointment; minutes: those met; missing: accepted, and not met (yet)", "none"),
          by, asked, [&](Scope& s) {
            (void)s.count("accepted", accepted);
            std::vector<Figure> row{s.part("scheduled", "accepted", [](const LoopFact& f) { return accepted(f) && (f.scheduled || f.no_show); })};
            row.push_back(s.part("no-show", "scheduled", [](const LoopFact& f) { return accepted(f) && f.no_show; }));
            row.push_back(s.percent("no-show", "scheduled"));
            row.push_back(s.part("contacted", "accepted", [](const LoopFact& f) { return accepted(f) && f.contacted.ms != 0; }));
            row.push_back(s.measure("contacted", took, 0.5));
            row.push_back(s.measure("contacted", took, 0.9));
            return row;
          });
}

}  // namespace schemas::report::tables
