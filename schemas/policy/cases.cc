// Decision tables: rows read strictly, each asked of the engine as an agent would ask it.
#include <algorithm>

#include "schemas/internal/toml.h"
#include "schemas/model_fields.h"
#include "schemas/policy/internal/grid.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/tools.h"

namespace schemas::policy {
namespace {

using internal::joined;
using internal::Words;
using schemas::internal::Toml;

const std::string kFile = "cases";
constexpr std::string_view kConsents[] = {"", "none", "valid", "expired", "revoked", "other", "general", "legal"};
constexpr std::string_view kRecords[] = {"", "none", "complete", "incomplete"};

base::Error wrong(const Toml& at, const std::string& what, std::string mend = {}) {
  base::Error e = schemas::internal::toml_error(kFile, at, what);
  e.mend = std::move(mend);
  return e;
}

struct Column {
  const char* key;
  std::string Case::*text = nullptr;
  Words Case::*list = nullptr;
  bool Case::*flag = nullptr;
};
constexpr Column kColumns[] = {
    {"name", &Case::name},
    {"from", &Case::from},
    {"to", &Case::to},
    {"kind", &Case::kind},
    {"purpose", &Case::purpose},
    {"basis", &Case::basis},
    {"consent", &Case::consent},
    {"expect", &Case::expect},
    {"rule", &Case::rule},
    {"view", &Case::view},
    {"code", &Case::code},
    {"at", &Case::at},
    {"urgency", &Case::urgency},
    {"emergency", &Case::emergency},
    {"court_order", &Case::court_order},
    {"good_faith", &Case::good_faith},
    {"labels", nullptr, &Case::labels},
    {"obligations", nullptr, &Case::obligations},
    {"machine", nullptr, nullptr, &Case::machine},
    {"break_glass", nullptr, nullptr, &Case::break_glass},
};

base::Status read_member(const Toml& m, Case& c) {
  const auto column = std::ranges::find(kColumns, m.key, [](const Column& k) { return std::string_view(k.key); });
  if (column == std::end(kColumns)) return wrong(m, m.key + ": no such column", "take it out, or see docs/guide/policy.md for the columns");
  if (column->flag != nullptr) {
    if (m.type != Toml::Type::kFlag) return wrong(m, m.key + ": expected true or false");
    c.*column->flag = m.flag;
  } else if (column->list != nullptr) {
    if (m.type != Toml::Type::kArray) return wrong(m, m.key + ": expected a list");
    for (const auto& item : m.items) {
      if (item.type != Toml::Type::kText) return wrong(item, m.key + ": expected a list of words");
      (c.*column->list).push_back(item.text);
    }
  } else {
    if (m.type != Toml::Type::kText && m.type != Toml::Type::kTime) return wrong(m, m.key + ": expected a text");
    c.*column->text = m.text;
  }
  return {};
}

std::optional<base::Instant> instant_of(std::string text) {
  if (text.size() == 10) text += "T00:00:00Z";
  return base::parse_rfc3339(text);
}

Body body_of(const Case& c) {
  Body body;
  body.payload = Opaque{c.kind, {}};
  each_payload([&]<class T>(Tag<T>) {
    if (c.kind == PayloadName<T>::kKind) body.payload = T{};
  });
  body.authority_basis = c.basis;
  body.labels = c.labels;
  return body;
}

struct Party {
  std::string slug, kind;
};
// A slug of the policy; or a kind, which stands for its first agency, if there is one.
std::optional<Party> party(const Policy& policy, const std::string& word) {
  if (const Agency* a = policy.agency(word)) return Party{a->slug, a->kind};
  if (!is_agency_kind(word)) return std::nullopt;
  const auto it = std::ranges::find(policy.agencies, word, &Agency::kind);
  return it != policy.agencies.end() ? Party{it->slug, word} : Party{"", word};
}

Consent consent_of(const Case& c, const Ask& ask) {
  Consent out = internal::covering(ask);
  if (c.consent == "expired") out.expires = ask.now.minus(base::kHour);
  if (c.consent == "revoked") out.revoked_at = ask.now.minus(base::kMinute);
  if (c.consent == "other") out.recipients = {"another-agency"};
  if (c.consent == "general") out.scope = {"*"};
  if (c.consent == "legal") out.legal = true;
  return out;
}

Emergency record_of(const Case& c, const Ask& ask) {
  return {ask.to, ask.to_kind, c.emergency == "complete" ? ask.from : "", base::rfc3339(ask.now), "cardiac arrest"};
}

std::string verdict(bool allowed) { return allowed ? "allow" : "deny"; }

std::string why_not(const Case& c, const Answer& answer) {
  Words rules;  // of a denial, those that denied
  for (const auto& s : answer.because)
    if (answer.allowed || s.verdict == Verdict::kDeny) rules.push_back(s.rule);
  if (answer.allowed != (c.expect == "allow")) return "expected " + c.expect + ", got " + verdict(answer.allowed) + " by " + joined(rules);
  if (!c.rule.empty() && !in(rules, c.rule)) return "expected rule " + c.rule + ", got " + joined(rules);
  if (!c.view.empty() && answer.view != c.view) return "expected view " + c.view + ", got " + answer.view;
  if (!c.code.empty() && answer.code != c.code) return "expected code " + c.code + ", got " + answer.code;
  for (const auto& o : c.obligations)
    if (!in(answer.obligations, o)) return "expected obligation " + o + ", got " + joined(answer.obligations);
  return {};
}

}  // namespace

// What a row says must exist, so that a typing error never reads as "denied".
base::Status check_case(const Case& c) {
  const auto no = [](const char* column, const char* what, const char* mend) {
    return base::Error{base::Kind::kUsage, std::string(column) + ": " + what, "", mend};
  };
  if (c.name.empty()) return no("name", "missing", "name it as a sentence: what is tried, and by whom");
  if (c.from.empty() || c.to.empty()) return no(c.from.empty() ? "from" : "to", "missing", "give a slug or a kind of agency");
  if (!code_of(msg_kinds(), c.kind)) return no("kind", "not a kind of message", "Referral, StatusUpdate, SecureMessage, ...");
  if (!code_of(purposes(), c.purpose)) return no("purpose", "not a purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST");
  if (!c.basis.empty() && !is_basis(c.basis)) return no("basis", "not one of the value sets", "consent, emergency, hold, treatment, ...");
  for (const auto& label : c.labels)
    if (!is_label(label)) return no("labels", "not a label", "general, mh, part2, psych_notes, cji, ...");
  if (!in(kConsents, c.consent)) return no("consent", "not a state of a consent", "none, valid, expired, revoked, other, general or legal");
  if (!in(kRecords, c.emergency)) return no("emergency", "not a state of a record", "none, complete or incomplete");
  if (c.expect != "allow" && c.expect != "deny") return no("expect", "missing", "allow or deny");
  if (!c.at.empty() && !instant_of(c.at)) return no("at", "not a date or a time", "write 2026-10-05, or 2026-10-05T14:00:00Z");
  return {};
}

base::Result<std::vector<Case>> parse_cases(std::string_view toml) {
  TRY_ASSIGN(const Toml root, schemas::internal::parse_toml(toml, kFile));
  for (const auto& m : root.members)
    if (m.key != "case") return wrong(m, m.key + ": a decision table has only [[case]] rows");
  const Toml* rows = root.find("case");
  if (rows == nullptr || rows->type != Toml::Type::kArray || rows->items.empty())
    return wrong(root, "there is no [[case]]", "a decision table without a row proves nothing");
  std::vector<Case> out;
  std::set<std::string> names;
  for (const auto& row : rows->items) {
    if (row.type != Toml::Type::kTable) return wrong(row, "a case is a table");
    Case c;
    c.line = row.line;
    for (const auto& m : row.members) TRY(read_member(m, c));
    if (const auto good = check_case(c); !good.ok()) return wrong(row, good.error().what, good.error().mend);
    if (!names.insert(c.name).second) return wrong(row, "two cases have this name", "name what is different");
    out.push_back(std::move(c));
  }
  return out;
}

CaseResult run(const Policy& policy, const Case& c, base::Instant now) {
  CaseResult out{c, false, {}, {}};
  const auto from = party(policy, c.from), to = party(policy, c.to);
  if (!from || !to) {
    out.why = (from ? c.to : c.from) + " is neither an agency of this policy nor a kind of agency";
    return out;
  }
  Ask ask;
  ask.from = from->slug, ask.to = to->slug, ask.from_kind = from->kind, ask.to_kind = to->kind;
  ask.kind = static_cast<MsgKind>(*code_of(msg_kinds(), c.kind));
  ask.purpose = static_cast<Purpose>(*code_of(purposes(), c.purpose));
  ask.basis = c.basis;
  ask.labels = labels_of(policy, from->slug, body_of(c));
  ask.urgency = c.urgency;
  ask.court_order = c.court_order;
  ask.good_faith = c.good_faith;
  ask.machine = c.machine;
  ask.break_glass = c.break_glass;
  ask.now = c.at.empty() ? now : *instant_of(c.at);
  const Consent consent = consent_of(c, ask);
  if (!c.consent.empty() && c.consent != "none") ask.consent = &consent;
  const Emergency emergency = record_of(c, ask);
  if (!c.emergency.empty() && c.emergency != "none") ask.emergency = &emergency;
  out.answer = decide(policy, ask);
  out.why = why_not(c, out.answer);
  out.passed = out.why.empty();
  return out;
}

}  // namespace schemas::policy
