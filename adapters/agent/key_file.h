// The inside of keys.sealed, and of keys.pending, which takes its place in a rotation: a magic line and six seeds of 32 bytes.
#pragma once

#include <algorithm>
#include <string>

#include "adapters/agent/files.h"
#include "crypto/locker.h"

namespace adapters::agent::key_file {

inline constexpr std::string_view kMagic = "SFHV1\n";
inline constexpr std::size_t kSign = 0, kWitness = 1, kTransport = 2, kStore = 3, kHedge = 4, kEpochFile = 5, kSeeds = 6;
inline constexpr std::size_t kSize = kMagic.size() + 32 * kSeeds;

inline std::string sealed(const std::string& dir) { return dir + "/keys.sealed"; }
inline std::string pending(const std::string& dir) { return dir + "/keys.pending"; }

inline crypto::Secret<32> seed(base::View plain, std::size_t i) {
  crypto::Secret<32> s;
  std::copy_n(plain.data() + kMagic.size() + 32 * i, 32, s.data());
  return s;
}

// kNotFound; kBadSignature: another secret, or damaged; kUnsupported.
inline base::Result<crypto::SecretBytes> open(const std::string& path, base::View secret_input) {
  TRY_ASSIGN(const base::Bytes file, read_file(path));
  TRY_ASSIGN(crypto::SecretBytes plain, crypto::unlock_key_file(secret_input, file));
  if (plain.size() != kSize || base::text(plain.view().first(kMagic.size())) != kMagic) {
    return base::Error{base::Kind::kUnsupported, "the key file was written by another version", path};
  }
  return plain;
}

// As expensive to open as the file that it follows. "SFHK" | u16 version | u16 kdf | u32 opslimit | u64 memlimit ... (crypto/locker.h)
inline crypto::KeyFileCost cost_of(base::View file) {
  crypto::KeyFileCost cost;
  if (file.size() < 20) return cost;
  const bool raw = base::load_le<std::uint16_t>(file.data() + 6) != 1;
  cost.opslimit = raw ? 0 : base::load_le<std::uint32_t>(file.data() + 8);
  cost.memlimit = raw ? 0 : base::load_le<std::uint64_t>(file.data() + 12);
  return cost;
}

}  // namespace adapters::agent::key_file
