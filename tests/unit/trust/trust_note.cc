// Signed notes, verifier keys, checkpoints, cosignatures, tlog-proofs: the published examples, and what must be refused.
#include "tests/unit/trust/trust_kit.h"

#include "tests/kit/files.h"

using namespace trust_kit;

namespace {

}  // namespace

TEST_CASE("the published checkpoint, log key and witness key verify") {
  auto log = parse_vkey(kit::source_file("tests/unit/data/checkpoint.vkey"));
  auto witness = parse_vkey(kit::source_file("tests/unit/data/checkpoint.wvkey"));
  REQUIRE(log.ok());
  REQUIRE(witness.ok());
  CHECK(log->text() == kit::source_file("tests/unit/data/checkpoint.vkey"));
  CHECK(witness->alg == NoteAlg::kCosignature);
  auto c = open_checkpoint(kit::source_file("tests/unit/data/checkpoint.note"), *log);
  REQUIRE(c.ok());
  CHECK(c->origin == "sfh.example.org/hub1");
  CHECK(c->size == 7);
  CHECK(base::hex(View(c->root)) == "aa8d80d09c84db50710795b5a841f4e767c7a27dfd9a18fee39e822e7b70b17e");
  auto note = parse_note(kit::source_file("tests/unit/data/checkpoint.note"));
  REQUIRE(note.ok());
  CHECK(note->whole() == kit::source_file("tests/unit/data/checkpoint.note"));
  Instant at;
  CHECK(verify_cosignature(*note, *witness, &at));
  CHECK(at.ms == 1700000002000);
  CHECK(note->signed_by(*log));
  CHECK(note->signed_by(*witness));
}

TEST_CASE("no single changed byte of a checkpoint leaves both signatures good") {
  auto log = parse_vkey(kit::source_file("tests/unit/data/checkpoint.vkey"));
  auto witness = parse_vkey(kit::source_file("tests/unit/data/checkpoint.wvkey"));
  const auto good = kit::source_file("tests/unit/data/checkpoint.note");
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit : {0, 5}) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      auto note = parse_note(bad);
      bool both = note.ok() && open_checkpoint(bad, *log).ok() && verify_cosignature(*note, *witness);
      CHECK_FALSE(both);
      if (note.ok()) CHECK(note->whole() == bad);
    }
  }
}

TEST_CASE("a checkpoint that we sign and a witness cosigns opens again") {
  CountingRandom r;
  auto key = SignKey::generate(r), witness = SignKey::generate(r);
  Checkpoint c{"alder.test/log", 42, r.bytes<32>()};
  VerifierKey log{"alder.test/log", NoteAlg::kEd25519, key.public_key()};
  VerifierKey w{"alder.test/witness/x", NoteAlg::kCosignature, witness.public_key()};
  auto whole = sign_checkpoint(c, key) + cosign_line(c, w.name, witness, kT0);
  auto opened = open_checkpoint(whole, log);
  REQUIRE(opened.ok());
  CHECK(opened->body() == c.body());
  Instant at;
  CHECK(verify_cosignature(*parse_note(whole), w, &at));
  CHECK(at == kT0);

  VerifierKey other_log{"other.test/log", NoteAlg::kEd25519, key.public_key()};
  CHECK(open_checkpoint(whole, other_log).error().kind == Kind::kBadSignature);
  // A cosignature key says nothing about plain signatures, nor the other way round.
  VerifierKey confused{w.name, NoteAlg::kEd25519, witness.public_key()};
  CHECK_FALSE(parse_note(whole)->signed_by(confused));
}

