// What an ACCEPT entry binds: the stored group down to its ciphertexts, its batch, its chain, its place in the mailboxes.
#include <algorithm>

#include "crypto/batch.h"
#include "hub/journal/check_internal.h"

namespace hub::journal {
namespace {

using schemas::EntryType;
using state::GroupView;
using state::key;
using state::Table;

// Hashes from the ciphertexts (or their kept hashes) up to the group leaf.
base::Status check_hashes(Walk& w, std::uint64_t index, const GroupView& g, const base::Hash& subject) {
  const auto cts = w.kv.get(Table::kGrpCt, key(index));
  if (g.erased == cts.has_value()) return bad_entry(index, g.erased ? "its erased content is still there" : "its content is missing");
  const base::Hash gctx = crypto::group_context(g.grp);
  std::vector<base::Hash> leaves;
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < g.n_msgs(); ++i) {
    base::Hash ct_hash{};
    if (g.erased) {
      ct_hash = base::fixed<32>(g.mark(i));
    } else {
      if (g.ct_len(i) > cts->size() - at) return bad_entry(index, "its content is shorter than its headers say");
      ct_hash = crypto::sha256(cts->subspan(at, g.ct_len(i)));
      at += g.ct_len(i);
    }
    leaves.push_back(crypto::message_leaf(gctx, i, g.hdr(i), base::fixed<32>(g.commit(i)), ct_hash));
    if (!g.erased && !base::equal(leaves.back(), g.mark(i)))
      return bad_entry(index, "message " + std::to_string(i) + " is not the one that was signed");
  }
  if (cts && at != cts->size()) return bad_entry(index, "its content is longer than its headers say");
  if (crypto::group_leaf(gctx, g.n_msgs(), crypto::merkle_root(leaves)) != subject)
    return bad_entry(index, "its stored group is not the one that was signed");
  if (cts) ++w.expected.contents;
  return {};
}

// The row that answers a resend of the same bytes; after 30 days it may be gone.
base::Status check_resend(const Walk& w, std::uint64_t index, const crypto::Ent1& e, const crypto::Bst1& bst) {
  const auto s = w.kv.get(Table::kAgent, bst.sender);
  const auto sender = s ? state::parse_agent_row(*s) : std::nullopt;
  const auto v = sender ? w.kv.get(Table::kAck, key(sender->no, bst.batch_seq)) : std::nullopt;
  if (!v)
    return w.last_hub_time > e.hub_time.plus(state::kKeepAcksMs) ? base::Status()
                                                                 : bad_entry(index, "the resend row of its batch is missing");
  const state::AckRow expected{index, bst.n_groups, e.hub_time.ms, e.container, crypto::sha256(crypto::encode(bst))};
  return base::equal(*v, encode(expected)) ? base::Status() : bad_entry(index, "the resend row of its batch is wrong");
}

// Consecutive entries of one batch, its signature once, each group's path.
base::Status check_batch(Walk& w, std::uint64_t index, const crypto::Ent1& e, const GroupView& g, const crypto::Grp1& grp) {
  if (crypto::batch_hash(g.bst, g.sig) != e.container) return bad_entry(index, "its batch is not the one that was signed");
  const auto bst = crypto::parse_bst1(g.bst);
  if (!bst.ok() || grp.sender != bst->sender || grp.sender_cert != bst->sender_cert || grp.batch_seq != bst->batch_seq)
    return bad_entry(index, "its group does not belong to its batch");
  if (grp.group_no != w.next_group || (grp.group_no != 0 && e.container != w.batch_hash))
    return bad_entry(index, "the groups of its batch are not consecutive");
  std::vector<base::Hash> path(g.path.size() / 32);
  for (std::size_t i = 0; i < path.size(); ++i) path[i] = base::fixed<32>(g.path.subspan(32 * i, 32));
  if (!crypto::verify_inclusion(grp.group_no, bst->n_groups, e.subject, path, bst->batch_root))
    return bad_entry(index, "its path does not lead to the batch root");
  if (grp.group_no == 0) {
    const crypto::Cert* cert = w.directory.cert(bst->sender_cert);
    crypto::BatchParts parts;
    parts.bst = g.bst;
    parts.sig = g.sig;
    if (cert == nullptr || !crypto::check_signature(parts, cert->sign).ok())
      return bad_entry(index, "the sender's signature does not hold");
    Heads& h = w.senders[bst->sender];
    if (bst->batch_seq <= h.batch_seq || bst->prev_batch != h.batch_hash)
      return bad_entry(index, "its batch does not follow the sender's last one");
    h = {bst->batch_seq, index, bst->n_groups, e.container};
    TRY(check_resend(w, index, e, *bst));
  }
  const bool late = e.hub_time > bst->created.plus(10 * base::kMinute);
  if (late != (e.flags == crypto::Ent1::kLate)) return bad_entry(index, "its late flag is wrong");
  w.batch_hash = e.container;
  w.next_group = grp.group_no + 1 == bst->n_groups ? 0 : grp.group_no + 1;
  return {};
}

// A receipt entry that settles this group: nullopt if it does not.
std::optional<std::uint64_t> settled_at(Walk& w, std::uint64_t receipt, std::uint64_t accept) {
  const auto e = receipt > accept ? w.kv.get(Table::kLog, key(receipt)) : std::nullopt;
  if (!e || e->size() != state::kLogRow || (*e)[4] != static_cast<base::Byte>(EntryType::kReceipt)) return std::nullopt;
  return base::load_le<std::uint64_t>(e->data() + 8);
}

base::Status check_chain(Walk& w, std::uint64_t index, const GroupView& g, const crypto::Grp1& grp, const base::Hash& leaf,
                         const state::ChainRow& row) {
  const crypto::Slot& slot = grp.slots[0];
  auto [it, first] = w.pairs.try_emplace({grp.sender, slot.recipient});
  state::PairRow& p = it->second;
  const bool restart = (grp.flags & crypto::Grp1::kChainRestart) != 0;
  if (!restart && (slot.pair_seq != p.upto + 1 || slot.prev_group_leaf != p.leaf)) return bad_entry(index, "its pair chain is broken");
  const crypto::Cert* cert = w.directory.cert(grp.sender_cert);
  if (restart && !first) {
    if (cert->serial <= p.serial) return bad_entry(index, "its pair chain restarts without a new certificate");
    ++p.chain;
  }
  if (g.chain != p.chain || row.index != index) return bad_entry(index, "its chain row points elsewhere");
  p.upto = slot.pair_seq + grp.n_msgs - 1;
  p.leaf = leaf;
  p.index = index;
  p.serial = cert->serial;
  ++w.expected.chain;
  for (const std::uint64_t receipt : {row.delivered, row.failed}) {
    if (receipt != 0 && !settled_at(w, receipt, index)) return bad_entry(index, "its chain row names a receipt that is none");
  }
  return {};
}

// Mailbox and due rows as receipts and the end entry leave them.
base::Status check_mail(Walk& w, std::uint64_t index, const GroupView& g, const std::optional<state::ChainRow>& chain) {
  const bool broadcast = g.pair_seq() == 0;
  const std::uint64_t receipt = !chain                                        ? 0
                                : chain->delivered != 0 && chain->failed != 0 ? std::min(chain->delivered, chain->failed)
                                                                              : std::max(chain->delivered, chain->failed);
  const bool waits = receipt == 0 && !(broadcast && g.erased);
  for (std::size_t s = 0; s < g.n_slots(); ++s) {
    const auto agent = w.kv.get(Table::kAgent, g.recipient(s));
    const auto row = agent ? state::parse_agent_row(*agent) : std::nullopt;
    if (!row) return bad_entry(index, "its recipient has no mailbox");
    const auto v = w.kv.get(Table::kInbox, key(row->no, index));
    if (v.has_value() != waits) return bad_entry(index, waits ? "it is missing from a mailbox" : "it is still in a mailbox");
    if (!waits) continue;
    const auto inbox = state::parse_inbox_row(*v);
    const int flags = (broadcast ? state::InboxRow::kBroadcast : 0) | (g.erased ? state::InboxRow::kTombstone : 0);
    if (!inbox || inbox->expires != g.largest_expiry() || inbox->flags != flags) return bad_entry(index, "its mailbox row is damaged");
    ++w.waiting[g.recipient(s)];
    ++w.expected.inbox;
    if (!broadcast) ++w.pairs[{g.sender(), g.recipient(0)}].waiting;
  }
  if (g.erased) return {};
  const std::uint64_t at = receipt == 0 ? g.largest_expiry() : *settled_at(w, receipt, index) + state::kKeepDeliveredMs;
  const auto due = w.kv.get(Table::kDue, key(at, index));
  const EntryType type = receipt == 0 ? EntryType::kExpire : EntryType::kErase;
  if (!due || due->size() != 1 || (*due)[0] != static_cast<base::Byte>(type)) return bad_entry(index, "its due row is missing or wrong");
  ++w.expected.due;
  return {};
}

base::Status check_ended(Walk& w, std::uint64_t index, const GroupView& g, const base::Hash& leaf) {
  const auto v = w.kv.get(Table::kEnd, key(index));
  if (v.has_value() != g.erased) return bad_entry(index, "its end row does not fit its content");
  if (!v) return {};
  const auto end = v->size() == 8 ? w.kv.get(Table::kLog, key(base::load_le<std::uint64_t>(v->data()))) : std::nullopt;
  const auto e =
      end && end->size() == state::kLogRow ? crypto::parse_ent1(end->first(112)) : base::Result<crypto::Ent1>(base::malformed("none"));
  const bool ends =
      e.ok() && (e->type == static_cast<std::uint8_t>(EntryType::kErase) || e->type == static_cast<std::uint8_t>(EntryType::kExpire));
  if (!ends || e->subject != leaf) return bad_entry(index, "its end row names no entry that ends it");
  if (e->type == static_cast<std::uint8_t>(EntryType::kExpire) && e->hub_time.ms < g.largest_expiry())
    return bad_entry(index, "it expired before its time");
  return {};
}

}  // namespace

