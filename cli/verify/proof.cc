// The checks of a bundle, one function each, in the order in which trust grows: anchor, checkpoint, certificate, signature, message,
// log entry, content, receipt. The verdict names the first that fails.
#include "cli/verify/proof.h"

#include <algorithm>

#include "cli/verify/evidence.h"
#include "cli/verify/internal.h"
#include "crypto/merkle.h"
#include "crypto/seal.h"
#include "crypto/suite/suite.h"
#include "schemas/registry.h"

namespace cli::verify {

using base::Error;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using crypto::Hash;

namespace {

Error no(std::string what) { return {Kind::kBadSignature, std::move(what)}; }

constexpr std::uint8_t code(schemas::EntryType t) { return static_cast<std::uint8_t>(t); }

}  // namespace

Status Checker::anchor() {
  if (auto last = crypto::verify_anchor_chain(b_.anchors); !last.ok()) return last.error();
  bool pinned = !anchor_hash_;
  for (const auto& whole : b_.anchors) {
    auto note = crypto::parse_note(whole);
    auto parsed = crypto::parse_anchor(note->text);  // the chain has been checked: both are well-formed
    f_.anchor = note->hash();
    if (chain_.empty()) consortium_ = f_.anchor;
    pinned = pinned || f_.anchor == *anchor_hash_;
    chain_.push_back(std::move(parsed).value());
  }
  if (!pinned) return no("the anchor is not the one whose hash was given");
  return {};
}

// Every signature line must be the log's or a witness's that the anchor names: nothing in the file may be beyond checking.
Status Checker::checkpoint() {
  TRY_ASSIGN(auto proof, crypto::parse_tlog_proof(b_.accept.tlog_proof));
  checkpoint_text_ = proof.checkpoint;
  TRY_ASSIGN(auto note, crypto::parse_note(checkpoint_text_));
  for (const auto& a : chain_) {
    if (a.log.key != chain_.back().log.key) continue;  // a key that a later anchor in this very file has replaced
    auto opened = crypto::open_checkpoint(checkpoint_text_, a.log);
    if (!opened.ok()) continue;
    f_.checkpoint = *opened;
    hub_id_ = a.hub_id();
    unsigned lines = 1;
    for (const auto& w : a.witnesses()) {
      base::Instant at;
      if (!crypto::verify_cosignature(note, w, &at)) continue;
      ++lines;
      ++f_.witnesses;
      f_.witnessed = f_.witnesses == 1 ? at : std::min(f_.witnessed, at);
    }
    if (lines != note.signatures.size())
      return no("the checkpoint has a signature line that does not hold or is of nobody whom the anchor names");
    return {};
  }
  return no("the checkpoint is not signed by the log that the anchor names");
}

Result<crypto::Ent1> Checker::entry(const Logged& logged, std::uint8_t type, const Hash& subject, std::uint64_t* index) {
  TRY_ASSIGN(auto ent, crypto::parse_ent1(logged.ent1));
  TRY_ASSIGN(auto proof, crypto::parse_tlog_proof(logged.tlog_proof));
  if (proof.checkpoint != checkpoint_text_) return no("two proofs in the file rest on different checkpoints");
  if (!crypto::verify_inclusion(proof.index, f_.checkpoint.size, crypto::merkle_leaf(logged.ent1), proof.path, f_.checkpoint.root)) {
    return no("the entry is not in the log at the place it claims");
  }
  if (ent.type != type) return no("the entry is of another type");
  if (ent.subject != subject) return no("the entry is about something else");
  *index = proof.index;
  return ent;
}

Result<KnownCert> Checker::certificate(const CertPart& part, std::uint64_t before_index, base::Instant at) {
  TRY_ASSIGN(auto note, crypto::parse_note(part.note));
  KnownCert out;
  TRY_ASSIGN(out.cert, crypto::parse_cert(note.text));
  out.hash = note.hash();
  if (out.cert.consortium != consortium_) return no("the certificate is of another consortium");
  bool enough = std::any_of(chain_.begin(), chain_.end(), [&](const crypto::Anchor& a) {
    auto signers = std::count_if(a.authorities.begin(), a.authorities.end(), [&](const auto& v) { return note.signed_by(v); });
    return signers >= static_cast<std::ptrdiff_t>(a.threshold);
  });
  if (!enough) return no("the certificate lacks signatures of the consortium's authorities");
  TRY_ASSIGN(auto ent, entry(part.entry, code(schemas::EntryType::kDir), note.whole_hash(), &out.index));
  if (out.index >= before_index || ent.hub_time > at) return no("the certificate was logged later than what it signed");
  if (at < out.cert.not_before || at >= out.cert.not_after) return no("the certificate was not valid at that time");
  return out;
}

Status Checker::accepted() {
  TRY_ASSIGN(f_.bst, crypto::parse_bst1(b_.bst1));
  TRY_ASSIGN(f_.grp, crypto::parse_grp1(b_.grp1));
  if (b_.sig.size() != 64) return base::malformed("a signature has 64 bytes", "batch.signature");
  leaf_ = crypto::group_leaf(crypto::group_context(b_.grp1), f_.grp.n_msgs, b_.group_root);
  TRY_ASSIGN(f_.accept, entry(b_.accept, code(schemas::EntryType::kAccept), leaf_, &f_.index));
  if (f_.accept.container != crypto::batch_hash(b_.bst1, b_.sig) || f_.accept.count != f_.grp.n_msgs)
    return no("the log entry is of another batch");
  if (f_.bst.dir_seq > f_.accept.dir_seq) return no("the batch knows a directory that the log does not have yet");
  return {};
}

Status Checker::sender() {
  TRY_ASSIGN(f_.sender, certificate(b_.sender, f_.index, f_.accept.hub_time));
  if (f_.sender.hash != f_.bst.sender_cert || f_.sender.cert.agent != f_.bst.sender) return no("the certificate is not the sender's");
  if (f_.sender.cert.type != "agent") return no("the certificate is not an agent's");
  return {};
}

Status Checker::signature() {
  if (!crypto::verify(f_.bst.suite, f_.sender.cert.sign, b_.bst1, b_.sig)) return no("the sender did not sign this batch");
  return {};
}

Status Checker::message() {
  if (f_.bst.hub_id != hub_id_) return no("the batch was made for another hub");
  if (f_.grp.suite != f_.bst.suite || f_.grp.sender != f_.bst.sender || f_.grp.sender_cert != f_.bst.sender_cert ||
      f_.grp.batch_seq != f_.bst.batch_seq) {
    return no("the group belongs to another batch");
  }
  if (!crypto::verify_inclusion(f_.grp.group_no, f_.bst.n_groups, leaf_, b_.group_path, f_.bst.batch_root))
    return no("the group is not in the signed batch");
  TRY_ASSIGN(f_.hdr, crypto::parse_hdr1(b_.hdr1));
  if (!b_.ct.empty() && b_.ct.size() != f_.hdr.ct_len) return no("the ciphertext has another length than the header says");
  f_.ct_hash = b_.ct.empty() ? b_.ct_hash : crypto::sha256(b_.ct);
  auto msg = crypto::message_leaf(crypto::group_context(b_.grp1), b_.index, b_.hdr1, b_.commitment, f_.ct_hash);
  if (!crypto::verify_inclusion(b_.index, f_.grp.n_msgs, msg, b_.message_path, b_.group_root))
    return no("the message is not in the signed group");
  return {};
}

Status Checker::content() {
  if (!b_.key) return {};
  if (b_.ct.empty()) return no("a key without its ciphertext shows nothing");
  TRY_ASSIGN(auto body, crypto::open_disclosed(crypto::group_context(b_.grp1), b_.hdr1, b_.commitment, b_.ct, *b_.key));
  f_.body_hash = crypto::sha256(body);
  f_.body_size = body.size();
  crypto::wipe(body.data(), body.size());
  return {};
}

Status Checker::receipt() {
  if (!b_.receipt) return {};
  const auto& r = *b_.receipt;
  TRY_ASSIGN(auto rcp, crypto::parse_rcp1(r.rcp1));
  std::uint64_t index = 0;
  TRY_ASSIGN(auto ent, entry(r.entry, code(schemas::EntryType::kReceipt), crypto::sha256({View(r.rcp1), View(r.sig)}), &index));
  if (ent.container != rcp.group_leaf || index <= f_.index || ent.hub_time < f_.accept.hub_time)
    return no("the receipt's entry is out of place");
  TRY_ASSIGN(auto recipient, certificate(r.recipient, index, ent.hub_time));
  if (recipient.hash != rcp.recipient_cert || recipient.cert.agent != rcp.recipient) return no("the certificate is not the recipient's");
  if (!crypto::verify(rcp.suite, recipient.cert.sign, r.rcp1, r.sig)) return no("the recipient did not sign this receipt");
  const auto* slot = f_.grp.slot_of(rcp.recipient);
  if (!slot || f_.grp.broadcast() || rcp.sender != f_.bst.sender) return no("the receipt is of another sender or recipient");
  f_.receipt = Facts::Receipt{rcp, recipient.cert.name, index, ent.hub_time, Facts::Delivered::kUnproven};
  auto& delivered = f_.receipt->delivered;
  const bool names_it = rcp.group_leaf == leaf_;
  const std::uint64_t last = slot->pair_seq + f_.grp.n_msgs - 1;
  if (names_it && rcp.upto_pair_seq != last) return no("the receipt counts this group differently");
  if (rcp.status != 1) {
    if (rcp.status != 5 && rcp.status != 6) return no("a receipt of this status is never signed by itself");
    if (!names_it) return no("the receipt is of another group");
    delivered = Facts::Delivered::kNo;
  } else {
    if (rcp.upto_pair_seq < last) return no("the receipt does not cover this message");
    // Failed groups, or a start adopted in the middle, may leave this very group out: then only the chain's other receipts tell.
    const bool whole = rcp.n_failed == 0 && (base::all_zero(View(rcp.ref_leaf)) || rcp.ref_leaf == leaf_ || names_it);
    delivered = whole ? Facts::Delivered::kYes : Facts::Delivered::kUnproven;
  }
  return {};
}

Verdict verify_bundle(std::string_view json, const std::optional<Hash>& anchor_hash) {
  if (is_evidence(json)) return verify_evidence(json, anchor_hash);
  auto bundle = parse_bundle(json);
  if (!bundle.ok()) return refused("form", bundle.error());
  Checker checker(*bundle, anchor_hash);
  constexpr std::pair<const char*, Status (Checker::*)()> kChecks[] = {
      {"anchor", &Checker::anchor},      {"checkpoint", &Checker::checkpoint}, {"log entry", &Checker::accepted},
      {"certificate", &Checker::sender}, {"signature", &Checker::signature},   {"message", &Checker::message},
      {"content", &Checker::content},    {"receipt", &Checker::receipt},
  };
  for (const auto& [name, check] : kChecks) {
    auto status = (checker.*check)();
    if (!status.ok()) return refused(name, status.error());
  }
  return tell(checker.facts(), anchor_hash.has_value());
}

}  // namespace cli::verify
