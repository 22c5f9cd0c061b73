// SEARCH: readable headers, newest first. An auditor sees all; an agent what it sent or holds a slot in. Every search is in the log.
#include "hub/broker/index.h"
#include "hub/broker/ops.h"

namespace hub::broker {
namespace {

constexpr std::uint32_t kMaxRows = 500;
constexpr std::uint64_t kMaxLooked = 50'000;  // groups looked at for one answer; next_before goes on from there

bool zero(const base::Id& id) { return base::all_zero(id); }
bool party(const wire::Row& row, const base::Id& agent) {
  return row.sender == agent || std::find(row.recipients.begin(), row.recipients.end(), agent) != row.recipients.end();
}

bool matches(const wire::Search& q, const base::Id& thread, const wire::Row& row) {
  if (!zero(thread) && row.thread_id != thread) return false;
  if (!zero(q.agency_from) && row.sender != q.agency_from) return false;
  if (!zero(q.agency_to) && std::find(row.recipients.begin(), row.recipients.end(), q.agency_to) == row.recipients.end()) return false;
  if (q.kind != 0 && row.kind != q.kind) return false;
  if (q.purpose != 0 && row.purpose != q.purpose) return false;
  return q.until == 0 || row.hub_time <= q.until;
}

// Candidates, newest first: by the narrowest key there is, else the log itself.
base::Status walk(const Reading& r, const wire::Search& q, const base::Id& thread, const base::Id& self, std::uint64_t before,
                  const SearchIndex::Visit& visit) {
  if (r.index != nullptr && !zero(thread)) return r.index->by_thread(thread, before, visit);
  const base::Id& agent = !zero(self) ? self : !zero(q.agency_from) ? q.agency_from : q.agency_to;
  if (r.index != nullptr && !zero(agent)) return r.index->by_agent(agent, before, visit);
  for (auto i = before; i > 0;) {
    const auto ent = r.reader.entry(--i);
    if (ent && (*ent)[4] == static_cast<base::Byte>(schemas::EntryType::kAccept) && !visit(i)) break;
  }
  return {};
}

}  // namespace

state::Item access_record(const Office& office, const crypto::Member& who, base::View query) {
  auto requester = office.record({});
  base::append(requester, who.cert.agent);
  base::append(requester, who.cert_hash);
  return state::access_item(office.record(base::text(query)), requester);
}

base::Result<base::Bytes> on_search(const Reading& r, base::View payload, std::uint64_t access_index) {
  TRY_ASSIGN(const auto q, wire::decode<wire::Search>(payload));
  const auto thread = base::fixed<16>(base::View(q.thread).first(16));
  const auto self = r.auditor() ? base::Id{} : r.who.cert.agent;
  wire::Found found;
  found.size = r.reader.size();
  found.indexed_upto = r.index != nullptr ? std::min(r.index->upto(), found.size) : found.size;
  found.access_index = access_index;
  const auto limit = std::clamp(q.limit, 1u, kMaxRows);
  const auto before = q.before_index == 0 ? found.size : std::min(q.before_index, found.size);
  std::uint64_t looked = 0;
  TRY(walk(r, q, thread, self, before, [&](std::uint64_t index) {
    if (found.rows.size() >= limit || ++looked > kMaxLooked) {  // whole groups: a page may be a few rows longer than asked
      found.next_before = index + 1;
      return false;
    }
    for (auto& row : r.reader.rows(index)) {
      if (q.since != 0 && row.hub_time < q.since) return false;  // entries are in the order of hub_time
      if (matches(q, thread, row) && (zero(self) || party(row, self))) found.rows.push_back(std::move(row));
    }
    return true;
  }));
  return wire::encode(found);
}

}  // namespace hub::broker
