// docs/spec/wire.md prints the tables of codes and payloads, docs/spec/lifecycle.md those of moves, deadlines and values; here they are
// compared with the code.
#include "schemas/lifecycle.h"
#include "schemas/registry.h"
#include "schemas/timers.h"
#include "schemas/values.h"
#include "tests/kit/files.h"
#include "tests/unit/schemas_timers_kit.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <sstream>

namespace {

bool holds(const std::string& page, const std::string& line) { return page.find("\n" + line) != std::string::npos; }

// "| Credit | 0 more uint |" from "table Credit { more:uint (id: 0); }".
std::string row_of(const std::string& table, const std::string& body) {
  static const std::regex kField(R"((\w+):(\S+)(?: = (\S+))? \(id: (\d+)\);)");
  std::string out;
  for (std::sregex_iterator f(body.begin(), body.end(), kField), end; f != end; ++f) {
    const auto& m = *f;
    out += (out.empty() ? "" : " · ") + m[4].str() + " " + m[1].str() + " " + m[2].str() + (m[3].matched ? "=" + m[3].str() : "");
  }
  return "| " + table + " | " + (out.empty() ? "(no fields)" : out) + " |\n";
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> out;
  std::size_t at = 0;
  for (std::size_t next; (next = text.find(by, at)) != std::string::npos; at = next + by.size()) out.push_back(text.substr(at, next - at));
  out.push_back(text.substr(at));
  return out;
}

// Rows of the first table after `heading`, without its head.
std::vector<std::vector<std::string>> table_after(const std::string& page, const std::string& heading) {
  std::vector<std::vector<std::string>> out;
  const auto at = page.find("\n" + heading + "\n");
  REQUIRE_MESSAGE(at != std::string::npos, heading);
  std::istringstream lines(page.substr(page.find("|---", at)));
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line) && line.starts_with("| ");) {
    auto cells = split(line.substr(1, line.size() - 2), "|");
    for (auto& c : cells) c = c.find_first_not_of(' ') == std::string::npos ? "" : c.substr(1, c.size() - 2);
    out.push_back(cells);
  }
  return out;
}

schemas::Event event_of(const schemas::Move& m, std::size_t n) {
  schemas::Event e;
  e.place.index = n + 1;
  e.msg_id.fill(static_cast<base::Byte>(n + 1));
  e.by = m.who;
  e.to = m.to;
  return e;
}

// "escalate:2" and "follow_up:FU24" as the rows of the page name them.
std::string folded(const std::string& deadline) {
  if (deadline.starts_with("escalate:")) return "escalate:1..3";
  return deadline.starts_with("follow_up:") ? "follow_up:MARK" : deadline;
}

// A shortest way through the table.
std::vector<schemas::Event> path_to(schemas::Phase phase) {
  std::map<schemas::Phase, std::vector<schemas::Event>> ways{{schemas::Phase::kNone, {}}};
  for (bool grown = true; grown && !ways.contains(phase);) {
    grown = false;
    for (const auto& m : schemas::moves())
      if (ways.contains(m.from) && !ways.contains(m.to)) {
        auto way = ways[m.from];
        way.push_back(event_of(m, way.size()));
        ways[m.to] = way;
        grown = true;
      }
  }
  return ways.at(phase);
}

}  // namespace

TEST_CASE("the specification lists every code with its name") {
  const auto page = kit::source_file("docs/spec/wire.md");
  for (const auto table : {schemas::msg_kinds(), schemas::purposes(), schemas::entry_types(), schemas::receipt_statuses()})
    for (const auto& c : table)
      CHECK_MESSAGE(holds(page, "| " + std::to_string(c.code) + " | `" + std::string(c.name) + "` | " + std::string(c.words) + " |\n"),
                    c.name);
  for (const auto table : {schemas::nack_codes(), schemas::ops()})
    for (const auto& c : table) CHECK_MESSAGE(holds(page, "| " + std::to_string(c.code) + " | `" + std::string(c.name) + "` | "), c.name);
  for (const auto kind : schemas::agency_kinds()) CHECK_MESSAGE(page.find(kind, page.find("**Agency kinds**")) != std::string::npos, kind);
}

