// The labelled hashes of docs/spec/envelope.md section 4. A label of its own in each keeps one from standing in for another.
#include "crypto/internal/layout.h"
#include "crypto/merkle.h"

namespace crypto {
using namespace internal;
namespace {

constexpr auto kKidLabel = label<16>("SFH1/epoch-kid");
constexpr auto kGrpCtxLabel = label<16>("SFH1/grp-ctx");
constexpr auto kCommitLabel = label<16>("SFH1/key-commit");
constexpr auto kMsgLeafLabel = label<16>("SFH1/msg-leaf");
constexpr auto kGrpLeafLabel = label<16>("SFH1/grp-leaf");

}  // namespace

Hash group_context(View grp) { return sha256({kGrpCtxLabel, grp}); }

Hash key_commitment(View message_key) { return sha256({kCommitLabel, message_key}); }

Hash message_leaf(const Hash& gctx, std::uint32_t i, View hdr, const Hash& commit, const Hash& ct_hash) {
  CHECK(hdr.size() == 128);
  Byte buf[1 + 16 + 32 + 4 + 128 + 32 + 32] = {0};
  Put put(buf);
  put.bytes(1, kMsgLeafLabel);
  put.bytes(17, gctx);
  put.num(49, i);
  put.bytes(53, hdr);
  put.bytes(181, commit);
  put.bytes(213, ct_hash);
  return sha256(buf);
}

Hash group_leaf(const Hash& gctx, std::uint32_t n_msgs, const Hash& group_root) {
  Byte buf[1 + 16 + 32 + 4 + 32] = {0};
  Put put(buf);
  put.bytes(1, kGrpLeafLabel);
  put.bytes(17, gctx);
  put.num(49, n_msgs);
  put.bytes(53, group_root);
  return sha256(buf);
}

Hash batch_hash(View bst, View sig) { return sha256({bst, sig}); }

Hash hub_id(std::string_view origin) { return sha256({base::view(origin), base::view("\n")}); }

base::Fixed<8> epoch_kid(const PublicKey& epoch_key) { return base::fixed<8>(View(sha256({kKidLabel, epoch_key})).first(8)); }

}  // namespace crypto
