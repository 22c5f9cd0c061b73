// SEARCH: an auditor sees all; an agent what it sent or holds a slot in. Every search is in the log before its answer leaves.
#include "hub/broker/ops.h"
#include "hub/broker/search.h"

namespace hub::broker {

state::Item access_record(const Office& office, const crypto::Member& who, base::View query) {
  auto requester = office.record({});
  base::append(requester, who.cert.agent);
  base::append(requester, who.cert_hash);
  return state::access_item(office.record(base::text(query)), requester);
}

base::Result<base::Bytes> on_search(const Reading& r, base::View payload, std::uint64_t access_index) {
  TRY_ASSIGN(const auto q, wire::decode<wire::Search>(payload));
  TRY_ASSIGN(auto found, search(r.reader, r.index, q, r.auditor() ? base::Id{} : r.who.cert.agent));
  found.access_index = access_index;
  return wire::encode(found);
}

}  // namespace hub::broker
