#include "adapters/facade/search.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/parts.h"

namespace adapters::facade {
namespace {

using base::Error;
using base::Kind;
constexpr std::size_t kMaxCount = 200;

std::vector<std::string> alternatives(const std::string& value) {
  std::vector<std::string> out;
  for (std::size_t at = 0;;) {
    const auto comma = value.find(',', at);
    out.push_back(value.substr(at, comma == std::string::npos ? comma : comma - at));
    if (comma == std::string::npos) return out;
    at = comma + 1;
  }
}

bool in(const std::vector<std::string>& list, const std::string& what) { return std::find(list.begin(), list.end(), what) != list.end(); }

// [prefix]dateTime; a date is the whole day (month, year).
base::Result<Catalogue::Filter> by_time(const std::string& text) {
  std::string mark = text.size() > 2 && text[0] >= 'a' && text[0] <= 'z' ? text.substr(0, 2) : "eq", when = text.substr(text.size() > 2 && text[0] >= 'a' && text[0] <= 'z' ? 2 : 0);
  const Error no{Kind::kUsage, "not a date that can be searched by", "_lastUpdated", "for example _lastUpdated=ge2026-10-05T00:00:00Z"};
  if (!in({"eq", "ne", "gt", "ge", "lt", "le", "sa", "eb"}, mark)) return no;
  base::Instant from, to;
  if (formats::fhir::is_date(when)) {
    std::string first = when, after = when;
    if (when.size() == 4) first += "-01-01", after += "-12-31";
    if (when.size() == 7) first += "-01", after += "-28";
    const auto a = base::parse_rfc3339(first + "T00:00:00Z"), b = base::parse_rfc3339(after + "T00:00:00Z");
    if (!a || !b) return no;
    from = *a, to = b->plus((when.size() == 7 ? 4 : 1) * base::kDay);
    if (when.size() == 7) {
      const base::Civil c = base::civil(to);
      to = to.minus((c.day - 1) * base::kDay);  // the first of the next month
    }
  } else {
    const auto t = base::parse_rfc3339(when);
    if (!t) return no;
    from = *t, to = t->plus(when.find('.') == std::string::npos ? base::kSecond : 1);
  }
  return Catalogue::Filter([=](const Item& i) {
    const base::Instant t = i.updated;
    if (mark == "gt" || mark == "sa") return t >= to;
    if (mark == "ge") return t >= from;
    if (mark == "lt" || mark == "eb") return t < from;
    if (mark == "le") return t < to;
    return (t >= from && t < to) == (mark == "eq");
  });
}

Catalogue::Filter by_identifier(const std::vector<std::string>& values) {
  return [values](const Item& i) {
    return std::any_of(values.begin(), values.end(), [&](const std::string& v) {
      const auto bar = v.find('|');
      return std::any_of(i.identifiers.begin(), i.identifiers.end(), [&](const std::string& has) {
        if (bar == std::string::npos) return has.substr(has.find('|') + 1) == v;
        if (bar + 1 == v.size()) return has.starts_with(v);
        // A referral carries the number of its order without its system: the number alone decides then.
        return has == v || (has.starts_with('|') && has == v.substr(bar));
      });
    });
  };
}

base::Result<std::optional<Catalogue::Filter>> one(const std::string& name, const std::string& value, bool has_patient) {
  const auto values = alternatives(value);
  using Maybe = std::optional<Catalogue::Filter>;
  if (name == "_id") return Maybe([values](const Item& i) { return in(values, i.id); });
  if (name == "_lastUpdated") {
    TRY_ASSIGN(auto filter, by_time(value));
    return Maybe(std::move(filter));
  }
  if (name == "identifier") return Maybe(by_identifier(values));
  if (name == "status") {
    std::vector<std::string> codes;
    for (const std::string& v : values) codes.push_back(v.substr(v.find('|') == std::string::npos ? 0 : v.find('|') + 1));
    return Maybe([codes](const Item& i) { return in(codes, i.status); });
  }
  if (has_patient && (name == "patient" || name == "subject" || name == "patient:Patient" || name == "subject:Patient")) {
    std::vector<std::string> ids;
    for (const std::string& v : values) ids.push_back(v.substr(v.rfind('/') == std::string::npos ? 0 : v.rfind('/') + 1));
    return Maybe([ids](const Item& i) { return in(ids, i.patient); });
  }
  return Maybe();
}

std::string encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto b = static_cast<unsigned char>(c);
      out += '%', out += kHex[b >> 4], out += kHex[b & 15];
    }
  }
  return out;
}

