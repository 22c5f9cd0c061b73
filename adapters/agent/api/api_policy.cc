// policy.show, policy.explain, policy.whatif, denials: by which rules messages went, would go, or did not.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

using keep::Table;
namespace policy = schemas::policy;

bool is_facts(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts); }

// The question that was asked of this message, asked once more. nullopt: its content is not here, or it had no single reader.
std::optional<disclose::Ruling> ask_again(keep::Tx& tx, const mail::Desk& desk, const policy::Policy& rules, const keep::Message& m) {
  const crypto::Member* other = desk.directory.member(m.outgoing ? (m.to.empty() ? base::Id{} : m.to[0]) : m.sender);
  const auto body = schemas::decode_body(m.body);
  if (other == nullptr || !body.ok() || std::holds_alternative<schemas::Opaque>(body->payload)) return std::nullopt;
  const auto opening = mail::is_opening(m) ? std::nullopt : mail::opening_of(tx, m.thread_id);
  const disclose::End self{desk.slug, desk.kind}, there{other->cert.name, other->cert.kind};
  return disclose::rule(rules, m.outgoing ? self : there, m.outgoing ? there : self, static_cast<schemas::MsgKind>(m.kind),
                        static_cast<schemas::Purpose>(m.purpose), *body, disclose::context_of(opening ? &*opening : nullptr),
                        m.outgoing ? disclose::finder(tx) : disclose::FindConsent{}, m.created);
}

struct Decided {
  keep::Message message;
  keep::DecisionRow decision;
};
std::optional<Decided> decided(keep::Tx& tx, const base::Id& id) {
  for (keep::Message& m : mail::messages_by_id(tx, id)) {
    if (m.outgoing && is_facts(m)) continue;  // beside the message that it accompanies
    if (auto row = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(m.seq))) return Decided{std::move(m), std::move(*row)};
  }
  return std::nullopt;
}

Json rules_json(const keep::DecisionRow& row, const std::optional<disclose::Ruling>& again) {
  Json out = Json::array();
  for (const std::string& rule : row.rules) {
    Json j = {{"rule", rule}, {"words", ""}, {"cite", ""}};
    for (const policy::Spoke& s : again ? again->answer.because : std::vector<policy::Spoke>{}) {
      if (s.rule != rule) continue;
      j["words"] = s.words;
      j["cite"] = s.cite;
      j["verdict"] = s.verdict == policy::Verdict::kDeny ? "deny" : "allow";
    }
    out.push_back(std::move(j));
  }
  return out;
}

std::string outcome(bool allowed, const std::string& view, const std::vector<std::string>& obligations) {
  if (!allowed) return "deny";
  std::string out = view == "*" ? "allow" : "allow, view " + view;
  for (const std::string& o : obligations) out += ", " + o;
  return out;
}

struct Replay {
  const policy::Policy& rules;
  base::Instant since, until;
  std::uint64_t decisions = 0;
  Json changed = Json::array();

  void one(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m) {
    if (!m.outgoing || is_facts(m) || blob::is_part(m) || m.created < since || m.created > until) return;
    const auto after = ask_again(tx, desk, rules, m);
    if (!after) return;
    auto before = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(m.seq));
    if (!before && desk.policy == nullptr) return;
    if (!before) {  // it waits to be sealed: the policy in force would be asked
      const auto now = ask_again(tx, desk, *desk.policy, m);
      before = disclose::record_of(*desk.policy, *now);
    }
    ++decisions;
    const std::string was = outcome(before->allowed, before->view, before->obligations);
    const std::string is = outcome(after->answer.allowed, after->answer.view, after->answer.obligations);
    if (was == is) return;
    changed.push_back({{"message", base::uuid(m.msg_id)},
                       {"thread", base::uuid(m.thread_id)},
                       {"at", base::rfc3339(m.created)},
                       {"kind", kind_name(m.kind)},
                       {"from", desk.slug},
                       {"to", slug_of(desk.directory, m.to[0])},
                       {"before", was},
                       {"after", is},
                       {"rules", after->answer.rules()}});
  }
};

}  // namespace

base::Status op_policy_show(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const crypto::Directory directory = o.replica.directory();
  const crypto::PolicyNote* note = directory.policy();
  if (note == nullptr)
    return base::Error{base::Kind::kNotFound, "no policy is in force yet", "policy",
                       "the authority signs one: handoff-authority policy sign"};
  const std::string stale = o.desk().stale;
  const base::Bytes text = o.shelf.has_text(note->rules) ? o.shelf.text(note->version) : base::Bytes{};
  out["toml"] = text.empty() ? Json() : Json(base::to_string(text));
  out["version"] = note->version;
  out["hash"] = base::hex(note->rules);
  out["effective"] = base::rfc3339(note->from);
  out["stale"] = stale.empty() ? Json() : Json(stale);
  return {};
}

