// The measures, against a small fictional county counted by hand.
#include <nlohmann/json.hpp>

#include "schemas/report/measures.h"
#include "schemas/report/shown.h"

#undef CHECK
#include <doctest/doctest.h>

using namespace schemas::report;
using base::kDay;
using base::kMinute;

namespace {

base::Instant at(const char* t) { return *base::parse_rfc3339(t); }

// Forty loops of September 2026 and one of October:
//   harbor: 14 urgent accepted, the n-th after n minutes, due within 10 (10 in time); 12 urgent declined for capacity, 5 of them while it said "has";
//   stb: 12 emergent accepted after 5 minutes, completed, 11 of these reached at 72 h; 2 routine expired at level 3.
//   The 12 declined ones have no parent; the 12 of stb follow from them 30 minutes later, one each.
Input county() {
  Input in;
  std::uint8_t id = 0;
  const auto add = [&](const char* to, const char* urgency, base::Instant requested) -> LoopFact& {
    LoopFact& f = in.facts.emplace_back();
    f.thread[0] = ++id;
    f.from = "apd";
    f.to = to;
    f.urgency = urgency;
    f.service = "CSU_BED";
    f.requested = requested;
    f.received = requested.plus(1000);
    f.decide_due = requested.plus(10 * kMinute);
    f.phase = "received";
    return f;
  };
  const base::Instant first = at("2026-09-02T12:00:00Z");
  for (unsigned i = 1; i <= 14; ++i) {
    LoopFact& f = add("harbor", "urgent", first.plus(i * kDay));
    f.accepted = f.requested.plus(i * kMinute);
    f.phase = "accepted";
  }
  for (unsigned i = 1; i <= 12; ++i) {
    LoopFact& f = add("harbor", "urgent", first.plus(i * kDay));
    f.phase = "rejected";
    f.decline_class = "capacity";
    f.reason = "CAP_NO_BED";
    if (i <= 5) f.capacity = "has";
  }
  for (unsigned i = 1; i <= 12; ++i) {
    LoopFact& f = add("stb", "emergent", first.plus(i * kDay + 30 * kMinute));
    f.parent[0] = static_cast<std::uint8_t>(14 + i);
    f.accepted = f.requested.plus(5 * kMinute);
    f.completed = f.accepted.plus(kDay);
    f.phase = "completed";
    if (i <= 11) f.follow_ups["FU72"] = "reached";
  }
  for (unsigned i = 1; i <= 2; ++i) {
    LoopFact& f = add("stb", "routine", first.plus(i * kDay));
    f.phase = "expired";
    f.esc_level = 3;
  }
  (void)add("stb", "urgent", at("2026-10-01T06:00:00Z"));  // 00:00 in Denver: October
  in.names["harbor"] = "Harborlight";
  link_chains(in.facts);
  return in;
}

std::uint64_t n(const Draft& d, const std::string& key) {
  for (const auto& [id, c] : d.counts)
    if (id.first == key) return c.n;
  FAIL("no count " << key);
  return 0;
}
Draft of(const char* name, const char* by, const Input& in, const char* period = "2026-09") {
  auto d = draft(name, by, in, *parse_period(period, "America/Denver"));
  REQUIRE(d.ok());
  return *d;
}
const Figure& figure(const Draft& d, std::size_t table, const std::string& row, std::size_t column) {
  for (const Row& r : d.tables.at(table).rows)
    if (r.label == row) return r.figures.at(column);
  FAIL("no row " << row);
  return d.tables[0].rows[0].figures[0];
}

}  // namespace

TEST_CASE("periods end where the county's clocks say so, also across a change of the hour") {
  const auto march = parse_period("2026-03", "America/Denver");
  REQUIRE(march.ok());
  CHECK(march->span.from == at("2026-03-01T07:00:00Z"));  // MST
  CHECK(march->span.to == at("2026-04-01T06:00:00Z"));    // MDT
  const auto q = parse_period("2026-Q3", "America/Denver");
  REQUIRE(q.ok());
  CHECK(q->months.size() == 3);
  CHECK(q->months[2].name == "2026-09");
  const auto days = parse_period("2026-09-15..2026-10-02", "America/Denver");
  REQUIRE(days.ok());
  CHECK(days->span.to == at("2026-10-03T06:00:00Z"));
  CHECK(days->months.size() == 2);
  CHECK(days->months[0].span.from == at("2026-09-15T06:00:00Z"));
  for (const char* bad : {"", "26", "2026-13", "2026-Q5", "2026-Q", "2026-00", "2026-02-30..2026-03-01", "2026-09-02..2026-09-01", "1950", "2026-9"})
    CHECK_FALSE(parse_period(bad, "UTC").ok());
}

