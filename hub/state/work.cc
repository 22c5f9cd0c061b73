// One record being applied: entries, cached rows, and the checkpoint at its end.
#include <algorithm>

#include "crypto/note.h"
#include "hub/state/internal/machine.h"
#include "hub/state/tree.h"

namespace hub::state {

Limits limits_of(const crypto::Anchor& anchor) {
  Limits l;
  const std::pair<std::string_view, std::uint64_t*> known[] = {
      {"batch-frame-bytes", &l.frame}, {"groups-per-batch", &l.groups}, {"messages-per-group", &l.messages},
      {"slots-per-group", &l.slots},   {"body-bytes", &l.body},         {"note-bytes", &l.note},
      {"age-ms", &l.age_ms},           {"clock-skew-ms", &l.skew_ms},   {"mailbox-groups", &l.mailbox},
  };
  for (const auto& [name, value] : anchor.limits) {
    for (const auto& [known_name, field] : known) {
      if (name == known_name) *field = std::min(*field, value);  // never raised
    }
  }
  return l;
}

base::Status Work::entry(schemas::EntryType type, const base::Hash& subject, const base::Hash& container, std::uint32_t count,
                         std::uint16_t flags) {
  crypto::Ent1 e;
  e.type = static_cast<std::uint8_t>(type);
  e.flags = flags;
  e.hub_time = hub_time;
  e.count = count;
  e.dir_seq = m.directory.seq();
  e.subject = subject;
  e.container = container;
  return append_leaf(kv, m.frontier, crypto::encode(e));
}

AgentRow* Work::find_agent(const base::Id& id) {
  auto [it, fresh] = agents_.try_emplace(id);
  if (fresh) {
    if (const auto v = kv.get(Table::kAgent, id)) it->second = parse_agent_row(*v);
  }
  return it->second ? &*it->second : nullptr;
}

AgentRow& Work::agent(const base::Id& id) {
  if (AgentRow* known = find_agent(id)) return *known;
  AgentRow row;
  row.no = ++m.agents;
  return *(agents_[id] = row);
}

PairRow* Work::find_pair(const base::Id& sender, const base::Id& recipient) {
  const auto k = key(sender, recipient);
  auto [it, fresh] = pairs_.try_emplace(k);
  if (fresh) {
    if (const auto v = kv.get(Table::kPair, k)) it->second = parse_pair_row(*v);
  }
  return it->second ? &*it->second : nullptr;
}

PairRow& Work::pair(const base::Id& sender, const base::Id& recipient) {
  if (PairRow* known = find_pair(sender, recipient)) return *known;
  return *(pairs_[key(sender, recipient)] = PairRow{});
}

base::Result<std::optional<InboxRow>> Work::leave_mailbox(const base::Id& sender, const base::Id& recipient, std::uint64_t index) {
  AgentRow* box = find_agent(recipient);
  if (box == nullptr) return std::optional<InboxRow>();
  const auto k = key(box->no, index);
  const auto v = kv.get(Table::kInbox, k);
  const auto row = v ? parse_inbox_row(*v) : std::nullopt;
  if (!row) return std::optional<InboxRow>();
  TRY(kv.erase(Table::kInbox, k));
  if (box->waiting > 0) --box->waiting;
  if ((row->flags & InboxRow::kBroadcast) == 0) {
    if (PairRow* p = find_pair(sender, recipient); p != nullptr && p->waiting > 0) --p->waiting;
  }
  return row;
}

std::optional<crypto::Ent1> Work::accept_entry(std::uint64_t index) const {
  const auto v = kv.get(Table::kLog, key(index));
  if (!v || v->size() != kLogRow) return std::nullopt;
  auto e = crypto::parse_ent1(v->first(112));
  if (!e.ok() || e->type != static_cast<std::uint8_t>(schemas::EntryType::kAccept)) return std::nullopt;
  return std::move(e).value();
}

base::Status Work::keep(base::View record) { return kv.put(Table::kRec, crypto::sha256(record), record); }

base::Status Work::checkpoint() {
  m.checkpoint = crypto::sign_checkpoint({m.directory.anchor().log.name, m.frontier.size(), m.frontier.root()}, *m.log_key);
  TRY(kv.append(Table::kCheckpoint, key(m.frontier.size()), base::view(m.checkpoint)));
  if (++m.checkpoints <= kKeepCheckpoints) return {};
  base::Bytes oldest;
  kv.scan(Table::kCheckpoint, {}, [&](base::View k, base::View) {
    oldest = base::to_bytes(k);
    return false;
  });
  --m.checkpoints;
  return kv.erase(Table::kCheckpoint, oldest);
}

base::Status Work::finish() {
  if (m.frontier.size() == size_before_) return {};
  for (const auto& [id, row] : agents_) {
    if (row) TRY(kv.put(Table::kAgent, id, encode(*row)));
  }
  for (const auto& [k, row] : pairs_) {
    if (row) TRY(kv.put(Table::kPair, k, encode(*row)));
  }
  if (size_before_ == 0) {
    base::Fixed<4> version;
    base::store_le(version.data(), kStoreVersion);
    TRY(kv.put(Table::kMeta, base::view("store_version"), version));
    TRY(kv.put(Table::kMeta, base::view("anchor"), base::view(m.anchor)));
  }
  m.hub_time = hub_time;
  TRY(checkpoint());
  StateRow row{m.frontier.size(), m.hub_time.ms, m.hub_subject, m.agents, m.checkpoints, m.frontier.hashes()};
  return kv.put(Table::kMeta, base::view("state"), encode(row));
}

}  // namespace hub::state
