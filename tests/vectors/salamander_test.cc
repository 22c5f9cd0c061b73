// T16: one ciphertext under two keys (salamander.txt, written by salamander.py, which shares no code with us).
#include "tests/vectors/committed.h"
#include "tests/vectors/loose_batch.h"

#include <doctest/doctest.h>

TEST_CASE("one ciphertext that opens well under two keys: only the reader whose key is committed takes it, the other rejects at C_i") {
  const vectors::File f = vectors::load("salamander.txt");
  const vectors::LooseMessage m{f.bytes("group.0.msg.0.hdr"), f.bytes("group.0.msg.0.C"), f.bytes("group.0.msg.0.ct"), {}};
  const vectors::LooseBatch batch{f.bytes("bst"), f.bytes("sig"), {{f.bytes("group.0.grp"), {}, {m}}}};
  const base::Hash gctx = crypto::group_context(batch.groups[0].grp), signed_commit = base::fixed<32>(m.commit);
  std::vector<base::Bytes> texts;
  for (const std::string at : {"reader.0.", "reader.1."}) {
    INFO(at);
    // The attack is real: by the cipher alone, each key opens it to a well padded body.
    const base::Bytes key = f.bytes(at + "K");
    const auto alone = crypto::open_disclosed(gctx, m.hdr, crypto::key_commitment(key), m.ct, key);
    REQUIRE(alone.ok());
    texts.push_back(*alone);
    // Neither as a reader nor as a court does the second key pass what was signed.
    const bool committed = at == "reader.0.";
    CHECK(crypto::open_disclosed(gctx, m.hdr, signed_commit, m.ct, key).ok() == committed);
    const auto epoch = crypto::BoxKey::from_secret(crypto::Secret<32>(f.fixed<32>(at + "epoch_sk")));
    CHECK(vectors::outcome(batch, crypto::Frame::kDeliver, f.fixed<32>("sender_pk"), f.fixed<16>(at + "self"), epoch) == f.text(at + "expect"));
  }
  CHECK(texts[0].size() == 508);
  CHECK(texts[0] != texts[1]);
  CHECK(base::text(texts[0]).starts_with("three beds are free"));
}
