// report.list, report.run: the measures, with small numbers hidden (decisions 0013). A published run is kept, sealed, and every later run is
// checked against it.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/api/report_facts.h"
#include "schemas/report/shown.h"

namespace adapters::agent::api {
namespace {

using keep::Table;
namespace report = schemas::report;

// "2026-Q3", or days: `since`, and `until`, the first that does not count.
base::Result<report::Period> period_of(const Json& in, const std::string& tz) {
  if (in.contains("period")) {
    TRY_ASSIGN(const std::string text, text_of(in, "period"));
    return report::parse_period(text, tz);
  }
  TRY_ASSIGN(const std::string since, text_of(in, "since"));
  TRY_ASSIGN(const std::string until, text_of(in, "until"));
  const auto end = base::parse_rfc3339(until + "T00:00:00Z");
  if (!end) return base::Error{base::Kind::kUsage, "is a date", "until", "2026-10-01: the first day that does not count"};
  return report::parse_period(since + ".." + base::rfc3339(end->minus(base::kDay)).substr(0, 10), tz);
}

base::Result<std::vector<report::Release>> earlier(keep::Tx& tx, const report::Span& span) {
  std::vector<report::Release> out;
  base::Status status;
  tx.scan(Table::kRelease, {}, [&](base::View, base::View v) {
    auto r = report::unpack_release(base::to_string(v));
    if (!r.ok()) {
      status = r.error();
      return false;
    }
    const auto near = [&](const auto& cell) { return cell.first.second.from <= span.to && span.from <= cell.first.second.to; };
    if (std::ranges::any_of(r->cells, near)) out.push_back(std::move(*r));
    return true;
  });
  if (!status.ok()) return status.error();
  return out;
}

std::string command(const Json& in, const report::Period& period, const std::string& by) {
  return "handoff report run " + text_or(in, "name") + " --period " + period.words + (by.empty() ? "" : " --by " + by);
}

// Counts of spans that borders of earlier releases cut out are computed once each.
report::CountOf counter(const report::Input& input, std::map<report::Span, std::map<std::string, std::uint64_t>>& known) {
  return [&](const std::string& key, const report::Span& span) {
    const auto [it, fresh] = known.try_emplace(span);
    if (fresh) it->second = report::all_counts(input, span);
    const auto n = it->second.find(key);
    return n == it->second.end() ? 0 : n->second;
  };
}

base::Status run(keep::Tx& tx, const Call& call, const mail::Desk& desk, bool keep_it, Json& out) {
  TRY_ASSIGN(const std::string name, text_of(call.in, "name"));
  const std::string by = text_or(call.in, "by");
  TRY_ASSIGN(const report::Period period, period_of(call.in, desk.policy->calendar.tz));
  const report::Input input = report_input(tx, desk, desk.directory.anchor().test);
  TRY_ASSIGN(const report::Draft draft, report::draft(name, by, input, period));
  TRY_ASSIGN(const std::vector<report::Release> before, earlier(tx, period.span));
  std::map<report::Span, std::map<std::string, std::uint64_t>> known;
  const report::Rule rule{desk.policy->report.suppress_below, desk.policy->report.complementary};
  report::Release release = report::suppress(draft, rule, before, counter(input, known));
  release.made = desk.now;
  report::About about;
  about.period = period.words;
  about.policy = desk.policy->id;
  about.policy_version = desk.policy->version;
  about.command = command(call.in, period, by);
  about.log_size = call.agent.office().replica.size();
  about.log_root = call.agent.office().replica.root();
  about.published = keep_it;
  if (keep_it) tx.put(Table::kRelease, keep::key_of(tx.next(Table::kRelease)), base::view(report::pack(release)));
  out = *report::to_json(draft, release, about);
  return {};
}

}  // namespace

base::Status op_report_list(const Call&, Json& out) {
  out["reports"] = Json::array();
  for (const report::Name& n : report::names()) out["reports"].push_back({{"name", n.name}, {"title", n.title}, {"what", n.what}});
  return {};
}

base::Status op_report_run(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  if (!desk.policy) return base::Error{base::Kind::kBusy, "there is no policy here to report by", "policy", "see: handoff status"};
  const bool keep_it = flag_or(call.in, "publish", false);
  const auto job = [&](keep::Tx& tx) { return run(tx, call, desk, keep_it, out); };
  return keep_it ? o.store.write(job) : o.store.read(job);
}

}  // namespace adapters::agent::api
