// The agent's own copy of the log: reading on, checking, keeping.
#include "adapters/agent/keep/replica.h"

#include "adapters/agent/keep/evidence.h"
#include "adapters/agent/keep/offers.h"
#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {
namespace {

using schemas::EntryType;
namespace wire = schemas::wire;

base::Bytes node_key(unsigned level, std::uint64_t index) {
  base::Bytes k = key_of(index);
  k[0] = static_cast<base::Byte>(level);
  return k;
}

constexpr std::string_view kState = "replica";

}  // namespace

Replica::Replica(Store& store, std::string anchor, crypto::Directory directory, Alarms& alarms)
    : store_(store), anchor_(std::move(anchor)), alarms_(alarms), directory_(std::move(directory)) {}

base::Result<std::unique_ptr<Replica>> Replica::open(Store& store, std::string_view anchor, Alarms& alarms) {
  TRY_ASSIGN(crypto::Directory directory, crypto::Directory::start(anchor));
  std::unique_ptr<Replica> r(new Replica(store, std::string(anchor), std::move(directory), alarms));
  TRY(store.read([&](Tx& tx) { return r->load(tx); }));
  return r;
}

base::Status Replica::load(Tx& tx) {
  const base::Error corrupt{base::Kind::kCorrupt, "the kept log does not hold together", "store"};
  const auto state = tx.get(Table::kMeta, base::view(kState));
  if (!state) return tx.fault();
  std::uint64_t size = 0;
  std::vector<base::Hash> edge;
  if (!unpack_to(*state, size, edge, scan_, checkpoint_)) return corrupt;
  TRY_ASSIGN(frontier_, crypto::Frontier::from(size, std::move(edge)));
  base::Status notes;
  tx.scan(Table::kDir, {}, [&](base::View, base::View v) {
    const auto n = unpack<NoteRow>(v);
    const auto added = n ? directory_.add(n->text, n->index, n->at) : base::Result<std::uint64_t>(corrupt);
    if (!added.ok()) notes = added.error();
    return notes.ok();
  });
  TRY(notes);
  if (directory_.seq() != scan_.dir_seq) return corrupt;
  if (const auto words = tx.get(Table::kMeta, base::view("fault"))) {
    fault_ = base::to_string(*words);
    alarms_.raise("log", fault_);
  }
  return tx.fault();
}

crypto::Directory Replica::directory() const {
  std::unique_lock lock(mutex_);
  crypto::Directory shown = directory_;
  lock.unlock();
  suspend_offered(store_, shown);  // what is known by file only
  return shown;
}
std::uint64_t Replica::size() const {
  const std::lock_guard lock(mutex_);
  return frontier_.size();
}
base::Hash Replica::root() const {
  const std::lock_guard lock(mutex_);
  return frontier_.root();
}
std::string Replica::checkpoint() const {
  const std::lock_guard lock(mutex_);
  return checkpoint_;
}
base::Instant Replica::hub_time() const {
  const std::lock_guard lock(mutex_);
  return scan_.hub_time;
}
bool Replica::stopped() const {
  const std::lock_guard lock(mutex_);
  return !fault_.empty();
}

void Replica::fault(const std::string& words, base::View evidence) {
  {
    const std::lock_guard lock(mutex_);
    if (!fault_.empty()) return;
    fault_ = "the hub's log does not hold together: " + words;
    alarms_.raise("log", fault_);
  }
  // A store that cannot take the evidence has told its own alarm; the stop above holds either way.
  (void)store_.write([&](Tx& tx) {
    tx.put(Table::kMeta, base::view("fault"), base::view(fault_));
    tx.put(Table::kEvidence, key_of(tx.next(Table::kEvidence)), pack(fault_, evidence));
    return base::Status{};
  });
}

base::Status Replica::resume() {
  TRY(store_.write([](Tx& tx) {
    tx.erase(Table::kMeta, base::view("fault"));
    return base::Status{};
  }));
  const std::lock_guard lock(mutex_);
  fault_.clear();
  alarms_.clear("log");
  return {};
}

