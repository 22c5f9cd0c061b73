// Policy TOML -> header matrix and expiry constants (what the signed note carries), and the agencies' public names.
#include <algorithm>
#include <set>
#include <tuple>

#include "schemas/internal/toml.h"
#include "schemas/policy.h"

namespace schemas {
namespace {

using crypto::MatrixRow;
using internal::Toml;

const std::string kName = "policy";
constexpr std::size_t kMaxMatrixText = 24u << 10;  // leaves room for the rest of a 32 KiB note

base::Error wrong(const Toml& at, std::string what) { return internal::toml_error(kName, at, std::move(what)); }

bool is_agency_kind(std::string_view s) { return std::ranges::find(agency_kinds(), s) != agency_kinds().end(); }
bool is_msg_kind(std::string_view s) { return code_of(msg_kinds(), s).has_value(); }
bool is_purpose(std::string_view s) { return code_of(purposes(), s).has_value(); }

base::Result<std::string> text_of(const Toml& in, std::string_view key, bool required) {
  const Toml* v = in.find(key);
  if (v == nullptr && !required) return std::string();
  if (v == nullptr) return wrong(in, std::string(key) + " is missing");
  if (v->type != Toml::Type::kText) return wrong(*v, std::string(key) + ": expected a text");
  return v->text;
}

// A list of known words, or "*".
base::Result<std::vector<std::string>> words_of(const Toml& flow, std::string_view key, bool (*known)(std::string_view), const char* what) {
  const Toml* v = flow.find(key);
  if (v == nullptr || v->type != Toml::Type::kArray || v->items.empty())
    return wrong(v != nullptr ? *v : flow, std::string(key) + ": expected a list that is not empty");
  std::vector<std::string> out;
  for (const auto& item : v->items) {
    if (item.type != Toml::Type::kText || (item.text != "*" && !known(item.text)))
      return wrong(item, std::string(key) + ": expected " + what + " or \"*\"");
    out.push_back(item.text);
  }
  return out;
}

struct Rows {
  std::vector<MatrixRow> rows;
  const Toml* at = nullptr;  // the flow they came from
};

base::Result<Rows> rows_of(const Toml& flow) {
  if (flow.type != Toml::Type::kTable) return wrong(flow, "a flow is a table");
  TRY_ASSIGN(const auto from, words_of(flow, "from", is_agency_kind, "a kind of agency"));
  TRY_ASSIGN(const auto to, words_of(flow, "to", is_agency_kind, "a kind of agency"));
  TRY_ASSIGN(const auto kinds, words_of(flow, "kinds", is_msg_kind, "a kind of message"));
  TRY_ASSIGN(const auto why, words_of(flow, "purpose", is_purpose, "a purpose"));
  Rows out{{}, &flow};
  for (const auto& f : from)
    for (const auto& t : to)
      for (const auto& k : kinds)
        for (const auto& p : why) out.rows.push_back({f, t, k, p});
  return out;
}

bool covers(const std::string& a, const std::string& b) { return a == "*" || a == b; }
bool covers(const MatrixRow& a, const MatrixRow& b) {
  return covers(a.from_kind, b.from_kind) && covers(a.to_kind, b.to_kind) && covers(a.kind, b.kind) && covers(a.purpose, b.purpose);
}
bool meets(const std::string& a, const std::string& b) { return covers(a, b) || covers(b, a); }
bool meets(const MatrixRow& a, const MatrixRow& b) {
  return meets(a.from_kind, b.from_kind) && meets(a.to_kind, b.to_kind) && meets(a.kind, b.kind) && meets(a.purpose, b.purpose);
}

// Deny overrides: an allowed row that a denied one covers goes; one that it cuts in part cannot be said in a matrix of allowed rows.
base::Status subtract(std::vector<MatrixRow>& allowed, const Rows& denied) {
  for (const auto& d : denied.rows) {
    std::erase_if(allowed, [&](const MatrixRow& a) { return covers(d, a); });
    if (std::ranges::any_of(allowed, [&](const MatrixRow& a) { return meets(a, d); }))
      return wrong(*denied.at, "this denial cuts a \"*\" of an allowing flow: name the allowed kinds there instead");
  }
  return {};
}

base::Result<std::vector<MatrixRow>> matrix_of(const Toml& root) {
  const Toml* flows = root.find("flow");
  if (flows == nullptr || flows->type != Toml::Type::kArray) return wrong(root, "flow: expected one or more flows");
  std::vector<MatrixRow> allowed;
  std::vector<Rows> denied;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
  for (const auto& flow : flows->items) {
    TRY_ASSIGN(auto rows, rows_of(flow));
    TRY_ASSIGN(const auto decision, text_of(flow, "decision", true));
    if (decision == "deny") {
      denied.push_back(std::move(rows));
      continue;
    }
    if (decision != "allow" && decision != "consent") return wrong(flow, "decision: expected allow, consent or deny");
    for (auto& r : rows.rows)
      if (seen.insert({r.from_kind, r.to_kind, r.kind, r.purpose}).second) allowed.push_back(std::move(r));
  }
  for (const auto& d : denied) TRY(subtract(allowed, d));
  return allowed;
}

base::Result<std::vector<CompiledPolicy::Agency>> agencies_of(const Toml& root) {
  std::vector<CompiledPolicy::Agency> out;
  const Toml* list = root.find("agency");
  if (list == nullptr) return out;
  if (list->type != Toml::Type::kArray) return wrong(*list, "agency: expected a list of tables");
  std::set<std::string> seen;
  for (const auto& a : list->items) {
    CompiledPolicy::Agency agency;
    TRY_ASSIGN(agency.slug, text_of(a, "id", true));
    TRY_ASSIGN(agency.kind, text_of(a, "kind", true));
    TRY_ASSIGN(agency.name, text_of(a, "name", false));
    TRY_ASSIGN(agency.on_call, text_of(a, "on_call", false));
    const bool slug = !agency.slug.empty() && agency.slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!slug) return wrong(a, "id: expected letters a-z, digits and dashes");
    if (!seen.insert(agency.slug).second) return wrong(a, "id: two agencies have this id");
    if (!is_agency_kind(agency.kind)) return wrong(a, "kind: expected a kind of agency");
    if (const Toml* services = a.find("services"))
      for (const auto& s : services->items) agency.services.push_back(s.text);
    out.push_back(std::move(agency));
  }
  return out;
}

// "90s", "60m", "24h", "7d" -> milliseconds.
std::optional<std::uint64_t> duration(std::string_view s) {
  if (s.size() < 2 || s.size() > 6 || s.substr(0, s.size() - 1).find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  const std::uint64_t n = std::stoull(std::string(s.substr(0, s.size() - 1)));
  switch (s.back()) {
    case 's': return n * base::kSecond;
    case 'm': return n * base::kMinute;
    case 'h': return n * base::kHour;
    case 'd': return n * base::kDay;
    default: return std::nullopt;
  }
}

std::uint64_t default_expiry(MsgKind kind) { return kind == MsgKind::kCapacity ? kCapacityExpiryMs : kDefaultExpiryMs; }

base::Result<std::vector<std::pair<std::string, std::uint64_t>>> expiry_of(const Toml& root) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const auto& k : msg_kinds()) out.emplace_back(k.name, default_expiry(static_cast<MsgKind>(k.code)));
  const Toml* table = root.find("expiry");
  if (table == nullptr) return out;
  for (const auto& value : table->members) {
    const auto row = std::ranges::find(out, value.key, [](const auto& e) { return e.first; });
    if (row == out.end()) return wrong(value, "expiry: not a kind of message");
    const auto ms = value.type == Toml::Type::kText ? duration(value.text) : std::nullopt;
    if (!ms || *ms == 0 || *ms > kMaxExpiryMs) return wrong(value, "expiry: expected a time such as \"60m\" or \"24h\", at most 7 days");
    row->second = *ms;
  }
  return out;
}

