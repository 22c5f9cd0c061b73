// Opening a delivered group, step by step.
#include "adapters/agent/mail/delivery.h"

#include <algorithm>

#include "adapters/agent/mail/under_any_key.h"
#include "crypto/log_keys.h"
#include "crypto/merkle.h"
#include "crypto/seal.h"
#include "schemas/body.h"
#include "schemas/header_rules.h"

namespace adapters::agent::mail {
namespace {

using schemas::EntryType;

base::Error wrong(const char* what, const char* where) { return {base::Kind::kMalformed, what, where}; }

base::Status check_end(Arrival& a, const crypto::Checkpoint& c) {
  const bool tombstone = a.group().tombstone;
  if (tombstone != !a.deliver.end_ent.empty()) return wrong("tombstones and an end entry come together", "DELIVER");
  if (!tombstone) return {};
  TRY_ASSIGN(const crypto::Ent1 end, crypto::parse_ent1(a.deliver.end_ent));
  TRY_ASSIGN(const auto path, crypto::split_hashes(a.deliver.end_incl));
  if (!crypto::verify_inclusion(a.deliver.end_index, c.size, crypto::merkle_leaf(a.deliver.end_ent), path, c.root)) return wrong("the end entry is not in the log", "DELIVER");
  const auto type = static_cast<EntryType>(end.type);
  if (type != EntryType::kErase && type != EntryType::kExpire) return wrong("the end entry is no end", "DELIVER");
  base::Instant last;
  for (const crypto::Hdr1& h : a.group().hdrs) last = std::max(last, h.expires);
  if (type == EntryType::kExpire && end.hub_time < last) return wrong("the group was expired before its time", "DELIVER");
  a.end = end;
  return {};
}

base::Status check_log(Arrival& a, const crypto::VerifierKey& log) {
  TRY_ASSIGN(a.ent, crypto::parse_ent1(a.deliver.ent));
  TRY_ASSIGN(const crypto::Checkpoint c, crypto::open_checkpoint(base::text(a.deliver.ckpt), log));
  TRY_ASSIGN(const auto path, crypto::split_hashes(a.deliver.incl));
  const bool fits = a.ent.type == static_cast<std::uint8_t>(EntryType::kAccept) && a.ent.container == a.parsed.hash && a.ent.count == a.group().grp.n_msgs;
  if (!fits) return wrong("its log entry is another's", "DELIVER");
  if (!crypto::verify_inclusion(a.deliver.index, c.size, crypto::merkle_leaf(a.deliver.ent), path, c.root)) return wrong("its entry is not in the log", "DELIVER");
  if (a.parsed.bst.dir_seq > a.ent.dir_seq) return wrong("the batch knows notes that the log did not hold", "DELIVER");
  if (a.group().grp.group_no > a.deliver.index) return wrong("its index is impossible", "DELIVER");
  return check_end(a, c);
}

base::Status as_scanned(const EntryAt& entry, std::uint64_t index, base::View ent) {
  const auto mine = entry(index);
  if (!mine) return base::Error{base::Kind::kBusy, "the scan has not come this far", "DELIVER"};
  if (!base::equal(*mine, ent)) return wrong("its entry is not the one that was scanned", "DELIVER");
  return {};
}

base::Status check_policy(const crypto::Hdr1& h, const crypto::Cert& sender, const Desk& desk, const crypto::Directory& directory) {
  if (schemas::name_of(schemas::msg_kinds(), h.kind) == "?") return base::Error{base::Kind::kUnsupported, "a kind that this agent does not know", "HDR1"};
  const crypto::PolicyNote* policy = directory.policy_version(h.policy_version);
  const bool allowed = policy != nullptr && schemas::header_allows(*policy, sender.kind, desk.kind, static_cast<schemas::MsgKind>(h.kind), static_cast<schemas::Purpose>(h.purpose));
  if (!allowed) return base::Error{base::Kind::kDenied, "the policy does not allow this kind from this sender", "HDR1"};
  return {};
}

bool without_body(const crypto::Hdr1& h) {
  return h.kind == static_cast<std::uint16_t>(schemas::MsgKind::kReceipt) || h.kind == static_cast<std::uint16_t>(schemas::MsgKind::kControl);
}

// `log_of(checkpoint)`: the key that must have signed it.
template <class F>
base::Result<Arrival> open_under(base::Bytes frame, const base::Hash& hub_id, const F& log_of) {
  Arrival a;
  a.frame = std::move(frame);
  TRY_ASSIGN(a.deliver, schemas::decode_deliver(a.frame));
  TRY_ASSIGN(a.parsed, crypto::parse_batch(a.deliver.batch, crypto::Frame::kDeliver));
  if (a.parsed.bst.hub_id != hub_id) return wrong("the batch was made for another hub", "BST1");
  TRY(check_log(a, log_of(base::text(a.deliver.ckpt))));
  return a;
}

base::Result<Arrival> with_slot(base::Result<Arrival> a, const base::Id& self) {
  if (a.ok() && a->group().grp.slot_of(self) == nullptr) return wrong("no slot for this agent", "GRP1");
  return a;
}

}  // namespace

base::Result<Arrival> open_logged(base::Bytes frame, const crypto::Directory& directory) {
  return open_under(std::move(frame), directory.anchor().hub_id(), [&](std::string_view c) -> const crypto::VerifierKey& { return crypto::log_of(directory, c); });
}

base::Result<Arrival> open_frame(base::Bytes frame, const base::Id& self, const crypto::Directory& directory) { return with_slot(open_logged(std::move(frame), directory), self); }

base::Result<Arrival> open_logged(base::Bytes frame, const crypto::Anchor& anchor) {
  return open_under(std::move(frame), anchor.hub_id(), [&](std::string_view) -> const crypto::VerifierKey& { return anchor.log; });
}

base::Result<Arrival> open_frame(base::Bytes frame, const base::Id& self, const crypto::Anchor& anchor) { return with_slot(open_logged(std::move(frame), anchor), self); }

base::Result<const crypto::Cert*> check_sender(Arrival& a, const crypto::Directory& directory, const EntryAt& entry) {
  TRY(as_scanned(entry, a.deliver.index, a.deliver.ent));
  if (a.end) TRY(as_scanned(entry, a.deliver.end_index, a.deliver.end_ent));
  const crypto::Cert* cert = directory.cert(a.parsed.bst.sender_cert);
  if (cert == nullptr || cert->agent != a.sender() || cert->type != "agent") return wrong("the sender's certificate is not in the directory", "BST1");
  if (directory.standing(a.parsed.bst.sender_cert, a.deliver.index, a.ent.hub_time) != crypto::Standing::kActive) return wrong("the sender's certificate was not valid at this entry", "BST1");
  TRY(crypto::check_signature(a.deliver.batch, cert->sign));
  TRY(crypto::check_hashes(a.deliver.batch, a.parsed, crypto::Frame::kDeliver));
  if (a.ent.subject != a.group().leaf) return wrong("its log entry names another group", "DELIVER");
  if (a.end && a.end->subject != a.group().leaf) return wrong("the end entry names another group", "DELIVER");
  return cert;
}

base::Result<std::vector<OpenedMessage>> open_group(const Arrival& a, const crypto::Cert& sender, const Desk& desk, const crypto::Directory& directory, const Vault& vault) {
  if (a.group().tombstone) return base::Error{base::Kind::kStale, "the hub has erased this group", "DELIVER"};
  const crypto::Slot& slot = *a.group().grp.slot_of(desk.self);
  const auto key = vault.epoch_key(slot.epoch, slot.epoch_kid);
  if (!key) return base::Error{base::Kind::kNotFound, "the epoch key is gone", "GRP1"};
  const crypto::GroupParts& parts = a.deliver.batch.groups[0];
  TRY_ASSIGN(std::vector<base::Bytes> bodies, crypto::open(parts, a.group(), desk.self, *key));
  TRY_ASSIGN(const auto keys, crypto::message_keys(parts, a.group(), desk.self, *key));
  std::vector<OpenedMessage> out;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    OpenedMessage m;
    m.hdr = a.group().hdrs[i];
    m.leaf = a.group().msg_leaves[i];
    TRY(check_policy(m.hdr, sender, desk, directory));
    if (!without_body(m.hdr)) {
      TRY_ASSIGN(m.body, schemas::decode_body(bodies[i]));
      if (schemas::kind_of(m.body->payload) != static_cast<schemas::MsgKind>(m.hdr.kind)) return wrong("the body is of another kind than its header", "body");
    }
    m.bytes = std::move(bodies[i]);
    m.key = base::to_bytes(keys[i].view());
    out.push_back(std::move(m));
  }
  return out;
}

}  // namespace adapters::agent::mail