// One under a key that is not known here: an anchor may stand in the part of the log that has not been read. It is the authorities' word, not the
// hub's, so its key counts once its signatures do; where it stands is checked when that part has been read.
static base::Result<crypto::Checkpoint> open_newest(hub::client::Client& hub, const std::string& note, const crypto::Directory& known) {
  auto opened = crypto::open_checkpoint(note, known);
  if (opened.ok()) return opened;
  crypto::Directory ahead = known;
  for (bool more = true; more;) {
    wire::DirGet q;
    q.after = ahead.seq();
    TRY_ASSIGN(const wire::DirGot got, hub.dir_get(q));
    for (const wire::DirNote& n : got.notes) {
      if (!ahead.add(n.note, n.log_index, {n.hub_time}).ok()) return opened;
    }
    more = !got.notes.empty() && ahead.seq() < got.dir_seq;
  }
  return crypto::open_checkpoint(note, ahead);
}

base::Result<Replica::Step> Replica::fetch(hub::client::Client& hub, std::span<const std::string> checkpoints, std::span<const wire::Proven> held) {
  if (stopped()) return base::Error{base::Kind::kCorrupt, "the log has a fault: nothing is taken from this hub", "log"};
  Step step;
  step.from = frontier_.size();
  step.frontier = frontier_;
  step.scan = scan_;
  step.checkpoint = checkpoint_;
  Marks marks;
  for (const std::string& note : checkpoints) {
    TRY_ASSIGN(const crypto::Checkpoint c, open_newest(hub, note, directory_));
    const auto known = marks.find(c.size);
    if (known != marks.end() && known->second.first == c.root) continue;
    if (c.size <= frontier_.size() || known != marks.end()) TRY(check_older(c, note));
    if (c.size >= frontier_.size()) marks.emplace(c.size, std::pair(c.root, note));
  }
  const Step before = step;
  auto read = read_to(hub, marks, held, step);
  if (!read.ok() && read.error().kind != base::Kind::kBusy && read.error().kind != base::Kind::kIo && !held.empty()) {
    step = before;  // an entry that came with mail may be of another tree: what does the hub itself hand out there?
    read = read_to(hub, marks, {}, step);
  }
  TRY(read);
  for (const auto& [size, mark] : marks) {  // a key of an anchor that stood behind this tree is none of its
    if (step.directory && !crypto::open_checkpoint(mark.second, *step.directory).ok()) return base::Error{base::Kind::kBadSignature, "a checkpoint is signed with a log key that was not in force there", "log"};
  }
  if (!marks.empty()) step.checkpoint = marks.rbegin()->second.second;
  return step;
}

// A peer's checkpoint of a tree that this hub's entries do not give: does the hub sign what it hands out here as well?
static std::string other_tree(hub::client::Client& hub, const Replica& self, const crypto::Directory& directory, const std::string& note, const crypto::Frontier& tree) {
  wire::LogGet q;
  q.what = wire::LogGet::What::kCheckpoint;
  const auto got = hub.log_get(q);
  const auto newest = got.ok() ? open_newest(hub, got->checkpoint, directory) : base::Result<crypto::Checkpoint>(got.error());
  const auto theirs = crypto::open_checkpoint(note, directory);
  if (!newest.ok() || !theirs.ok() || theirs->size != tree.size()) return {};
  return two_trees(hub, self, *newest, got->checkpoint, *theirs, note, tree.root());
}

base::Status Replica::read_to(hub::client::Client& hub, const Marks& marks, std::span<const wire::Proven> held, Step& step) {
  const std::uint64_t target = marks.empty() ? 0 : marks.rbegin()->first;
  while (step.frontier.size() < target) {
    TRY_ASSIGN(const base::Bytes data, next_entries(hub, step.frontier.size(), target, held));
    for (std::size_t at = 0; at < data.size(); at += 112) {
      const base::View entry = base::View(data).subspan(at, 112);
      base::Status ok = take_entry(hub, step, entry);
      const auto mark = marks.find(step.frontier.size());
      if (ok.ok() && mark != marks.end() && step.frontier.root() != mark->second.first) {
        ok = base::Error{base::Kind::kCorrupt, "the entries do not give the signed root", "log"};
      }
      if (ok.ok()) continue;
      if (ok.error().kind == base::Kind::kBusy || ok.error().kind == base::Kind::kIo || !held.empty()) return ok;
      const std::string file = mark == marks.end() ? std::string() : other_tree(hub, *this, step.directory ? *step.directory : directory_, mark->second.second, step.frontier);
      fault(ok.error().what, file.empty() ? entry : base::view(file));
      return ok;
    }
  }
  return {};
}

