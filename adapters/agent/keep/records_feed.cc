// Names of the modes.
#include "adapters/agent/keep/records_feed.h"

namespace adapters::agent::keep {
namespace {

constexpr std::string_view kModes[] = {"live", "dry-run", "shadow"};

std::uint8_t code(FeedMode m) { return static_cast<std::uint8_t>(m); }

}  // namespace

std::string_view name(FeedMode mode) { return kModes[code(mode)]; }

std::optional<FeedMode> feed_mode(std::string_view name) {
  for (std::uint8_t i = 0; i < std::size(kModes); ++i)
    if (kModes[i] == name) return static_cast<FeedMode>(i);
  return std::nullopt;
}

}  // namespace adapters::agent::keep
