// LOGGET: checkpoints, entries, proofs and tiles. Hashes only, so open to every member.
#include "hub/broker/ops.h"

namespace hub::broker {

namespace {
constexpr std::uint64_t kMaxEntries = 16'384;
}

base::Result<base::Bytes> on_logget(const Reading& r, base::View payload) {
  TRY_ASSIGN(const auto q, wire::decode<wire::LogGet>(payload));
  wire::LogGot got;
  switch (q.what) {
    case wire::LogGet::What::kCheckpoint: got.checkpoint = r.reader.checkpoint(); break;
    case wire::LogGet::What::kWitnessed: got.checkpoint = r.reader.witnessed(); break;
    case wire::LogGet::What::kEntries: {
      if (q.to < q.from) return base::malformed("a range of entries that ends before it begins");
      const auto to = std::min({q.to, r.reader.size(), q.from + std::min(kMaxEntries, q.to - q.from)});
      if (q.from < to) got.data = r.reader.entries(q.from, to);
      got.checkpoint = r.reader.checkpoint();
      break;
    }
    case wire::LogGet::What::kInclusion: {
      TRY_ASSIGN(got.path, r.reader.inclusion(q.from, q.to));
      break;
    }
    case wire::LogGet::What::kConsistency: {
      TRY_ASSIGN(got.path, r.reader.consistency(q.from, q.to));
      break;
    }
    case wire::LogGet::What::kTile: {
      if (q.to == 0 || q.to > 256) return base::malformed("a tile is 1 to 256 hashes wide");
      TRY_ASSIGN(got.data, r.reader.tile(q.level, q.from, static_cast<unsigned>(q.to)));
      break;
    }
    default: return base::malformed("not a LOGGET that this hub knows");
  }
  return wire::encode(got);
}

}  // namespace hub::broker
