// Measures of need that was not met, of whole chains, of handing over and seeing after, and of what only an agency's own records hold.
#include <algorithm>

#include "schemas/report/internal/tables.h"

namespace schemas::report::tables {
namespace {

constexpr const char* kClasses[] = {"capacity", "eligibility", "clinical", "client", "contact", "legal"};
constexpr const char* kBeds[] = {"CSU_BED", "INPT_PSYCH", "DETOX"};

bool declined(const LoopFact& f) { return f.accepted.ms == 0 && f.phase == "rejected"; }
bool expired(const LoopFact& f) { return f.accepted.ms == 0 && f.phase == "expired"; }
bool unplaced(const LoopFact& f) { return declined(f) || expired(f); }
bool known_class(const LoopFact& f) { return std::ranges::any_of(kClasses, [&](const char* c) { return f.decline_class == c; }); }
bool first(const LoopFact& f) { return f.asked > 0; }
bool placed(const LoopFact& f) { return first(f) && f.placed.ms != 0; }
bool never(const LoopFact& f) { return first(f) && !placed(f) && !f.chain_open; }
bool searching(const LoopFact& f) { return first(f) && !placed(f) && f.chain_open; }
bool bed(const LoopFact& f) { return first(f) && std::ranges::any_of(kBeds, [&](const char* s) { return f.service == s; }); }
bool content(const LoopFact& f) { return asked(f) && f.content; }
bool offered(const LoopFact& f) { return f.offered.ms != 0; }
bool full(const LoopFact& f) { return declined(f) && f.decline_class == "capacity"; }
bool both(bool (*a)(const LoopFact&), bool b, const LoopFact& f) { return a(f) && b; }

// A value of the sender's as one of these, else "other": nothing that somebody typed is printed.
std::string one_of(const std::string& value, std::span<const std::string> codes) {
  return std::ranges::find(codes, value) == codes.end() ? "other" : value;
}

using Value = std::function<std::string(const LoopFact&)>;
void by_value(Maker& m, Table words, const std::vector<std::string>& codes, const std::string& what, const Value& value) {
  for (const std::string& code : codes) words.columns.push_back(code);
  words.columns.insert(words.columns.end(), {"other", "not said"});
  m.table(std::move(words), "", content, [&](Scope& s) {
    std::vector<Figure> row{s.count("content", content)};
    std::vector<std::string> parts;
    const auto add = [&](const std::string& code, const Is& is) {
      row.push_back(s.count(what + ":" + code, is));
      parts.push_back(what + ":" + code);
    };
    for (const std::string& code : codes) add(code, [&](const LoopFact& f) { return value(f) == code; });
    add("other", [&](const LoopFact& f) { return !value(f).empty() && one_of(value(f), codes) == "other"; });
    add("-", [&](const LoopFact& f) { return value(f).empty(); });
    s.sum("content", parts);
    return row;
  });
}

}  // namespace

void unmet(Maker& m, const std::string& by) {
  std::vector<std::string> columns{"Unmet"};
  columns.insert(columns.end(), std::begin(kClasses), std::end(kClasses));
  columns.insert(columns.end(), {"not said", "expired"});
  m.table(words("unmet", "Unmet need", by, std::move(columns), "Referrals declined, by class of the reason, or expired. One person may be in it more than once: see never placed.",
                "none: counts", "bar"),
          by, asked, [](Scope& s) {
            std::vector<Figure> row{s.count("unmet", unplaced)};
            std::vector<std::string> parts;
            const auto add = [&](const std::string& what, const Is& is) {
              row.push_back(s.count(what, is));
              parts.push_back(what);
            };
            for (const char* c : kClasses) add(std::string("declined:") + c, [c](const LoopFact& f) { return declined(f) && f.decline_class == c; });
            add("declined:-", [](const LoopFact& f) { return declined(f) && !known_class(f); });
            add("expired", expired);
            s.sum("unmet", parts);
            return row;
          });
}

void hops(Maker& m, const std::string& by) {
  const Minutes lost = [](const LoopFact& f) { return placed(f) && f.asked > 1 ? minutes(f.requested, f.placed_asked) : std::nullopt; };
  const auto asked_n = [](unsigned n) { return [n](const LoopFact& f) { return n < 3 ? f.asked == n : f.asked >= 3; }; };
  m.table(words("hops", "Re-referrals", by, {"Searches", "1 asked", "2 asked", "3 or more", "Placed", "Never placed", "Open", "Placed later", "Half lost, min", "90 % lost, min"},
                "A search: a first referral and those that followed from it. Placed: one was accepted. Never placed: none was, and none is open. Lost: minutes from the first request until the one that was accepted, where it was not the first.",
                "searches begun in the period; minutes: searches placed at a later agency", "bar"),
          by, first, [&](Scope& s) {
            std::vector<Figure> row{s.count("searches", first), s.count("asked-1", asked_n(1)), s.count("asked-2", asked_n(2)), s.count("asked-3", asked_n(3)),
                                    s.count("placed", placed), s.count("never-placed", never), s.count("searching", searching)};
            s.sum("searches", {"asked-1", "asked-2", "asked-3"});
            s.sum("searches", {"placed", "never-placed", "searching"});
            row.push_back(s.part("placed-later", "placed", [](const LoopFact& f) { return placed(f) && f.asked > 1 && f.placed_asked > f.requested; }));
            row.push_back(s.measure("placed-later", lost, 0.5));
            row.push_back(s.measure("placed-later", lost, 0.9));
            return row;
          });
}

void bed_search(Maker& m, const std::string& by) {
  const Minutes took = [](const LoopFact& f) { return bed(f) ? minutes(f.requested, f.placed) : std::nullopt; };
  m.table(words("bed-search", "Bed search", by, {"Searches", "Placed", "Never placed", "Open", "Half within, min", "90 % within, min"},
                "Searches for a bed (CSU_BED, INPT_PSYCH, DETOX), whoever was asked. Minutes from the first request until one was accepted.",
                "searches begun in the period; minutes: those placed", "bar"),
          by, bed, [&](Scope& s) {
            std::vector<Figure> row{s.count("bed:searches", bed), s.count("bed:placed", [](const LoopFact& f) { return both(bed, placed(f), f); }),
                                    s.count("bed:never", [](const LoopFact& f) { return both(bed, never(f), f); }),
                                    s.count("bed:open", [](const LoopFact& f) { return both(bed, searching(f), f); })};
            s.sum("bed:searches", {"bed:placed", "bed:never", "bed:open"});
            row.push_back(s.measure("bed:placed", took, 0.5));
            row.push_back(s.measure("bed:placed", took, 0.9));
            return row;
          });
}

void handoff(Maker& m, const std::string& by) {
  const Minutes took = [](const LoopFact& f) { return minutes(f.offered, f.taken); };
  m.table(words("handoff", "Warm handoffs", by, {"Offered", "Taken", "Half within, min", "90 % within, min", "In time", "In time %"},
                "Minutes from the first offer of who brings a person until it was taken: that is when they may leave. In time: by the policy's handoff deadline.",
                "handoffs taken", "bar"),
          by, offered, [&](Scope& s) {
            std::vector<Figure> row{s.count("offered", offered), s.part("taken", "offered", [](const LoopFact& f) { return offered(f) && f.taken.ms != 0; })};
            row.push_back(s.measure("taken", took, 0.5));
            row.push_back(s.measure("taken", took, 0.9));
            row.push_back(s.part("taken-in-time", "taken", [](const LoopFact& f) { return offered(f) && f.taken.ms != 0 && f.handoff_due.ms != 0 && f.taken <= f.handoff_due; }));
            row.push_back(s.percent("taken-in-time", "taken"));
            return row;
          });
}

void holds(Maker& m, const std::string& by) {
  const auto is = [](const char* what) { return [what](const LoopFact& f) { return f.hold_outcome == what; }; };
  const Is any = [](const LoopFact& f) { return content(f) && (f.hold_outcome == "upheld" || f.hold_outcome == "released" || f.hold_outcome == "converted"); };
  m.table(words("holds", "Involuntary holds", by, {"Holds", "Upheld", "Released", "Converted", "Upheld %"},
                "Holds whose outcome was told. Upheld: the evaluation agreed; released: it did not; converted: to voluntary care.", "holds whose outcome was told", "none"),
          by, any, [&](Scope& s) {
            std::vector<Figure> row{s.count("holds", any), s.count("hold:upheld", is("upheld")), s.count("hold:released", is("released")), s.count("hold:converted", is("converted"))};
            s.sum("holds", {"hold:upheld", "hold:released", "hold:converted"});
            row.push_back(s.percent("hold:upheld", "holds"));
            return row;
          });
}

void follow_up(Maker& m, const std::string& by) {
  const Is done = [](const LoopFact& f) { return f.completed.ms != 0; };
  for (const char* mark : {"FU24", "FU72", "FU30"}) {
    const std::string what = mark;
    const auto result = [what](const LoopFact& f) {
      const auto it = f.follow_ups.find(what);
      return it == f.follow_ups.end() ? std::string() : it->second;
    };
    const std::string when = what == "FU24" ? "24 hours" : what == "FU72" ? "72 hours" : "30 days";
    m.table(words("follow-up-" + std::string(what == "FU24" ? "24h" : what == "FU72" ? "72h" : "30d"), "Seen after: " + when, by,
                  {"Completed", "Reached", "Not reached", "Declined", "Not needed", "Nothing said", "Reached %"},
                  "The newest result of the follow-up at " + when + " after the outcome. Nothing said: not due yet, not done, or not asked for.", "referrals completed", "none"),
            by, [&](const LoopFact& f) { return asked(f) && done(f); }, [&](Scope& s) {
              std::vector<Figure> row{s.count("completed", done)};
              std::vector<std::string> parts;
              for (const char* r : {"reached", "not_reached", "declined", "na", ""}) {
                parts.push_back(what + ":" + r);
                row.push_back(s.count(parts.back(), [&, r](const LoopFact& f) { return result(f) == r; }));
              }
              s.sum("completed", parts);
              row.push_back(s.percent(parts[0], "completed"));
              return row;
            });
  }
}

void capacity(Maker& m, const std::string& by) {
  m.missing("full", [](const LoopFact& f) { return full(f) && f.capacity.empty(); });
  m.table(words("capacity", "Capacity accuracy", by, {"Declined for capacity", "While room was published", "While room was published %"},
                "Referrals declined for want of room, and how many of them were asked while the agency's own last word, still fresh, was that it had room.",
                "referrals declined for capacity; missing: nothing fresh was published", "none"),
          by, asked, [](Scope& s) {
            std::vector<Figure> row{s.count("full", full)};
            row.push_back(s.part("full-but-has", "full", [](const LoopFact& f) { return full(f) && f.capacity == "has"; }));
            row.push_back(s.percent("full-but-has", "full"));
            return row;
          });
}

void encounters(Maker& m, const std::string&) {
  const std::string shape = "Referrals whose content this agency holds, by what they say. Values that are no code of the table count as other.";
  const std::vector<std::string> yes_no{"yes", "no", "unknown"};
  const auto make = [&](const char* id, const char* title, const std::vector<std::string>& codes, std::string LoopFact::*field) {
    by_value(m, words(id, title, "", {"Referrals"}, shape, "referrals whose content is held here", "none"), codes, id, [field](const LoopFact& f) { return f.*field; });
  };
  make("co-response", "Co-response", {"yes", "cit", "clinician", "peer"}, &LoopFact::co_response);
  make("police-outcome", "Outcome for the police", {"arrested", "cited", "transported", "referred", "resolved"}, &LoopFact::police_outcome);
  make("restraint", "Restraint or force", yes_no, &LoopFact::restraint);
  make("injury", "Injury", yes_no, &LoopFact::injury);
}

void fields(Maker& m, const std::string&) {
  for (const Field& field : m.input().fields) {
    by_value(m, words("field-" + field.id, field.label, "", {"Referrals"}, "A field of the program's own (" + field.id + "), as referrals whose content this agency holds say it.",
                      "referrals whose content is held here", "none"),
             field.codes, "field:" + field.id, [&](const LoopFact& f) {
               const auto it = f.custom.find(field.id);
               return it == f.custom.end() ? std::string() : it->second;
             });
  }
}

}  // namespace schemas::report::tables
