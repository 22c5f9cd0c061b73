// Sealing (protocol 4.1): prepare() lays the request out and checks it, derive() hedges the secrets, finish() encrypts, hashes, signs.
#include "crypto/seal.h"

#include <algorithm>
#include <unordered_map>

#include "crypto/internal/seal_core.h"
#include "crypto/merkle.h"
#include "crypto/suite/suite.h"

namespace crypto {
namespace internal {
namespace {

base::Error usage(std::string what) { return {base::Kind::kUsage, std::move(what), "seal"}; }
base::Error usage(const base::Error& broken_rule) { return usage(broken_rule.message()); }

base::Result<PreparedMessage> prepare_message(const Draft& draft, std::uint16_t suite) {
  const std::size_t padded = padded_size(draft.body.size());
  if (padded == 0) return base::Error{base::Kind::kTooLarge, "a body is over the limit", "seal", "send it as blob parts"};
  PreparedMessage m;
  m.hdr = draft.hdr;
  m.hdr.suite = suite;
  m.hdr.ct_len = static_cast<std::uint32_t>(padded + kTag);
  if (draft.answers_in_batch) m.hdr.thread_prev = {};  // filled in finish(); zero in D
  if (auto ok = parse_hdr1(encode(m.hdr)); !ok) return usage(ok.error());
  m.text.resize(padded + kTag);
  base::store_le(m.text.data(), static_cast<std::uint32_t>(draft.body.size()));
  std::copy(draft.body.begin(), draft.body.end(), m.text.begin() + 4);
  return m;
}

void fill_slots(const DraftGroup& draft, PreparedGroup& group) {
  std::vector<const Recipient*> order;
  for (const Recipient& r : draft.to) order.push_back(&r);
  std::sort(order.begin(), order.end(), [](const Recipient* a, const Recipient* b) { return a->agent < b->agent; });
  for (const Recipient* r : order) {
    Slot s;
    s.recipient = r->agent;
    s.epoch = r->epoch;
    s.epoch_kid = epoch_kid(r->epoch_key);
    s.pair_seq = r->pair_seq;
    s.prev_group_leaf = r->prev_group_leaf;
    group.grp.slots.push_back(s);
    group.epoch_keys.push_back(r->epoch_key);
  }
}

bool answers_backwards(const SealRequest& request, std::size_t group_no, std::size_t i) {
  const auto& to = request.groups[group_no].messages[i].answers_in_batch;
  if (!to) return true;
  return std::pair<std::size_t, std::size_t>(*to) < std::pair(group_no, i) && to->second < request.groups[to->first].messages.size();
}

base::Status prepare_group(const SealRequest& request, std::uint32_t group_no, PreparedGroup& group) {
  const DraftGroup& draft = request.groups[group_no];
  if (draft.to.empty() || draft.to.size() > kMaxSlots) return usage("a group has 1 to 64 recipients");
  if (draft.messages.empty() || draft.messages.size() > kMaxMessages) return usage("a group has 1 to 1024 messages");
  group.grp.suite = request.suite;
  group.grp.n_msgs = static_cast<std::uint32_t>(draft.messages.size());
  group.grp.flags = draft.chain_restart ? Grp1::kChainRestart : 0;
  group.grp.sender = request.sender;
  group.grp.sender_cert = request.sender_cert;
  group.grp.batch_seq = request.batch_seq;
  group.grp.group_no = group_no;
  fill_slots(draft, group);
  if (auto ok = parse_grp1(encode(group.grp)); !ok) return usage(ok.error());
  group.msgs.reserve(draft.messages.size());
  for (std::size_t i = 0; i < draft.messages.size(); ++i) {
    if (!answers_backwards(request, group_no, i)) return usage("a message answers one that does not come before it");
    TRY_ASSIGN(PreparedMessage m, prepare_message(draft.messages[i], request.suite));
    if (group.grp.broadcast() && !fits_broadcast(m.hdr)) return usage("a broadcast carries capacity only");
    group.msgs.push_back(std::move(m));
  }
  return {};
}

// One key agreement per distinct recipient and batch.
class Encapsulation {
 public:
  Encapsulation(const SealingSuite& suite, const Scratch<32>& e) : suite_(suite), e_(e) { suite.public_of(e.bytes, public_); }
  [[nodiscard]] const PublicKey& public_key() const { return public_; }
  // nullptr: a key of small order, which would make ss known to everybody.
  const Scratch<32>* shared(const PublicKey& epoch_key) {
    const auto [it, fresh] = shared_.try_emplace(epoch_key);
    if (fresh && !suite_.agree(e_.bytes, epoch_key, it->second.bytes.data())) return nullptr;
    return &it->second;
  }