base::Status read_head(const Toml& root, CompiledPolicy& out) {
  const Toml* head = root.find("policy");
  if (head == nullptr || head->type != Toml::Type::kTable) return wrong(root, "the table [policy] is missing");
  TRY_ASSIGN(out.id, text_of(*head, "id", true));
  const Toml* version = head->find("version");
  if (version == nullptr || version->type != Toml::Type::kNumber || version->number < 1 || version->number > 0xffffffffLL)
    return wrong(version != nullptr ? *version : *head, "version: expected a whole number from 1");
  out.version = static_cast<std::uint32_t>(version->number);
  const Toml* effective = head->find("effective");
  const auto at = effective != nullptr && effective->type == Toml::Type::kTime ? base::parse_rfc3339(effective->text) : std::nullopt;
  if (!at) return wrong(effective != nullptr ? *effective : *head, "effective: expected a date and time with its offset");
  out.effective = *at;
  return {};
}

}  // namespace

base::Result<CompiledPolicy> compile_policy(std::string_view toml) {
  if (toml.size() > kMaxPolicyRules) return base::Error{base::Kind::kTooLarge, "a policy is over 256 KiB", kName};
  TRY_ASSIGN(const Toml root, internal::parse_toml(toml, kName));
  CompiledPolicy out;
  TRY(read_head(root, out));
  TRY_ASSIGN(out.agencies, agencies_of(root));
  TRY_ASSIGN(out.matrix, matrix_of(root));
  TRY_ASSIGN(out.expiry, expiry_of(root));
  // A consortium with a coordinator sends it loop facts; no flow has to say so.
  if (std::ranges::any_of(out.agencies, [](const auto& a) { return a.kind == "coordinator"; }))
    out.matrix.push_back({"*", "coordinator", "LoopFacts", "*"});
  std::size_t size = 0;
  for (const auto& r : out.matrix) size += 12 + r.from_kind.size() + r.to_kind.size() + r.kind.size() + r.purpose.size();
  if (size > kMaxMatrixText)
    return base::Error{base::Kind::kTooLarge, "the flows make more header rows than a signed note holds", kName,
                       "use \"*\" where a flow names every kind"};
  return out;
}

}  // namespace schemas
