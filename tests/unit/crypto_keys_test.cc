// Secrets, randomness and key pairs.
#include "crypto/keys.h"

#include <doctest/doctest.h>

#include <set>
#include <type_traits>

#include "tests/vectors/cast.h"

using base::Bytes;
using crypto::Secret;
using crypto::SecretBytes;

TEST_CASE("a moved-from secret is empty and the new owner holds the bytes") {
  Secret<32> a(vectors::filled<32>(7));
  Secret<32> b = std::move(a);
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): the promise under test
  CHECK(crypto::same_secret(b.view(), vectors::filled<32>(7)));
  b = Secret<32>(vectors::filled<32>(8));
  CHECK(crypto::same_secret(b.view(), vectors::filled<32>(8)));
  b.clear();
  CHECK(b.view().empty());
}

TEST_CASE("a new secret is zero, and comparison is by length and content") {
  const SecretBytes zero(5);
  CHECK(base::all_zero(zero.view()));
  CHECK(crypto::same_secret({}, {}));
  CHECK_FALSE(crypto::same_secret(zero.view(), vectors::filled<4>(0)));
  CHECK_FALSE(crypto::same_secret(zero.view(), vectors::filled<5>(1)));
}

TEST_CASE("wiping leaves zeros") {
  auto bytes = vectors::filled<9>(3);
  crypto::wipe(bytes.data(), bytes.size());
  CHECK(base::all_zero(bytes));
  crypto::wipe(nullptr, 0);
}

TEST_CASE("a signature holds for its key and bytes only") {
  const crypto::SignKey alice = vectors::sign_key(1), eve = vectors::sign_key(2);
  const Bytes text = base::to_bytes("the message");
  const auto sig = alice.sign(text);
  CHECK(crypto::verify(alice.public_key(), text, sig));
  CHECK_FALSE(crypto::verify(eve.public_key(), text, sig));
  CHECK_FALSE(crypto::verify(alice.public_key(), base::to_bytes("another"), sig));
  CHECK_FALSE(crypto::verify(alice.public_key(), text, base::View(sig).first(63)));
  for (std::size_t i = 0; i < 64; ++i) {
    auto bad = sig;
    bad[i] ^= 0x20;
    CHECK_FALSE(crypto::verify(alice.public_key(), text, bad));
  }
}

TEST_CASE("a key from its seed is the key of RFC 8032 test 1") {
  const auto seed = base::unhex_hash("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const crypto::SignKey key = crypto::SignKey::from_seed(Secret<32>(*seed));
  CHECK(base::hex(key.public_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(base::hex(key.sign({})) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(crypto::same_secret(key.seed(), *seed));
}

TEST_CASE("an X25519 public key is the one of RFC 7748 section 6.1") {
  const auto bob = base::unhex_hash("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  CHECK(base::hex(crypto::BoxKey::from_secret(Secret<32>(*bob)).public_key()) ==
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

TEST_CASE("generated keys differ") {
  auto& random = crypto::system_random();
  std::set<crypto::PublicKey> seen;
  for (int i = 0; i < 8; ++i) {
    seen.insert(crypto::SignKey::generate(random).public_key());
    seen.insert(crypto::BoxKey::generate(random).public_key());
  }
  CHECK(seen.size() == 16);
}

TEST_CASE("a UUIDv7 carries its millisecond first and sorts by it") {
  auto& random = crypto::system_random();
  const base::Id early = crypto::uuid7(random, {1700000000000}), late = crypto::uuid7(random, {1700000000001});
  CHECK(early < late);
  CHECK(base::hex(early).substr(0, 12) == "018bcfe56800");
  CHECK((early[6] & 0xf0) == 0x70);
  CHECK((early[8] & 0xc0) == 0x80);
  CHECK(crypto::uuid7(random, {5}) != crypto::uuid7(random, {5}));
}

static_assert(!std::is_copy_constructible_v<crypto::SignKey> && !std::is_copy_constructible_v<crypto::BoxKey>);
