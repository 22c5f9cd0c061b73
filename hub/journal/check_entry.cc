// What each entry but ACCEPT binds: receipts, notes, records, erasures, ledger heads.
#include <algorithm>

#include "crypto/note.h"
#include "crypto/suite/suite.h"
#include "hub/journal/check_internal.h"

namespace hub::journal {
namespace {

using schemas::EntryType;
using state::key;
using state::Table;

base::Status check_kept(Walk& w, std::uint64_t index, const base::Hash& hash) {
  const auto record = w.kv.get(Table::kRec, hash);
  if (!record && w.rebuilt(index)) return {};
  if (!record) return bad_entry(index, "the record behind it is missing");
  if (crypto::sha256(*record) != hash) return bad_entry(index, "the record behind it is another one");
  return {};
}

// The chain row of a group, by what its stored header says.
std::optional<state::ChainRow> chain_row(const Walk& w, std::uint64_t accept_index) {
  const auto meta = w.kv.get(Table::kGrpMeta, key(accept_index));
  const auto g = meta ? state::parse_group_row(*meta) : std::nullopt;
  if (!g || g->pair_seq() == 0) return std::nullopt;
  const auto s = w.kv.get(Table::kAgent, g->sender()), r = w.kv.get(Table::kAgent, g->recipient(0));
  const auto sender = s ? state::parse_agent_row(*s) : std::nullopt, recipient = r ? state::parse_agent_row(*r) : std::nullopt;
  if (!sender || !recipient) return std::nullopt;
  const auto v = w.kv.get(Table::kChain, key(sender->no, recipient->no, g->chain, g->pair_seq()));
  return v ? state::parse_chain_row(*v) : std::nullopt;
}

base::Status check_receipt(Walk& w, std::uint64_t index, const crypto::Ent1& e) {
  const auto row = w.kv.get(Table::kRcpt, key(index));
  if (!row || row->size() != 8 + 184 + 64) return bad_entry(index, "its receipt is missing");
  const base::View bytes = row->subspan(8);
  if (crypto::sha256(bytes) != e.subject) return bad_entry(index, "its receipt is another one");
  const auto r = crypto::parse_rcp1(bytes.first(184));
  if (!r.ok() || r->group_leaf != e.container) return bad_entry(index, "its receipt is not for the group that it names");
  const crypto::Cert* cert = w.directory.cert(r->recipient_cert);
  if (cert == nullptr || cert->agent != r->recipient || !crypto::verify(r->suite, cert->sign, bytes.first(184), bytes.subspan(184)))
    return bad_entry(index, "its receipt's signature does not hold");
  const auto accept = base::load_le<std::uint64_t>(row->data());
  const auto group = accept < index ? w.kv.get(Table::kLog, key(accept)) : std::nullopt;
  if (!group || !base::equal(group->subspan(32, 32), r->group_leaf)) return bad_entry(index, "its receipt points at another group");
  const auto chain = chain_row(w, accept);
  if (!chain) return bad_entry(index, "the chain row of its group is missing");
  const bool failure = r->status != static_cast<std::uint16_t>(schemas::ReceiptStatus::kDelivered);
  if (failure ? chain->failed != index : chain->delivered == 0 && chain->failed == 0)
    return bad_entry(index, "the chain row of its group does not know it");
  const auto s = w.kv.get(Table::kAgent, r->sender), to = w.kv.get(Table::kAgent, r->recipient);
  if (!s || !to || !w.kv.get(Table::kPairRcpt, key(state::parse_agent_row(*s)->no, state::parse_agent_row(*to)->no, index)))
    return bad_entry(index, "its receipt is not listed for the pair");
  ++w.expected.receipts;
  if (failure) return {};
  const auto meta = state::parse_group_row(*w.kv.get(Table::kGrpMeta, key(accept)));
  const auto chain_id = std::tuple(state::parse_agent_row(*s)->no, state::parse_agent_row(*to)->no, meta->chain);
  const auto upto = w.kv.get(Table::kChain, key(std::get<0>(chain_id), std::get<1>(chain_id), std::get<2>(chain_id), std::uint64_t{0}));
  if (!upto || upto->size() != 8 || base::load_le<std::uint64_t>(upto->data()) < r->upto_pair_seq)
    return bad_entry(index, "the chain's acknowledged position is behind it");
  const auto [at, fresh] = w.acknowledged.try_emplace(chain_id, r->upto_pair_seq);
  at->second = std::max(at->second, r->upto_pair_seq);
  if (fresh) ++w.expected.chain;
  return {};
}

base::Status check_dir(Walk& w, std::uint64_t index, const crypto::Ent1& e) {
  if (e.container != w.dir_subject) return bad_entry(index, "it does not follow the directory note before it");
  const auto row = w.kv.get(Table::kDir, key(e.dir_seq));
  if (!row || row->size() < 16) return bad_entry(index, "its note is missing");
  const base::View whole = row->subspan(16);
  if (crypto::sha256(whole) != e.subject) return bad_entry(index, "its note is another one");
  if (base::load_le<std::uint64_t>(row->data()) != index || base::load_le<std::uint64_t>(row->data() + 8) != e.hub_time.ms)
    return bad_entry(index, "its note stands at another place");
  const auto seq = w.directory.add(base::text(whole), index, e.hub_time);
  if (!seq.ok()) return bad_entry(index, "its note is not valid where it stands");
  const auto note = crypto::parse_note(base::text(whole));
  const auto policy = crypto::parse_policy_note(note->text);
  if (policy.ok()) {
    const auto rules = w.kv.get(Table::kBlob, policy->rules);
    if (!rules || crypto::sha256(*rules) != policy->rules) return bad_entry(index, "the rules of its policy are missing or changed");
  }
  w.dir_subject = e.subject;
  ++w.report.notes;
  return {};
}

base::Status check_end(Walk& w, std::uint64_t index, const crypto::Ent1& e) {
  TRY(check_kept(w, index, e.container));
  ++w.expected.ends;  // that its group points back here is checked at the group
  return {};
}

}  // namespace

base::Status check_entry(Walk& w, std::uint64_t index, const crypto::Ent1& e) {
  switch (static_cast<EntryType>(e.type)) {
    case EntryType::kAccept: return check_accept(w, index, e);
    case EntryType::kReceipt: return check_receipt(w, index, e);
    case EntryType::kDir: return check_dir(w, index, e);
    case EntryType::kErase:
    case EntryType::kExpire: return check_end(w, index, e);
    case EntryType::kHub:
      if (e.container != w.hub_subject) return bad_entry(index, "it does not follow the hub event before it");
      w.hub_subject = e.subject;
      return check_kept(w, index, e.subject);
    case EntryType::kAccess: TRY(check_kept(w, index, e.container)); return check_kept(w, index, e.subject);
    case EntryType::kReject:
    case EntryType::kHead:
      if (!base::all_zero(e.container)) return bad_entry(index, "it names a container");
      return check_kept(w, index, e.subject);
  }
  return bad_entry(index, "unknown type");
}

}  // namespace hub::journal
