// Heads of the ledger, from the note that is due to what is held against the log.
#include "adapters/agent/ledger/logged.h"

#include "schemas/registry.h"

namespace adapters::agent::ledger {
namespace {

using keep::Table;

// What the row says must be what was signed, and what was signed must be what was logged.
bool is_logged(const LoggedHead& h, const keep::Replica& replica) {
  const auto note = crypto::parse_note(h.note);
  if (!note.ok()) return false;
  const auto head = crypto::parse_ledger(note->text);
  const auto bytes = replica.entry(h.index);
  const auto entry = bytes ? crypto::parse_ent1(*bytes) : base::Result<crypto::Ent1>(base::malformed("not here", "log"));
  return head.ok() && entry.ok() && entry->type == static_cast<std::uint8_t>(schemas::EntryType::kHead) && entry->subject == note->whole_hash() && head->size == h.size && head->root == h.hash;
}

}  // namespace

std::vector<LoggedHead> logged(keep::Tx& tx) {
  std::vector<LoggedHead> out;
  tx.scan(Table::kHead, {}, [&](base::View, base::View v) {
    if (auto row = keep::unpack<LoggedHead>(v)) out.push_back(std::move(*row));
    return true;
  });
  return out;
}

void save(keep::Tx& tx, const LoggedHead& row) { tx.put(Table::kHead, keep::key_of(row.day), keep::pack(row)); }

void drop(keep::Tx& tx, const LoggedHead& row) { tx.erase(Table::kHead, keep::key_of(row.day)); }

std::optional<crypto::LedgerNote> head_due(keep::Tx& tx, const base::Hash& cert, std::uint64_t day) {
  const Head now = head(tx);
  const std::vector<LoggedHead> before = logged(tx);
  const LoggedHead last = before.empty() ? LoggedHead{} : before.back();
  if (now.size == last.size || (!before.empty() && last.day >= day)) return std::nullopt;
  crypto::LedgerNote note;
  note.cert = cert, note.size = now.size, note.root = now.hash;
  const auto prev = crypto::parse_note(last.note);
  if (prev.ok()) note.prev = prev->hash();
  return note;
}

std::optional<Disagreement> against_log(keep::Tx& tx, const keep::Replica& replica) {
  const std::uint64_t size = head(tx).size;
  std::uint64_t held = 0;
  const std::vector<LoggedHead> all = logged(tx);
  for (const LoggedHead& h : all) {
    const bool newest = h.day == all.back().day;  // it may be on its way, or in entries that are not read yet; the next one must follow it
    if (newest && (h.index == keep::kNoIndex || h.index >= replica.size())) continue;
    if (!is_logged(h, replica)) return Disagreement{held + 1, "the head of it that is kept here is not the one in the hub's log"};
    if (h.size > size) return Disagreement{size + 1, "the hub's log has a head of " + std::to_string(h.size) + " rows"};
    if (hash_at(tx, h.size) != h.hash) return Disagreement{held + 1, "the rows up to #" + std::to_string(h.size) + " are not those that entry " + std::to_string(h.index) + " of the hub's log holds"};
    held = h.size;
  }
  return std::nullopt;
}

}  // namespace adapters::agent::ledger
