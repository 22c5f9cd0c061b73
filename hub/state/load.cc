// Starting: a new log from its anchor, or the state that an earlier process left, cross-checked against itself.
#include "crypto/log_keys.h"
#include "crypto/note.h"
#include "hub/state/internal/machine.h"
#include "hub/state/state.h"
#include "hub/state/tree.h"

namespace hub::state {
namespace {

base::Error corrupt(std::string what) {
  return {base::Kind::kCorrupt, std::move(what), "hub store", "run check; restore from a backup or from the agents"};
}

base::Status check_version(const ReadKv& kv) {
  const auto v = kv.get(Table::kMeta, base::view("store_version"));
  if (!v || v->size() != 4) return corrupt("the store has no version");
  const auto version = base::load_le<std::uint32_t>(v->data());
  if (version > kStoreVersion)
    return base::Error{base::Kind::kUnsupported, "the store was written by a newer version", "hub store", "update this program"};
  if (version != kStoreVersion) return corrupt("the store has an unknown version");
  return {};
}

// What witnesses have signed must be a part of this tree: a log is never continued below or beside it.
base::Status check_witnessed(const ReadKv& kv, const Machine& m) {
  std::string note;
  kv.scan_back(Table::kWitnessed, {}, [&](base::View, base::View v) {
    if (v.size() > 8) note = base::to_string(v.subspan(8));
    return false;
  });
  if (note.empty()) return {};
  const auto c = crypto::open_checkpoint(note, m.directory);
  if (!c.ok()) return corrupt("the newest witnessed checkpoint does not verify");
  if (c->size > m.frontier.size()) return corrupt("witnesses have signed " + std::to_string(c->size) + " entries, and the log has " + std::to_string(m.frontier.size()));
  const auto root = crypto::root_at(c->size, node_reader(kv));
  if (!root.ok() || *root != c->root) return corrupt("witnesses have signed another tree of " + std::to_string(c->size) + " entries");
  return {};
}

// Frontier, node rows and the newest checkpoint must tell the same tree.
base::Status load_tree(const ReadKv& kv, Machine& m, StateRow row) {
  auto frontier = crypto::Frontier::from(row.size, std::move(row.edge));
  if (!frontier.ok()) return frontier.error();
  m.frontier = std::move(frontier).value();
  const auto root = crypto::root_at(row.size, node_reader(kv));
  if (!root.ok()) return corrupt("a node of the tree is missing");
  if (*root != m.frontier.root()) return corrupt("the tree's nodes do not give the frontier's root");
  if (kv.get(Table::kLog, key(row.size))) return corrupt("the log is longer than the state says");
  kv.scan_back(Table::kCheckpoint, {}, [&](base::View, base::View v) {
    m.checkpoint = base::to_string(v);
    return false;
  });
  auto c = crypto::open_checkpoint(m.checkpoint, m.directory);
  if (!c.ok()) return corrupt("the newest checkpoint does not verify");
  if (c->size != row.size || c->root != *root) return corrupt("the newest checkpoint is of another tree");
  return check_witnessed(kv, m);
}

base::Status load_directory(const ReadKv& kv, Machine& m) {
  base::Status bad;
  std::uint64_t expect = 1;
  kv.scan(Table::kDir, {}, [&](base::View k, base::View v) {
    if (k.size() != 8 || base::load_be<std::uint64_t>(k.data()) != expect || v.size() < 16) {
      bad = corrupt("the directory's notes are not in sequence");
      return false;
    }
    const auto index = base::load_le<std::uint64_t>(v.data());
    const base::Instant at{base::load_le<std::uint64_t>(v.data() + 8)};
    auto seq = m.directory.add(base::text(v.subspan(16)), index, at);
    if (!seq.ok() || *seq != expect) {
      bad = corrupt("directory note " + std::to_string(expect) + " is not valid where it stands");
      return false;
    }
    m.dir_times.push_back(at);
    ++expect;
    return true;
  });
  return bad;
}

bool same_text(std::string_view whole_a, std::string_view whole_b) {
  const auto a = crypto::parse_note(whole_a), b = crypto::parse_note(whole_b);
  return a.ok() && b.ok() && a->text == b->text;
}

}  // namespace

base::Result<State> State::load(const ReadKv& kv, std::string_view anchor, const crypto::SignKey& log_key) {
  return load(kv, anchor, [&log_key](const crypto::Anchor& a) { return a.log.key == log_key.public_key() ? &log_key : nullptr; });
}

base::Result<State> State::load(const ReadKv& kv, std::string_view anchor, const LogKeys& keys) {
  return load(kv, anchor, [&keys](const crypto::Anchor& a) { return keys.fit(a); });
}

base::Result<State> State::load(const ReadKv& kv, std::string_view anchor, KeyFor key_for) {
  const auto stored = kv.get(Table::kMeta, base::view("state"));
  std::string first(anchor);
  if (stored) {
    TRY(check_version(kv));
    const auto v = kv.get(Table::kMeta, base::view("anchor"));
    if (!v) return corrupt("the store has no anchor");
    first = base::to_string(*v);
  }
  TRY_ASSIGN(crypto::Directory directory, crypto::Directory::start(first));
  auto m = std::make_unique<Machine>(std::move(directory));
  m->anchor = first;
  m->key_for = std::move(key_for);
  if (stored) {
    auto row = parse_state_row(*stored);
    if (!row) return corrupt("the state row is damaged");
    TRY(load_directory(kv, *m));
    m->limits = limits_of(m->directory.anchor());
    m->hub_time = {row->hub_time};
    m->hub_subject = row->hub_subject;
    m->agents = row->agents;
    m->checkpoints = row->checkpoints;
    const auto now = crypto::parse_note(anchor);
    if (!now.ok() || (!same_text(anchor, first) && now->text != m->directory.anchor().text())) {
      return base::Error{base::Kind::kConflict, "this store belongs to another anchor", "anchor",
                         "use the anchor that the log began with, or the newest one in it"};
    }
    TRY(load_tree(kv, *m, *std::move(row)));
  }
  m->log_key = m->key_for(m->directory.anchor());
  if (m->log_key == nullptr) return base::Error{base::Kind::kConflict, "the log key is not the one that the anchor names", "log key"};
  if (!stored) m->checkpoint = crypto::sign_checkpoint({m->directory.anchor().log.name, 0, m->frontier.root()}, *m->log_key);
  return State(std::move(m));
}

}  // namespace hub::state
