// Reading and writing the sender's rows.
#include "adapters/agent/mail/sender.h"

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::mail {

using keep::Table;

namespace {
constexpr std::string_view kSender = "sender";
}

SenderRow sender(keep::Tx& tx) {
  SenderRow s;
  if (const auto v = tx.get(Table::kMeta, base::view(kSender))) {
    keep::Unpacker u(*v);
    s.batch_seq = u.num<std::uint64_t>();
    s.last_hash = u.raw<32>();
    s.in_flight = u.num<std::uint64_t>();
  }
  return s;
}
void save(keep::Tx& tx, const SenderRow& s) { tx.put(Table::kMeta, base::view(kSender), keep::Packer().num(s.batch_seq).raw(s.last_hash).num(s.in_flight).take()); }

keep::PairRow pair_of(keep::Tx& tx, const base::Id& recipient) {
  auto row = keep::find<keep::PairRow>(tx, Table::kPair, tx.key("pair", recipient));
  if (!row) {
    row.emplace();
    row->recipient = recipient;
  }
  return *row;
}
void save(keep::Tx& tx, const keep::PairRow& p) { tx.put(Table::kPair, tx.key("pair", p.recipient), keep::pack(p)); }

}  // namespace adapters::agent::mail
