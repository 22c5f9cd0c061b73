// Chunk: which of 16384 consecutive log entries carry one label (a sender, a kind, ...). The unit of the search index: two sets are intersected
// by ANDing their words, so that the cost of a search does not depend on how rarely its filters meet. A value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "crypto/base/bytes.h"

namespace hub::broker {

class Chunk {
 public:
  static constexpr std::uint64_t kEntries = 1 << 14;

  // What encode() wrote: up to 1000 ascending u16 LE offsets, or 2048 bytes of bits. nullopt: neither.
  static std::optional<Chunk> parse(base::View v);
  [[nodiscard]] base::Bytes encode() const;

  void set(std::uint64_t offset) { words_[offset / 64] |= std::uint64_t{1} << (offset % 64); }
  void all() { words_.fill(~std::uint64_t{0}); }
  void keep(std::uint64_t from, std::uint64_t to);  // clears all but offsets in [from, to)
  Chunk& operator&=(const Chunk& o);
  Chunk& operator|=(const Chunk& o);
  [[nodiscard]] bool operator==(const Chunk& o) const = default;
  // The largest offset below `below` that is set.
  [[nodiscard]] std::optional<std::uint64_t> last(std::uint64_t below) const;

 private:
  std::array<std::uint64_t, kEntries / 64> words_{};
};

}  // namespace hub::broker
