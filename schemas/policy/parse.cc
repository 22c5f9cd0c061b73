// Policy TOML -> Policy: the head, and the rules about who may say what to whom. Strict: an unknown key or word is an error.
#include "crypto/merkle.h"
#include "schemas/policy/header.h"
#include "schemas/policy/internal/read.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/statute.h"
#include "schemas/policy/view.h"

namespace schemas::policy {
namespace internal {
namespace {

constexpr Known kAgencyKind{is_agency_kind, "kinds of agency"}, kAnyAgencyKind{is_agency_kind, "kinds of agency", true},
    kMsgKind{is_msg_kind, "kinds of message"}, kAnyMsgKind{is_msg_kind, "kinds of message", true},
    kAnyPurpose{is_purpose, "purposes", true}, kBasis{is_basis, "authority bases"}, kLabel{is_label, "labels"},
    kObligation{[](std::string_view w) { return in(kObligations, w) || local_code(w); }, "obligations"};

bool is_slug(std::string_view s) { return s.size() <= 40 && s.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == s.npos; }
constexpr Known kSlug{is_slug, "letters a-z, digits and dashes"};

bool is_local(std::string_view s) { return local_code(s) && is_slug(s); }

// A path of the model, or of custom fields: "custom.x-veteran", "custom.x-le-*".
bool is_path(std::string_view s) {
  if (s.ends_with('*')) s.remove_suffix(1);
  return (s.starts_with("custom.") && is_slug(s.substr(7))) || !full_path(s).empty();
}
constexpr Known kPath{[](std::string_view s) { return is_path(s) && (!s.ends_with('*') || s.starts_with("custom.")); }, "names of fields"},
    kViewField{kPath.is, kPath.what, true};

Verdict verdict(Row& row, const Toml& at) {
  std::string text;
  row.text("decision", text, Need::kRequired);
  if (text == "allow") return Verdict::kAllow;
  if (text == "consent") return Verdict::kConsent;
  if (text != "deny" && !row.fault().error) row.wrong(at, "decision", "allow, consent or deny");
  return Verdict::kDeny;
}

// Id of a row for messages: what it says itself, else only what it is.
std::string named(const char* what, const Toml& t) {
  const Toml* id = t.find("id");
  return id != nullptr && id->type == Toml::Type::kText && id->text.size() <= 40 ? std::string(what) + " " + id->text : what;
}

void read(const Toml& t, Agency& a, Fault& fault) {
  Row r(t, named("agency", t), fault);
  a.line = t.line;
  r.text("id", a.slug, Need::kRequired, kSlug);
  r.text("kind", a.kind, Need::kRequired, {is_agency_kind, "a kind of agency"});
  r.text("name", a.name);
  r.text("agreement", a.agreement);
  r.text("on_call", a.on_call);
  r.text("supervisor", a.supervisor);
  r.text("privacy_officer", a.privacy_officer);
  r.flag("part2", a.part2);
  r.words("services", a.services, Need::kOptional, {is_service, "services"});
  std::string until;
  r.date("agreement_until", until);
  // Until the day is over everywhere, so that nobody is cut off on the last day by a time zone.
  if (!until.empty()) a.agreement_until = base::parse_rfc3339(until + "T23:59:59-12:00").value_or(base::Instant{});
  r.done();
}

void read(const Toml& t, Flow& f, Fault& fault) {
  Row r(t, named("flow", t), fault);
  f.line = t.line;
  r.text("id", f.id, Need::kRequired);
  r.words("from", f.from, Need::kRequired, kAnyAgencyKind);
  r.words("to", f.to, Need::kRequired, kAnyAgencyKind);
  r.words("kinds", f.kinds, Need::kRequired, kAnyMsgKind);
  r.words("purpose", f.purpose, Need::kRequired, kAnyPurpose);
  r.words("basis", f.basis, Need::kOptional, kBasis);
  f.decision = verdict(r, t);
  r.text("view", f.view);
  r.done();
}

void read(const Toml& t, View& v, Fault& fault) {
  v.id = t.key;
  v.line = t.line;
  Row r(t, "view " + t.key, fault);
  r.words("fields", v.fields, Need::kRequired, kViewField);
  r.words("except", v.except, Need::kOptional, kPath);
  r.done();
}

void read(const Toml& t, Required& q, Fault& fault) {
  Row r(t, "required", fault);
  q.line = t.line;
  r.text("kind", q.kind, Need::kRequired, {is_msg_kind, "a kind of message"});
  r.words("from", q.from, Need::kOptional, kAgencyKind);
  r.words("to", q.to, Need::kOptional, kAgencyKind);
  r.words("fields", q.fields, Need::kRequired, kPath);
  r.done();
}

void read(const Toml& t, CustomField& c, Fault& fault) {
  static constexpr std::string_view kTypes[] = {"bool", "int", "code", "date", "text"};
  Row r(t, named("custom_field", t), fault);
  c.line = t.line;
  r.text("id", c.id, Need::kRequired, {is_local, "a name that begins with x-"});
  r.text("type", c.type, Need::kOptional, {[](std::string_view w) { return in(kTypes, w); }, "bool, int, code, date or text"});
  r.words("codes", c.codes, Need::kOptional, {nullptr, "codes"});
  r.words("applies_to", c.applies_to, Need::kOptional, kMsgKind);
  r.words("required_for", c.required_for, Need::kOptional, kAgencyKind);
  r.text("label_en", c.label_en);
  r.text("label_es", c.label_es);
  r.text("sensitivity", c.sensitivity, Need::kOptional, {is_label, "a label"});
  r.number("max", c.max, 1, 4000);
  r.flag("report", c.report);
  if (const Toml* map = r.table("map"))
    for (const auto& m : map->members) {
      if (m.type != Toml::Type::kText) r.wrong(m, "map", "texts");
      c.map[m.key] = m.text;
    }
  if ((c.type == "code") == c.codes.empty()) r.wrong(t, "codes", "codes for the type code, and for no other");
  r.done();
}

template <class T>
void read_all(Row& root, const char* key, std::vector<T>& out) {
  const Toml* list = root.list(key);
  if (list == nullptr) return;
  for (const auto& item : list->items) read(item, out.emplace_back(), root.fault());
}

void read_head(Row& root, Policy& out) {
  const Toml* head = root.table("policy");
  if (head == nullptr) return root.fault().at(root.line(), "the table [policy] is missing", "it names id, version and effective");
  Row r(*head, "policy", root.fault());
  r.text("id", out.id, Need::kRequired, kSlug);
  r.number("version", out.version, 1, 0xffffffffU);
  if (out.version == 0) r.wrong(*head, "version", "a whole number from 1");
  r.date("review_by", out.review_by);
  r.text("tz", out.calendar.tz);
  r.text("state_pack", out.state_pack);
  r.words("approvals_needed", out.approvals_needed, Need::kOptional, kAgencyKind);
  const Toml* effective = r.any("effective");
  const auto at = effective != nullptr && effective->type == Toml::Type::kTime ? base::parse_rfc3339(effective->text) : std::nullopt;
  if (!at) return r.wrong(effective != nullptr ? *effective : *head, "effective", "a date and time with its offset");
  out.effective = *at;
  r.done();
}

}  // namespace

void read_label_rule(const Toml& t, LabelRule& l, Fault& fault) {
  Row r(t, named("label_rule", t), fault);
  l.line = t.line;
  r.text("id", l.id, Need::kRequired);
  r.words("label", l.label, Need::kRequired, kLabel);
  r.words("from", l.from, Need::kOptional, kAgencyKind);
  r.words("to", l.to, Need::kOptional, kAgencyKind);
  r.words("to_not", l.to_not, Need::kOptional, kAgencyKind);
  if (!l.to.empty() && !l.to_not.empty()) r.wrong(t, "to_not", "either to or to_not");
  l.decision = verdict(r, t);
  r.words("except_basis", l.except_basis, Need::kOptional, kBasis);
  r.words("obligations", l.obligations, Need::kOptional, kObligation);
  r.text("cite", l.cite);
  r.text("words", l.words);
  r.done();
}

void read_rules(Row& root, Policy& out) {
  Fault& fault = root.fault();
  read_all(root, "agency", out.agencies);
  read_all(root, "flow", out.flows);
  if (out.flows.empty()) fault.at(root.line(), "flow: expected one or more flows", "deny is the default: without flows nothing is said");
  if (const Toml* rules = root.list("label_rule"))
    for (const auto& item : rules->items) read_label_rule(item, out.label_rules.emplace_back(), fault);
  if (const Toml* views = root.table("view"))
    for (const auto& item : views->members) read(item, out.views.emplace_back(), fault);
  read_all(root, "required", out.required);
  read_all(root, "custom_field", out.custom_fields);
}

}  // namespace internal

base::Result<Policy> parse_policy(std::string_view toml) {
  if (toml.size() > kMaxPolicyRules) return base::Error{base::Kind::kTooLarge, "a policy is over 256 KiB", "policy"};
  internal::Fault fault;
  TRY_ASSIGN(const internal::Toml tree, schemas::internal::parse_toml(toml, fault.file));
  Policy out;
  out.hash = crypto::sha256(base::view(toml));
  internal::Row root(tree, "policy", fault);
  internal::read_head(root, out);
  internal::read_rules(root, out);
  internal::read_workings(root, out);
  root.done();
  if (!fault.error) internal::check(out, fault);
  if (fault.error) return *fault.error;
  if (const auto header = header_of(out); !header.ok()) return header.error();
  return out;
}

}  // namespace schemas::policy
