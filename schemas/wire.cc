// Wire payloads: verifier with limits, then the field lists (docs/spec/wire.md "Payloads").
#include "schemas/wire.h"

#include <flatbuffers/flatbuffers.h>

#include "schemas/internal/aligned.h"
#include "schemas/internal/table.h"
#include "schemas/internal/wire_fields.h"
#include "schemas/wire_generated.h"

namespace schemas::wire {
namespace {

// What the verifier knows a payload as, and how large it may be.
template <class T>
struct Known;
#define SCHEMAS_KNOWN(type, limit)               \
  template <>                                    \
  struct Known<type> {                           \
    using Table = fb::wire::type;                \
    static constexpr std::size_t kLimit = limit; \
    static constexpr const char* kName = #type;  \
  }
inline constexpr std::size_t kSmall = 4u << 10, kMedium = 256u << 10;
SCHEMAS_KNOWN(Hello, 2 * kMaxNote);
SCHEMAS_KNOWN(Ack, 1u << 20);  // 256 entries with a path of 63 hashes each fit
SCHEMAS_KNOWN(Nack, 1u << 20);
SCHEMAS_KNOWN(Credit, kSmall);
SCHEMAS_KNOWN(Fetch, kSmall);
SCHEMAS_KNOWN(Fetched, kMaxDeliverFrame);
SCHEMAS_KNOWN(Receipt, 2 * kMaxNote);
SCHEMAS_KNOWN(DirGet, kSmall);
SCHEMAS_KNOWN(DirGot, kMaxDeliverFrame);
SCHEMAS_KNOWN(DirPut, kMaxNote + kMaxPolicyRules + kSmall);
SCHEMAS_KNOWN(Ledger, kMaxNote + kSmall);
SCHEMAS_KNOWN(LogGet, kSmall);
SCHEMAS_KNOWN(LogGot, kMaxDeliverFrame);
SCHEMAS_KNOWN(Witness, 2 * kMaxNote);
SCHEMAS_KNOWN(Search, kSmall);
SCHEMAS_KNOWN(Found, kMaxDeliverFrame);
SCHEMAS_KNOWN(StatusQuery, kSmall);
SCHEMAS_KNOWN(StatusReport, kMedium);
#undef SCHEMAS_KNOWN

constexpr std::size_t kDepth = 4;
// The least that a table in a vector costs is its own four bytes and four for the offset to it.
std::size_t max_tables(std::size_t size) { return 4 + size / 8; }

bool in_range(const Fetch& f) { return f.what >= Fetch::What::kPairFrom && f.what <= Fetch::What::kOwnLast; }
bool in_range(const LogGet& g) { return g.what >= LogGet::What::kCheckpoint && g.what <= LogGet::What::kWitnessed; }
template <class T>
bool in_range(const T&) {
  return true;
}

std::size_t room(const Fetched& f) {
  std::size_t n = 512 + f.receipts.size() * 4096;
  for (const auto& d : f.delivers) n += d.size() + 64;
  return n;
}

}  // namespace

Bytes encode(const Head& h) {
  Bytes out(10);
  out[0] = static_cast<std::uint8_t>(h.op);
  out[1] = h.version;
  base::store_le<std::uint64_t>(out.data() + 2, h.req);
  return out;
}

base::Result<Head> decode_head(base::View v) {
  if (v.size() != 10) return base::malformed("a message head has 10 bytes", "head");
  if (v[1] != kVersion) return base::Error{base::Kind::kUnsupported, "unknown wire version", "head.ver"};
  if (name_of(ops(), v[0]) == "?") return base::malformed("unknown op", "head.op");
  return Head{static_cast<Op>(v[0]), v[1], base::load_le<std::uint64_t>(v.data() + 2)};
}

Bytes encode(const Hello& p) { return internal::write_root(p); }
Bytes encode(const Ack& p) { return internal::write_root(p, 1024 + p.entries.size() * 512); }
Bytes encode(const Nack& p) { return internal::write_root(p); }
Bytes encode(const Credit& p) { return internal::write_root(p, 64); }
Bytes encode(const Fetch& p) { return internal::write_root(p); }
Bytes encode(const Fetched& p) { return internal::write_root(p, room(p)); }
Bytes encode(const Receipt& p) { return internal::write_root(p, 2048); }
Bytes encode(const DirGet& p) { return internal::write_root(p); }
Bytes encode(const DirGot& p) { return internal::write_root(p, 4096); }
Bytes encode(const DirPut& p) { return internal::write_root(p, 4096 + p.blob.size()); }
Bytes encode(const Ledger& p) { return internal::write_root(p); }
Bytes encode(const LogGet& p) { return internal::write_root(p); }
Bytes encode(const LogGot& p) { return internal::write_root(p, 4096 + p.data.size()); }
Bytes encode(const Witness& p) { return internal::write_root(p); }
Bytes encode(const Search& p) { return internal::write_root(p); }
Bytes encode(const Found& p) { return internal::write_root(p, 512 + p.rows.size() * 384); }
Bytes encode(const StatusQuery& p) { return internal::write_root(p, 64); }
Bytes encode(const StatusReport& p) { return internal::write_root(p, 512 + p.json.size()); }

template <class T>
base::Result<T> decode(base::View v) {
  using K = Known<T>;
  if (v.size() > K::kLimit) return base::Error{base::Kind::kTooLarge, "a payload is over its limit", K::kName};
  const internal::Aligned aligned(v);
  flatbuffers::Verifier::Options limits;
  limits.max_depth = kDepth;
  limits.max_tables = static_cast<flatbuffers::uoffset_t>(max_tables(v.size()));
  flatbuffers::Verifier verifier(aligned.data(), aligned.size(), limits);
  if (!verifier.VerifyBuffer<typename K::Table>(nullptr)) return base::malformed("not a payload of this op", K::kName);
  TRY_ASSIGN(auto out, internal::Reader(v).root<T>());
  if (!in_range(out)) return base::malformed("unknown request", K::kName);
  return out;
}

template base::Result<Hello> decode(base::View);
template base::Result<Ack> decode(base::View);
template base::Result<Nack> decode(base::View);
template base::Result<Credit> decode(base::View);
template base::Result<Fetch> decode(base::View);
template base::Result<Fetched> decode(base::View);
template base::Result<Receipt> decode(base::View);
template base::Result<DirGet> decode(base::View);
template base::Result<DirGot> decode(base::View);
template base::Result<DirPut> decode(base::View);
template base::Result<Ledger> decode(base::View);
template base::Result<LogGet> decode(base::View);
template base::Result<LogGot> decode(base::View);
template base::Result<Witness> decode(base::View);
template base::Result<Search> decode(base::View);
template base::Result<Found> decode(base::View);
template base::Result<StatusQuery> decode(base::View);
template base::Result<StatusReport> decode(base::View);

}  // namespace schemas::wire