std::string link_to(const Settings& settings, const std::string& type, const Query& used, const std::string& after) {
  std::string out = (settings.base_url.empty() ? "" : settings.base_url + "/") + type;
  char mark = '?';
  for (const auto& [name, value] : used) out += mark + name + "=" + encoded(value), mark = '&';
  if (!after.empty()) out += mark + std::string("_page=") + encoded(after);
  return out;
}

}  // namespace

base::Result<Search> parse_search(const std::string& type, const Query& query, bool lenient) {
  Search s;
  std::vector<Catalogue::Filter> all;
  const bool has_patient = type != "Patient" && type != "Subscription";
  for (const auto& [name, value] : query) {
    if (name == "_format" || name == "_summary") continue;
    if (name == "_page") {
      s.after = value;
      continue;
    }
    if (name == "_count") {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), s.count);
      if (error != std::errc() || end != value.data() + value.size()) return Error{Kind::kUsage, "not a number", "_count"};
      s.count = std::min(s.count, kMaxCount);
      s.used.emplace(name, value);
      continue;
    }
    TRY_ASSIGN(auto filter, one(name, value, has_patient));
    if (!filter && lenient) continue;
    if (!filter)
      return Error{Kind::kUsage, "this search parameter is not known here", type + "?" + name.substr(0, 40), "see /metadata, or send Prefer: handling=lenient to have it passed over"};
    all.push_back(std::move(*filter));
    s.used.emplace(name, value);
  }
  s.filter = [all = std::move(all)](const Item& i) { return std::all_of(all.begin(), all.end(), [&](const auto& f) { return f(i); }); };
  return s;
}

HttpResponse search(const agent::Host& host, const Catalogue& catalogue, const Settings& settings, const std::string& type, const Query& query, bool lenient) {
  const auto parsed = parse_search(type, query, lenient);
  if (!parsed.ok()) return failed(400, "invalid", parsed.error().what + (parsed.error().mend.empty() ? "" : "; " + parsed.error().mend), parsed.error().where);
  const std::vector<Item> found = catalogue.list(type, parsed->filter);
  const auto key = [](const Item& i) { return std::to_string(i.updated.ms) + "." + i.id; };
  auto at = found.begin();
  if (!parsed->after.empty()) {
    const auto dot = parsed->after.find('.');
    std::uint64_t ms = 0;
    std::from_chars(parsed->after.data(), parsed->after.data() + std::min(dot, parsed->after.size()), ms);
    const std::string id = dot == std::string::npos ? "" : parsed->after.substr(dot + 1);
    at = std::find_if(found.begin(), found.end(), [&](const Item& i) { return i.updated.ms < ms || (i.updated.ms == ms && i.id > id); });
  }
  Json out{{"resourceType", "Bundle"}, {"type", "searchset"}, {"total", found.size()}};
  out["link"].push_back({{"relation", "self"}, {"url", link_to(settings, type, parsed->used, parsed->after)}});
  std::string last;
  for (std::size_t n = 0; at != found.end() && n < parsed->count; ++at, ++n) {
    last = key(*at);
    const auto item = catalogue.find(host, type, at->id);
    if (!item || !item->json) continue;  // it changed meanwhile
    Json entry{{"resource", *item->json}, {"search", {{"mode", "match"}}}};
    if (!settings.base_url.empty()) entry["fullUrl"] = settings.base_url + "/" + type + "/" + item->id;
    out["entry"].push_back(std::move(entry));
  }
  if (at != found.end() && !last.empty()) out["link"].push_back({{"relation", "next"}, {"url", link_to(settings, type, parsed->used, last)}});
  return resource(200, out);
}

}  // namespace adapters::facade
