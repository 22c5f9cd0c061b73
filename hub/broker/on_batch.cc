// BATCH: the cheap refusals (protocol section 7, step 1); then to the verifier that keeps this sender's order.
#include "hub/broker/ops.h"

namespace hub::broker {

namespace {
constexpr std::uint32_t kFullPpm = 900'000;  // of the map
}

void on_batch(Front& front, const Origin& from, base::Bytes payload) {
  auto& office = front.office();
  auto& p = front.peer(from.agent);
  if (office.count.fill_ppm > kFullPpm) return front.nack(from, NackCode::kStorageFull, "the hub's store is nearly full", 60'000);
  if (payload.size() > schemas::kMaxBatchFrame) return front.nack(from, NackCode::kSize, "over 4 MiB");
  if (p.batches >= front.batches_in_flight()) return front.nack(from, NackCode::kBusy, "too many batches in flight", 5);
  if (const auto ms = p.messages.take(0, office.tick())) return front.nack(from, NackCode::kBusy, "over the rate of messages", ms);
  if (!front.admit(from, payload.size() + 1, 1)) return;
  ++p.batches;
  const auto lane = base::IdHash{}(from.agent) % office.verify.size();
  office.verify[lane]->push({from, Op::kBatch, std::move(payload)});
}

}  // namespace hub::broker
