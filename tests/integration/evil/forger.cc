// Entries, proofs and checkpoints as a hub with a free hand makes them.
#include "tests/integration/evil/forger.h"

#include <algorithm>

namespace evil {

using schemas::EntryType;

Forger::Forger(hub_kit::World& world) : origin_(world.c.anchor_values().log.name), key_(world.c.log_key()) {
  auto line = world.line("police");
  REQUIRE(line.up());
  wire::LogGet q;
  q.what = wire::LogGet::What::kEntries;
  q.to = 1'000'000;
  const auto got = line->log_get(q);
  REQUIRE(got.ok());
  for (std::size_t at = 0; at < got->data.size(); at += 112) entries_.push_back(base::to_bytes(base::View(got->data).subspan(at, 112)));
  const auto notes = line->dir_get({});
  REQUIRE(notes.ok());
  notes_ = notes->notes;
}

std::uint64_t Forger::add(crypto::Ent1 e) {
  const auto last = crypto::parse_ent1(entries_.back());
  e.hub_time = std::max(e.hub_time, last->hub_time);
  e.dir_seq = last->dir_seq + (e.type == static_cast<std::uint8_t>(EntryType::kDir) ? 1 : 0);
  entries_.push_back(base::to_bytes(crypto::encode(e)));
  return entries_.size() - 1;
}

std::uint64_t Forger::accept(base::View batch_frame) {
  const auto parts = schemas::decode_batch(batch_frame);
  REQUIRE(parts.ok());
  auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
  REQUIRE(parsed.ok());
  REQUIRE(crypto::check_hashes(*parts, *parsed, crypto::Frame::kBatch).ok());
  const std::uint64_t first = size();
  for (const auto& g : parsed->groups) {
    crypto::Ent1 e;
    e.type = static_cast<std::uint8_t>(EntryType::kAccept);
    e.hub_time = parsed->bst.created;
    e.count = g.grp.n_msgs;
    e.subject = g.leaf;
    e.container = parsed->hash;
    add(e);
  }
  return first;
}

std::uint64_t Forger::note(const std::string& whole) {
  crypto::Ent1 e;
  e.type = static_cast<std::uint8_t>(EntryType::kDir);
  e.subject = crypto::sha256(base::view(whole));
  for (const base::Bytes& entry : entries_) {
    const auto before = crypto::parse_ent1(entry);
    if (before->type == e.type) e.container = before->subject;
  }
  e.hub_time = base::real_now();
  notes_.push_back({whole, size(), e.hub_time.ms});
  return add(e);
}

std::uint64_t Forger::receipt(const wire::Receipt& r) {
  crypto::Ent1 e;
  e.type = static_cast<std::uint8_t>(EntryType::kReceipt);
  e.hub_time = base::real_now();
  e.subject = crypto::sha256({r.rcp, r.sig});
  e.container = crypto::parse_rcp1(r.rcp)->group_leaf;
  return add(e);
}

std::uint64_t Forger::reject() {
  crypto::Ent1 e;
  e.type = static_cast<std::uint8_t>(EntryType::kReject);
  e.hub_time = base::real_now();
  e.subject[0] = 1;
  return add(e);
}

std::uint64_t Forger::end(const base::Hash& group_leaf, EntryType type, base::Instant at) {
  crypto::Ent1 e;
  e.type = static_cast<std::uint8_t>(type);
  e.hub_time = at;
  e.subject = group_leaf;
  e.container[0] = 1;
  return add(e);
}

base::Hash Forger::root() const {
  crypto::Frontier tree;
  for (const base::Bytes& e : entries_) tree.append(crypto::merkle_leaf(e));
  return tree.root();
}

std::string Forger::checkpoint() const { return crypto::sign_checkpoint({origin_, size(), root()}, key_); }

wire::Proven Forger::proven(std::uint64_t index) const {
  std::vector<base::Hash> leaves;
  for (const base::Bytes& e : entries_) leaves.push_back(crypto::merkle_leaf(e));
  return {index, entries_.at(index), crypto::merkle_path(leaves, index)};
}

base::Bytes Forger::deliver(base::View batch_frame, std::uint32_t group_no, std::uint64_t first, std::optional<std::uint64_t> end) const {
  const auto parts = schemas::decode_batch(batch_frame);
  auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
  REQUIRE(crypto::check_hashes(*parts, *parsed, crypto::Frame::kBatch).ok());
  std::vector<base::Hash> leaves;
  for (const auto& g : parsed->groups) leaves.push_back(g.leaf);
  const auto path = crypto::join(crypto::merkle_path(leaves, group_no));
  const wire::Proven at = proven(first + group_no);
  const auto incl = crypto::join(at.path);
  const std::string note = checkpoint();
  schemas::Deliver d;
  d.batch.bst = parts->bst;
  d.batch.sig = parts->sig;
  d.batch.groups = {parts->groups[group_no]};
  d.batch.groups[0].path = path;
  d.index = at.index;
  d.ent = at.ent;
  d.incl = incl;
  d.ckpt = base::view(note);
  std::vector<base::Hash> hashes;
  wire::Proven last;
  base::Bytes last_incl;
  if (end) {
    for (const auto& m : d.batch.groups[0].msgs) hashes.push_back(crypto::sha256(m.ct));
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      d.batch.groups[0].msgs[i].ct = {};
      d.batch.groups[0].msgs[i].ct_hash = hashes[i];
    }
    last = proven(*end);
    last_incl = crypto::join(last.path);
    d.end_index = *end;
    d.end_ent = last.ent;
    d.end_incl = last_incl;
  }
  return schemas::encode_deliver(d);
}

Go Forger::serve(Frame& f) const {
  if (f.down) return Go::kOn;
  if (f.op == Op::kLogGet) {
    const auto q = wire::decode<wire::LogGet>(f.payload);
    wire::LogGot got;
    got.checkpoint = checkpoint();
    if (q->what == wire::LogGet::What::kEntries) {
      for (std::uint64_t i = q->from; i < std::min(q->to, size()); ++i) got.data.insert(got.data.end(), entries_[i].begin(), entries_[i].end());
    }
    f.payload = wire::encode(got);
    return Go::kBack;
  }
  if (f.op == Op::kDirGet) {
    const auto q = wire::decode<wire::DirGet>(f.payload);
    if (!base::all_zero(q->blob)) return Go::kOn;  // texts it has as they are
    wire::DirGot got;
    got.dir_seq = notes_.size();
    for (std::size_t i = q->after; i < notes_.size(); ++i) got.notes.push_back(notes_[i]);
    f.payload = wire::encode(got);
    return Go::kBack;
  }
  return Go::kOn;
}

}  // namespace evil
