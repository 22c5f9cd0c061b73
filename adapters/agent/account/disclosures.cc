// What counts as a disclosure, and what the law asks to be told of it.
#include "adapters/agent/account/disclosures.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "adapters/agent/ledger/fields.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::account {
namespace {

using keep::Table;
using schemas::MsgKind;
using schemas::Purpose;

constexpr std::uint64_t kAloud = 30 * base::kDay;  // 164.528(a)(2)(ii)

// Kinds that say nothing of a person.
bool about_nobody(std::uint16_t kind) {
  const auto k = static_cast<MsgKind>(kind);
  return k == MsgKind::kCapacity || k == MsgKind::kCapacityInquiry || k == MsgKind::kCapacityReply || k == MsgKind::kReceipt || k == MsgKind::kControl || k == MsgKind::kLoopFacts ||
         k == MsgKind::kAcknowledgement || k == MsgKind::kBlobPart;
}

// 164.528(a)(1): treatment, and what the person has authorized, need no account; 42 CFR 2.25 wants Part 2 records told all the same.
std::string exemption(const Disclosure& d) {
  if (d.part2 || d.forwarded) return {};
  if (d.basis == "consent" || !d.consent.empty()) return "consent";
  const auto p = static_cast<Purpose>(d.purpose);
  return (p == Purpose::kTreat || p == Purpose::kCoord) && d.basis == "treatment" ? "treatment" : "";
}

std::set<std::string> labels_of(keep::Tx& tx, const keep::Message& m, const schemas::Body* body) {
  std::set<std::string> out;
  const auto opening = mail::opening_of(tx, m.thread_id);
  const auto* own = body != nullptr ? std::get_if<schemas::Referral>(&body->payload) : nullptr;
  if (own != nullptr) out.insert(own->labels.begin(), own->labels.end());
  if (own == nullptr && opening) out.insert(opening->labels.begin(), opening->labels.end());
  if (body != nullptr) out.insert(body->labels.begin(), body->labels.end());
  return out;
}

void fill(keep::Tx& tx, const keep::Message& m, Disclosure& d) {
  const auto decision = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(m.seq));
  if (decision) d.rules = decision->rules;
  const auto body = schemas::decode_body(m.body);
  const auto opening = mail::opening_of(tx, m.thread_id);
  const auto* own = body.ok() ? std::get_if<schemas::Referral>(&body->payload) : nullptr;
  const schemas::Referral* referral = own != nullptr ? own : opening ? &*opening : nullptr;
  if (referral != nullptr) d.basis = referral->authority_basis, d.consent = referral->consent_ref;
  if (!body.ok()) return;  // purged, or expired
  if (!body->authority_basis.empty()) d.basis = body->authority_basis;
  if (!body->consent_ref.empty()) d.consent = body->consent_ref;
  d.part2 = labels_of(tx, m, &*body).contains("part2");
  d.forwarded = !base::all_zero(body->forwards);
  const auto json = schemas::to_json(*body);
  if (!json) return;
  d.fields = ledger::fields_in(*json);
  if (decision) std::erase_if(d.fields, [&](const std::string& f) { return std::ranges::find(decision->withheld, f) != decision->withheld.end(); });
}

}  // namespace

std::vector<Disclosure> disclosures(keep::Tx& tx, const mail::Desk& desk, const std::vector<base::Id>& threads, base::Instant since) {
  std::vector<Disclosure> out;
  for (const base::Id& thread : threads) {
    for (const std::uint64_t seq : mail::thread_messages(tx, thread)) {
      const auto m = mail::message(tx, seq);
      if (!m || !m->outgoing || m->sent.ms == 0 || m->sent < since || about_nobody(m->kind)) continue;
      Disclosure d;
      d.at = m->sent, d.msg_id = m->msg_id, d.thread_id = thread, d.kind = m->kind, d.purpose = m->purpose;
      fill(tx, *m, d);
      d.exempt = exemption(d);
      for (const base::Id& to : m->to) {
        if (to == desk.self) continue;
        d.to = to;
        out.push_back(d);
      }
    }
  }
  std::ranges::stable_sort(out, std::ranges::greater(), &Disclosure::at);
  return out;
}

std::vector<Flow> flows(keep::Tx& tx, const mail::Desk& desk, std::string_view to_kind, base::Instant since, base::Instant until) {
  std::map<std::tuple<std::string, std::uint16_t, std::string>, Flow> rows;
  tx.scan(Table::kMessage, {}, [&](base::View, base::View v) {
    const auto m = keep::unpack<keep::Message>(v);
    if (!m || !m->outgoing || m->sent.ms == 0 || m->sent < since || m->sent >= until || about_nobody(m->kind)) return true;
    const auto decision = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(m->seq));
    const auto body = schemas::decode_body(m->body);
    const std::set<std::string> labels = labels_of(tx, *m, body.ok() ? &*body : nullptr);
    for (const base::Id& to : m->to) {
      const crypto::Member* reader = desk.directory.member(to);
      const std::string kind = reader == nullptr ? "gone" : reader->cert.kind;
      if (to == desk.self || (!to_kind.empty() && kind != to_kind)) continue;
      Flow& row = rows[{kind, m->kind, decision ? decision->view : ""}];
      row.to_kind = kind, row.kind = m->kind, row.view = decision ? decision->view : "";
      ++row.messages;
      row.part2 += labels.contains("part2"), row.chri += labels.contains("chri");
    }
    return true;
  });
  std::vector<Flow> out;
  for (auto& [key, row] : rows) out.push_back(std::move(row));
  return out;
}

base::Result<std::uint64_t> suspend(keep::Tx& tx, const mail::Desk& desk, SuspensionRow row) {
  if (desk.directory.by_slug(row.agency) == nullptr) return base::Error{base::Kind::kUsage, "no agency has this name", "agency", "see: handoff status"};
  if (row.until <= desk.now) return base::Error{base::Kind::kUsage, "is over already", "until", "the time that the official's statement names"};
  if (row.statement.empty() && row.until > desk.now.plus(kAloud)) return base::Error{base::Kind::kUsage, "what was only said aloud holds for 30 days at most", "until", "give --statement, the reference of what was written (45 CFR 164.528(a)(2))"};
  row.id = tx.next(Table::kSuspension);
  row.from = desk.now;
  tx.put(Table::kSuspension, keep::key_of(row.id), keep::pack(row));
  return row.id;
}

base::Status lift(keep::Tx& tx, std::uint64_t id, base::Instant now) {
  auto row = keep::find<SuspensionRow>(tx, Table::kSuspension, keep::key_of(id));
  if (!row) return base::Error{base::Kind::kNotFound, "there is no such suspension", "id", "see: handoff accounting suspensions"};
  if (row->lifted.ms == 0) row->lifted = now;
  tx.put(Table::kSuspension, keep::key_of(id), keep::pack(*row));
  return {};
}

std::vector<SuspensionRow> suspensions(keep::Tx& tx) {
  std::vector<SuspensionRow> out;
  tx.scan(Table::kSuspension, {}, [&](base::View, base::View v) {
    if (auto row = keep::unpack<SuspensionRow>(v)) out.push_back(std::move(*row));
    return true;
  });
  return out;
}

bool suspended(const std::vector<SuspensionRow>& rows, const std::string& agency, base::Instant now) {
  return std::ranges::any_of(rows, [&](const SuspensionRow& s) { return s.agency == agency && s.from <= now && now < s.until && s.lifted.ms == 0; });
}

}  // namespace adapters::agent::account
