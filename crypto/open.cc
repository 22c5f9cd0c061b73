// Opening (protocol 4.2 step 8) and selective disclosure (4.3). Whole groups or nothing; what was opened before a failure is wiped.
#include "crypto/internal/seal_core.h"
#include "crypto/merkle.h"

namespace crypto {
namespace {

using internal::Scratch;

base::Error refused(const char* what, const char* where) { return {base::Kind::kBadSignature, what, where}; }

base::Result<const SealingSuite*> suite_of(std::uint16_t id) {
  if (const SealingSuite* s = find_sealing(id)) return s;
  return base::Error{base::Kind::kUnsupported, "unknown suite", "GRP1", "update this program"};
}

// G of the group, from the slot of `self`.
base::Status unwrap_key(const SealingSuite& suite, const GroupParts& parts, const ParsedGroup& group, const Id& self, const BoxKey& epoch_key, Scratch<32>& g) {
  init();
  const Slot* slot = group.grp.slot_of(self);
  if (slot == nullptr) return base::Error{base::Kind::kNotFound, "no slot for this agent", "GRP1"};
  if (slot->epoch_kid != epoch_kid(epoch_key.public_key())) return refused("sealed to another epoch key", "GRP1 slot");
  Scratch<32> ss, kek;
  if (!suite.agree(epoch_key.secret().view(), group.grp.ephemeral, ss.bytes.data())) return refused("the ephemeral key is of small order", "GRP1");
  const auto at = kGrpPrefix + kSlotSize * static_cast<std::size_t>(slot - group.grp.slots.data());
  internal::key_encryption_key(suite, ss.bytes, parts.grp.first(kGrpPrefix), parts.grp.subspan(at, 72), epoch_key.public_key(), kek);
  if (!suite.decrypt(kek.bytes, {}, slot->wrapped, g.bytes.data())) return refused("the group key does not unwrap", "GRP1 slot");
  return {};
}

// K_i, held to its signed commitment: so all readers of a group read the same text, whatever the sender wrapped for whom.
base::Status committed_key(const SealingSuite& suite, const Scratch<32>& g, std::size_t i, base::View commit, base::Byte k[32]) {
  suite.message_key(g.bytes, i, k);
  if (same_secret(suite.commit({k, 32}), commit)) return {};
  return refused("the key is not the committed one", "message");
}

// Decrypts into `text` (reused between messages, wiped by its owner) and hands back the body without its padding.
base::Result<base::Bytes> open_text(const SealingSuite& suite, const Hash& gctx, base::View hdr, base::View ct, const base::Byte k[32], base::Bytes& text) {
  text.resize(ct.size() - kTag);
  const auto ad = internal::associated_data(gctx, hdr);
  if (!suite.decrypt({k, 32}, ad, ct, text.data())) return refused("the ciphertext does not open", "message");
  const std::size_t len = base::load_le<std::uint32_t>(text.data());
  if (padded_size(len) != text.size() || !base::all_zero(base::View(text).subspan(4 + len))) {
    return base::malformed("wrong padding", "message");
  }
  return base::Bytes(text.begin() + 4, text.begin() + 4 + static_cast<std::ptrdiff_t>(len));
}

struct Wiped {  // plaintext that must not outlive the call
  base::Bytes text;
  std::vector<base::Bytes> bodies;
  ~Wiped() {
    wipe(text.data(), text.size());
    for (base::Bytes& b : bodies) wipe(b.data(), b.size());
  }
};

std::size_t longest_text(const GroupParts& parts) {
  std::size_t n = 0;
  for (const MessageParts& m : parts.msgs) n = std::max(n, m.ct.size());
  return n;
}

}  // namespace

base::Result<std::vector<base::Bytes>> open(const GroupParts& parts, const ParsedGroup& group, const Id& self, const BoxKey& epoch_key) {
  if (group.grp.slot_of(self) == nullptr) return base::Error{base::Kind::kNotFound, "no slot for this agent", "GRP1"};
  if (group.tombstone) return base::Error{base::Kind::kStale, "the hub has erased this group", "group"};
  TRY_ASSIGN(const SealingSuite* suite, suite_of(group.grp.suite));
  for (const MessageParts& m : parts.msgs) TRY(check_header(m.hdr, m.ct.size(), suite->id));
  Scratch<32> g;
  TRY(unwrap_key(*suite, parts, group, self, epoch_key, g));
  Wiped opened;
  opened.text.reserve(longest_text(parts));  // never moved, so no unwiped copy stays behind
  opened.bodies.reserve(parts.msgs.size());
  for (std::size_t i = 0; i < parts.msgs.size(); ++i) {
    Scratch<32> k;
    TRY(committed_key(*suite, g, i, parts.msgs[i].commit, k.bytes.data()));
    TRY_ASSIGN(base::Bytes body, open_text(*suite, group.gctx, parts.msgs[i].hdr, parts.msgs[i].ct, k.bytes.data(), opened.text));
    opened.bodies.push_back(std::move(body));
  }
  return std::move(opened.bodies);
}

base::Result<std::vector<Secret<32>>> message_keys(const GroupParts& parts, const ParsedGroup& group, const Id& self,
                                                   const BoxKey& epoch_key) {
  TRY_ASSIGN(const SealingSuite* suite, suite_of(group.grp.suite));
  Scratch<32> g;
  TRY(unwrap_key(*suite, parts, group, self, epoch_key, g));
  std::vector<Secret<32>> keys;
  keys.reserve(parts.msgs.size());
  for (std::size_t i = 0; i < parts.msgs.size(); ++i) {
    TRY(committed_key(*suite, g, i, parts.msgs[i].commit, keys.emplace_back().data()));
  }
  return keys;
}

base::Result<base::Bytes> open_disclosed(const Hash& gctx, base::View hdr, const Hash& commit, base::View ct, base::View k_i) {
  init();
  TRY_ASSIGN(const Hdr1 h, parse_hdr1(hdr));
  TRY_ASSIGN(const SealingSuite* suite, suite_of(h.suite));
  TRY(check_header(hdr, ct.size(), suite->id));
  if (k_i.size() != 32 || !same_secret(suite->commit(k_i), commit)) return refused("the key is not the committed one", "message");
  Wiped opened;
  return open_text(*suite, gctx, hdr, ct, k_i.data(), opened.text);
}

}  // namespace crypto
