// Rows by time: u64 ms || SHA-256(bytes) -> u8 kind || bytes.
#include "adapters/agent/keep/for_hub.h"

#include "crypto/merkle.h"

namespace adapters::agent::keep {

namespace {
constexpr std::size_t kAtOnce = 256;
}

void keep_for_hub(Tx& tx, base::Instant now, ForHub kind, base::View bytes) {
  const base::Byte tag[1] = {static_cast<base::Byte>(kind)};
  tx.put(Table::kForHub, base::concat({key_of(now.ms), tx.key("for_hub", crypto::sha256(bytes))}), base::concat({tag, bytes}));
}

void visit_for_hub(Tx& tx, const std::function<void(ForHub, base::View)>& visit) {
  tx.scan(Table::kForHub, {}, [&](base::View, base::View v) {
    if (!v.empty()) visit(static_cast<ForHub>(v[0]), v.subspan(1));
    return true;
  });
}

bool any_over(Tx& tx, base::Instant now) {
  bool over = false;
  tx.scan(Table::kForHub, {}, [&](base::View k, base::View) {
    over = base::Instant{base::load_be<std::uint64_t>(k.data())}.plus(kKeepForHub) < now;
    return false;
  });
  return over;
}

void drop_over(Tx& tx, base::Instant now) {
  std::vector<base::Bytes> keys;
  tx.scan(Table::kForHub, {}, [&](base::View k, base::View) {
    if (base::Instant{base::load_be<std::uint64_t>(k.data())}.plus(kKeepForHub) >= now) return false;
    keys.push_back(base::to_bytes(k));
    return keys.size() < kAtOnce;
  });
  for (const base::Bytes& k : keys) tx.erase(Table::kForHub, k);
}

}  // namespace adapters::agent::keep
