// Of one hour the first and the newest cosigned checkpoint stay: the first dates what is before it, the newest is what is built on.
#include "hub/journal/witnessed.h"

namespace hub::journal {
namespace {

std::uint64_t hour_in(base::View row) { return row.size() < 8 ? 0 : base::load_be<std::uint64_t>(row.data()) / base::kHour; }

base::Bytes be(std::uint64_t n) {
  base::Bytes out(8);
  base::store_be(out.data(), n);
  return out;
}

}  // namespace

base::Status write_witnessed(state::Kv& kv, std::uint64_t size, base::Instant at, std::string_view note) {
  using state::Table;
  const base::Bytes own = be(size);
  std::vector<base::Bytes> before;  // the two newest rows before this one, of this hour
  if (size > 0) {
    const base::Bytes from = be(size - 1);
    kv.scan_back(Table::kWitnessed, from, [&](base::View k, base::View v) {
      if (hour_in(v) != at.ms / base::kHour) return false;
      before.push_back(base::to_bytes(k));
      return before.size() < 2;
    });
  }
  if (before.size() == 2) TRY(kv.erase(Table::kWitnessed, before[0]));
  return kv.put(Table::kWitnessed, own, base::concat({base::View(be(at.ms)), base::view(note)}));
}

}  // namespace hub::journal
