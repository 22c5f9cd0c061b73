// A week of ledger, refusals and break-glass.
#include "adapters/agent/account/review.h"

#include <algorithm>

#include "adapters/agent/ledger/ledger.h"
#include "adapters/agent/mail/glass.h"
#include "crypto/note.h"

namespace adapters::agent::account {
namespace {

using keep::Table;

constexpr std::uint64_t kWeek = 7 * base::kDay, kMonday = 3 * base::kDay;  // 1970 began on a Thursday

void count_access(keep::Tx& tx, Week& w) {
  const base::Instant from = begin_of(w.week), until = begin_of(w.week + 1);
  for (std::uint64_t seq = ledger::head(tx).size; seq > 0; --seq) {
    const auto row = ledger::row(tx, seq);
    if (!row || row->at < from) break;
    if (row->at >= until) continue;
    ++w.access[std::string(ledger::name(row->access))];
    if (w.ledger_size == 0) w.ledger_size = seq;
  }
}

}  // namespace

std::uint64_t week_of(base::Instant at) { return (at.ms + kMonday) / kWeek; }
base::Instant begin_of(std::uint64_t week) { return {week * kWeek - std::min(kMonday, week * kWeek)}; }

Week week(keep::Tx& tx, std::uint64_t number) {
  Week w;
  w.week = number;
  count_access(tx, w);
  if (w.ledger_size == 0) w.ledger_size = ledger::head(tx).size;
  w.ledger_head = ledger::hash_at(tx, w.ledger_size);
  w.ledger_whole = !ledger::first_bad(tx);
  const base::Instant from = begin_of(number), until = begin_of(number + 1);
  tx.scan_back(Table::kRefusal, {}, [&](base::View, base::View v) {
    const auto r = keep::unpack<keep::RefusalRow>(v);
    if (!r || r->at >= until) return true;
    if (r->at < from) return false;
    ++w.denials[r->rule.empty() ? r->code : r->rule];
    return true;
  });
  for (const keep::GlassRow& g : mail::uses_of_glass(tx, true)) {
    if (g.at < until) w.unreviewed.push_back(g.msg_id);
  }
  w.signed_off = keep::find<ReviewRow>(tx, Table::kReview, keep::key_of(number));
  return w;
}

base::Result<ReviewRow> sign_off(keep::Tx& tx, const mail::Desk& desk, const Vault& vault, ReviewRow row) {
  using base::Error;
  using base::Kind;
  if (row.finding != "nothing" && row.finding != "followed_up") return Error{Kind::kUsage, "there is no such finding", "finding", "nothing or followed_up"};
  if (row.finding == "followed_up" && row.words.empty()) return Error{Kind::kUsage, "say what was done", "words", "--words 'asked m.okafor, see the incident file'"};
  if (begin_of(row.week + 1) > desk.now) return Error{Kind::kConflict, "that week is not over", "week", "review it from Monday on"};
  const Week w = week(tx, row.week);
  if (w.signed_off) return Error{Kind::kConflict, "it was signed by " + w.signed_off->by, "week", "see: handoff audit review"};
  row.at = desk.now;
  crypto::Note note;
  note.text = "sfh-review/v1\nfrom " + base::rfc3339(begin_of(row.week)) + "\nuntil " + base::rfc3339(begin_of(row.week + 1)) + "\nledger " + std::to_string(w.ledger_size) + " " +
              base::base64(base::View(w.ledger_head)) + "\nby " + row.by + "\nfinding " + row.finding + "\nsigned " + base::rfc3339(row.at) + "\n";
  note.sign(crypto::agent_name(desk.directory.anchor().consortium, desk.self), vault.sign());
  row.note = note.whole();
  tx.put(Table::kReview, keep::key_of(row.week), keep::pack(row));
  return row;
}

std::vector<ReviewRow> reviews(keep::Tx& tx) {
  std::vector<ReviewRow> out;
  tx.scan(Table::kReview, {}, [&](base::View, base::View v) {
    if (auto row = keep::unpack<ReviewRow>(v)) out.push_back(std::move(*row));
    return true;
  });
  return out;
}

std::optional<std::uint64_t> first_unsigned(keep::Tx& tx, base::Instant now) {
  const auto first = ledger::row(tx, 1);
  if (!first) return std::nullopt;
  for (std::uint64_t w = week_of(first->at); begin_of(w + 1) <= now; ++w) {
    if (!tx.has(Table::kReview, keep::key_of(w))) return w;
  }
  return std::nullopt;
}

}  // namespace adapters::agent::account
