// The two big frames, Batch and Deliver (schemas/frames.fbs): buffer <-> views. Protocol 4.1 "Frames".
// decode_* runs the FlatBuffers verifier with the protocol's depth and table limits and the no-shared-bytes rule, and returns views
// INTO `frame`, which must outlive them. encode_* copies into a builder of the right size and out of it, no more. Nothing here
// hashes or judges content; crypto/batch.h does.
// Errors: kMalformed, kTooLarge.
#pragma once

#include "crypto/base/result.h"
#include "crypto/batch.h"

namespace schemas {

base::Bytes encode_batch(const crypto::BatchParts& batch);
base::Result<crypto::BatchParts> decode_batch(base::View frame);

struct Deliver {                // views
  crypto::BatchParts batch;     // exactly one group, with its path
  std::uint64_t index = 0;      // log index of its ACCEPT entry
  base::View ent;               // 112 B
  base::View incl;              // n x 32 B inclusion path under `ckpt`
  base::View ckpt;              // signed checkpoint note
  std::uint64_t end_index = 0;  // tombstones only: their ERASE/EXPIRE entry
  base::View end_ent, end_incl;
};
base::Bytes encode_deliver(const Deliver& d);
base::Result<Deliver> decode_deliver(base::View frame);

}  // namespace schemas
