// What two groups prove against each other.
#include "adapters/agent/mail/conflict.h"

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/records.h"
#include "crypto/merkle.h"
#include "schemas/frames.h"
#include "schemas/registry.h"

namespace adapters::agent::mail {
namespace {

struct Side {
  base::Bytes bst;
  crypto::ParsedBatch parsed;
};

base::Error broken(const char* what) { return {base::Kind::kBadSignature, what, "evidence"}; }

// Signed by the sender, and logged: whoever holds this frame can show both.
base::Result<Side> side(base::View frame, const crypto::VerifierKey& log, const crypto::PublicKey& sender) {
  TRY_ASSIGN(const schemas::Deliver d, schemas::decode_deliver(frame));
  TRY_ASSIGN(crypto::ParsedBatch parsed, crypto::parse_batch(d.batch, crypto::Frame::kDeliver));
  TRY(crypto::check_signature(d.batch, sender));
  TRY(crypto::check_hashes(d.batch, parsed, crypto::Frame::kDeliver));
  TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(d.ent));
  TRY_ASSIGN(const crypto::Checkpoint c, crypto::open_checkpoint(base::text(d.ckpt), log));
  TRY_ASSIGN(const auto path, crypto::split_hashes(d.incl));
  const bool fits = e.type == static_cast<std::uint8_t>(schemas::EntryType::kAccept) && e.subject == parsed.groups[0].leaf && e.container == parsed.hash;
  if (!fits || !crypto::verify_inclusion(d.index, c.size, crypto::merkle_leaf(d.ent), path, c.root)) return broken("its entry is not in the log");
  return Side{base::to_bytes(d.batch.bst), std::move(parsed)};
}

bool one_place(const crypto::Grp1& a, const crypto::Grp1& b) {
  if (a.broadcast() || b.broadcast() || ((a.flags | b.flags) & crypto::Grp1::kChainRestart) != 0) return false;
  return a.slots[0].recipient == b.slots[0].recipient && a.slots[0].pair_seq == b.slots[0].pair_seq;
}

}  // namespace

base::Bytes pack(const Conflict& c) { return keep::Packer().bytes(c.first).bytes(c.second).take(); }

std::optional<Conflict> unpack_conflict(base::View v) {
  keep::Unpacker u(v);
  Conflict c;
  c.first = base::to_bytes(u.bytes());
  c.second = base::to_bytes(u.bytes());
  return u.ok() ? std::optional(std::move(c)) : std::nullopt;
}

std::optional<base::Bytes> received_frame(keep::Tx& tx, const base::Hash& leaf) {
  std::optional<base::Bytes> out;
  tx.scan_back(keep::Table::kProof, {}, [&](base::View, base::View v) {
    auto row = keep::unpack<keep::ProofRow>(v);
    const auto d = row ? schemas::decode_deliver(row->deliver) : base::Result<schemas::Deliver>(broken("no frame"));
    if (!d.ok()) return true;
    const auto e = crypto::parse_ent1(d->ent);
    if (e.ok() && e->subject == leaf) out = std::move(row->deliver);
    return !out;
  });
  return out;
}

Finding judge_conflict(const Conflict& c, const crypto::VerifierKey& log, const crypto::PublicKey& sender) {
  const auto a = side(c.first, log, sender), b = side(c.second, log, sender);
  if (!a.ok() || !b.ok()) return {Guilty::kNobody, "it does not hold together: " + (a.ok() ? b.error().what : a.error().what)};
  const crypto::Bst1 &x = a->parsed.bst, &y = b->parsed.bst;
  if (x.sender != y.sender || x.hub_id != y.hub_id) return {Guilty::kNobody, "they are of two senders, or for two hubs"};
  const bool one_batch = a->bst == b->bst;
  if (!one_batch && x.batch_seq == y.batch_seq) return {Guilty::kSender, "the sender signed two different batches with the number " + std::to_string(x.batch_seq)};
  const crypto::ParsedGroup &g = a->parsed.groups[0], &h = b->parsed.groups[0];
  if (g.leaf != h.leaf && one_place(g.grp, h.grp)) {
    return {Guilty::kHub, "the hub logged two different groups for place " + std::to_string(g.grp.slots[0].pair_seq) + " of one chain"};
  }
  if (!one_batch && x.prev_batch == y.prev_batch) return {Guilty::kHub, "the hub logged two batches of one sender that both follow the same one"};
  return {Guilty::kNobody, one_batch && g.leaf == h.leaf ? "they are one and the same" : "they do not collide"};
}

}  // namespace adapters::agent::mail
