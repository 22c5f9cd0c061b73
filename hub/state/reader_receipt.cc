// Questions about proofs of acceptance and delivery: ACK, receipts, the proofs behind a NACK.
#include "hub/state/reader.h"
#include "hub/state/rows.h"

namespace hub::state {

base::Result<schemas::wire::Ack> Reader::ack(std::uint64_t first_index, std::uint32_t n, const base::Hash& batch_hash) const {
  schemas::wire::Ack ack;
  ack.batch_hash = batch_hash;
  ack.checkpoint = checkpoint();
  const std::uint64_t tree = size();
  for (std::uint64_t i = first_index; i < first_index + n; ++i) {
    const auto ent = entry(i);
    if (!ent) return base::Error{base::Kind::kNotFound, "no such entry"};
    TRY_ASSIGN(auto path, inclusion(i, tree));
    ack.entries.push_back({i, base::to_bytes(*ent), std::move(path)});
  }
  kv_.scan_back(Table::kDir, {}, [&](base::View k, base::View) {
    ack.dir_seq = base::load_be<std::uint64_t>(k.data());
    return false;
  });
  return ack;
}

base::Result<schemas::wire::Receipt> Reader::receipt(std::uint64_t receipt_index) const {
  const auto row = kv_.get(Table::kRcpt, key(receipt_index));
  const auto ent = entry(receipt_index);
  if (!row || row->size() != 8 + 184 + 64 || !ent) return base::Error{base::Kind::kNotFound, "no receipt at this index"};
  schemas::wire::Receipt r;
  r.rcp = base::to_bytes(row->subspan(8, 184));
  r.sig = base::to_bytes(row->subspan(8 + 184));
  r.entry.index = receipt_index;
  r.entry.ent = base::to_bytes(*ent);
  TRY_ASSIGN(r.entry.path, inclusion(receipt_index, size()));
  r.checkpoint = checkpoint();
  return r;
}

std::vector<schemas::wire::Receipt> Reader::receipts(const base::Id& sender, const base::Id& recipient, std::uint64_t from_index,
                                                     std::size_t limit) const {
  std::vector<schemas::wire::Receipt> out;
  const auto s = kv_.get(Table::kAgent, sender), r = kv_.get(Table::kAgent, recipient);
  const auto srow = s ? parse_agent_row(*s) : std::nullopt, rrow = r ? parse_agent_row(*r) : std::nullopt;
  if (!srow || !rrow || limit == 0) return out;
  const auto from = key(srow->no, rrow->no, from_index);
  std::vector<std::uint64_t> indexes;
  kv_.scan(Table::kPairRcpt, from, [&](base::View k, base::View) {
    if (!base::equal(k.first(8), base::View(from).first(8))) return false;
    indexes.push_back(base::load_be<std::uint64_t>(k.data() + 8));
    return indexes.size() < limit;
  });
  for (const std::uint64_t index : indexes) {
    auto one = receipt(index);
    if (one.ok()) out.push_back(std::move(one).value());
  }
  return out;
}

void Reader::add_proofs(Outcome& refused) const {
  const auto extend = [this](base::Bytes& payload, std::uint64_t first, std::uint32_t n) {
    const auto ent = entry(first);
    if (n == 0 || !ent) return;
    auto proof = ack(first, n, base::fixed<32>(base::View(*ent).subspan(64, 32)));
    if (proof.ok()) base::append(payload, schemas::wire::encode(*proof));
  };
  if (refused.code == schemas::NackCode::kBatchSeq && refused.payload.size() == 52) {
    extend(refused.payload, base::load_le<std::uint64_t>(refused.payload.data() + 40),
           base::load_le<std::uint32_t>(refused.payload.data() + 48));
  }
  for (Outcome::GroupCode& g : refused.groups) {
    if (g.code != schemas::NackCode::kPairChain || g.payload.size() != 48 || base::all_zero(g.payload)) continue;
    extend(g.payload, base::load_le<std::uint64_t>(g.payload.data() + 40), 1);
  }
}

}  // namespace hub::state
