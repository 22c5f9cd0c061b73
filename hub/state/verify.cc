// The checks that need no state but the sender's certificate, for the verifier pool. Protocol 7, steps 1, 2 (forms) and 4.
#include "hub/state/internal/machine.h"
#include "hub/state/state.h"
#include "schemas/frames.h"
#include "crypto/suite/suite.h"

namespace hub::state {
namespace {

using schemas::NackCode;

NackCode code_of(base::Kind kind) {
  switch (kind) {
    case base::Kind::kUnsupported: return NackCode::kSuite;
    case base::Kind::kTooLarge: return NackCode::kSize;
    default: return NackCode::kMalformed;
  }
}

base::Error denied(const char* what) { return {base::Kind::kDenied, what}; }

base::Status within(const Limits& limits, const crypto::BatchParts& parts, const crypto::ParsedBatch& batch) {
  const base::Error over{base::Kind::kTooLarge, "over a limit of the consortium"};
  if (batch.groups.size() > limits.groups) return over;
  for (std::size_t i = 0; i < batch.groups.size(); ++i) {
    if (batch.groups[i].hdrs.size() > limits.messages || batch.groups[i].grp.slots.size() > limits.slots) return over;
    for (const crypto::MessageParts& msg : parts.groups[i].msgs) {
      if (msg.ct.size() > limits.body + crypto::kTag) return over;
    }
  }
  return {};
}

}  // namespace

base::Result<std::shared_ptr<const VerifiedBatch>> State::verify_batch(base::Bytes frame, const crypto::Directory& directory,
                                                                       NackCode* code) {
  auto v = std::make_shared<VerifiedBatch>();
  v->frame = std::move(frame);
  const Limits limits = limits_of(directory.anchor());
  *code = NackCode::kSize;
  if (v->frame.size() > limits.frame) return base::Error{base::Kind::kTooLarge, "the frame is too large"};
  auto parts = schemas::decode_batch(v->frame);
  if (!parts.ok()) return *code = code_of(parts.error().kind), parts.error();
  v->parts = std::move(parts).value();
  auto parsed = crypto::parse_batch(v->parts, crypto::Frame::kBatch);
  if (!parsed.ok()) return *code = code_of(parsed.error().kind), parsed.error();
  v->parsed = std::move(parsed).value();
  if (auto fits = within(limits, v->parts, v->parsed); !fits.ok()) return *code = NackCode::kSize, fits.error();
  const crypto::Bst1& bst = v->parsed.bst;
  if (bst.hub_id != directory.anchor().hub_id()) return *code = NackCode::kMalformed, denied("the batch was made for another hub");
  const crypto::Cert* cert = directory.cert(bst.sender_cert);
  if (cert == nullptr || cert->type != "agent") return *code = NackCode::kCert, denied("the certificate is unknown or not an agent's");
  if (cert->agent != bst.sender) return *code = NackCode::kSenderMismatch, denied("the certificate is another agent's");
  if (auto s = crypto::check_signature(v->parts, cert->sign); !s.ok()) return *code = NackCode::kSignature, s.error();
  if (auto s = crypto::check_hashes(v->parts, v->parsed, crypto::Frame::kBatch); !s.ok()) return *code = NackCode::kRoot, s.error();
  return std::shared_ptr<const VerifiedBatch>(std::move(v));
}

base::Result<crypto::Rcp1> State::verify_receipt(base::View rcp_and_sig, const crypto::Directory& directory, NackCode* code) {
  *code = NackCode::kMalformed;
  if (rcp_and_sig.size() != 184 + 64) return base::malformed("a receipt has 184 bytes and a signature of 64", "RCP1");
  auto rcp = crypto::parse_rcp1(rcp_and_sig.first(184));
  if (!rcp.ok()) return *code = code_of(rcp.error().kind), rcp.error();
  if (rcp->status == static_cast<std::uint16_t>(schemas::ReceiptStatus::kRead))
    return denied("a read receipt travels sealed, never signed to the hub");
  const crypto::Cert* cert = directory.cert(rcp->recipient_cert);
  if (cert == nullptr || cert->type != "agent") return *code = NackCode::kCert, denied("the certificate is unknown or not an agent's");
  if (cert->agent != rcp->recipient) return *code = NackCode::kSenderMismatch, denied("the certificate is another agent's");
  if (!crypto::verify(rcp->suite, cert->sign, rcp_and_sig.first(184), rcp_and_sig.subspan(184))) {
    return *code = NackCode::kSignature, base::Error{base::Kind::kBadSignature, "the receipt's signature does not hold", "RCP1"};
  }
  return rcp;
}

}  // namespace hub::state
