// One more suite than the tables name, while a test runs. Only tests include this. Set before threads start, nullptr when done.
#pragma once

namespace crypto {
struct Suite;
struct SealingSuite;
}  // namespace crypto

namespace crypto::internal {

void set_guest(const Suite* s);
void set_sealing_guest(const SealingSuite* s);

}  // namespace crypto::internal
