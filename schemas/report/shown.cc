#include "schemas/report/shown.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace schemas::report {
namespace {

std::string range(const Release& r) { return r.below == 2 ? "1" : "1-" + std::to_string(r.below - 1); }

Json cell(double value, std::string shown) { return {{"value", value}, {"shown", std::move(shown)}, {"suppressed", false}}; }
Json without(std::string shown, bool suppressed) { return {{"value", nullptr}, {"shown", std::move(shown)}, {"suppressed", suppressed}}; }

Json count(const CellId& id, const Release& r) {
  const Release::Cell& c = r.cells.at(id);
  switch (c.state) {
    case State::kShown: return {{"value", c.n}, {"shown", std::to_string(c.n)}, {"suppressed", false}};
    case State::kSmall: return without(range(r), true);
    case State::kHidden: return without("hidden", true);
    default: return without("withheld", true);
  }
}

std::string tenths(double v) {
  const auto n = std::llround(v * 10);
  return std::to_string(n / 10) + "." + std::to_string(n % 10);
}

bool shown(const CellId& id, const Release& r) { return r.cells.at(id).state == State::kShown; }

Json percent(const Figure& f, const Release& r) {
  if (!shown(f.of[0], r) || !shown(f.of[1], r)) return without("hidden", true);
  const auto part = r.cells.at(f.of[0]).n, whole = r.cells.at(f.of[1]).n;
  if (whole == 0) return without("-", false);
  const double value = std::round(1000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 10;
  return cell(value, tenths(value) + " %");
}

// A time is told only of at least as many as a count is told of.
Json measure(const Figure& f, const Release& r) {
  if (!shown(f.of[0], r)) return without("hidden", true);
  if (r.cells.at(f.of[0]).n == 0 || std::isnan(f.value)) return without("-", false);
  const double value = std::round(f.value * 10) / 10;
  return cell(value, tenths(value));
}

Json figure(const Figure& f, const Release& r) {
  switch (f.kind) {
    case Figure::Kind::kPercent: return percent(f, r);
    case Figure::Kind::kMeasure: return measure(f, r);
    case Figure::Kind::kCount: break;
  }
  return count(f.of[0], r);
}

Json table(const Table& t, const Release& r) {
  Json rows = Json::array();
  for (const Row& row : t.rows) {
    Json cells = Json::array();
    for (const Figure& f : row.figures) cells.push_back(figure(f, r));
    rows.push_back({{"label", row.label}, {"cells", std::move(cells)}});
  }
  const Json missing = count(t.missing.of[0], r);
  return {{"id", t.id},           {"title", t.title},           {"definition", t.definition},
          {"columns", t.columns}, {"rows", std::move(rows)},    {"missing", missing["value"]},
          {"missing_shown", missing["shown"]}, {"denominator", t.denominator}, {"chart", t.chart}};
}

Json id_json(const CellId& id) { return {id.first, id.second.from.ms, id.second.to.ms}; }
CellId id_in(const Json& j) { return {j.at(0).get<std::string>(), Span{{j.at(1).get<std::uint64_t>()}, {j.at(2).get<std::uint64_t>()}}}; }

}  // namespace

std::shared_ptr<Json> to_json(const Draft& draft, const Release& release, const About& about) {
  Json tables = Json::array();
  for (const Table& t : draft.tables) tables.push_back(table(t, release));
  return std::make_shared<Json>(Json{{"name", draft.name},
                                     {"title", draft.title},
                                     {"period", about.period},
                                     {"made", base::rfc3339(release.made)},
                                     {"definitions", kDefinitions},
                                     {"policy", {{"id", about.policy}, {"version", about.policy_version}}},
                                     {"log", {{"size", about.log_size}, {"root", base::hex(about.log_root)}}},
                                     {"command", about.command},
                                     {"suppress_below", release.below},
                                     {"published", about.published},
                                     {"tables", std::move(tables)}});
}

std::string pack(const Release& release) {
  Json cells = Json::array(), sums = Json::array();
  for (const auto& [id, c] : release.cells) cells.push_back({id_json(id), c.n, static_cast<unsigned>(c.state)});
  for (const Sum& s : release.sums) {
    Json parts = Json::array();
    for (const CellId& p : s.parts) parts.push_back(id_json(p));
    sums.push_back({id_json(s.total), std::move(parts)});
  }
  return dump({{"v", 1}, {"name", release.name}, {"made", release.made.ms}, {"below", release.below}, {"cells", std::move(cells)}, {"sums", std::move(sums)}});
}

base::Result<Release> unpack_release(std::string_view text) {
  TRY_ASSIGN(const std::shared_ptr<Json> j, parse_json(text));
  Release r;
  try {
    if (j->at("v") != 1) return base::Error{base::Kind::kUnsupported, "a release of a newer version", "release"};
    r.name = j->at("name").get<std::string>();
    r.made.ms = j->at("made").get<std::uint64_t>();
    r.below = j->at("below").get<std::uint32_t>();
    for (const Json& c : j->at("cells")) {
      const auto state = c.at(2).get<unsigned>();
      if (state > static_cast<unsigned>(State::kWithheld)) return base::malformed("a release has another shape than expected", "release");
      r.cells[id_in(c.at(0))] = {c.at(1).get<std::uint64_t>(), static_cast<State>(state)};
    }
    for (const Json& s : j->at("sums")) {
      Sum sum{id_in(s.at(0)), {}};
      for (const Json& p : s.at(1)) sum.parts.push_back(id_in(p));
      r.sums.push_back(std::move(sum));
    }
  } catch (const Json::exception&) {
    return base::malformed("a release has another shape than expected", "release");
  }
  const auto known = [&](const CellId& id) { return r.cells.contains(id); };
  for (const Sum& s : r.sums) {
    if (!known(s.total) || !std::ranges::all_of(s.parts, known)) return base::malformed("a release has a sum of what it does not hold", "release");
  }
  return r;
}

}  // namespace schemas::report
