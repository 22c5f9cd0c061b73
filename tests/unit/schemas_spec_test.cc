// docs/spec/wire.md prints the tables of codes, payloads and moves; here they are compared with the code.
#include "schemas/lifecycle.h"
#include "schemas/registry.h"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>

namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(HANDOFF_SOURCE_DIR "/" + path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

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

}  // namespace

TEST_CASE("the specification lists every code with its name") {
  const auto page = slurp("docs/spec/wire.md");
  for (const auto table : {schemas::msg_kinds(), schemas::purposes(), schemas::entry_types(), schemas::receipt_statuses()})
    for (const auto& c : table)
      CHECK_MESSAGE(holds(page, "| " + std::to_string(c.code) + " | `" + std::string(c.name) + "` | " + std::string(c.words) + " |\n"),
                    c.name);
  for (const auto table : {schemas::nack_codes(), schemas::ops()})
    for (const auto& c : table) CHECK_MESSAGE(holds(page, "| " + std::to_string(c.code) + " | `" + std::string(c.name) + "` | "), c.name);
  for (const auto kind : schemas::agency_kinds()) CHECK_MESSAGE(page.find(kind, page.find("**Agency kinds**")) != std::string::npos, kind);
}

TEST_CASE("the specification lists every field of every payload") {
  const auto page = slurp("docs/spec/wire.md"), fbs = slurp("schemas/wire.fbs");
  static const std::regex kTable(R"(table (\w+) \{([^}]*)\})");
  std::size_t n = 0;
  for (std::sregex_iterator t(fbs.begin(), fbs.end(), kTable), end; t != end; ++t, ++n)
    CHECK_MESSAGE(holds(page, row_of((*t)[1], (*t)[2])), (*t)[1].str());
  CHECK(n == 23);
}

TEST_CASE("the specification lists every move of a referral") {
  const auto page = slurp("docs/spec/wire.md");
  const auto table = page.substr(page.find("## 7."));
  for (const auto& m : schemas::moves()) {
    const std::string end = " | " + std::string(name(m.to)) + " | " + (m.who == schemas::Party::kRequester ? "R" : "T") + " | " +
                            std::string(m.requires_field) + " |";
    bool found = false;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
      if (!line.ends_with(end)) continue;
      std::istringstream froms(line.substr(2, line.size() - end.size() - 2));
      for (std::string from; std::getline(froms, from, ',');) found = found || from.substr(from.find_first_not_of(' ')) == name(m.from);
    }
    CHECK_MESSAGE(found, (std::string(name(m.from)) + end));
  }
}
