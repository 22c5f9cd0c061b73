// quarantine.*: what could not be read, sent or handed out, and its way in again.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/feeds.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

std::uint64_t seconds_since(base::Instant at, base::Instant now) { return now > at ? (now.ms - at.ms) / 1000 : 0; }

Json row_json(const keep::QuarantineRow& q, base::Instant now) {
  return {{"id", q.id},     {"adapter", q.adapter}, {"format", q.format}, {"at", base::rfc3339(q.at)}, {"age_s", seconds_since(q.at, now)},
          {"why", q.what},  {"where", q.where},     {"mend", q.mend},     {"size", q.bytes.size()}};
}

Json job_json(const keep::ReplayRow& r) {
  static constexpr const char* kStates[] = {"running", "done", "stopped", "discarded"};
  return {{"id", r.id},           {"state", kStates[static_cast<std::size_t>(r.state)]}, {"by", r.by}, {"reason", r.reason}, {"created", base::rfc3339(r.created)},
          {"ended", time_json(r.ended)}, {"total", r.total}, {"sent", r.sent}, {"kept", r.kept},
          {"left", r.state == keep::ReplayState::kRunning || r.state == keep::ReplayState::kStopped ? r.left.size() : 0},
          {"per_minute", r.per_minute}, {"most_waiting", r.most_waiting}, {"words", r.words}};
}

base::Result<replay::Filter> filter_of(const Json& in) {
  replay::Filter f;
  f.adapter = text_or(in, "adapter");
  f.reason = text_or(in, "reason_has");
  TRY_ASSIGN(f.since, time_of(in, "since", {}));
  if (const auto it = in.find("ids"); it != in.end()) f.ids = it->get<std::vector<std::uint64_t>>();  // another type is answered as malformed
  return f;
}

// Emptying the quarantine, or sending all of it, is never what an empty request means.
base::Status must_choose(const replay::Filter& f, const Json& in) {
  if (!f.ids.empty() || !f.adapter.empty() || !f.reason.empty() || f.since.ms != 0 || flag_or(in, "all", false)) return {};
  return base::Error{base::Kind::kUsage, "say which: ids, an adapter, a reason, since when, or all", "ids"};
}

}  // namespace

base::Status op_quarantine_list(const Call& call, Json& out) {
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  TRY_ASSIGN(const replay::Filter f, filter_of(call.in));
  const base::Instant now = call.agent.office().clock();
  out["items"] = Json::array();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kQuarantine, page.from(), [&](base::View, base::View v) {
      const auto q = keep::unpack<keep::QuarantineRow>(v);
      if (q && replay::meant(f, *q)) out["items"].push_back(row_json(*q, now));
      return out["items"].size() < page.limit;
    });
    out["all"] = tx.count(Table::kQuarantine);
    return base::Status{};
  });
}

base::Status op_quarantine_show(const Call& call, Json& out) {
  const std::uint64_t id = number_or(call.in, "id", 0);
  return call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    const auto q = replay::item(tx, id);
    if (!q) return base::Error{base::Kind::kNotFound, "there is no such item in quarantine", "id", "see: handoff quarantine list"};
    out.update(row_json(*q, call.agent.office().clock()));
    out["bytes"] = base::base64(q->bytes);
    return {};
  });
}

base::Status op_quarantine_preview(const Call& call, Json& out) {
  TRY_ASSIGN(const replay::Filter f, filter_of(call.in));
  TRY(must_choose(f, call.in));
  TRY_ASSIGN(const std::uint64_t limit, number_of(call.in, "limit", 100, 1000));
  mail::Office& office = call.agent.office();
  std::vector<keep::QuarantineRow> chosen;
  TRY(office.store.read([&](keep::Tx& tx) {
    chosen = replay::choose(tx, f, limit);
    return base::Status{};
  }));
  const base::Instant now = office.clock();
  std::map<std::string, std::uint64_t> verdicts, destinations;
  std::uint64_t oldest = 0, stale = 0;
  out["items"] = Json::array();
  for (const keep::QuarantineRow& q : chosen) {
    const replay::Seen seen = replay::preview(office, call.agent.supervisor(), q);
    Json row = row_json(q, now);
    row["verdict"] = seen.verdict;
    row["stale"] = seen.stale;
    row["messages"] = Json::array();
    for (const keep::RehearsedRow& r : seen.rows) {
      row["messages"].push_back(rehearsed_json(r));
      for (const keep::ReaderAnswer& a : r.readers) destinations[a.to] += seen.verdict == "would_send";
    }
    if (seen.verdict == "refused") row["error"] = {{"where", seen.why.where}, {"what", seen.why.what}, {"mend", seen.why.mend}};
    ++verdicts[seen.verdict];
    stale += seen.stale;
    oldest = std::max(oldest, seconds_since(q.at, now));
    out["items"].push_back(std::move(row));
  }
  out["count"] = chosen.size();
  out["verdicts"] = verdicts;
  std::erase_if(destinations, [](const auto& d) { return d.second == 0; });
  out["destinations"] = destinations;
  out["oldest_age_s"] = oldest;
  out["stale"] = stale;
  return {};
}

base::Status op_quarantine_replay(const Call& call, Json& out) {
  TRY_ASSIGN(const replay::Filter f, filter_of(call.in));
  TRY(must_choose(f, call.in));
  replay::Limits limits;
  TRY_ASSIGN(limits.items, number_of(call.in, "limit", limits.items, 10'000));
  TRY_ASSIGN(const std::uint64_t rate, number_of(call.in, "per_minute", limits.per_minute, 60'000));
  TRY_ASSIGN(limits.most_waiting, number_of(call.in, "most_waiting", limits.most_waiting, 10'000));
  if (rate == 0 || limits.items == 0 || limits.most_waiting == 0) return base::Error{base::Kind::kUsage, "is at least 1", "limit, per_minute, most_waiting"};
  limits.per_minute = static_cast<std::uint32_t>(rate);
  TRY_ASSIGN(const keep::ReplayRow row, call.agent.conveyor().begin(f, limits, call.actor.login));
  out["replay"] = job_json(row);
  return {};
}

base::Status op_quarantine_replays(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t limit, number_of(call.in, "limit", 20, 1000));
  out["replays"] = Json::array();
  for (const keep::ReplayRow& r : call.agent.conveyor().jobs(limit)) out["replays"].push_back(job_json(r));
  return {};
}

base::Status op_quarantine_stop(const Call& call, Json& out) {
  TRY_ASSIGN(const keep::ReplayRow row, call.agent.conveyor().end(number_or(call.in, "id", 0), call.actor.login));
  out["replay"] = job_json(row);
  return {};
}

base::Status op_quarantine_discard(const Call& call, Json& out) {
  TRY_ASSIGN(const replay::Filter f, filter_of(call.in));
  TRY(must_choose(f, call.in));
  TRY_ASSIGN(const std::string reason, text_of(call.in, "reason"));
  if (reason.empty()) return base::Error{base::Kind::kUsage, "say why: it is on record", "reason"};
  TRY_ASSIGN(const keep::ReplayRow row, call.agent.conveyor().discard(f, reason, call.actor.login));
  out["replay"] = job_json(row);
  return {};
}

}  // namespace adapters::agent::api