TEST_CASE("the measures are what a hand counts") {
  const Input in = county();
  const Draft volume = of("volume", "partner", in);
  CHECK(n(volume, "requested") == 40);
  CHECK(n(volume, "requested|partner=harbor") == 26);
  CHECK(n(volume, "requested|partner=stb") == 14);
  CHECK(n(of("volume", "urgency", in, "2026-10"), "requested|urgency=urgent") == 1);

  const Draft acceptance = of("acceptance", "partner", in);
  CHECK(n(acceptance, "decided") == 40);
  CHECK(n(acceptance, "accepted") == 26);
  CHECK(n(acceptance, "declined|partner=harbor") == 12);
  CHECK(n(acceptance, "expired|partner=stb") == 2);
  CHECK(n(acceptance, "open") == 0);

  const Draft times = of("time-to-accept", "partner", in);
  CHECK(n(times, "accepted|partner=harbor") == 14);
  CHECK(n(times, "accepted-in-time|partner=harbor") == 10);
  CHECK(figure(times, 0, "Harborlight", 1).value == 7);   // 1..14: rank 7
  CHECK(figure(times, 0, "Harborlight", 2).value == 13);  // rank ceil(12.6)

  const Draft closure = of("closure", "partner", in);
  CHECK(n(closure, "answered") == 38);
  CHECK(n(closure, "told") == 12);
  CHECK(n(closure, "seen-after") == 11);
  CHECK(n(of("escalation", "urgency", in), "level-3|urgency=routine") == 2);
  const Draft unmet = of("unmet", "service", in);
  CHECK(n(unmet, "unmet") == 14);
  CHECK(n(unmet, "declined:capacity|service=CSU_BED") == 12);

  const Draft hops = of("hops", "urgency", in);  // 14 + 12 + 2 first referrals
  CHECK(n(hops, "searches") == 28);
  CHECK(n(hops, "asked-1") == 16);
  CHECK(n(hops, "asked-2") == 12);
  CHECK(n(hops, "never-placed") == 2);
  CHECK(figure(hops, 0, "All", 8).value == 30);
  CHECK(n(of("capacity", "partner", in), "full-but-has") == 5);
  CHECK(n(of("capacity", "partner", in), "missing:capacity-partner") == 7);
  CHECK(figure(of("bed-search", "service", in), 0, "CSU_BED", 4).value == 13);  // 1..14 and twelve of 35: rank 13 of 26
}

TEST_CASE("where there is nothing, a report says nothing; a name that nobody knows is refused") {
  const Input none;
  const Draft d = of("quarterly", "", none);
  const Release r = suppress(d, {}, {}, [](const std::string&, const Span&) { return 0; });
  for (const auto& [id, c] : r.cells) CHECK(c.n == 0);
  const auto shown = to_json(d, r, {});
  CHECK((*shown)["tables"][4]["rows"].back()["cells"].back()["shown"] == "-");
  CHECK_FALSE(draft("nonsense", "", none, *parse_period("2026", "UTC")).ok());
  CHECK_FALSE(draft("volume", "name", none, *parse_period("2026", "UTC")).ok());
}

TEST_CASE("every name on the list makes a report, twice the same, and nothing that a sender typed is in it") {
  Input in = county();
  for (LoopFact& f : in.facts) {
    f.content = true;
    f.co_response = f.police_outcome = f.injury = f.reason = "Quillfeather";
    f.custom["x-veteran"] = "Quillfeather";
    f.decline_class = f.decline_class.empty() ? "" : "Quillfeather";
  }
  in.fields = {{"x-veteran", "Veteran", {"yes", "no"}}};
  for (const Name& name : names()) {
    const Draft d = of(name.name, "", in), again = of(name.name, "", in);
    const auto count_of = [&](const std::string& key, const Span& span) { return all_counts(in, span)[key]; };
    const Release r = suppress(d, {}, {}, count_of);
    const std::string text = schemas::dump(*to_json(d, r, {}));
    CHECK(text == schemas::dump(*to_json(again, suppress(again, {}, {}, count_of), {})));
    CHECK_MESSAGE(text.find("Quillfeather") == std::string::npos, name.name);
    const auto kept = unpack_release(pack(r));
    REQUIRE(kept.ok());
    CHECK(pack(*kept) == pack(r));
  }
  CHECK_FALSE(unpack_release("{}").ok());
  CHECK_FALSE(unpack_release(R"({"v":1,"name":"x","made":1,"below":11,"cells":[],"sums":[[["a",1,2],[]]]})").ok());
}

TEST_CASE("every sum of every report adds up, by every row") {
  const Input in = county();
  for (const Name& name : names()) {
    for (const char* by : {"", "partner", "from", "urgency", "service", "month"}) {
      const Draft d = of(name.name, by, in, "2026-Q3");
      for (const Sum& s : d.sums) {
        std::uint64_t total = 0;
        for (const CellId& p : s.parts) total += d.counts.at(p).n;
        CHECK_MESSAGE(total == d.counts.at(s.total).n, name.name, " by ", by, ": ", s.total.first);
      }
    }
  }
}

TEST_CASE("one of 1 to 10 is printed as that, its percentage and its time not at all") {
  const Input in = county();
  const Draft d = of("capacity", "partner", in);
  const Release r = suppress(d, {}, {}, [&](const std::string& key, const Span& span) { return all_counts(in, span)[key]; });
  const auto shown = to_json(d, r, {});
  const auto& cells = (*shown)["tables"][0]["rows"].back()["cells"];  // 5 of 12
  CHECK(cells[1]["shown"] == "1-10");
  CHECK(cells[1]["value"].is_null());
  CHECK(cells[2]["suppressed"] == true);
  CHECK(cells[0]["shown"] == "12");  // of the seven others that leaves 2..11: ten values, as the promise asks
}
