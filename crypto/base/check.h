// CHECK(cond): an assertion about our own arithmetic that stays on in release. Never for input.
// It prints the place and the expression (no values: they may be protected) and aborts.
#pragma once

namespace base {
[[noreturn]] void check_failed(const char* expr, const char* file, int line) noexcept;
}

#define CHECK(cond) (static_cast<bool>(cond) ? void(0) : ::base::check_failed(#cond, __FILE__, __LINE__))
