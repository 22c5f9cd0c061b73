// Questions about mail: stored groups, mailboxes, chains, rows for a search.
#include <algorithm>

#include "hub/state/reader.h"
#include "hub/state/rows.h"
#include "schemas/frames.h"

namespace hub::state {
namespace {

std::optional<AgentRow> agent_row(const ReadKv& kv, const base::Id& id) {
  const auto v = kv.get(Table::kAgent, id);
  return v ? parse_agent_row(*v) : std::nullopt;
}

std::optional<GroupView> group(const ReadKv& kv, std::uint64_t index) {
  const auto v = kv.get(Table::kGrpMeta, key(index));
  return v ? parse_group_row(*v) : std::nullopt;
}

std::optional<std::uint64_t> end_of(const ReadKv& kv, std::uint64_t index) {
  const auto v = kv.get(Table::kEnd, key(index));
  return v && v->size() == 8 ? std::optional(base::load_le<std::uint64_t>(v->data())) : std::nullopt;
}

base::Error damaged() { return {base::Kind::kCorrupt, "a stored group is damaged", "hub store", "run check"}; }

// The messages as they go into a frame: whole from `cts`, or as tombstones.
base::Result<std::vector<crypto::MessageParts>> messages(const GroupView& g, std::optional<base::View> cts) {
  std::vector<crypto::MessageParts> out(g.n_msgs());
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].hdr = g.hdr(i);
    out[i].commit = g.commit(i);
    if (g.erased) {
      out[i].ct_hash = g.mark(i);
      continue;
    }
    if (!cts || g.ct_len(i) > cts->size() - at) return damaged();
    out[i].ct = cts->subspan(at, g.ct_len(i));
    at += g.ct_len(i);
  }
  return out;
}

struct Covered {
  std::uint64_t index = 0, time = 0;
};
Covered delivered(const ReadKv& kv, const GroupView& g) {
  if (g.pair_seq() == 0) return {};
  const auto sender = agent_row(kv, g.sender()), recipient = agent_row(kv, g.recipient(0));
  if (!sender || !recipient) return {};
  const auto v = kv.get(Table::kChain, key(sender->no, recipient->no, g.chain, g.pair_seq()));
  const auto row = v ? parse_chain_row(*v) : std::nullopt;
  const auto e = row && row->delivered != 0 ? kv.get(Table::kLog, key(row->delivered)) : std::nullopt;
  if (!e || e->size() != kLogRow) return {};
  return {row->delivered, base::load_le<std::uint64_t>(e->data() + 8)};
}

}  // namespace

base::Result<base::Bytes> Reader::deliver_frame(std::uint64_t index) const {
  const auto g = group(kv_, index);
  const auto ent = entry(index);
  if (!g || !ent) return base::Error{base::Kind::kNotFound, "no group at this index"};
  const std::uint64_t tree = size();
  const std::string note = checkpoint();
  schemas::Deliver d;
  d.batch.bst = g->bst;
  d.batch.sig = g->sig;
  d.batch.groups.resize(1);
  d.batch.groups[0].grp = g->grp;
  d.batch.groups[0].path = g->path;
  TRY_ASSIGN(d.batch.groups[0].msgs, messages(*g, kv_.get(Table::kGrpCt, key(index))));
  d.index = index;
  d.ent = *ent;
  TRY_ASSIGN(const auto path, inclusion(index, tree));
  const base::Bytes incl = crypto::join(path);
  d.incl = incl;
  d.ckpt = base::view(note);
  base::Bytes end_incl;
  std::optional<base::Fixed<112>> end_ent;
  if (g->erased) {
    const auto end = end_of(kv_, index);
    end_ent = end ? entry(*end) : std::nullopt;
    if (!end_ent) return damaged();
    TRY_ASSIGN(const auto end_path, inclusion(*end, tree));
    end_incl = crypto::join(end_path);
    d.end_index = *end;
    d.end_ent = *end_ent;
    d.end_incl = end_incl;
  }
  return schemas::encode_deliver(d);
}

bool Reader::party_to(std::uint64_t index, const base::Id& agent) const {
  const auto g = group(kv_, index);
  if (!g) return false;
  if (g->sender() == agent) return true;
  for (std::size_t i = 0; i < g->n_slots(); ++i) {
    if (g->recipient(i) == agent) return true;
  }
  return false;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> Reader::waiting(const base::Id& agent, std::uint64_t after, std::size_t limit) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  const auto row = agent_row(kv_, agent);
  if (!row || limit == 0) return out;
  kv_.scan(Table::kInbox, key(row->no, after), [&](base::View k, base::View) {
    if (k.size() != 12 || base::load_be<std::uint32_t>(k.data()) != row->no) return false;
    const auto index = base::load_be<std::uint64_t>(k.data() + 4);
    if (index > after) out.emplace_back(index, index);
    return out.size() < limit;
  });
  return out;
}