base::Status check_accept(Walk& w, std::uint64_t index, const crypto::Ent1& e) {
  const auto v = w.kv.get(Table::kGrpMeta, key(index));
  const auto g = v ? state::parse_group_row(*v) : std::nullopt;
  if (!g) return bad_entry(index, v ? "its stored group is damaged" : "its stored group is missing");
  const auto grp = crypto::parse_grp1(g->grp);
  if (!grp.ok() || g->n_msgs() != e.count) return bad_entry(index, "its stored group is damaged");
  TRY(check_hashes(w, index, *g, e.subject));
  TRY(check_batch(w, index, e, *g, *grp));
  std::optional<state::ChainRow> chain;
  if (grp->broadcast()) {
    if (g->chain != 0) return bad_entry(index, "its stored group is damaged");
  } else {
    const auto s = w.kv.get(Table::kAgent, grp->sender), r = w.kv.get(Table::kAgent, grp->slots[0].recipient);
    const auto sender = s ? state::parse_agent_row(*s) : std::nullopt, recipient = r ? state::parse_agent_row(*r) : std::nullopt;
    const auto row =
        sender && recipient ? w.kv.get(Table::kChain, key(sender->no, recipient->no, g->chain, grp->slots[0].pair_seq)) : std::nullopt;
    chain = row ? state::parse_chain_row(*row) : std::nullopt;
    if (!chain) return bad_entry(index, "its chain row is missing");
    TRY(check_chain(w, index, *g, *grp, e.subject, *chain));
  }
  TRY(check_ended(w, index, *g, e.subject));
  TRY(check_mail(w, index, *g, chain));
  ++w.report.groups;
  ++w.expected.groups;
  w.report.messages += e.count;
  return {};
}

}  // namespace hub::journal
