// LEDGER: the daily head of an agency's own ledger, signed by its agent (decisions D4). Becomes a type-9 entry.
#include "hub/broker/ops.h"

namespace hub::broker {

void on_ledger(Front& front, const Origin& from, base::View payload) {
  const auto ledger = wire::decode<wire::Ledger>(payload);
  if (!ledger.ok()) {
    front.bad_frame(from.agent);
    return front.nack(from, NackCode::kMalformed, "not a LEDGER");
  }
  if (ledger->note.size() > schemas::kMaxNote) return front.nack(from, NackCode::kSize, "over the size of a note");
  if (!front.admit(from, ledger->note.size() + 1, 1)) return;
  Pending p;
  p.from = from;
  p.item.type = schemas::EntryType::kHead;
  p.item.bytes = base::to_bytes(ledger->note);
  p.house_bytes = ledger->note.size() + 1;
  front.office().write.push(std::move(p));
}

}  // namespace hub::broker