// Entries from `from`: one that the caller holds, or a bundle from the hub.
base::Result<base::Bytes> Replica::next_entries(hub::client::Client& hub, std::uint64_t from, std::uint64_t to, std::span<const wire::Proven> held) {
  for (const wire::Proven& p : held) {
    if (p.index == from && p.ent.size() == 112) return base::Bytes(p.ent);
  }
  wire::LogGet q;
  q.what = wire::LogGet::What::kEntries;
  q.from = from;
  q.to = std::min(to, from + 4096);
  TRY_ASSIGN(wire::LogGot got, hub.log_get(q));
  if (got.data.empty() || got.data.size() % 112 != 0 || got.data.size() / 112 > q.to - q.from) {
    return base::Error{base::Kind::kBusy, "the hub gave no usable entries", "LOGGET"};
  }
  return std::move(got.data);
}

base::Status Replica::take_entry(hub::client::Client& hub, Step& step, base::View bytes) {
  TRY_ASSIGN(const crypto::Ent1 e, crypto::parse_ent1(bytes));
  const std::uint64_t index = step.frontier.size();
  bool seen = false;
  if (e.type == static_cast<std::uint8_t>(EntryType::kAccept) && e.container != step.scan.container) {
    seen = batch_index(e.container).has_value();
    for (const auto& [hash, first] : step.batches) seen = seen || hash == e.container;
    step.batches.emplace_back(e.container, index);
  }
  TRY(scan_entry(step.scan, e, seen));
  if (e.type == static_cast<std::uint8_t>(EntryType::kDir)) TRY(take_note(hub, step, e, index));
  step.entries.push_back(base::to_bytes(bytes));
  step.frontier.append(crypto::merkle_leaf(bytes), [&](unsigned level, std::uint64_t n, const base::Hash& h) {
    if (level > 0 && level % 8 == 0) step.nodes.emplace_back(node_key(level, n), h);
  });
  return {};
}

base::Status Replica::take_note(hub::client::Client& hub, Step& step, const crypto::Ent1& e, std::uint64_t index) {
  if (!step.directory) step.directory = directory_;
  std::string note;
  std::erase_if(ahead_, [&](const wire::DirNote& n) { return n.log_index < index; });
  if (ahead_.empty()) {
    wire::DirGet q;
    q.after = step.directory->seq();
    TRY_ASSIGN(wire::DirGot got, hub.dir_get(q));
    ahead_ = std::move(got.notes);
  }
  for (const wire::DirNote& n : ahead_) {
    if (crypto::sha256(base::view(n.note)) == e.subject) note = n.note;
  }
  if (note.empty()) {
    ahead_.clear();
    alarms_.raise("note", "the hub does not hand out a note that it logged, so nothing after it can be judged: it may hide a revocation or a key");
    return base::Error{base::Kind::kBusy, "the hub does not hand out a note that it logged", "DIRGET"};
  }
  alarms_.clear("note");
  auto added = step.directory->add(note, index, e.hub_time);
  if (!added) return base::Error{base::Kind::kCorrupt, "a logged note is not valid where it stands: " + added.error().what, "log"};
  step.notes.push_back({index, e.hub_time, std::move(note)});
  return {};
}

base::Status Replica::check_older(const crypto::Checkpoint& c, const std::string& note) {
  base::Hash mine = frontier_.root();
  if (c.size != frontier_.size()) {
    TRY_ASSIGN(mine, root_at(c.size));
  }
  if (mine == c.root) return {};
  if (crypto::log_key_replaced(directory_, c.size)) {  // whoever stole it may have signed this: it convicts nobody
    return base::Error{base::Kind::kBadSignature, "a checkpoint of another tree, signed with a log key that has been replaced", "log"};
  }
  fault("two signed trees of " + std::to_string(c.size) + " entries differ", base::view(two_trees(*this, c, note)));
  return base::Error{base::Kind::kCorrupt, "a checkpoint contradicts the kept log", "log"};
}

