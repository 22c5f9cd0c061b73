// Whether this build carries the address sanitizer, which is slow and looks for other faults: a test that counts to very many counts to fewer.
#pragma once

namespace kit {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif
}  // namespace kit
