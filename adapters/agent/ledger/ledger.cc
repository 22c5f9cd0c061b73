// The chain: the hash of a row is over its bytes, which hold the hash of the row before it. Beside the rows stands the head, so that a tail
// that was cut off shows too. Somebody who rewrites everything, head included, is found out by an older head that is kept elsewhere.
#include "adapters/agent/ledger/ledger.h"

#include "adapters/agent/keep/records.h"
#include "crypto/merkle.h"

namespace adapters::agent::ledger {
namespace {

using keep::Table;

constexpr std::string_view kNames[] = {"",     "sign_in", "sign_in_failed", "sign_out", "list",        "open",   "file",   "print",
                                       "export", "forward", "act",            "denied",   "break_glass", "review", "account"};
constexpr std::string_view kHead = "ledger_head";

base::Hash hash_of(base::View packed) { return crypto::sha256({base::view("handoff ledger 1\n"), packed}); }

base::Hash of(keep::Tx& tx, const base::Id& thread_id) { return tx.key("ledger", thread_id); }

}  // namespace

std::string_view name(Access a) {
  const auto n = static_cast<std::size_t>(a);
  return n < std::size(kNames) ? kNames[n] : "";
}

std::optional<Access> access_named(std::string_view name) {
  for (std::size_t i = 1; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<Access>(i);
  }
  return std::nullopt;
}

std::uint64_t record(keep::Tx& tx, const people::Actor& actor, base::Instant now, LedgerRow row) {
  const Head before = head(tx);
  row.seq = before.size + 1;
  row.at = now;
  row.person = actor.person;
  row.login = actor.login;
  row.role = actor.role();
  row.device = actor.device;
  row.prev = before.hash;
  const base::Bytes packed = keep::pack(row);
  tx.put(Table::kLedger, keep::key_of(row.seq), packed);
  if (!base::all_zero(row.thread_id)) tx.put(Table::kLedgerOf, keep::key_of(of(tx, row.thread_id), row.seq), {});
  tx.put(Table::kMeta, base::view(kHead), keep::pack(Head{row.seq, hash_of(packed)}));
  return row.seq;
}

std::optional<LedgerRow> row(keep::Tx& tx, std::uint64_t seq) { return keep::find<LedgerRow>(tx, Table::kLedger, keep::key_of(seq)); }

std::vector<std::uint64_t> rows_of(keep::Tx& tx, const base::Id& thread_id) {
  std::vector<std::uint64_t> out;
  tx.scan_prefix(Table::kLedgerOf, of(tx, thread_id), [&](base::View k, base::View) {
    out.push_back(keep::number_in(k));
    return true;
  });
  return out;
}

Head head(keep::Tx& tx) {
  return keep::find<Head>(tx, Table::kMeta, base::view(kHead)).value_or(Head{});
}

base::Hash hash_at(keep::Tx& tx, std::uint64_t size) {
  const auto plain = size == 0 ? std::nullopt : tx.get(Table::kLedger, keep::key_of(size));
  return plain ? hash_of(*plain) : base::Hash{};
}

std::optional<std::uint64_t> first_bad(keep::Tx& tx) {
  const Head end = head(tx);
  Head seen;
  std::optional<std::uint64_t> bad;
  tx.scan(Table::kLedger, {}, [&](base::View k, base::View v) {
    const auto r = keep::unpack<LedgerRow>(v);
    const std::uint64_t expected = seen.size + 1;
    const bool follows = k.size() == 8 && keep::number_in(k) == expected && r && r->seq == expected && r->prev == seen.hash && expected <= end.size &&
                         (base::all_zero(r->thread_id) || tx.has(Table::kLedgerOf, keep::key_of(of(tx, r->thread_id), expected)));
    if (!follows) bad = expected;
    seen = {expected, hash_of(v)};
    return follows;
  });
  if (bad) return bad;
  if (seen.size != end.size) return seen.size + 1;       // cut off
  if (seen.hash != end.hash) return seen.size;           // the last row has nobody after it: the head knows it
  return std::nullopt;
}

}  // namespace adapters::agent::ledger
