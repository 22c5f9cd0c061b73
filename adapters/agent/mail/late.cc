// Ages of what was sent and not answered.
#include "adapters/agent/mail/late.h"

namespace adapters::agent::mail {

using keep::Table;

std::uint64_t delivered_within(const Desk& desk) {
  const schemas::policy::Sla sla = desk.policy ? desk.policy->sla_of("routine") : schemas::policy::default_sla("routine");
  return sla.received.ms > 0 ? sla.received.ms : base::kHour;
}

Late late(keep::Tx& tx, base::Instant now, std::uint64_t delivered_within_ms) {
  Late out;
  const auto age = [&](base::Instant since) { return now > since ? now.ms - since.ms : 0; };
  if (const auto row = in_flight(tx); row && age(row->created) > kAckAlarmMs) out.unanswered_ms = age(row->created);
  std::vector<keep::PairRow> pairs;
  tx.scan(Table::kPair, {}, [&](base::View, base::View v) {
    const auto pair = keep::unpack<keep::PairRow>(v);
    if (pair && pair->acked_next > pair->delivered_upto + 1) pairs.push_back(*pair);
    return true;
  });
  for (const keep::PairRow& pair : pairs) {
    std::optional<std::uint64_t> oldest;  // batch_seq of the first group that nobody has answered for
    const base::Hash prefix = tx.key("group", pair.recipient);
    tx.scan(Table::kGroup, keep::key_of(prefix, pair.delivered_upto + 1), [&](base::View k, base::View v) {
      if (!base::equal(k.first(32), prefix)) return false;
      const auto g = keep::unpack<keep::GroupRow>(v);
      if (g && g->state == keep::GroupState::kAccepted) oldest = g->batch_seq;
      return !oldest;
    });
    const auto batch = oldest ? keep::find<keep::BatchRow>(tx, Table::kBatch, keep::key_of(*oldest)) : std::nullopt;
    if (batch && age(batch->created) > delivered_within_ms) out.undelivered[pair.recipient] = age(batch->created);
  }
  return out;
}

}  // namespace adapters::agent::mail
