// Believing the hub only as far as it proves.
#include "adapters/agent/mail/ack_check.h"

#include "crypto/log_keys.h"
#include "crypto/merkle.h"
#include "crypto/suite/suite.h"

namespace adapters::agent::mail {
namespace {

using schemas::EntryType;

base::Error wrong(const char* what) { return {base::Kind::kBadSignature, what, "ACK"}; }

base::Status check_entry(const schemas::wire::Proven& p, const keep::BatchRow& batch, std::size_t group_no, const crypto::Checkpoint& c, base::Instant now) {
  TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(p.ent));
  const keep::SentGroup& group = batch.groups[group_no];
  if (e.type != static_cast<std::uint8_t>(EntryType::kAccept)) return wrong("an entry is no ACCEPT");
  if (e.subject != group.leaf) return wrong("an entry names another group");
  if (e.container != batch.hash) return wrong("an entry names another batch");
  if (e.count != group.items.size()) return wrong("an entry counts other messages");
  if (e.hub_time < batch.created.minus(5 * base::kMinute)) return wrong("the hub's time lies before the first send");
  if (e.hub_time > now.plus(5 * base::kMinute)) return wrong("the hub's time lies in the future");
  if (!crypto::verify_inclusion(p.index, c.size, crypto::merkle_leaf(p.ent), p.path, c.root)) return wrong("an inclusion proof does not hold");
  return {};
}

}  // namespace

base::Result<Proved> check_ack(const schemas::wire::Ack& ack, const keep::BatchRow& batch, const crypto::VerifierKey& log, base::Instant now) {
  if (ack.batch_hash != batch.hash) return wrong("it answers another batch");
  if (ack.entries.size() != batch.groups.size()) return wrong("it has another number of entries than the batch has groups");
  TRY_ASSIGN(const crypto::Checkpoint c, crypto::open_checkpoint(ack.checkpoint, log));
  const std::uint64_t first = ack.entries[0].index;
  for (std::size_t g = 0; g < ack.entries.size(); ++g) {
    if (ack.entries[g].index != first + g) return wrong("its entries are not consecutive");
    TRY(check_entry(ack.entries[g], batch, g, c, now));
  }
  TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(ack.entries[0].ent));
  return Proved{first, c, e.hub_time};
}

base::Result<CheckedReceipt> check_receipt(const schemas::wire::Receipt& r, const base::Id& self, const crypto::Directory& directory) {
  TRY_ASSIGN(const crypto::Rcp1 rcp, crypto::parse_rcp1(r.rcp));
  if (rcp.sender != self) return base::malformed("it is for another sender", "RECEIPT");
  const crypto::Cert* cert = directory.cert(rcp.recipient_cert);
  if (cert == nullptr || cert->agent != rcp.recipient) return base::Error{base::Kind::kNotFound, "its signer's certificate is not in the directory", "RECEIPT"};
  if (r.sig.size() != 64 || !crypto::verify(rcp.suite, cert->sign, r.rcp, r.sig)) return base::Error{base::Kind::kBadSignature, "its signature does not hold", "RECEIPT"};
  TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(r.entry.ent));
  TRY_ASSIGN(const crypto::Checkpoint c, crypto::open_checkpoint(r.checkpoint, directory));
  const bool fits = e.type == static_cast<std::uint8_t>(EntryType::kReceipt) && e.subject == crypto::sha256({r.rcp, r.sig}) && e.container == rcp.group_leaf;
  if (!fits) return base::Error{base::Kind::kBadSignature, "its log entry is another's", "RECEIPT"};
  if (!crypto::verify_inclusion(r.entry.index, c.size, crypto::merkle_leaf(r.entry.ent), r.entry.path, c.root)) {
    return base::Error{base::Kind::kBadSignature, "its inclusion proof does not hold", "RECEIPT"};
  }
  return CheckedReceipt{rcp, r.entry.index};
}

}  // namespace adapters::agent::mail
