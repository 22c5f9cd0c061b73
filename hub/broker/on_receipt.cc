// RECEIPT: a recipient's signed RCP1. Its signature is checked by the verifiers, everything else by apply().
#include "hub/broker/ops.h"

namespace hub::broker {

void on_receipt(Front& front, const Origin& from, base::View payload) {
  const auto receipt = wire::decode<wire::Receipt>(payload);
  if (!receipt.ok() || receipt->rcp.size() != 184 || receipt->sig.size() != 64) {
    front.bad_frame(from.agent);
    return front.nack(from, NackCode::kMalformed, "not a receipt");
  }
  auto bytes = base::concat({receipt->rcp, receipt->sig});
  if (!front.admit(from, bytes.size() + 1, 1)) return;
  auto& lanes = front.office().verify;
  lanes[base::IdHash{}(from.agent) % lanes.size()]->push({from, Op::kReceipt, std::move(bytes)});
}

}  // namespace hub::broker
