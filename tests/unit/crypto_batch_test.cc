// Keyless checks that the vectors do not reach: limits, padding sizes, several groups, and the order of the stages.
#include "crypto/batch.h"

#include <doctest/doctest.h>

#include "tests/vectors/cast.h"
#include "tests/vectors/loose_batch.h"

using base::Kind;
using crypto::Frame;

TEST_CASE("bodies are padded to few sizes") {
  CHECK(crypto::padded_size(0) == 512);
  CHECK(crypto::padded_size(508) == 512);
  CHECK(crypto::padded_size(509) == 1024);
  CHECK(crypto::padded_size(65532) == 65536);
  CHECK(crypto::padded_size(65533) == 67584);
  CHECK(crypto::padded_size(256 * 1024 - 4) == 256 * 1024);
  CHECK(crypto::padded_size(256 * 1024 - 3) == 0);
  CHECK(crypto::padded_size(SIZE_MAX) == 0);
  std::size_t before = 0;
  for (std::size_t n = 0; n <= 256 * 1024 - 4; ++n) {
    const std::size_t size = crypto::padded_size(n);
    if (size < n + 4 || size < before || (n > 65536 && size > n + n / 8)) FAIL("wrong at ", n);
    before = size;
  }
}

TEST_CASE("a ciphertext over the limit is too large") {
  crypto::Hdr1 h = vectors::draft(1, 1, "").hdr;
  h.ct_len = 256 * 1024 + 16;
  CHECK(crypto::check_header(crypto::encode(h), h.ct_len, crypto::kSuite1).ok());
  ++h.ct_len;
  CHECK(crypto::check_header(crypto::encode(h), h.ct_len, crypto::kSuite1).error().kind == Kind::kTooLarge);
}

TEST_CASE("a delivered header is judged on opening, so that a bad one cannot stop the chain") {
  vectors::LooseBatch batch = vectors::LooseBatch::of(vectors::seal_fixed(vectors::request_v1()));
  batch.groups[0].msgs[0].hdr[127] = 1;
  batch.restamp(vectors::sign_key(vectors::kSenderSeed));
  CHECK(crypto::parse_batch(batch.parts(), Frame::kBatch).error().kind == Kind::kMalformed);
  CHECK(crypto::parse_batch(batch.deliver(0).parts(), Frame::kDeliver).ok());
}

TEST_CASE("leaves, context and place in the chain come with the parsed group") {
  const auto sealed = vectors::seal_fixed(vectors::request_v1());
  const auto parts = sealed.parts();
  auto parsed = crypto::parse_batch(parts, Frame::kBatch);
  REQUIRE(parsed.ok());
  CHECK((parsed->hash == sealed.hash));
  CHECK(base::all_zero(parsed->groups[0].leaf));
  REQUIRE(crypto::check_hashes(parts, *parsed, Frame::kBatch).ok());
  CHECK((parsed->groups[0].leaf == sealed.groups[0].leaf));
  CHECK((parsed->groups[0].msg_leaves[0] == sealed.groups[0].msgs[0].leaf));
  CHECK(parsed->groups[0].upto_pair_seq() == 1);
}

TEST_CASE("every group of a batch of 256 is delivered under its own path and no other") {
  crypto::SealRequest r = vectors::request(9);
  for (std::uint64_t g = 0; g < 256; ++g) r.groups.push_back({{vectors::to(vectors::kBob, g + 1)}, {vectors::draft(1, 3, "x")}, false});
  const auto sender = vectors::sign_key(vectors::kSenderSeed).public_key();
  const auto key = vectors::epoch_key(vectors::kBob.epoch_secret);
  const auto self = vectors::filled<16>(vectors::kBob.id);
  const auto batch = vectors::LooseBatch::of(vectors::seal_fixed(r));
  CHECK(outcome(batch, Frame::kBatch, sender, self, key) == "accepted");
  for (const std::size_t g : {0, 1, 127, 128, 254, 255}) {
    auto one = batch.deliver(g);
    CHECK(outcome(one, Frame::kDeliver, sender, self, key) == "accepted");
    one.groups[0].path = batch.deliver(g ^ 1).groups[0].path;
    CHECK(outcome(one, Frame::kDeliver, sender, self, key) == "hashes bad_signature");
  }
}
