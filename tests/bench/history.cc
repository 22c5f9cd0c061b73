// See history.h.
#include "tests/bench/history.h"

#include <cstdlib>

#include "hub/state/rows.h"
#include "schemas/lifecycle.h"

namespace bench {
namespace {

using schemas::EntryType;

constexpr unsigned kPeers = 4, kPerPeer = 4, kGroups = kPeers * kPerPeer;
constexpr std::size_t kContent = 64;
constexpr std::uint64_t kThreadsAtOnce = 1000, kPerThread = 8;
constexpr std::uint16_t kKinds[] = {1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 8, 12}, kPurposes[] = {1, 1, 2, 2, 3, 5};

std::uint64_t mix(std::uint64_t x) {  // splitmix64: the same history every time
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}
base::Id id_of(std::uint64_t high, std::uint64_t n) {  // in the order of time, as a UUIDv7 is
  base::Id id{};
  base::store_be(id.data(), high);
  base::store_be(id.data() + 8, mix(n));
  return id;
}
base::View put(base::Bytes& arena, base::View v) {  // the arena has room: views stay valid
  const std::size_t at = arena.size();
  base::append(arena, v);
  return base::View(arena).subspan(at, v.size());
}
std::string slug(unsigned n) { return "agency-" + std::to_string(n); }

}  // namespace

kit::Consortium History::consortium() {
  std::vector<kit::AgentSpec> agents;
  for (unsigned i = 0; i < kAgencies; ++i) agents.push_back({slug(i), i % 3 == 0 ? "hospital_ed" : "crisis_center"});
  return kit::Consortium(std::move(agents));
}

History::History(kit::Consortium& c, hub::journal::Journal& journal) : c_(c), journal_(journal), now_(kit::kStart) {
  for (unsigned i = 0; i < kAgencies; ++i) senders_.push_back({&c_.agent(slug(i)), 0, {}, std::vector<Peer>(kAgencies)});
  if (journal_.directory().seq() == 0) {
    std::vector<hub::state::Item> items;
    for (const auto& n : c_.notes()) {
      hub::state::Item item;
      item.type = EntryType::kDir;
      item.bytes = base::to_bytes(n.whole);
      item.blob = n.blob;
      items.push_back(std::move(item));
    }
    if (!journal_.append(std::move(items), now_).ok()) std::abort();
  }
  load();
}

void History::load() {
  const auto snapshot = journal_.read();
  const auto& kv = (*snapshot)->kv();
  using hub::state::Table;
  dir_seq_ = journal_.directory().seq();
  for (Sender& s : senders_) {
    const auto v = kv.get(Table::kAgent, s.agent->id());
    const auto row = v ? hub::state::parse_agent_row(*v) : std::nullopt;
    if (row) s.batch_seq = row->batch_seq, s.prev = row->batch_hash;
    for (unsigned to = 0; to < kAgencies; ++to) {
      const auto p = kv.get(Table::kPair, hub::state::key(s.agent->id(), senders_[to].agent->id()));
      const auto pair = p ? hub::state::parse_pair_row(*p) : std::nullopt;
      if (pair) s.peers[to] = {pair->upto, pair->leaf};
    }
    message_ += s.batch_seq * kGroups;
  }
  const auto size = (*snapshot)->reader().size();
  if (const auto last = (*snapshot)->reader().entry(size - 1)) now_ = {base::load_le<std::uint64_t>(last->data() + 8)};
}

base::Id History::thread(std::uint64_t n) { return id_of(n / kThreadsAtOnce, n); }

crypto::ParsedGroup History::group(Sender& s, unsigned to, const crypto::Bst1& bst, std::uint32_t number, crypto::GroupParts& parts, base::Bytes& arena) {
  const kit::Agent& recipient = *senders_[to].agent;
  Peer& peer = s.peers[to];
  crypto::ParsedGroup g;
  g.grp.n_msgs = 1;
  g.grp.sender = bst.sender, g.grp.sender_cert = bst.sender_cert, g.grp.batch_seq = bst.batch_seq, g.grp.group_no = number;
  crypto::Slot slot;
  slot.recipient = recipient.id();
  slot.epoch = recipient.epochs[0].epoch;
  slot.epoch_kid = crypto::epoch_kid(recipient.epochs[0].key);
  slot.pair_seq = peer.upto + 1;
  slot.prev_group_leaf = peer.leaf;
  g.grp.slots.push_back(slot);
  const std::uint64_t m = message_++, block = kThreadsAtOnce * kPerThread;
  crypto::Hdr1 h;
  h.kind = kKinds[mix(m) % std::size(kKinds)], h.purpose = kPurposes[mix(m + 7) % std::size(kPurposes)];
  h.msg_id = id_of(m, ~m), h.thread_id = thread(m / block * kThreadsAtOnce + m % kThreadsAtOnce);
  h.created = bst.created, h.expires = bst.created.plus(schemas::kDefaultExpiryMs);
  h.policy_version = 1, h.thread_seq = 1, h.ct_len = kContent;
  g.hdrs.push_back(h);
  parts.grp = put(arena, crypto::encode(g.grp));
  const base::Hash commit = crypto::sha256(parts.grp);
  parts.msgs.resize(1);
  parts.msgs[0].hdr = put(arena, crypto::encode(h));
  parts.msgs[0].commit = put(arena, commit);
  parts.msgs[0].ct = put(arena, base::Bytes(kContent, static_cast<base::Byte>(m)));
  g.gctx = crypto::group_context(parts.grp);
  g.msg_leaves = {crypto::message_leaf(g.gctx, 0, parts.msgs[0].hdr, commit, crypto::sha256(parts.msgs[0].ct))};
  g.leaf = crypto::group_leaf(g.gctx, 1, g.msg_leaves[0]);
  peer = {slot.pair_seq, g.leaf};
  return g;
}

void History::batch(Sender& s, unsigned self, std::vector<hub::state::Item>& items) {
  now_ = now_.plus(40);
  auto made = std::make_shared<hub::state::VerifiedBatch>();
  made->frame.reserve(kGroups * 1024);
  crypto::Bst1 bst;
  bst.n_groups = kGroups;
  bst.sender = s.agent->id(), bst.sender_cert = s.agent->cert_hash, bst.batch_seq = ++s.batch_seq, bst.created = now_, bst.prev_batch = s.prev;
  bst.hub_id = c_.anchor_values().hub_id(), bst.dir_seq = dir_seq_;
  std::vector<base::Hash> leaves;
  std::vector<unsigned> to;
  for (unsigned p = 0; p < kPeers; ++p) to.push_back(static_cast<unsigned>((self + 1 + (s.batch_seq + 15 * p) % (kAgencies - 1)) % kAgencies));
  made->parts.groups.resize(kGroups);
  for (std::uint32_t i = 0; i < kGroups; ++i) {
    made->parsed.groups.push_back(group(s, to[i % kPeers], bst, i, made->parts.groups[i], made->frame));
    leaves.push_back(made->parsed.groups.back().leaf);
  }
  bst.batch_root = crypto::merkle_root(leaves);
  made->parts.bst = put(made->frame, crypto::encode(bst));
  made->parts.sig = put(made->frame, s.agent->sign.sign(made->parts.bst));
  made->parsed.bst = bst;
  made->parsed.hash = s.prev = crypto::batch_hash(made->parts.bst, made->parts.sig);
  hub::state::Item item;
  item.type = EntryType::kAccept;
  item.verified = std::move(made);
  items.push_back(std::move(item));
  for (const unsigned t : to) {
    hub::state::Item receipt;
    receipt.type = EntryType::kReceipt;
    receipt.bytes = c_.receipt(slug(t), s.agent->spec.slug, s.peers[t].upto, s.peers[t].leaf, now_);
    receipt.signature_checked = true;
    items.push_back(std::move(receipt));
  }
}

std::uint64_t History::append(unsigned batches) {
  std::vector<hub::state::Item> items;
  for (unsigned i = 0; i < batches; ++i) {
    const auto sender = static_cast<unsigned>(mix(message_) % kAgencies);
    batch(senders_[sender], sender, items);
  }
  const auto applied = journal_.append(std::move(items), now_);
  if (!applied.ok()) std::fprintf(stderr, "append: %s\n", applied.error().message().c_str()), std::abort();
  for (const auto& o : applied->outcomes) {
    if (!o.accepted || o.repeat) std::fprintf(stderr, "refused: %u %s\n", static_cast<unsigned>(o.code), o.words.c_str()), std::abort();
  }
  return applied->size;
}

}  // namespace bench
