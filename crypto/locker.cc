// Encryption at rest: XChaCha20-Poly1305 for values (random nonces), keyed BLAKE2b for lookups, Argon2id for the key file.
#include "crypto/locker.h"

#include <sodium.h>

namespace crypto {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, kMac = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::uint16_t kVersion = 1, kArgon2id = 1, kRawKey = 2;
constexpr std::size_t kSaltAt = 20, kNonceAt = 36, kHead = 60;  // key file
// A hostile key file must not be able to ask for all the memory or an hour of work.
constexpr std::uint64_t kMaxMemory = 1ULL << 30;
constexpr std::uint32_t kMaxPasses = 16;

void mix(base::View key, base::View in, base::Byte out[32]) {
  CHECK(crypto_generichash(out, 32, in.data(), in.size(), key.data(), key.size()) == 0);
}

// Writes ct || tag; `context` is authenticated.
void encrypt(base::Byte* out, base::View nonce, base::View context, base::View plain, base::View key) {
  CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(out, nullptr, plain.data(), plain.size(), context.data(), context.size(), nullptr,
                                                   nonce.data(), key.data()) == 0);
}

bool decrypt(base::Byte* out, base::View nonce, base::View context, base::View ct, base::View key) {
  return crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, ct.data(), ct.size(), context.data(), context.size(),
                                                    nonce.data(), key.data()) == 0;
}

bool cost_allowed(std::uint16_t kdf, std::uint32_t passes, std::uint64_t memory) {
  if (kdf == kRawKey) return passes == 0 && memory == 0;
  return kdf == kArgon2id && passes >= crypto_pwhash_OPSLIMIT_MIN && passes <= kMaxPasses && memory >= crypto_pwhash_MEMLIMIT_MIN &&
         memory <= kMaxMemory;
}

// The key of a key file, by what its head says. False: not enough memory, no passphrase, or a raw key of the wrong length.
bool file_key(base::View input, base::View head, Secret<32>& key) {
  if (input.empty()) return false;
  const base::View salt = head.subspan(kSaltAt, 16);
  if (base::load_le<std::uint16_t>(head.data() + 6) == kRawKey) {
    if (input.size() != 32) return false;
    mix(input, base::concat({base::view("SFH1/key-file"), salt}), key.data());
    return true;
  }
  return crypto_pwhash(key.data(), key.size(), reinterpret_cast<const char*>(input.data()), input.size(), salt.data(),
                       base::load_le<std::uint32_t>(head.data() + 8), base::load_le<std::uint64_t>(head.data() + 12),
                       crypto_pwhash_ALG_ARGON2ID13) == 0;
}

}  // namespace

Locker::Locker(Secret<32> key, Random& random) : random_(&random) {
  init();
  CHECK(key.size() == 32);
  mix(key.view(), base::view("SFH1/locker-seal"), seal_key_.data());
  mix(key.view(), base::view("SFH1/locker-find"), lookup_key_.data());
}

base::Bytes Locker::lock(base::View context, base::View plain) const {
  base::Bytes out(kNonce + plain.size() + kMac);
  random_->fill({out.data(), kNonce});
  encrypt(out.data() + kNonce, base::View(out).first(kNonce), context, plain, seal_key_.view());
  return out;
}

base::Result<base::Bytes> Locker::unlock(base::View context, base::View locked) const {
  const base::Error broken{base::Kind::kCorrupt, "a stored value does not open: damaged, moved, or under another key"};
  if (locked.size() < kNonce + kMac) return broken;
  base::Bytes out(locked.size() - kNonce - kMac);
  if (!decrypt(out.data(), locked.first(kNonce), context, locked.subspan(kNonce), seal_key_.view())) return broken;
  return out;
}

base::Hash Locker::lookup(std::string_view label, base::View value) const {
  base::Bytes in(4);
  base::store_le(in.data(), static_cast<std::uint32_t>(label.size()));  // so that no label runs into its value
  base::append(in, base::view(label));
  base::append(in, value);
  base::Hash out;
  mix(lookup_key_.view(), in, out.data());
  wipe(in.data(), in.size());
  return out;
}

base::Bytes lock_key_file(base::View secret_input, base::View plain, const KeyFileCost& cost, Random& random) {
  init();
  const std::uint16_t kdf = cost.opslimit == 0 ? kRawKey : kArgon2id;
  const std::uint64_t memory = kdf == kRawKey ? 0 : cost.memlimit;
  CHECK(cost_allowed(kdf, cost.opslimit, memory));
  base::Bytes out(kHead + plain.size() + kMac);
  std::memcpy(out.data(), "SFHK", 4);
  base::store_le(out.data() + 4, kVersion);
  base::store_le(out.data() + 6, kdf);
  base::store_le(out.data() + 8, cost.opslimit);
  base::store_le(out.data() + 12, memory);
  random.fill({out.data() + kSaltAt, kHead - kSaltAt});
  const base::View head = base::View(out).first(kHead);
  Secret<32> key;
  CHECK(file_key(secret_input, head, key));
  encrypt(out.data() + kHead, head.subspan(kNonceAt), head, plain, key.view());
  return out;
}

base::Result<SecretBytes> unlock_key_file(base::View secret_input, base::View file) {
  init();
  if (file.size() < kHead + kMac || !base::equal(file.first(4), base::view("SFHK"))) return base::malformed("not a key file");
  if (base::load_le<std::uint16_t>(file.data() + 4) != kVersion)
    return base::Error{base::Kind::kUnsupported, "a key file of another version"};
  const base::View head = file.first(kHead);
  if (!cost_allowed(base::load_le<std::uint16_t>(file.data() + 6), base::load_le<std::uint32_t>(file.data() + 8),
                    base::load_le<std::uint64_t>(file.data() + 12))) {
    return base::malformed("the key file asks for an unknown or unreasonable key derivation");
  }
  Secret<32> key;
  SecretBytes plain(file.size() - kHead - kMac);
  if (!file_key(secret_input, head, key) || !decrypt(plain.data(), head.subspan(kNonceAt), head, file.subspan(kHead), key.view())) {
    return base::Error{
        base::Kind::kBadSignature, "the key file does not open", {}, "check the passphrase; else restore the file from a backup"};
  }
  return plain;
}

}  // namespace crypto
