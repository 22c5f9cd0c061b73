// RECEIPT: an RCP1 is logged only if its recipient holds the slot of that logged group, and it says something new (protocol 5).
#include "hub/state/internal/machine.h"
#include "hub/state/state.h"

namespace hub::state {
namespace {

using schemas::NackCode;

struct Place {  // the group that a receipt names
  std::uint32_t sender_no, recipient_no, chain;
  std::uint64_t pair_seq;
  ChainRow row;
};

// From the newest chain to the oldest: the group that ends at `upto` and has this leaf.
std::optional<Place> find_group(Work& w, const crypto::Rcp1& r) {
  const AgentRow* sender = w.find_agent(r.sender);
  const AgentRow* recipient = w.find_agent(r.recipient);
  const PairRow* pair = w.find_pair(r.sender, r.recipient);
  if (sender == nullptr || recipient == nullptr || pair == nullptr) return std::nullopt;
  for (std::uint32_t back = 0; back <= pair->chain; ++back) {
    Place at{sender->no, recipient->no, pair->chain - back, 0, {}};
    const auto least = key(at.sender_no, at.recipient_no, at.chain, std::uint64_t{1});
    w.kv.scan_back(Table::kChain, key(at.sender_no, at.recipient_no, at.chain, r.upto_pair_seq), [&](base::View k, base::View v) {
      const auto row = parse_chain_row(v);
      if (row && k.size() == least.size() && std::memcmp(k.data(), least.data(), least.size()) >= 0) {
        at.pair_seq = base::load_be<std::uint64_t>(k.data() + 12);
        at.row = *row;
      }
      return false;
    });
    const auto e = at.pair_seq == 0 ? std::nullopt : w.accept_entry(at.row.index);
    if (e && e->subject == r.group_leaf && at.pair_seq + e->count - 1 == r.upto_pair_seq) return at;
  }
  return std::nullopt;
}

std::uint64_t receipt_upto(const Work& w, const Place& at) {
  const auto v = w.kv.get(Table::kChain, key(at.sender_no, at.recipient_no, at.chain, std::uint64_t{0}));
  return v && v->size() == 8 ? base::load_le<std::uint64_t>(v->data()) : 0;
}

// The group leaves the mailbox; its content goes some days later, unless it is gone already.
base::Status settle(Work& w, const crypto::Rcp1& r, std::uint64_t index) {
  TRY_ASSIGN(const std::optional<InboxRow> row, w.leave_mailbox(r.sender, r.recipient, index));
  if (!row || (row->flags & InboxRow::kTombstone) != 0) return {};
  TRY(w.kv.erase(Table::kDue, key(row->expires, index)));
  const base::Byte type = static_cast<base::Byte>(schemas::EntryType::kErase);
  return w.kv.put(Table::kDue, key(w.hub_time.ms + kKeepDeliveredMs, index), {&type, 1});
}

// Status 1: every group above the last upto, from an adopted start on, that no 5 or 6 names.
base::Status settle_covered(Work& w, const crypto::Rcp1& r, const Place& at, std::uint64_t from, std::uint64_t receipt_index) {
  std::vector<std::pair<std::uint64_t, ChainRow>> covered;
  w.kv.scan(Table::kChain, key(at.sender_no, at.recipient_no, at.chain, from), [&](base::View k, base::View v) {
    const std::uint64_t seq = k.size() == 20 ? base::load_be<std::uint64_t>(k.data() + 12) : 0;
    const auto least = key(at.sender_no, at.recipient_no, at.chain, seq);
    const auto row = parse_chain_row(v);
    if (!base::equal(k, least) || seq > r.upto_pair_seq || !row) return false;
    covered.emplace_back(seq, *row);
    return true;
  });
  std::size_t start = 0;
  if (!base::all_zero(r.ref_leaf)) {  // adopted: nothing before it is acknowledged
    for (std::size_t i = 0; i < covered.size(); ++i) {
      const auto e = w.accept_entry(covered[i].second.index);
      if (e && e->subject == r.ref_leaf) start = i;
    }
  }
  for (std::size_t i = start; i < covered.size(); ++i) {
    auto& [seq, row] = covered[i];
    if (row.failed != 0) continue;
    row.delivered = receipt_index;
    TRY(w.kv.put(Table::kChain, key(at.sender_no, at.recipient_no, at.chain, seq), encode(row)));
    TRY(settle(w, r, row.index));
  }
  base::Fixed<8> upto;
  base::store_le(upto.data(), r.upto_pair_seq);
  return w.kv.put(Table::kChain, key(at.sender_no, at.recipient_no, at.chain, std::uint64_t{0}), upto);
}

base::Status log_receipt(Work& w, const crypto::Rcp1& r, base::View bytes, const Place& at) {
  const std::uint64_t index = w.size();
  TRY(w.entry(schemas::EntryType::kReceipt, crypto::sha256(bytes), r.group_leaf));
  base::Bytes row(8);
  base::store_le(row.data(), at.row.index);
  base::append(row, bytes);
  TRY(w.kv.append(Table::kRcpt, key(index), row));
  return w.kv.put(Table::kPairRcpt, key(at.sender_no, at.recipient_no, index), {});
}

}  // namespace

base::Status apply_receipt(Work& w, const Item& item, Outcome& out) {
  NackCode code{};
  base::Result<crypto::Rcp1> parsed = item.signature_checked && item.bytes.size() == 248
                                          ? crypto::parse_rcp1(base::View(item.bytes).first(184))
                                          : State::verify_receipt(item.bytes, w.m.directory, &code);
  if (!parsed.ok()) return refuse(out, code == NackCode{} ? NackCode::kMalformed : code, parsed.error().message()), base::Status();
  const crypto::Rcp1& r = *parsed;
  const auto standing = w.m.directory.standing(r.recipient_cert, w.size(), w.hub_time);
  if (standing != crypto::Standing::kActive)
    return refuse(out, NackCode::kCert, std::string("the certificate is ") + crypto::name(standing)), base::Status();
  const auto at = find_group(w, r);
  if (!at) return refuse(out, NackCode::kMalformed, "the receipt names no group of this sender for this recipient"), base::Status();
  out.accepted = true;
  out.receipt_for = r.sender;
  out.receipt_group_index = at->row.index;
  const bool delivered = r.status == static_cast<std::uint16_t>(schemas::ReceiptStatus::kDelivered);
  const std::uint64_t before = delivered ? receipt_upto(w, *at) : 0;
  out.repeat = delivered ? r.upto_pair_seq <= before : at->row.failed != 0;
  if (out.repeat) return {};
  const std::uint64_t index = w.size();
  TRY(log_receipt(w, r, item.bytes, *at));
  if (delivered) return settle_covered(w, r, *at, before + 1, index);
  ChainRow row = at->row;
  row.failed = index;
  TRY(w.kv.put(Table::kChain, key(at->sender_no, at->recipient_no, at->chain, at->pair_seq), encode(row)));
  return settle(w, r, row.index);
}

}  // namespace hub::state
