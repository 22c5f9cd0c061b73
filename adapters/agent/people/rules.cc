#include "adapters/agent/people/rules.h"

#include <algorithm>
#include <array>

namespace adapters::agent::people {
namespace {

using base::Error;
using base::Kind;

// Of the passwords that leaks show most, those that are long enough to be tried here, and words that staff would think of.
constexpr std::array<std::string_view, 24> kCommon = {
    "123456789012", "1234567890123", "12345678901234", "123412341234", "123123123123", "111111111111", "000000000000", "qwertyuiopas",
    "qwertyuiop123", "1q2w3e4r5t6y", "q1w2e3r4t5y6", "password1234", "passwordpassword", "password12345", "administrator", "changemechangeme",
    "changeme1234", "welcome12345", "letmeinletmein", "iloveyou1234", "handoffhandoff", "handoff12345", "crisis123456", "correcthorsebatterystaple"};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), small);
  return out;
}

bool printable(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::string login_of(std::string_view typed) {
  while (!typed.empty() && typed.front() == ' ') typed.remove_prefix(1);
  while (!typed.empty() && typed.back() == ' ') typed.remove_suffix(1);
  return lower(typed.substr(0, 256));
}

base::Status check_person(const PersonRow& r) {
  const bool plain = !r.login.empty() && r.login.size() <= 64 && r.login.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._@-") == std::string::npos;
  if (!plain) return Error{Kind::kUsage, "a login has letters, digits and . _ @ -, at most 64", "login", "for example m.okafor"};
  const std::pair<const char*, const std::string*> texts[] = {{"name", &r.name}, {"phone", &r.phone}, {"email", &r.email}};
  for (const auto& [field, text] : texts) {
    if (text->size() > 120 || !printable(*text)) return Error{Kind::kUsage, "one line of at most 120 characters", field};
  }
  if (!r.email.empty() && (r.email.find('@') == std::string::npos || r.email.find(' ') != std::string::npos)) return Error{Kind::kUsage, "this is no e-mail address", "email"};
  if (!r.language.empty() && r.language != "en" && r.language != "es") return Error{Kind::kUsage, "en or es, or empty for the device's", "language"};
  if (r.roles.size() > 16) return Error{Kind::kUsage, "at most 16 roles", "roles"};
  return {};
}

base::Status check_password(std::string_view password, std::string_view login) {
  if (password.size() < kLeastPassword) return Error{Kind::kUsage, "at least 12 characters", "password", "a few words that do not belong together are easy to keep"};
  if (password.size() > kMostPassword) return Error{Kind::kUsage, "at most 512 bytes", "password"};
  const std::string all = lower(password);
  const bool one_letter = std::ranges::all_of(all, [&](char c) { return c == all[0]; });
  if (one_letter || std::ranges::find(kCommon, all) != kCommon.end()) return Error{Kind::kUsage, "a password that many people use", "password", "choose another"};
  // The login with a few digits after it is the first thing that is tried.
  if (login.size() >= 4 && all.find(login) != std::string::npos && all.size() < login.size() + 8) return Error{Kind::kUsage, "it holds the login", "password", "choose another"};
  return {};
}

}  // namespace adapters::agent::people
