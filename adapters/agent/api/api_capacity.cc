// capacity.list, capacity.set, capacity.ask: who has room, without a person in it.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"

namespace adapters::agent::api {
namespace {

constexpr std::uint64_t kMostBeds = 100'000, kMostMinutes = 7 * 24 * 60;

Json row_json(Agent& agent, const std::string& slug, const keep::CapacityRow& row, base::Instant now) {
  return {{"agency", slug},
          {"name", agent.host().display_of(slug)},
          {"ours", slug == agent.host().own_slug()},
          {"service", row.service},
          {"state", row.state},
          {"count", row.count < 0 ? Json() : Json(row.count)},
          {"as_of", base::rfc3339(row.as_of)},
          {"ttl_minutes", row.ttl_minutes},
          {"stale", row.stale(now)},
          {"accepts", row.accepts},
          {"phone", row.phone}};
}

}  // namespace

base::Status op_capacity_list(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  const std::string service = text_or(call.in, "service");
  const crypto::Directory directory = o.replica.directory();
  std::vector<keep::CapacityRow> rows;
  TRY(o.store.read([&](keep::Tx& tx) {
    tx.scan(keep::Table::kCapacity, {}, [&](base::View, base::View v) {
      auto row = keep::unpack<keep::CapacityRow>(v);
      if (row && (service.empty() || row->service == service)) rows.push_back(std::move(*row));
      return true;
    });
    return base::Status{};
  }));
  out["capacity"] = Json::array();
  std::ranges::sort(rows, {}, [&](const keep::CapacityRow& r) { return std::pair(r.service, slug_or_none(directory, r.agency)); });
  for (const keep::CapacityRow& row : rows) out["capacity"].push_back(row_json(call.agent, slug_or_none(directory, row.agency), row, now));
  return {};
}

base::Status op_capacity_set(const Call& call, Json& out) {
  schemas::Capacity c;
  TRY_ASSIGN(c.service, code_of(call.in, "service", "service"));
  TRY_ASSIGN(c.state, code_of(call.in, "state", "capacity_state"));
  if (call.in.contains("count")) {
    TRY_ASSIGN(const std::uint64_t count, number_of(call.in, "count", 0, kMostBeds));
    c.count = static_cast<std::int32_t>(count);
  }
  TRY_ASSIGN(const std::uint64_t ttl, number_of(call.in, "ttl_minutes", 60, kMostMinutes));
  if (ttl == 0) return base::Error{base::Kind::kUsage, "is at least 1", "ttl_minutes"};
  c.ttl_minutes = static_cast<std::uint32_t>(ttl);
  c.accepts = text_or(call.in, "accepts");
  c.phone = text_or(call.in, "phone");
  c.as_of = call.agent.office().clock();
  Submission s;
  s.body.payload = std::move(c);
  s.to = mail::kEverybody;
  s.purpose = schemas::Purpose::kCapacity;
  s.person = call.actor.login;
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  out = submitted_json(done);
  return {};
}

base::Status op_capacity_ask(const Call& call, Json& out) {
  schemas::CapacityInquiry q;
  TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
  TRY_ASSIGN(q.service, code_of(call.in, "service", "service"));
  if (call.in.contains("urgency")) {
    TRY_ASSIGN(q.urgency, code_of(call.in, "urgency", "urgency"));
  }
  q.age_band = text_or(call.in, "age_band");
  Submission s;
  s.body.payload = std::move(q);
  s.to = call.agent.host().slug_for(to).value_or(to);
  s.purpose = schemas::Purpose::kCapacity;
  s.person = call.actor.login;
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  out = submitted_json(done);
  return {};
}

}  // namespace adapters::agent::api
