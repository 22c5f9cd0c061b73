// Every wire payload and the message head: the first byte picks the payload, the rest is decoded as it.
#include "crypto/base/check.h"
#include "schemas/wire.h"

namespace wire = schemas::wire;

namespace {
template <class T>
void one(base::View v) {
  const auto out = wire::decode<T>(v);
  if (!out.ok()) return;
  const auto once = wire::encode(*out);
  const auto again = wire::decode<T>(once);
  CHECK(again.ok() && wire::encode(*again) == once);
}
template <class... T>
void pick(unsigned which, base::View v) {
  unsigned i = 0;
  ((which == i++ ? one<T>(v) : void()), ...);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::View rest(data + 1, size - 1);
  (void)wire::decode_head(rest);
  pick<wire::Hello, wire::Ack, wire::Nack, wire::Credit, wire::Fetch, wire::Fetched, wire::Receipt, wire::DirGet, wire::DirGot,
       wire::DirPut, wire::Ledger, wire::LogGet, wire::LogGot, wire::Witness, wire::Search, wire::Found, wire::StatusQuery,
       wire::StatusReport>(data[0] % 18, rest);
  return 0;
}
