// Encryption at rest and the key file.
#include "crypto/locker.h"

#include <doctest/doctest.h>

#include "tests/vectors/cast.h"

using base::Bytes;
using base::Kind;
using crypto::Locker;
using vectors::filled;

namespace {

const Bytes kContext = base::to_bytes("inbox/17"), kPlain = base::to_bytes("a body at rest");
constexpr crypto::KeyFileCost kCheap{1, 8192}, kRaw{0, 0};

Locker locker(int key = 1) { return Locker(crypto::Secret<32>(filled<32>(key)), crypto::system_random()); }

}  // namespace

TEST_CASE("a locked value opens in its own place only") {
  const Locker l = locker();
  const Bytes locked = l.lock(kContext, kPlain);
  CHECK(locked.size() == 24 + kPlain.size() + 16);
  CHECK((*l.unlock(kContext, locked) == kPlain));
  CHECK(l.unlock(base::to_bytes("inbox/18"), locked).error().kind == Kind::kCorrupt);
  CHECK(locker(2).unlock(kContext, locked).error().kind == Kind::kCorrupt);
  CHECK(l.unlock(kContext, {}).error().kind == Kind::kCorrupt);
  CHECK((*l.unlock({}, l.lock({}, {})) == Bytes()));
}

TEST_CASE("any altered byte of a locked value is noticed") {
  const Locker l = locker();
  const Bytes locked = l.lock(kContext, kPlain);
  for (std::size_t i = 0; i < locked.size(); ++i) {
    Bytes bent = locked;
    bent[i] ^= 1;
    CHECK_FALSE(l.unlock(kContext, bent).ok());
    CHECK_FALSE(l.unlock(kContext, base::View(locked).first(i)).ok());
  }
}

TEST_CASE("the same value locks to other bytes each time, and looks up to the same") {
  const Locker l = locker();
  CHECK((l.lock(kContext, kPlain) != l.lock(kContext, kPlain)));
  CHECK((l.lookup("mrn", kPlain) == locker().lookup("mrn", kPlain)));
  CHECK((l.lookup("mrn", kPlain) != locker(2).lookup("mrn", kPlain)));
  CHECK((l.lookup("mr", base::to_bytes("n1")) != l.lookup("mrn", base::to_bytes("1"))));
}

TEST_CASE("a key file opens with its passphrase or its raw key, and with nothing else") {
  const Bytes phrase = base::to_bytes("correct horse"), raw = base::to_bytes(base::View(filled<32>(9)));
  for (const auto& [input, cost] : {std::pair{phrase, kCheap}, std::pair{raw, kRaw}}) {
    const Bytes file = crypto::lock_key_file(input, kPlain, cost, crypto::system_random());
    const auto plain = crypto::unlock_key_file(input, file);
    REQUIRE(plain.ok());
    CHECK(base::equal(plain->view(), kPlain));
    CHECK(crypto::unlock_key_file(base::to_bytes("wrong horse"), file).error().kind == Kind::kBadSignature);
    CHECK(crypto::unlock_key_file({}, file).error().kind == Kind::kBadSignature);
    Bytes bent = file;
    bent.back() ^= 1;
    CHECK(crypto::unlock_key_file(input, bent).error().kind == Kind::kBadSignature);
    bent = file;
    bent[20] ^= 1;  // salt
    CHECK(crypto::unlock_key_file(input, bent).error().kind == Kind::kBadSignature);
  }
}

TEST_CASE("a key file cannot ask for unreasonable work, and its head is strict") {
  const Bytes phrase = base::to_bytes("correct horse");
  const Bytes file = crypto::lock_key_file(phrase, kPlain, kCheap, crypto::system_random());
  const auto kind = [&](std::size_t at, int value) {
    Bytes bent = file;
    bent[at] = static_cast<base::Byte>(value);
    return crypto::unlock_key_file(phrase, bent).error().kind;
  };
  CHECK(kind(0, 'X') == Kind::kMalformed);
  CHECK(kind(4, 2) == Kind::kUnsupported);
  CHECK(kind(6, 3) == Kind::kMalformed);
  CHECK(kind(8, 17) == Kind::kMalformed);
  CHECK(kind(8, 0) == Kind::kMalformed);
  CHECK(kind(17, 1) == Kind::kMalformed);
  CHECK(crypto::unlock_key_file(phrase, base::View(file).first(75)).error().kind == Kind::kMalformed);
}
