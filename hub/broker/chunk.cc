// See chunk.h.
#include "hub/broker/chunk.h"

#include <bit>

namespace hub::broker {
namespace {

constexpr std::size_t kMostOffsets = 1000, kBitBytes = Chunk::kEntries / 8;

}  // namespace

std::optional<Chunk> Chunk::parse(base::View v) {
  Chunk c;
  if (v.size() == kBitBytes) {
    for (std::size_t i = 0; i < c.words_.size(); ++i) c.words_[i] = base::load_le<std::uint64_t>(v.data() + 8 * i);
    return c;
  }
  if (v.empty() || v.size() % 2 != 0 || v.size() > 2 * kMostOffsets) return std::nullopt;
  std::uint32_t least = 0;
  for (std::size_t at = 0; at < v.size(); at += 2) {
    const std::uint32_t offset = base::load_le<std::uint16_t>(v.data() + at);
    if (offset < least || offset >= kEntries) return std::nullopt;
    c.set(offset);
    least = offset + 1;
  }
  return c;
}

base::Bytes Chunk::encode() const {
  std::size_t n = 0;
  for (const std::uint64_t w : words_) n += static_cast<std::size_t>(std::popcount(w));
  base::Bytes out(n <= kMostOffsets ? 2 * n : kBitBytes);
  base::Byte* p = out.data();
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (n > kMostOffsets) {
      base::store_le(p + 8 * i, words_[i]);
      continue;
    }
    for (std::uint64_t w = words_[i]; w != 0; w &= w - 1, p += 2) base::store_le(p, static_cast<std::uint16_t>(64 * i + static_cast<std::size_t>(std::countr_zero(w))));
  }
  return out;
}

void Chunk::keep(std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t i = 0; i < words_.size(); ++i) {
    const std::uint64_t first = 64 * i;
    if (first + 64 <= from || first >= to) words_[i] = 0;
    if (words_[i] == 0) continue;
    if (first < from) words_[i] &= ~std::uint64_t{0} << (from - first);
    if (first + 64 > to) words_[i] &= ~std::uint64_t{0} >> (first + 64 - to);
  }
}

Chunk& Chunk::operator&=(const Chunk& o) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= o.words_[i];
  return *this;
}

Chunk& Chunk::operator|=(const Chunk& o) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= o.words_[i];
  return *this;
}

std::optional<std::uint64_t> Chunk::last(std::uint64_t below) const {
  if (below == 0) return std::nullopt;
  std::uint64_t i = (below - 1) / 64;
  std::uint64_t w = words_[i] & (~std::uint64_t{0} >> (63 - (below - 1) % 64));
  while (w == 0 && i > 0) w = words_[--i];
  if (w == 0) return std::nullopt;
  return 64 * i + 63 - static_cast<std::uint64_t>(std::countl_zero(w));
}

}  // namespace hub::broker