TEST_CASE("ill-formed notes are refused") {
  const std::string sig = "\xE2\x80\x94 a AAAAAAAA\n";
  CHECK(parse_note("text\n\n" + sig).ok());
  CHECK(parse_note("two\n\nparts\n\n" + sig).ok());
  for (const std::string& bad : std::vector<std::string>{"",
                                                         "\n",
                                                         "text\n",
                                                         "text\n\n",
                                                         "text\n" + sig,
                                                         "\n\n" + sig,
                                                         "text\n\n" + sig + "more",
                                                         "text\n\n" + sig.substr(0, sig.size() - 1),
                                                         "te\txt\n\n" + sig,
                                                         "te\rxt\n\n" + sig,
                                                         std::string("te\0xt\n\n", 7) + sig,
                                                         "te\x7Fxt\n\n" + sig,
                                                         "te\xC2\x80xt\n\n" + sig,
                                                         "te\xFFxt\n\n" + sig,
                                                         "te\xC0\xAFxt\n\n" + sig,
                                                         "te\xED\xA0\x80xt\n\n" + sig,
                                                         "text\n\n- a AAAAAAAA\n",
                                                         "text\n\n\xE2\x80\x94 a+b AAAAAAAA\n",
                                                         "text\n\n\xE2\x80\x94 a AAAA\n",
                                                         "text\n\n\xE2\x80\x94 a AAAAAAA\n",
                                                         "text\n\n\xE2\x80\x94 a AAAAAAAB \n",
                                                         "text\n\n\xE2\x80\x94  AAAAAAAA\n",
                                                         "text\n\n\xE2\x80\x94 a\xC2\xA0"
                                                         "b AAAAAAAA\n"}) {
    INFO(bad);
    CHECK_FALSE(parse_note(bad).ok());
  }
  std::string many = "text\n\n";
  for (int i = 0; i < 32; ++i) many += sig;
  CHECK(parse_note(many).ok());
  CHECK(parse_note(many + sig).error().kind == Kind::kTooLarge);
  CHECK(parse_note(std::string(33000, 'x') + "\n\n" + sig).error().kind == Kind::kTooLarge);
}

TEST_CASE("ill-formed checkpoints and verifier keys are refused") {
  const std::string root = base::base64(View(Hash{}));
  CHECK(parse_checkpoint("o\n0\n" + root + "\n").ok());
  for (const std::string& bad : std::vector<std::string>{
           "", "o\n", "o\n7\n", "\n7\n" + root + "\n", "o\n07\n" + root + "\n", "o\n-7\n" + root + "\n", "o\n7\n" + root,
           "o\n7\n" + root + "\nextension\n", "o\n7\nAAAA\n", "o\n99999999999999999999\n" + root + "\n", "o\n7 \n" + root + "\n"}) {
    INFO(bad);
    CHECK_FALSE(parse_checkpoint(bad).ok());
  }
  const auto vkey = kit::source_file("tests/unit/data/checkpoint.vkey");
  for (std::size_t i = 0; i < vkey.size(); ++i) {
    auto bad = vkey;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    INFO(bad);
    CHECK_FALSE(parse_vkey(bad).ok());
  }
}

TEST_CASE("a tlog-proof comes back as it was written, and only so") {
  CountingRandom r;
  std::vector<Hash> path{r.bytes<32>(), r.bytes<32>()};
  auto checkpoint = kit::source_file("tests/unit/data/checkpoint.note");
  for (std::size_t n : {0U, 2U}) {
    auto text = tlog_proof(5, std::span(path).first(n), checkpoint);
    CHECK(text.substr(0, 31) == "c2sp.org/tlog-proof@v1\nindex 5\n");
    auto p = parse_tlog_proof(text);
    REQUIRE(p.ok());
    CHECK(p->index == 5);
    CHECK(p->path.size() == n);
    CHECK(p->checkpoint == checkpoint);
    CHECK(tlog_proof(p->index, p->path, p->checkpoint) == text);
  }
  CHECK_FALSE(parse_tlog_proof("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 5\n\n" + checkpoint).ok());
  CHECK_FALSE(parse_tlog_proof("c2sp.org/tlog-proof@v1\nindex 05\n\n" + checkpoint).ok());
  CHECK_FALSE(parse_tlog_proof("c2sp.org/tlog-proof@v1\n\n" + checkpoint).ok());
}
