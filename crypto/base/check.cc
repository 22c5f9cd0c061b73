// The end of a process that found a bug in itself.
#include "crypto/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace base {

void check_failed(const char* expr, const char* file, int line) noexcept {
  std::fprintf(stderr, "bug: %s:%d: CHECK(%s) failed; please report this line\n", file, line, expr);
  std::abort();
}

}  // namespace base
