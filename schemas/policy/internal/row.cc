#include "schemas/policy/internal/row.h"

namespace schemas::policy::internal {

void Fault::at(unsigned line, std::string what, std::string mend) {
  if (!error) error = base::malformed(std::move(what), file + ":" + std::to_string(line), std::move(mend));
}
void Fault::at(const Toml& place, std::string what, std::string mend) { at(place.line, std::move(what), std::move(mend)); }

Row::Row(const Toml& table, std::string name, Fault& fault) : table_(table), name_(std::move(name)), fault_(fault) {
  if (table.type != Toml::Type::kTable) fault_.at(table, name_ + ": expected a table", "write it as {key = value, ...}");
}

void Row::wrong(const Toml& at, const char* key, const std::string& expected) {
  fault_.at(at, name_ + ": " + key + ": expected " + expected);
}

const Toml* Row::take(const char* key, Need need) {
  asked_.insert(key);
  const Toml* v = table_.find(key);
  if (v == nullptr && need == Need::kRequired) fault_.at(table_, name_ + ": " + key + " is missing");
  return v;
}

void Row::word(const Toml& v, const char* key, std::string& out, const Known& known) {
  const bool fits =
      v.type == Toml::Type::kText && !v.text.empty() && ((known.star && v.text == "*") || known.is == nullptr || known.is(v.text));
  if (!fits) return wrong(v, key, known.what + std::string(known.star ? " or \"*\"" : ""));
  out = v.text;
}

void Row::text(const char* key, std::string& out, Need need, Known known) {
  if (const Toml* v = take(key, need)) word(*v, key, out, known);
}

void Row::words(const char* key, std::vector<std::string>& out, Need need, Known known) {
  const Toml* v = take(key, need);
  if (v == nullptr) return;
  if (v->type != Toml::Type::kArray || (need == Need::kRequired && v->items.empty()))
    return wrong(*v, key, std::string("a list of ") + known.what + (need == Need::kRequired ? ", not empty" : ""));
  out.clear();
  for (const auto& item : v->items) word(item, key, out.emplace_back(), known);
}

void Row::flag(const char* key, bool& out) {
  const Toml* v = take(key, Need::kOptional);
  if (v == nullptr) return;
  if (v->type != Toml::Type::kFlag) return wrong(*v, key, "true or false");
  out = v->flag;
}

void Row::number(const char* key, std::uint32_t& out, std::uint32_t least, std::uint32_t most) {
  const Toml* v = take(key, Need::kOptional);
  if (v == nullptr) return;
  if (v->type != Toml::Type::kNumber || v->number < least || v->number > most)
    return wrong(*v, key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  out = static_cast<std::uint32_t>(v->number);
}

void Row::span(const char* key, Span& out) {
  const Toml* v = take(key, Need::kOptional);
  if (v == nullptr) return;
  const auto span = v->type == Toml::Type::kText ? parse_span(v->text) : std::nullopt;
  if (!span) return wrong(*v, key, "a length of time such as \"15m\", \"4h\", \"7d\" or \"2bd\"");
  out = *span;
}

void Row::spans(const char* key, std::vector<Span>& out) {
  std::vector<std::string> texts;
  const Toml* v = table_.find(key);
  words(key, texts, Need::kOptional, {[](std::string_view s) { return parse_span(s).has_value(); }, "lengths of time such as \"24h\""});
  if (v == nullptr || fault_.error) return;
  out.clear();
  for (const auto& t : texts) out.push_back(*parse_span(t));
}

void Row::date(const char* key, std::string& out) {
  const Toml* v = take(key, Need::kOptional);
  if (v == nullptr) return;
  const bool says = v->type == Toml::Type::kTime || v->type == Toml::Type::kText;
  if (!says || v->text.size() != 10 || !base::parse_rfc3339(v->text + "T00:00:00Z")) return wrong(*v, key, "a date such as 2027-04-01");
  out = v->text;
}

const Toml* Row::any(const char* key) { return take(key, Need::kOptional); }

const Toml* Row::table(const char* key) {
  const Toml* v = any(key);
  if (v == nullptr || v->type == Toml::Type::kTable) return v;
  wrong(*v, key, "a table");
  return nullptr;
}

const Toml* Row::list(const char* key) {
  const Toml* v = any(key);
  if (v == nullptr || v->type == Toml::Type::kArray) return v;
  wrong(*v, key, "a list of tables");
  return nullptr;
}

void Row::done() {
  for (const auto& m : table_.members)
    if (!asked_.contains(m.key)) return fault_.at(m, name_ + ": an unknown key", "take it out, or see the manual for how it is spelt");
}

std::string one_of(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
  return out;
}

}  // namespace schemas::policy::internal