std::uint64_t Reader::waiting_count(const base::Id& agent) const {
  const auto row = agent_row(kv_, agent);
  return row ? row->waiting : 0;
}

std::vector<std::uint64_t> Reader::pair_groups(const base::Id& sender, const base::Id& recipient, std::uint64_t from_pair_seq,
                                               std::size_t limit) const {
  std::vector<std::uint64_t> out;
  const auto s = agent_row(kv_, sender), r = agent_row(kv_, recipient);
  const auto v = kv_.get(Table::kPair, key(sender, recipient));
  const auto pair = v ? parse_pair_row(*v) : std::nullopt;
  if (!s || !r || !pair || limit == 0) return out;
  const std::uint32_t chain = from_pair_seq == 0 ? 0 : pair->chain;
  const auto prefix = key(s->no, r->no, chain, std::uint64_t{0});
  const std::size_t same = from_pair_seq == 0 ? 8 : 12;  // all chains of the pair, or the current one
  auto first = key(s->no, r->no, chain, std::max<std::uint64_t>(from_pair_seq, 1));
  // The group that holds `from` may begin below it.
  kv_.scan_back(Table::kChain, first, [&](base::View k, base::View) {
    if (base::equal(k.first(12), base::View(prefix).first(12)) && base::load_be<std::uint64_t>(k.data() + 12) >= 1)
      first = base::fixed<20>(k);
    return false;
  });
  kv_.scan(Table::kChain, first, [&](base::View k, base::View row) {
    if (!base::equal(k.first(same), base::View(prefix).first(same))) return false;
    const auto at = base::load_be<std::uint64_t>(k.data() + 12) == 0 ? std::nullopt : parse_chain_row(row);
    if (at) out.push_back(at->index);
    return out.size() < limit;
  });
  return out;
}

std::optional<std::uint64_t> Reader::last_batch(const base::Id& sender) const {
  const auto row = agent_row(kv_, sender);
  return row && row->batch_seq != 0 ? std::optional(row->batch_first) : std::nullopt;
}

std::vector<schemas::wire::Row> Reader::rows(std::uint64_t index) const {
  std::vector<schemas::wire::Row> out;
  const auto g = group(kv_, index);
  const auto ent = entry(index);
  if (!g || !ent) return out;
  const base::Hash gctx = crypto::group_context(g->grp);
  const Covered covered = delivered(kv_, *g);
  const auto end = end_of(kv_, index);
  const auto end_ent = end ? entry(*end) : std::nullopt;
  for (std::uint32_t i = 0; i < g->n_msgs(); ++i) {
    const auto h = crypto::parse_hdr1(g->hdr(i));
    if (!h.ok()) continue;
    schemas::wire::Row row;
    row.index = index;
    row.message_no = i;
    row.hub_time = base::load_le<std::uint64_t>(ent->data() + 8);
    row.created = h->created.ms;
    row.expires = h->expires.ms;
    row.msg_id = h->msg_id;
    row.thread_id = h->thread_id;
    row.kind = h->kind;
    row.purpose = h->purpose;
    row.flags = h->flags;
    row.policy_version = h->policy_version;
    row.thread_seq = h->thread_seq;
    row.size = h->ct_len;
    row.sender = g->sender();
    for (std::size_t s = 0; s < g->n_slots(); ++s) row.recipients.push_back(g->recipient(s));
    row.group_leaf = base::fixed<32>(base::View(*ent).subspan(32, 32));
    row.message_leaf = g->erased ? crypto::message_leaf(gctx, i, g->hdr(i), base::fixed<32>(g->commit(i)), base::fixed<32>(g->mark(i)))
                                 : base::fixed<32>(g->mark(i));
    row.delivered_index = covered.index;
    row.delivered_time = covered.time;
    if (end_ent) row.end_type = (*end_ent)[4];
    out.push_back(std::move(row));
  }
  return out;
}

std::optional<Reader::Labels> Reader::labels(std::uint64_t index) const {
  const auto g = group(kv_, index);
  if (!g) return std::nullopt;
  Labels out;
  out.sender = g->sender();
  for (std::size_t s = 0; s < g->n_slots(); ++s) out.recipients.push_back(g->recipient(s));
  for (std::uint32_t i = 0; i < g->n_msgs(); ++i) {
    const auto h = crypto::read_hdr1(g->hdr(i));
    out.messages.push_back({h.kind, h.purpose, h.thread_id});
  }
  return out;
}

}  // namespace hub::state
