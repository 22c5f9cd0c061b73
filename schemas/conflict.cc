// What two groups prove against each other. See conflict.h.
#include "schemas/conflict.h"

#include "crypto/merkle.h"
#include "schemas/frames.h"
#include "schemas/registry.h"

namespace schemas {
namespace {

struct Side {
  base::Bytes bst;
  crypto::ParsedBatch parsed;
};

base::Error broken(const char* what) { return {base::Kind::kBadSignature, what, "evidence"}; }

base::Result<crypto::Checkpoint> signed_by_one(std::string_view note, std::span<const crypto::VerifierKey> logs) {
  for (const crypto::VerifierKey& log : logs) {
    if (auto c = crypto::open_checkpoint(note, log); c.ok()) return c;
  }
  return broken("its checkpoint is not the log's");
}

// Signed by the sender, and logged: whoever holds this frame can show both.
base::Result<Side> side(base::View frame, std::span<const crypto::VerifierKey> logs, const crypto::PublicKey& sender) {
  TRY_ASSIGN(const Deliver d, decode_deliver(frame));
  TRY_ASSIGN(crypto::ParsedBatch parsed, crypto::parse_batch(d.batch, crypto::Frame::kDeliver));
  TRY(crypto::check_signature(d.batch, sender));
  TRY(crypto::check_hashes(d.batch, parsed, crypto::Frame::kDeliver));
  TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(d.ent));
  TRY_ASSIGN(const crypto::Checkpoint c, signed_by_one(base::text(d.ckpt), logs));
  TRY_ASSIGN(const auto path, crypto::split_hashes(d.incl));
  const bool fits = e.type == static_cast<std::uint8_t>(EntryType::kAccept) && e.subject == parsed.groups[0].leaf && e.container == parsed.hash;
  if (!fits || !crypto::verify_inclusion(d.index, c.size, crypto::merkle_leaf(d.ent), path, c.root)) return broken("its entry is not in the log");
  return Side{base::to_bytes(d.batch.bst), std::move(parsed)};
}

bool one_place(const crypto::Grp1& a, const crypto::Grp1& b) {
  if (a.broadcast() || b.broadcast() || ((a.flags | b.flags) & crypto::Grp1::kChainRestart) != 0) return false;
  return a.slots[0].recipient == b.slots[0].recipient && a.slots[0].pair_seq == b.slots[0].pair_seq;
}

}  // namespace

Finding judge_conflict(const Conflict& c, std::span<const crypto::VerifierKey> logs, const crypto::PublicKey& sender) {
  const auto a = side(c.first, logs, sender), b = side(c.second, logs, sender);
  if (!a.ok() || !b.ok()) return {Guilty::kNobody, "it does not hold together: " + (a.ok() ? b.error().what : a.error().what), {}};
  const crypto::Bst1 &x = a->parsed.bst, &y = b->parsed.bst;
  if (x.sender != y.sender || x.hub_id != y.hub_id) return {Guilty::kNobody, "they are of two senders, or for two hubs", {}};
  const bool one_batch = a->bst == b->bst;
  if (!one_batch && x.batch_seq == y.batch_seq) return {Guilty::kSender, "the sender signed two different batches with the number " + std::to_string(x.batch_seq), x.sender};
  const crypto::ParsedGroup &g = a->parsed.groups[0], &h = b->parsed.groups[0];
  if (g.leaf != h.leaf && one_place(g.grp, h.grp)) {
    return {Guilty::kHub, "the hub logged two different groups for place " + std::to_string(g.grp.slots[0].pair_seq) + " of one chain", x.sender};
  }
  if (!one_batch && x.prev_batch == y.prev_batch) return {Guilty::kHub, "the hub logged two batches of one sender that both follow the same one", x.sender};
  return {Guilty::kNobody, one_batch && g.leaf == h.leaf ? "they are one and the same" : "they do not collide", {}};
}

}  // namespace schemas
