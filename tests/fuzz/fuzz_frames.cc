// BATCH and DELIVER frames: never a crash; what is accepted lies inside the frame and re-encodes to the same views.
#include "crypto/base/check.h"
#include "schemas/frames.h"

namespace {
std::size_t total(const crypto::BatchParts& b) {
  std::size_t n = b.bst.size() + b.sig.size();
  for (const auto& g : b.groups) {
    n += g.grp.size() + g.path.size();
    for (const auto& m : g.msgs) n += m.hdr.size() + m.commit.size() + m.ct.size() + m.ct_hash.size();
  }
  return n;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::View frame(data, size);
  if (const auto batch = schemas::decode_batch(frame); batch.ok()) {
    CHECK(total(*batch) <= size);
    const auto again = schemas::encode_batch(*batch);
    const auto out = schemas::decode_batch(again);
    CHECK(out.ok() && schemas::encode_batch(*out) == again);
  }
  if (const auto deliver = schemas::decode_deliver(frame); deliver.ok()) {
    CHECK(total(deliver->batch) <= size);
    const auto again = schemas::encode_deliver(*deliver);
    const auto out = schemas::decode_deliver(again);
    CHECK(out.ok() && schemas::encode_deliver(*out) == again);
  }
  return 0;
}
