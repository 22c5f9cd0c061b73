// DIRPUT: any member may offer any note; whether it is valid is judged by its own signatures, in apply().
#include "hub/broker/ops.h"

namespace hub::broker {

namespace {
constexpr double kNoteChecks = 4;  // signature checks that a note is reckoned at
}

void on_dirput(Front& front, const Origin& from, base::View payload) {
  auto put = wire::decode<wire::DirPut>(payload);
  if (!put.ok()) {
    front.bad_frame(from.agent);
    return front.nack(from, NackCode::kMalformed, "not a DIRPUT");
  }
  if (put->note.size() > schemas::kMaxNote || put->blob.size() > schemas::kMaxPolicyRules)
    return front.nack(from, NackCode::kSize, "over the size of a note");
  const auto bytes = put->note.size() + put->blob.size() + 1;
  if (!front.admit(from, bytes, kNoteChecks)) return;
  Pending p;
  p.from = from;
  p.item.type = schemas::EntryType::kDir;
  p.item.bytes = base::to_bytes(put->note);
  p.item.blob = std::move(put->blob);
  p.house_bytes = bytes;
  front.office().write.push(std::move(p));
}

}  // namespace hub::broker