void Replica::write(Tx& tx, const Step& step) const {
  for (std::size_t i = 0; i < step.entries.size(); ++i) tx.put(Table::kLog, key_of(step.from + i), step.entries[i]);
  for (const auto& [key, hash] : step.nodes) tx.put(Table::kNode, key, hash);
  for (const auto& [hash, index] : step.batches) tx.put(Table::kAccept, tx.key("batch", hash), key_of(index));
  std::uint64_t seq = step.scan.dir_seq - step.notes.size();
  for (const NoteRow& n : step.notes) tx.put(Table::kDir, key_of(++seq), pack(n));
  if (!step.entries.empty() || !step.checkpoint.empty()) tx.put(Table::kMeta, base::view(kState), pack(step.frontier.size(), step.frontier.hashes(), step.scan, step.checkpoint));
}

void Replica::adopt(Step step) {
  const std::lock_guard lock(mutex_);
  frontier_ = std::move(step.frontier);
  scan_ = std::move(step.scan);
  checkpoint_ = std::move(step.checkpoint);
  if (step.directory) directory_ = std::move(*step.directory);
}

base::Status Replica::sync(hub::client::Client& hub, std::string_view checkpoint, std::span<const wire::Proven> held, const Job& also) {
  const auto mine = turn();
  std::string newest(checkpoint);
  if (newest.empty()) {
    wire::LogGet q;
    q.what = wire::LogGet::What::kCheckpoint;
    TRY_ASSIGN(wire::LogGot got, hub.log_get(q));
    newest = std::move(got.checkpoint);
  }
  TRY_ASSIGN(Step step, fetch(hub, {&newest, 1}, held));
  if (!step.entries.empty() || also) {
    TRY(store_.write([&](Tx& tx) -> base::Status {
      if (!step.entries.empty()) write(tx, step);
      return also ? also(tx) : base::Status{};
    }));
  }
  adopt(std::move(step));
  return {};
}

std::optional<base::Fixed<112>> Replica::entry(std::uint64_t index) const {
  std::optional<base::Fixed<112>> out;
  (void)store_.read([&](Tx& tx) {
    if (const auto e = tx.get(Table::kLog, key_of(index)); e && e->size() == 112) out = base::fixed<112>(*e);
    return base::Status{};
  });
  return out;
}

std::optional<std::uint64_t> Replica::batch_index(const base::Hash& batch_hash) const {
  std::optional<std::uint64_t> out;
  (void)store_.read([&](Tx& tx) {
    if (const auto v = tx.get(Table::kAccept, tx.key("batch", batch_hash)); v && v->size() == 8) out = number_in(*v);
    return base::Status{};
  });
  return out;
}

// Kept are the entries and every eighth level; the levels between are recomputed (at most 128 hashes each).
std::optional<base::Hash> Replica::node(Tx& tx, unsigned level, std::uint64_t index) {
  if (level == 0) {
    const auto e = tx.get(Table::kLog, key_of(index));
    if (!e) return std::nullopt;
    return crypto::merkle_leaf(*e);
  }
  if (level % 8 == 0) {
    const auto h = tx.get(Table::kNode, node_key(level, index));
    if (!h || h->size() != 32) return std::nullopt;
    return base::fixed<32>(*h);
  }
  const auto l = node(tx, level - 1, 2 * index), r = node(tx, level - 1, 2 * index + 1);
  if (!l || !r) return std::nullopt;
  return crypto::merkle_node(*l, *r);
}

base::Result<std::vector<base::Hash>> Replica::inclusion(std::uint64_t index, std::uint64_t size) const {
  std::vector<base::Hash> path;
  TRY(store_.read([&](Tx& tx) -> base::Status {
    TRY_ASSIGN(path, crypto::prove_inclusion(index, size, [&](unsigned level, std::uint64_t n) { return node(tx, level, n); }));
    return {};
  }));
  return path;
}

base::Result<std::vector<base::Hash>> Replica::consistency(std::uint64_t old_size, std::uint64_t size) const {
  std::vector<base::Hash> path;
  TRY(store_.read([&](Tx& tx) -> base::Status {
    TRY_ASSIGN(path, crypto::prove_consistency(old_size, size, [&](unsigned level, std::uint64_t n) { return node(tx, level, n); }));
    return {};
  }));
  return path;
}

base::Result<base::Hash> Replica::root_at(std::uint64_t size) const {
  base::Hash root{};
  TRY(store_.read([&](Tx& tx) -> base::Status {
    TRY_ASSIGN(root, crypto::root_at(size, [&](unsigned level, std::uint64_t n) { return node(tx, level, n); }));
    return {};
  }));
  return root;
}

}  // namespace adapters::agent::keep
