// Bending batches, and judging them with the public door alone.
#include "tests/vectors/loose_batch.h"

#include "crypto/merkle.h"

namespace vectors {
using base::View;

LooseBatch LooseBatch::of(const crypto::SealedBatch& sealed) {
  LooseBatch b;
  b.bst = base::to_bytes(View(sealed.bst));
  b.sig = base::to_bytes(View(sealed.sig));
  for (const crypto::SealedGroup& g : sealed.groups) {
    LooseGroup& group = b.groups.emplace_back();
    group.grp = g.grp;
    for (const crypto::SealedMessage& m : g.msgs)
      group.msgs.push_back({base::to_bytes(View(m.hdr)), base::to_bytes(View(m.commit)), m.ct, {}});
  }
  return b;
}

crypto::BatchParts LooseBatch::parts() const {
  crypto::BatchParts p{bst, sig, {}};
  for (const LooseGroup& g : groups) {
    crypto::GroupParts& group = p.groups.emplace_back(crypto::GroupParts{g.grp, g.path, {}});
    for (const LooseMessage& m : g.msgs) group.msgs.push_back({m.hdr, m.commit, m.ct, m.ct_hash});
  }
  return p;
}

std::vector<base::Hash> LooseBatch::group_leaves() const {
  std::vector<base::Hash> out;
  for (const LooseGroup& g : groups) {
    const base::Hash gctx = crypto::group_context(g.grp);
    std::vector<base::Hash> leaves;
    for (const LooseMessage& m : g.msgs) {
      const base::Hash ct_hash = m.ct.empty() ? base::fixed<32>(m.ct_hash) : crypto::sha256(m.ct);
      leaves.push_back(crypto::message_leaf(gctx, static_cast<std::uint32_t>(leaves.size()), m.hdr, base::fixed<32>(m.commit), ct_hash));
    }
    out.push_back(crypto::group_leaf(gctx, base::load_le<std::uint32_t>(g.grp.data() + 8), crypto::merkle_root(leaves)));
  }
  return out;
}

void LooseBatch::restamp(const crypto::SignKey& sign) {
  const base::Hash root = crypto::merkle_root(group_leaves());
  std::copy(root.begin(), root.end(), bst.begin() + 136);
  sig = base::to_bytes(View(sign.sign(bst)));
}

LooseBatch LooseBatch::deliver(std::size_t group, bool erased) const {
  LooseBatch out{bst, sig, {groups[group]}};
  out.groups[0].path = crypto::join(crypto::merkle_path(group_leaves(), group));
  if (!erased) return out;
  for (LooseMessage& m : out.groups[0].msgs) {
    m.ct_hash = base::to_bytes(View(crypto::sha256(m.ct)));
    m.ct.clear();
  }
  return out;
}

std::string outcome(const LooseBatch& batch, crypto::Frame frame, const crypto::PublicKey& sender, const base::Id& self,
                    const crypto::BoxKey& epoch_key) {
  const auto failed = [](const char* stage, const base::Error& e) { return std::string(stage) + " " + base::name(e.kind); };
  const crypto::BatchParts parts = batch.parts();
  auto parsed = crypto::parse_batch(parts, frame);
  if (!parsed) return failed("form", parsed.error());
  if (auto ok = crypto::check_signature(parts, sender); !ok) return failed("signature", ok.error());
  if (auto ok = crypto::check_hashes(parts, *parsed, frame); !ok) return failed("hashes", ok.error());
  if (frame == crypto::Frame::kBatch) return "accepted";
  auto bodies = crypto::open(parts.groups[0], parsed->groups[0], self, epoch_key);
  return bodies ? "accepted" : failed("open", bodies.error());
}

}  // namespace vectors
