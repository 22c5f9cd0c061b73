// How large attachments may be and how long they may take, from agent.toml ([limits], docs/guide/agency-it.md). A value.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/base/instant.h"

namespace adapters::agent::blob {

inline constexpr std::size_t kInline = 32u << 10;  // up to this size an attachment stays in the message that names it
inline constexpr std::size_t kPart = 192u << 10;   // of its bytes, in one message of kind 18
inline constexpr std::size_t kAside = 64u << 10;   // source bytes over this are kept beside their message

struct Limits {
  std::uint64_t attachment = 20u << 20;   // bytes of one
  std::uint64_t thread = 200u << 20;      // that others may leave here in one thread
  std::uint64_t sender = 4ULL << 30;      // that one agency may leave here
  std::uint64_t waiting = 1ULL << 30;     // of ours that wait for the hub
  std::uint64_t orphan_ms = 168 * base::kHour;  // without a further part (mail lives for at most seven days)
};

}  // namespace adapters::agent::blob