 private:
  const SealingSuite& suite_;
  const Scratch<32>& e_;
  PublicKey public_{};
  std::unordered_map<PublicKey, Scratch<32>, base::HashHash> shared_;
};

base::Status wrap_key(const SealingSuite& suite, Encapsulation& encap, const PreparedGroup& group, const Scratch<32>& g, base::Bytes& grp) {
  for (std::size_t j = 0; j < group.epoch_keys.size(); ++j) {
    const Scratch<32>* ss = encap.shared(group.epoch_keys[j]);
    if (ss == nullptr) return usage("a recipient's epoch key is of small order");
    base::Byte* slot = grp.data() + kGrpPrefix + kSlotSize * j;
    Scratch<32> kek;
    key_encryption_key(suite, ss->bytes, base::View(grp).first(kGrpPrefix), {slot, 72}, group.epoch_keys[j], kek);
    std::memcpy(slot + 72, g.bytes.data(), 32);
    suite.encrypt(kek.bytes, {}, slot + 72, 32);
  }
  return {};
}

}  // namespace

Prepared::~Prepared() {
  for (PreparedGroup& g : groups) {
    for (PreparedMessage& m : g.msgs) wipe(m.text.data(), m.text.size());
  }
}

base::Result<Prepared> prepare(const SealRequest& request) {
  if (request.groups.empty() || request.groups.size() > kMaxGroups) return usage("a batch has 1 to 256 groups");
  Prepared p;
  p.suite = find_sealing(request.suite);
  if (p.suite == nullptr || find_suite(request.suite) == nullptr) return usage("a suite that this program does not know");
  p.bst.suite = request.suite;
  p.bst.n_groups = static_cast<std::uint32_t>(request.groups.size());
  p.bst.sender = request.sender;
  p.bst.sender_cert = request.sender_cert;
  p.bst.batch_seq = request.batch_seq;
  p.bst.created = request.created;
  p.bst.prev_batch = request.prev_batch;
  p.bst.hub_id = request.hub_id;
  p.bst.dir_seq = request.dir_seq;
  p.groups.resize(request.groups.size());
  for (std::size_t g = 0; g < request.groups.size(); ++g) TRY(prepare_group(request, static_cast<std::uint32_t>(g), p.groups[g]));
  return p;
}

Hash hedge_digest(const Prepared& prepared) {
  Sha256 d;
  for (const PreparedGroup& g : prepared.groups) {
    for (std::size_t j = 0; j < g.epoch_keys.size(); ++j) d.add(g.grp.slots[j].recipient).add(g.epoch_keys[j]);
    for (const PreparedMessage& m : g.msgs) d.add(encode(m.hdr)).add(base::View(m.text).first(m.text.size() - kTag));
  }
  return d.add(encode(prepared.bst)).finish();
}

void derive(const SealingSuite& suite, const Hash& d, std::uint64_t batch_seq, base::View rand32, base::View hedge_secret, std::uint64_t now_ns, BatchSecrets& out) {
  CHECK(rand32.size() == 32 && hedge_secret.size() == 32);
  Scratch<16 + 32 + 32 + 8 + 4 + 8> in;
  base::Byte* p = in.bytes.data();
  std::memcpy(p + 16, hedge_secret.data(), 32);
  std::memcpy(p + 48, d.data(), 32);
  base::store_le(p + 80, batch_seq);
  base::store_le(p + 92, now_ns);
  const auto h = [&](std::string_view label, std::uint32_t n, Scratch<32>& key) {
    std::memset(p, 0, 16);
    std::memcpy(p, label.data(), label.size());
    base::store_le(p + 88, n);
    suite.derive(rand32, in.bytes, key.bytes.data());
  };
  h("SFH1/hedge-e", 0, out.e);
  for (std::size_t g = 0; g < out.g.size(); ++g) h("SFH1/hedge", static_cast<std::uint32_t>(g), out.g[g]);
}

base::Result<SealedBatch> finish(Prepared prepared, const SealRequest& request, const BatchSecrets& secrets, const SignKey& sign) {
  CHECK(secrets.g.size() == prepared.groups.size());
  const SealingSuite& suite = *prepared.suite;
  Encapsulation encap(suite, secrets.e);
  SealedBatch out;
  std::vector<Hash> group_leaves;
  for (std::size_t g = 0; g < prepared.groups.size(); ++g) {
    PreparedGroup& group = prepared.groups[g];
    group.grp.ephemeral = encap.public_key();
    SealedGroup& sealed = out.groups.emplace_back();
    sealed.grp = encode(group.grp);
    TRY(wrap_key(suite, encap, group, secrets.g[g], sealed.grp));
    const Hash gctx = group_context(sealed.grp);
    std::vector<Hash> leaves;
    leaves.reserve(group.msgs.size());
    sealed.msgs.reserve(group.msgs.size());
    for (std::size_t i = 0; i < group.msgs.size(); ++i) {
      if (const auto& to = request.groups[g].messages[i].answers_in_batch)
        group.msgs[i].hdr.thread_prev = out.groups[to->first].msgs[to->second].leaf;
      sealed.msgs.push_back(encrypt(suite, std::move(group.msgs[i]), secrets.g[g], gctx, static_cast<std::uint32_t>(i)));
      leaves.push_back(sealed.msgs.back().leaf);
    }
    sealed.leaf = group_leaf(gctx, group.grp.n_msgs, merkle_root(leaves));
    group_leaves.push_back(sealed.leaf);
  }
  prepared.bst.batch_root = merkle_root(group_leaves);
  out.bst = encode(prepared.bst);
  out.sig = crypto::sign(request.suite, sign, out.bst);
  out.hash = batch_hash(out.bst, out.sig);
  return out;
}

SealedMessage encrypt(const SealingSuite& suite, PreparedMessage prepared, const Scratch<32>& g, const Hash& gctx, std::uint32_t i) {
  SealedMessage out;
  out.hdr = encode(prepared.hdr);
  Scratch<32> k;
  suite.message_key(g.bytes, i, k.bytes.data());
  out.commit = suite.commit(k.bytes);
  out.ct = std::move(prepared.text);
  const auto ad = associated_data(gctx, out.hdr);
  suite.encrypt(k.bytes, ad, out.ct.data(), out.ct.size() - kTag);
  out.leaf = message_leaf(gctx, i, out.hdr, out.commit, sha256(out.ct));
  return out;
}

void key_encryption_key(const SealingSuite& suite, base::View ss, base::View grp_prefix, base::View slot, const PublicKey& epoch_key, Scratch<32>& kek) {
  CHECK(ss.size() == 32 && grp_prefix.size() == kGrpPrefix && slot.size() == 72);
  base::Byte in[16 + kGrpPrefix + 72 + 32] = "SFH1/kek";
  std::memcpy(in + 16, grp_prefix.data(), kGrpPrefix);
  std::memcpy(in + 16 + kGrpPrefix, slot.data(), 72);
  std::memcpy(in + 16 + kGrpPrefix + 72, epoch_key.data(), 32);
  suite.derive(ss, {in, sizeof in}, kek.bytes.data());
}

base::Fixed<160> associated_data(const Hash& gctx, base::View hdr) {
  CHECK(hdr.size() == 128);
  base::Fixed<160> ad;
  std::memcpy(ad.data(), gctx.data(), 32);
  std::memcpy(ad.data() + 32, hdr.data(), 128);
  return ad;
}

}  // namespace internal

BatchParts SealedBatch::parts() const {
  BatchParts p;
  p.bst = bst;
  p.sig = sig;
  for (const SealedGroup& g : groups) {
    GroupParts& group = p.groups.emplace_back();
    group.grp = g.grp;
    for (const SealedMessage& m : g.msgs) group.msgs.push_back({m.hdr, m.commit, m.ct, {}});
  }
  return p;
}

base::Result<SealedBatch> seal(const SealRequest& request, const SignKey& sign, const Hedge& hedge) {
  init();
  TRY_ASSIGN(internal::Prepared prepared, internal::prepare(request));
  internal::Scratch<32> fresh;
  hedge.random.fill(fresh.bytes);
  internal::BatchSecrets secrets{{}, std::vector<internal::Scratch<32>>(request.groups.size())};
  internal::derive(*prepared.suite, internal::hedge_digest(prepared), request.batch_seq, fresh.bytes, hedge.secret.view(), hedge.now_ns, secrets);
  return internal::finish(std::move(prepared), request, secrets, sign);
}

}  // namespace crypto
