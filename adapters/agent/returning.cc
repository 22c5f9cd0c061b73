// Gathering what a hub may have lost.
#include "adapters/agent/returning.h"

#include "adapters/agent/backup.h"
#include "adapters/agent/files.h"
#include "adapters/agent/keep/for_hub.h"
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/records.h"
#include "adapters/agent/keep/replica.h"
#include "adapters/agent/ledger/logged.h"
#include "schemas/returned.h"

namespace adapters::agent {
namespace {

using keep::Table;

void gather_log(keep::Tx& tx, std::uint64_t from, std::uint64_t size, schemas::Returned& out) {
  out.from = std::min(from, size);
  tx.scan(Table::kLog, keep::key_of(out.from), [&](base::View k, base::View v) {
    if (keep::number_in(k) >= size) return false;
    base::append(out.entries, v);
    return true;
  });
  tx.scan(Table::kDir, {}, [&](base::View, base::View v) {
    auto note = keep::unpack<keep::NoteRow>(v);
    if (note && note->index >= out.from) out.notes.push_back(std::move(note->text));
    return true;
  });
  tx.scan(Table::kPolicy, {}, [&](base::View, base::View v) {
    out.texts.push_back(base::to_string(v));
    return true;
  });
  for (const ledger::LoggedHead& h : ledger::logged(tx)) out.notes.push_back(h.note);
}

void gather_mail(keep::Tx& tx, std::uint64_t from, schemas::Returned& out) {
  tx.scan(Table::kBatch, {}, [&](base::View, base::View v) {
    const auto row = keep::unpack<keep::BatchRow>(v);
    // In flight counts: the hub may have logged it and lost the answer together with its disk.
    if (row && !row->frame.empty() && (row->first_index == keep::kNoIndex || row->first_index >= from)) out.batches.push_back(row->frame);
    return true;
  });
  tx.scan(Table::kReceipt, {}, [&](base::View, base::View v) {
    if (v.size() == 248) out.receipts.push_back(base::to_bytes(v));
    return true;
  });
  keep::visit_for_hub(tx, [&](keep::ForHub kind, base::View bytes) {
    if (kind == keep::ForHub::kBatch) out.batches.push_back(base::to_bytes(bytes));
    if (kind == keep::ForHub::kReceipt && bytes.size() == 248) out.receipts.push_back(base::to_bytes(bytes));
  });
}

}  // namespace

base::Result<Returned> return_to_hub(const Settings& s, std::uint64_t from, const std::string& file, crypto::Random& random, const char* credentials_directory) {
  TRY_ASSIGN(const auto vault, open_vault(s, random, credentials_directory));
  TRY_ASSIGN(const auto store, keep::Store::open_beside(s.dir + "/store", vault->store_key(), random, s.store_bytes));
  TRY_ASSIGN(const std::string anchor, read_text(s.dir + "/anchor.note"));
  Alarms alarms;
  TRY_ASSIGN(const auto replica, keep::Replica::open(*store, anchor, alarms));
  schemas::Returned out;
  out.checkpoint = replica->checkpoint();
  TRY(store->read([&](keep::Tx& tx) {
    gather_log(tx, from, replica->size(), out);
    gather_mail(tx, from, out);
    return base::Status{};
  }));
  TRY(write_atomic(file, schemas::encode(out)));
  return Returned{replica->size(), out.batches.size(), out.receipts.size(), out.notes.size()};
}

}  // namespace adapters::agent
