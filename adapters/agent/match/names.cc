#include "adapters/agent/match/names.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace adapters::agent::match {
namespace {

// What U+00C0 to U+017F become; digits stand for several letters (below), '-' for no letter.
constexpr std::string_view kPlain =
    "aaaaaa1ceeeeiiii2nooooo-ouuuuy34aaaaaa1ceeeeiiii2nooooo-ouuuuy3y"   // C0 - FF
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii55jjkkklllllll"   // 100 - 13F
    "lllnnnnnnnnnoooooo66rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";  // 140 - 17F
constexpr std::array<std::string_view, 7> kSeveral = {"", "ae", "d", "th", "ss", "ij", "oe"};

std::uint32_t next_point(std::string_view& s) {
  const auto lead = static_cast<unsigned char>(s[0]);
  const std::size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t point = n == 1 ? lead : lead & (0xFFu >> (n + 1));
  for (std::size_t i = 1; i < n && i < s.size(); ++i) point = point << 6 | (static_cast<unsigned char>(s[i]) & 0x3F);
  s.remove_prefix(std::min(n, s.size()));
  return point;
}

}  // namespace

std::vector<std::string> words(std::string_view rest) {
  std::vector<std::string> out;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  while (!rest.empty()) {
    const std::string_view before = rest;
    const std::uint32_t c = next_point(rest);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += static_cast<char>(c);
    } else if (c >= 'A' && c <= 'Z') {
      word += static_cast<char>(c + 32);
    } else if (c >= 0xC0 && c < 0xC0 + kPlain.size()) {
      const char plain = kPlain[c - 0xC0];
      if (plain >= '1' && plain <= '6') word += kSeveral[static_cast<std::size_t>(plain - '0')];
      if (plain >= 'a') word += plain;
    } else if (c == '\'' || c == 0x2019 || c == 0x2018 || c == '`' || (c >= 0x300 && c < 0x370)) {
      continue;
    } else if (c < 0xC0 || (c >= 0x2000 && c < 0x2070)) {
      end();
    } else {
      word += before.substr(0, before.size() - rest.size());
    }
  }
  end();
  return out;
}

std::string folded(std::string_view utf8) {
  std::string out;
  for (const std::string& w : words(utf8)) out += w;
  return out;
}

std::string digits(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out += c;
  }
  return out;
}

bool nearly(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() < 4 || b.size() - a.size() > 1) return false;
  while (!a.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (b.size() <= 1) return true;
  return a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0];
}

}  // namespace adapters::agent::match
