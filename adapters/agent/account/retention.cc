// Purging, a thread at a time.
#include "adapters/agent/account/retention.h"

#include <algorithm>
#include <set>

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/merkle.h"
#include "crypto/note.h"

namespace adapters::agent::account {
namespace {

using keep::Table;

struct Held {
  bool all = false;
  std::set<base::Id> threads;
  [[nodiscard]] bool has(const base::Id& id) const { return all || threads.contains(id); }
};
Held held_now(keep::Tx& tx) {
  Held out;
  for (const HoldRow& h : holds(tx)) {
    if (h.released.ms != 0) continue;
    out.all = out.all || base::all_zero(h.thread_id);
    out.threads.insert(h.thread_id);
  }
  return out;
}

bool closed(const keep::ThreadRow& row) { return row.loop == "closed" || row.loop == "closed_unresolved"; }
bool old_enough(const mail::Desk& desk, const keep::ThreadRow& row) { return desk.policy != nullptr && closed(row) && row.updated.plus(desk.policy->retention.content.ms) <= desk.now; }

// What the tombstone says the content was: a hash over the leaves, which the log proves.
base::Hash digest_of(const std::vector<keep::Message>& all) {
  base::Bytes leaves;
  for (const keep::Message& m : all) base::append(leaves, m.leaf);
  return crypto::sha256(leaves);
}

std::string note_of(const mail::Desk& desk, const Vault& vault, const base::Id& thread, const std::vector<keep::Message>& all) {
  crypto::Note note;
  note.text = "sfh-tombstone/v1\nthread " + base::uuid(thread) + "\nmessages " + std::to_string(all.size()) + "\nleaves " + base::base64(digest_of(all)) + "\nfrom " +
              base::rfc3339(all.empty() ? base::Instant{} : all.front().created) + "\npolicy " + std::to_string(desk.policy->version) + "\npurged " + base::rfc3339(desk.now) + "\n";
  note.sign(crypto::agent_name(desk.directory.anchor().consortium, desk.self), vault.sign());
  return note.whole();
}

void forget(keep::Tx& tx, const mail::Desk& desk, keep::Message m) {
  m.body.clear();
  m.expired = true;
  blob::drop_source(tx, m.msg_id);
  if (m.index != keep::kNoIndex && !m.outgoing) tx.erase(Table::kProof, keep::key_of(m.index));
  mail::save_message(tx, desk.self, m);
}

}  // namespace

Retained retained(keep::Tx& tx, const mail::Desk& desk) {
  Retained out;
  const Held held = held_now(tx);
  if (desk.policy != nullptr) out.policy = desk.policy->version, out.content_ms = desk.policy->retention.content.ms, out.audit_ms = desk.policy->retention.audit.ms;
  tx.scan(Table::kRecent, {}, [&](base::View, base::View id) {
    const auto row = id.size() == 16 ? mail::thread(tx, base::fixed<16>(id)) : std::nullopt;
    if (!row) return true;
    if (tombstone(tx, row->thread_id)) {
      ++out.purged;
      return true;
    }
    ++out.kept;
    if (out.oldest.ms == 0 || row->updated < out.oldest) out.oldest = row->updated;
    if (!old_enough(desk, *row)) return true;
    if (held.has(row->thread_id)) {
      ++out.held;
    } else {
      ++out.due;
      if (out.next.size() < 100) out.next.push_back(row->thread_id);
    }
    return true;
  });
  return out;
}

base::Status purge(keep::Tx& tx, const mail::Desk& desk, const Vault& vault, const base::Id& thread) {
  using base::Error;
  using base::Kind;
  const auto row = mail::thread(tx, thread);
  if (!row) return Error{Kind::kNotFound, "there is no such thread here", "thread", "see: handoff retention status"};
  if (held_now(tx).has(thread)) return Error{Kind::kConflict, "a hold stands on it", "thread", "handoff retention release, when the matter is over"};
  if (!old_enough(desk, *row)) return Error{Kind::kConflict, "its time has not come, or its loop is open", "thread", "see: handoff retention status"};
  if (tombstone(tx, thread)) return {};
  std::vector<keep::Message> all;
  for (const std::uint64_t seq : mail::thread_messages(tx, thread)) {
    if (auto m = mail::message(tx, seq)) all.push_back(std::move(*m));
  }
  const TombstoneRow stone{thread, desk.now, static_cast<std::uint32_t>(all.size()), note_of(desk, vault, thread, all)};
  for (const keep::Message& m : all) forget(tx, desk, m);
  for (const keep::BlobRow& b : blob::rows(tx, [&](const keep::BlobRow& r) { return r.thread_id == thread; })) blob::drop_bytes(tx, b);
  tx.put(Table::kTombstone, tx.key("tombstone", thread), keep::pack(stone));
  return {};
}

std::optional<TombstoneRow> tombstone(keep::Tx& tx, const base::Id& thread) { return keep::find<TombstoneRow>(tx, Table::kTombstone, tx.key("tombstone", thread)); }

std::vector<TombstoneRow> tombstones(keep::Tx& tx) {
  std::vector<TombstoneRow> out;
  tx.scan(Table::kTombstone, {}, [&](base::View, base::View v) {
    if (auto row = keep::unpack<TombstoneRow>(v)) out.push_back(std::move(*row));
    return true;
  });
  std::ranges::sort(out, {}, &TombstoneRow::at);
  return out;
}

std::uint64_t place_hold(keep::Tx& tx, HoldRow row) {
  row.id = tx.next(Table::kHold);
  tx.put(Table::kHold, keep::key_of(row.id), keep::pack(row));
  return row.id;
}

base::Status release_hold(keep::Tx& tx, std::uint64_t id, const std::string& by, base::Instant now) {
  auto row = keep::find<HoldRow>(tx, Table::kHold, keep::key_of(id));
  if (!row) return base::Error{base::Kind::kNotFound, "there is no such hold", "id", "see: handoff retention status"};
  if (row->released.ms == 0) row->released = now, row->released_by = by;
  tx.put(Table::kHold, keep::key_of(id), keep::pack(*row));
  return {};
}

std::vector<HoldRow> holds(keep::Tx& tx) {
  std::vector<HoldRow> out;
  tx.scan(Table::kHold, {}, [&](base::View, base::View v) {
    if (auto row = keep::unpack<HoldRow>(v)) out.push_back(std::move(*row));
    return true;
  });
  return out;
}

}  // namespace adapters::agent::account
