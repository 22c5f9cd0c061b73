#include "adapters/agent/match/score.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "adapters/agent/match/names.h"
#include "crypto/base/instant.h"

namespace adapters::agent::match {
namespace {

struct Tally {
  int points = 0;
  std::string why;
  void add(int n, std::string_view what) {
    points += n;
    if (n > 0) why += (why.empty() ? "" : ", ") + std::string(what);
  }
};

bool shares_word(const std::string& a, const std::string& b) {
  const auto mine = words(a), theirs = words(b);
  return std::any_of(mine.begin(), mine.end(), [&](const std::string& w) { return w.size() > 2 && std::find(theirs.begin(), theirs.end(), w) != theirs.end(); });
}

// Points of `whole` for one part of a name.
int part(const std::string& a, const std::string& b, int whole) {
  const std::string x = folded(a), y = folded(b);
  if (x.empty() || y.empty()) return 0;
  if (x == y) return whole;
  if (nearly(x, y) || shares_word(a, b)) return whole * 3 / 4;
  return 0;
}
int given(const std::string& a, const std::string& b) {
  const std::string x = folded(a), y = folded(b);
  if (x.empty() || y.empty()) return 0;
  const bool initial = x[0] == y[0] && (x.size() == 1 || y.size() == 1);
  return initial ? 7 : part(a, b, 15);
}

void name(const schemas::Name& a, const schemas::Name& b, Tally& t) {
  if ((a.family.empty() && a.given.empty()) || (b.family.empty() && b.given.empty())) return;
  const int family = part(a.family, b.family, 25), straight = family == 0 ? 0 : family + given(a.given, b.given);
  const int f = part(a.family, b.given, 20), g = part(a.given, b.family, 20), swapped = f != 0 && g != 0 ? f + g - 2 : 0;
  if (swapped > straight) return t.add(swapped, "name (swapped)");
  if (straight == 40) return t.add(40, "name");
  if (straight > 0) return t.add(straight, family == straight ? "family name" : "name nearly");
  t.add(-40, "");
}

// As far as both say it: 1992, 1992-03, 1992-03-14.
void birth(const std::string& a, const std::string& b, Tally& t) {
  const std::size_t n = std::min(a.size(), b.size());
  if (n < 4) return;
  if (a.compare(0, n, b, 0, n) == 0) return t.add(n >= 10 ? 35 : n >= 7 ? 22 : 15, n >= 10 ? "dob" : "dob (in part)");
  if (n < 10) return t.add(-25, "");
  const bool swapped = a.compare(0, 4, b, 0, 4) == 0 && a.compare(5, 2, b, 8, 2) == 0 && a.compare(8, 2, b, 5, 2) == 0;
  const auto differ = std::inner_product(a.begin(), a.begin() + 10, b.begin(), 0, std::plus<>(), [](char x, char y) { return x == y ? 0 : 1; });
  if (swapped || differ == 1) return t.add(18, "dob nearly");
  t.add(-35, "");
}

void sex(const std::string& a, const std::string& b, Tally& t) {
  const auto known = [](const std::string& s) { return s == "male" || s == "female"; };
  if (known(a) && known(b)) t.add(a == b ? 5 : -10, "sex");
}

void phone(const std::string& a, const std::string& b, Tally& t) {
  const std::string x = digits(a), y = digits(b);
  const std::size_t n = std::min({x.size(), y.size(), std::size_t{10}});
  if (n >= 7 && x.compare(x.size() - n, n, y, y.size() - n, n) == 0) t.add(20, "phone");
}

void address(const schemas::Address& a, const schemas::Address& b, Tally& t) {
  const std::string line = folded(a.line), postal = folded(a.postal);
  if (!line.empty() && line == folded(b.line)) return t.add(12, "address");
  if (!postal.empty() && postal.substr(0, 5) == folded(b.postal).substr(0, 5)) t.add(3, "postal code");
}

void number(const std::vector<schemas::Identifier>& a, const std::vector<schemas::Identifier>& b, Tally& t) {
  const bool same = std::any_of(a.begin(), a.end(), [&](const auto& x) {
    return !x.value.empty() && std::any_of(b.begin(), b.end(), [&](const auto& y) { return x.system == y.system && x.value == y.value; });
  });
  if (same) t.add(30, "number");
}

}  // namespace

Likeness likeness(const schemas::Subject& record, const schemas::Subject& referred, std::uint64_t apart_ms) {
  Tally t;
  name(record.name, referred.name, t);
  birth(record.dob, referred.dob, t);
  sex(record.sex, referred.sex, t);
  phone(record.phone, referred.phone, t);
  address(record.address, referred.address, t);
  number(record.ids, referred.ids, t);
  if (t.points > 0 && apart_ms <= base::kDay) t.add(5, "time");
  return {static_cast<unsigned>(std::clamp(t.points, 0, 100)), t.why};
}

}  // namespace adapters::agent::match
