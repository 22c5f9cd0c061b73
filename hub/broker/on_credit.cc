// CREDIT: the agent has room for more groups. Never answered.
#include "hub/broker/ops.h"

namespace hub::broker {

void on_credit(Front& front, const Origin& from, base::View payload) {
  const auto credit = wire::decode<wire::Credit>(payload);
  if (!credit.ok()) return front.bad_frame(from.agent);
  front.office().desk.push({Errand::What::kCredit, {}, {}, from, std::min(credit->more, front.office().options.limits.max_credit)});
}

}  // namespace hub::broker
