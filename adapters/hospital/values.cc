#include "adapters/hospital/values.h"

#include "crypto/base/instant.h"

namespace adapters::hospital {
namespace {

bool digits(std::string_view s) {
  for (const char c : s) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}
unsigned number(std::string_view s) {
  unsigned n = 0;
  for (const char c : s) n = n * 10 + static_cast<unsigned>(c - '0');
  return n;
}

bool real_date(std::string_view digits_only) {
  base::Civil c{.year = static_cast<int>(number(digits_only.substr(0, 4)))};
  if (digits_only.size() >= 6) c.month = number(digits_only.substr(4, 2));
  if (digits_only.size() >= 8) c.day = number(digits_only.substr(6, 2));
  if (digits_only.size() >= 10) c.hour = number(digits_only.substr(8, 2));
  if (digits_only.size() >= 12) c.minute = number(digits_only.substr(10, 2));
  if (digits_only.size() >= 14) c.second = number(digits_only.substr(12, 2));
  if (c.year < 1800 || c.year > 2200) return false;
  if (c.year < 1970) c.year += (1970 - c.year + 27) / 28 * 28;  // same calendar every 28 years between 1901 and 2099
  return base::from_civil(c).has_value();
}

}  // namespace

std::string At::part(unsigned component, unsigned subcomponent) const {
  std::string v = message.value(segment, {.field = field, .component = component, .subcomponent = subcomponent, .repetition = repetition});
  return v == "\"\"" ? std::string() : v;
}

std::string offset_of(std::string_view t) {
  const std::size_t sign = t.find_first_of("+-");
  if (sign == std::string_view::npos || t.size() - sign != 5 || !digits(t.substr(sign + 1))) return {};
  return std::string(t.substr(sign, 3)) + ":" + std::string(t.substr(sign + 3));
}

std::optional<std::string> iso_time(std::string_view t, std::string_view offset) {
  if (t.empty()) return std::string();
  const std::size_t sign = t.find_first_of("+-");
  const std::string own = offset_of(t);
  if (sign != std::string_view::npos && own.empty()) return std::nullopt;
  const std::string_view local = t.substr(0, sign), main = local.substr(0, local.find('.'));
  std::string_view fraction = main.size() < local.size() ? local.substr(main.size() + 1) : std::string_view{};
  const std::size_t n = main.size();
  if (!digits(main) || !digits(fraction) || n < 4 || n > 14 || n % 2 != 0 || n == 10 || (!fraction.empty() && n != 14)) return std::nullopt;
  if (!real_date(main)) return std::nullopt;
  std::string out(main.substr(0, 4));
  if (n >= 6) (out += '-') += main.substr(4, 2);
  if (n >= 8) (out += '-') += main.substr(6, 2);
  if (n <= 8) return out;
  ((out += 'T') += main.substr(8, 2)) += ':';
  (out += main.substr(10, 2)) += ':';
  out += n == 14 ? main.substr(12, 2) : "00";
  if (!fraction.empty()) (out += '.') += fraction.substr(0, 3);
  return out += own.empty() ? std::string(offset) : own;
}

schemas::Name name_of(const At& f) { return {.family = f.part(1, 1), .given = f.part(2), .middle = f.part(3), .suffix = f.part(4)}; }

schemas::Code code_of(const At& f) {
  schemas::Code c{.system = f.part(3), .code = f.part(1), .text = f.part(2)};
  if (c.text.empty()) c.text = f.part(9);
  return c;
}

schemas::Address address_of(const At& f) {
  schemas::Address a{.line = f.part(1, 1), .city = f.part(3), .state = f.part(4), .postal = f.part(5), .country = f.part(6)};
  if (const std::string second = f.part(2); !second.empty()) a.line += (a.line.empty() ? "" : ", ") + second;
  return a;
}

std::string phone_of(const At& f) {
  const std::string equipment = f.part(3);
  if (equipment == "Internet" || equipment == "X.400" || f.part(2) == "NET") return {};
  if (std::string whole = f.part(1); !whole.empty()) return whole;
  if (std::string whole = f.part(12); !whole.empty()) return whole;
  std::string out;
  if (const std::string country = f.part(5); !country.empty()) out = "+" + country + " ";
  if (const std::string area = f.part(6); !area.empty()) out += area + "-";
  const std::string local = f.part(7);
  return local.empty() ? std::string() : out + local;
}

std::string email_of(const At& f) {
  const std::string address = f.part(4);
  if (!address.empty()) return address;
  return f.part(2) == "NET" || f.part(3) == "Internet" ? f.part(1) : std::string();
}

schemas::Name person_of(const At& f) { return {.family = f.part(2, 1), .given = f.part(3), .middle = f.part(4), .suffix = f.part(5)}; }

std::vector<std::string> note_lines(const hl7::Message& m) {
  std::vector<std::string> out;
  for (const hl7::Segment* s : m.all("NTE")) {
    for (unsigned rep = 1; rep <= m.repetitions(*s, 3); ++rep) {
      if (std::string line = m.value(*s, {.field = 3, .repetition = rep}); !line.empty()) out.push_back(std::move(line));
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

std::string offset_in(const hl7::Message& m, const std::string& fallback) {
  const std::string own = offset_of(m.value("MSH-7.1"));
  return own.empty() ? fallback : own;
}

std::string plain(const schemas::Name& n) {
  if (n.given.empty()) return n.family;
  return n.family.empty() ? n.given : n.given + " " + n.family;
}

std::string sex_of(const std::string& code) {
  if (code == "M") return "male";
  if (code == "F") return "female";
  if (code == "U") return "unknown";
  return code == "O" || code == "A" || code == "X" ? "other" : code;
}

std::vector<schemas::Identifier> identifiers_of(const hl7::Message& m, const hl7::Segment& pid, bool keep_ssn) {
  std::vector<schemas::Identifier> out;
  for (unsigned rep = 1; rep <= m.repetitions(pid, 3); ++rep) {
    const At id{m, pid, 3, rep};
    const std::string number = id.part(1), authority = id.part(4, 1), type = id.part(5), facility = id.part(6, 1);
    const bool ssn = type == "SS" || authority == "USSSA" || facility == "USSSA";
    if (number.empty() || (ssn && !keep_ssn)) continue;
    out.push_back({authority.empty() ? id.part(4, 2) : authority, number});
  }
  if (const std::string ssn = At{m, pid, 19}.part(1); keep_ssn && !ssn.empty()) out.push_back({"SSN", ssn});
  return out;
}

schemas::Subject match_keys(const hl7::Message& m, std::string_view offset) {
  schemas::Subject s;
  const hl7::Segment* pid = m.find("PID");
  if (pid == nullptr) return s;
  s.name = name_of({m, *pid, 5});
  s.dob = iso_time(At{m, *pid, 7}.part(1), offset).value_or("").substr(0, 10);
  s.sex = sex_of(At{m, *pid, 8}.part(1));
  s.ids = identifiers_of(m, *pid, false);
  return s;
}

schemas::Subject person_in(const hl7::Message& m, const std::string& utc_offset) {
  schemas::Subject s = match_keys(m, offset_in(m, utc_offset));
  const hl7::Segment* pid = m.find("PID");
  if (pid == nullptr) return s;
  s.address = address_of({m, *pid, 11});
  for (unsigned rep = 1; rep <= m.repetitions(*pid, 13) && s.phone.empty(); ++rep) s.phone = phone_of({m, *pid, 13, rep});
  return s;
}

}  // namespace adapters::hospital
