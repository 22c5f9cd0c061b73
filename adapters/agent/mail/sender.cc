// Reading and writing the sender's rows.
#include "adapters/agent/mail/sender.h"


namespace adapters::agent::mail {

using keep::Table;

namespace {
constexpr std::string_view kSender = "sender";
}

SenderRow sender(keep::Tx& tx) {
  return keep::find<SenderRow>(tx, Table::kMeta, base::view(kSender)).value_or(SenderRow{});
}
void save(keep::Tx& tx, const SenderRow& s) { tx.put(Table::kMeta, base::view(kSender), keep::pack(s)); }

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