TEST_CASE("the specification lists every field of every payload") {
  const auto page = kit::source_file("docs/spec/wire.md"), fbs = kit::source_file("schemas/wire.fbs");
  static const std::regex kTable(R"(table (\w+) \{([^}]*)\})");
  std::size_t n = 0;
  for (std::sregex_iterator t(fbs.begin(), fbs.end(), kTable), end; t != end; ++t, ++n)
    CHECK_MESSAGE(holds(page, row_of((*t)[1], (*t)[2])), (*t)[1].str());
  CHECK(n == 23);
}

TEST_CASE("the specification lists every move of a referral, and no other") {
  std::set<std::string> code, spec;
  for (const auto& m : schemas::moves())
    code.insert(std::string(name(m.from)) + " > " + std::string(name(m.to)) + (m.who == schemas::Party::kRequester ? " R " : " T ") +
                std::string(m.requires_field));
  for (const auto& row : table_after(kit::source_file("docs/spec/lifecycle.md"), "## 2. Moves"))
    for (const auto& from : split(row.at(0), ", ")) CHECK(spec.insert(from + " > " + row.at(1) + " " + row.at(2) + " " + row.at(3)).second);
  CHECK(spec == code);
}

TEST_CASE("the specification lists every value of the sets that it prints, and no other") {
  const auto page = kit::source_file("docs/spec/lifecycle.md");
  for (const char* id : {"decline_reason", "cancel_reason", "outcome", "follow_up_mark", "follow_up_result"}) {
    std::vector<std::vector<std::string>> code;
    for (const auto& v : schemas::value_set(id)->values) code.push_back({"`" + v.code + "`", v.group, v.en});
    CHECK_MESSAGE(table_after(page, std::string("**") + id + "**") == code, id);
  }
}

TEST_CASE("the specification lists every deadline with its level and who is told, and no other") {
  std::map<std::string, std::pair<std::set<std::int32_t>, std::set<std::string>>> code;
  auto sla = schemas::test::sla("emergent");
  schemas::Facts facts;
  facts.handoff_offered = facts.hold_start = {1};
  facts.hold_end = {1000};
  for (int p = 0; p <= static_cast<int>(schemas::Phase::kEnteredInError); ++p) {
    auto events = path_to(static_cast<schemas::Phase>(p));
    for (auto& e : events) e.at = {1000};
    for (const auto& d : schemas::deadlines(schemas::reduce(events), facts, sla, schemas::test::denver())) {
      auto& row = code[folded(d.name)];
      row.first.insert(d.raises);
      row.second.insert(d.tell);
    }
  }
  std::set<std::string> names;
  for (const auto& row : table_after(kit::source_file("docs/spec/lifecycle.md"), "## 7. Timers"))
    for (const auto& name : split(row.at(0), ", ")) {
      CHECK(names.insert(name).second);
      REQUIRE_MESSAGE(code.contains(name), name);
      const auto& [levels, told] = code[name];
      CHECK_MESSAGE(row.at(3) == (levels.size() == 1 ? std::to_string(*levels.begin()) : "1 to 3"), name);
      for (const auto& t : told) CHECK_MESSAGE((row.at(4) == "as the policy says" || row.at(4).find(t) != std::string::npos), name);
    }
  CHECK(names.size() == code.size());
}

TEST_CASE("the specification names the loop states that the reducer gives, and no other") {
  std::set<std::string> code, spec;
  for (const auto& m : schemas::moves()) {
    std::vector<schemas::Event> path = path_to(m.from);
    path.push_back(event_of(m, path.size()));
    code.insert(schemas::reduce(path).loop);
  }
  for (const auto& row : table_after(kit::source_file("docs/spec/lifecycle.md"), "## 5. Loop status")) spec.insert(row.at(0));
  CHECK(spec == code);
}
