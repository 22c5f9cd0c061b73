// What is asked where two certificates meet.
#include "adapters/agent/mail/succession.h"

#include "crypto/suite/suite.h"
#include "crypto/transcript.h"
#include "schemas/frames.h"

namespace adapters::agent::mail {

bool succeeded(const Office& office) {
  return office.replica.directory().standing_now(office.cert, office.clock()) == crypto::Standing::kSuperseded;
}

base::Hash sealed_under(const keep::BatchRow& row) {
  const auto parts = schemas::decode_batch(row.frame);
  const auto bst = parts.ok() ? crypto::parse_bst1(parts->bst) : base::Result<crypto::Bst1>(parts.error());
  return bst.ok() ? bst->sender_cert : base::Hash{};
}

std::optional<base::Bytes> sign_anew(const Office& office, base::View receipt) {
  auto rcp = crypto::parse_rcp1(receipt.first(184));
  if (!rcp.ok() || rcp->recipient_cert == office.cert) return std::nullopt;
  rcp->recipient_cert = office.cert;
  const auto bytes = crypto::encode(*rcp);
  return base::concat({bytes, crypto::sign(rcp->suite, office.vault.sign(), bytes)});
}

}  // namespace adapters::agent::mail
