// RCP1 (docs/spec/envelope.md section 7) and ENT1 (docs/spec/audit.md), written and read by offset.
#include "crypto/internal/layout.h"

namespace crypto {
using namespace internal;
namespace {

constexpr auto kReceiptLabel = label<32>("SFH1/receipt");

}  // namespace

base::Fixed<184> encode(const Rcp1& r) {
  base::Fixed<184> out{};
  Put put(out.data());
  put.bytes(0, kReceiptLabel);
  put.num(32, r.suite);
  put.num(34, r.status);
  put.num(36, r.n_failed);
  put.bytes(40, r.recipient);
  put.bytes(56, r.recipient_cert);
  put.bytes(88, r.sender);
  put.num(104, r.upto_pair_seq);
  put.bytes(112, r.group_leaf);
  put.num(144, r.time.ms);
  put.bytes(152, r.ref_leaf);
  return out;
}

base::Result<Rcp1> parse_rcp1(View v) {
  if (v.size() != 184 || !starts_with(v, kReceiptLabel)) return wrong("not a receipt", "RCP1");
  const Get get(v);
  Rcp1 r;
  r.suite = get.num<std::uint16_t>(32);
  TRY(check_suite(r.suite, "RCP1"));
  r.status = get.num<std::uint16_t>(34);
  r.n_failed = get.num<std::uint32_t>(36);
  r.recipient = get.bytes<16>(40);
  r.recipient_cert = get.bytes<32>(56);
  r.sender = get.bytes<16>(88);
  r.upto_pair_seq = get.num<std::uint64_t>(104);
  r.group_leaf = get.bytes<32>(112);
  r.time.ms = get.num<std::uint64_t>(144);
  r.ref_leaf = get.bytes<32>(152);
  const bool about_group = r.status == 5 || r.status == 6;
  if (r.status != 1 && r.status != 2 && !about_group) return wrong("unknown receipt status", "RCP1");
  if (r.status == 2 ? r.upto_pair_seq != 0 || r.n_failed != 0 : r.upto_pair_seq == 0)
    return wrong("counters do not fit the status", "RCP1");
  if (about_group && !base::all_zero(r.ref_leaf)) return wrong("only delivered and read receipts carry a reference", "RCP1");
  if (r.status == 2 && base::all_zero(r.ref_leaf)) return wrong("a read receipt names its message", "RCP1");
  return r;
}

base::Fixed<112> encode(const Ent1& e) {
  base::Fixed<112> out{};
  Put put(out.data());
  put.bytes(0, base::view("SFE1"));
  out[4] = e.type;
  out[5] = 1;
  put.num(6, e.flags);
  put.num(8, e.hub_time.ms);
  put.num(16, e.count);
  put.num(24, e.dir_seq);
  put.bytes(32, e.subject);
  put.bytes(64, e.container);
  return out;
}

base::Result<Ent1> parse_ent1(View v) {
  if (v.size() != 112 || !starts_with(v, base::view("SFE1"))) return wrong("not a log entry", "ENT1");
  if (v[5] != 1) return base::Error{base::Kind::kUnsupported, "unknown version of a log entry", "ENT1", "update this program"};
  const Get get(v);
  Ent1 e;
  e.type = v[4];
  e.flags = get.num<std::uint16_t>(6);
  e.hub_time.ms = get.num<std::uint64_t>(8);
  e.count = get.num<std::uint32_t>(16);
  e.dir_seq = get.num<std::uint64_t>(24);
  e.subject = get.bytes<32>(32);
  e.container = get.bytes<32>(64);
  const bool accept = e.type == 1;
  if (e.type == 0 || e.type > 9) return wrong("unknown entry type", "ENT1");
  if ((e.flags & ~(accept ? Ent1::kLate : 0)) != 0) return wrong("undefined flags are set", "ENT1");
  if (!get.zero(20, 4) || !get.zero(96, 16)) return wrong("reserved bytes are set", "ENT1");
  if (accept ? e.count == 0 || e.count > kMaxMessages : e.count != 0) return wrong("the count does not fit the entry type", "ENT1");
  return e;
}

}  // namespace crypto