base::Status op_policy_explain(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "message"));
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  return o.store.read([&](keep::Tx& tx) -> base::Status {
    const auto found = decided(tx, id);
    if (!found && mail::messages_by_id(tx, id).empty())
      return base::Error{base::Kind::kNotFound, "there is no such message here", "message", "see: handoff inbox show"};
    if (!found)
      return base::Error{base::Kind::kBusy, "it waits to be sealed: the policy decides then", "message", "ask again when it is sent"};
    const auto& [m, row] = *found;
    const auto pinned = o.shelf.version(row.version);
    const auto again = pinned != nullptr ? ask_again(tx, desk, *pinned, m) : std::nullopt;
    out["message"] = base::uuid(m.msg_id);
    out["thread"] = base::uuid(m.thread_id);
    out["kind"] = kind_name(m.kind);
    out["outgoing"] = m.outgoing;
    out["version"] = row.version;
    out["allowed"] = row.allowed;
    out["rules"] = rules_json(row, again);
    out["obligations"] = row.obligations;
    out["view"] = row.view;
    out["withheld"] = row.withheld;
    out["code"] = row.code;
    out["explanation"] = row.rules.empty() ? "Allowed by the matrix of the signed policy." : row.explanation;
    return {};
  });
}

base::Status op_policy_whatif(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string toml, text_of(call.in, "toml"));
  TRY_ASSIGN(const policy::Policy rules, policy::parse_policy(toml));
  Replay replay{rules, {}, {}};
  TRY_ASSIGN(replay.since, time_of(call.in, "since", base::Instant{0}));
  TRY_ASSIGN(replay.until, time_of(call.in, "until", base::Instant{~0ULL}));
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  TRY(o.store.read([&](keep::Tx& tx) {
    const std::uint64_t total = tx.count(Table::kMessage), step = std::max<std::uint64_t>(total / 20, 500);
    std::uint64_t done = 0;
    tx.scan(Table::kMessage, {}, [&](base::View, base::View v) {
      if (const auto m = keep::unpack<keep::Message>(v)) replay.one(tx, desk, *m);
      if (++done % step == 0) call.reply(schemas::dump({{"progress", {{"done", done}, {"total", total}}}}));
      return true;
    });
    return base::Status{};
  }));
  out["version"] = rules.version;
  out["decisions"] = replay.decisions;
  out["changed"] = std::move(replay.changed);
  return {};
}

base::Status op_denials(const Call& call, Json& out) {
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  TRY_ASSIGN(const std::uint64_t days, number_of(call.in, "days", 0, 36'500));
  TRY_ASSIGN(const base::Instant since, time_of(call.in, "since", days == 0 ? base::Instant{} : now.minus(days * base::kDay)));
  TRY_ASSIGN(const base::Instant until, time_of(call.in, "until", base::Instant{~0ULL}));
  const crypto::Directory directory = o.replica.directory();
  const auto id = [](const base::Id& i) { return base::all_zero(i) ? Json() : Json(base::uuid(i)); };
  return o.store.read([&](keep::Tx& tx) {
    out["denials"] = Json::array();
    out["next"] = nullptr;
    tx.scan_back(Table::kRefusal, page.from(), [&](base::View k, base::View v) {
      const auto r = keep::unpack<keep::RefusalRow>(v);
      if (!r || r->at > until) return true;
      if (r->at < since) return false;  // in the order of time
      if (out["denials"].size() == page.limit) {
        out["next"] = out["denials"].back()["seq"];
        return false;
      }
      out["denials"].push_back({{"seq", keep::number_in(k)},
                                {"at", base::rfc3339(r->at)},
                                {"incoming", r->incoming},
                                {"from", slug_or_none(directory, r->from)},
                                {"to", slug_or_none(directory, r->to)},
                                {"thread", id(r->thread_id)},
                                {"message", id(r->msg_id)},
                                {"kind", kind_name(r->kind)},
                                {"rule", r->rule},
                                {"code", r->code},
                                {"words", r->words},
                                {"person", r->person}});
      return true;
    });
    return base::Status{};
  });
}

}  // namespace adapters::agent::api
