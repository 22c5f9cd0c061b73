// V6: checkpoints, cosignatures, tlog-proofs, and what a witness answers to each add-checkpoint request (C2SP tlog-witness).
// Leaf i of the log is SHA-256(0x00 || "entry i").
#include "crypto/certificate.h"
#include "crypto/merkle.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

using base::Hash;
constexpr int kLogSeed = 0x14, kWitnessSeed = 0x21, kOtherSeed = 0x22;
constexpr base::Instant kSigned{1700000002000};

std::string n(std::size_t i) { return std::to_string(i); }

const std::string& witness_name() {
  static const std::string name = crypto::witness_name("vectors.example", filled<16>(0xb3));
  return name;
}
std::vector<Hash> leaves(std::size_t size, const char* what = "entry ") {
  std::vector<Hash> out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(crypto::merkle_leaf(base::view(what + n(i))));
  return out;
}
crypto::Checkpoint checkpoint(std::size_t size, const char* what = "entry ", const char* origin = kOrigin) {
  return {origin, size, crypto::merkle_root(leaves(size, what))};
}
std::string signed_by(const crypto::Checkpoint& c, int seed) { return crypto::sign_checkpoint(c, sign_key(seed)); }
std::vector<Hash> growth(std::size_t from, std::size_t to) {
  const auto all = leaves(to);
  const auto proof = crypto::prove_consistency(from, to, [&](unsigned level, std::uint64_t i) -> std::optional<Hash> {
    return crypto::merkle_root(std::span(all).subspan(i << level, std::size_t{1} << level));
  });
  CHECK(proof.ok());
  return *proof;
}

struct Request {
  const char* rule;
  std::size_t own;  // what the witness has cosigned
  std::size_t old;
  std::vector<Hash> proof;
  std::string checkpoint;
  int status;  // as over HTTP
};

std::string body(const Request& r) {
  std::string out = "old " + n(r.old) + "\n";
  for (const Hash& h : r.proof) out += base::base64(base::View(h)) + "\n";
  return out + "\n" + r.checkpoint;
}

std::vector<Request> requests() {
  auto bent = growth(5, 9);
  bent[0][0] ^= 1;
  auto longer = growth(5, 9);
  longer.push_back(longer[0]);
  return {{"the first", 0, 0, {}, signed_by(checkpoint(5), kLogSeed), 200},
          {"larger, with a proof", 5, 5, growth(5, 9), signed_by(checkpoint(9), kLogSeed), 200},
          {"the same again", 9, 9, {}, signed_by(checkpoint(9), kLogSeed), 200},
          {"another line beside the log's is passed over", 5, 5, growth(5, 9),
           signed_by(checkpoint(9), kLogSeed) + crypto::cosign_line(checkpoint(9), "other.example/w", sign_key(kOtherSeed), kSigned), 200},
          {"not from what the witness has", 9, 5, growth(5, 9), signed_by(checkpoint(9), kLogSeed), 409},
          {"from nothing, though it has something", 5, 0, {}, signed_by(checkpoint(9), kLogSeed), 409},
          {"the same size, another tree", 9, 9, {}, signed_by(checkpoint(9, "forged "), kLogSeed), 409},
          {"smaller than it says to come from", 9, 9, {}, signed_by(checkpoint(5), kLogSeed), 400},
          {"a proof from nothing", 0, 0, growth(5, 9), signed_by(checkpoint(9), kLogSeed), 422},
          {"a proof that is bent", 5, 5, bent, signed_by(checkpoint(9), kLogSeed), 422},
          {"a proof with a hash too many", 5, 5, longer, signed_by(checkpoint(9), kLogSeed), 422},
          {"no proof", 5, 5, {}, signed_by(checkpoint(9), kLogSeed), 422},
          {"a tree that does not contain the old one", 5, 5, growth(5, 9), signed_by(checkpoint(9, "forged "), kLogSeed), 422},
          {"signed by another key", 5, 5, growth(5, 9), signed_by(checkpoint(9), kOtherSeed), 403},
          {"another log", 0, 0, {}, signed_by(checkpoint(5, "entry ", "sfh.example.org/hub2"), kLogSeed), 404}};
}

}  // namespace

void add_witness(Files& files) {
  File f;
  f.put("log_vkey", crypto::VerifierKey{kOrigin, crypto::NoteAlg::kEd25519, sign_key(kLogSeed).public_key()}.text());
  f.put("witness_vkey", crypto::VerifierKey{witness_name(), crypto::NoteAlg::kCosignature, sign_key(kWitnessSeed).public_key()}.text());
  f.put("witness_seed", filled<32>(kWitnessSeed));
  f.put("time", kSigned.ms / 1000);
  f.put("size", std::uint64_t{9});
  const std::string cosigned =
      signed_by(checkpoint(9), kLogSeed) + crypto::cosign_line(checkpoint(9), witness_name(), sign_key(kWitnessSeed), kSigned);
  f.put("checkpoint", base::view(cosigned));
  const auto all = leaves(9);
  for (std::size_t i = 0; i < 9; ++i) f.put("tlog_proof." + n(i), base::view(crypto::tlog_proof(i, crypto::merkle_path(all, i), cosigned)));
  const auto list = requests();
  f.put("n_requests", list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = "request." + n(i) + ".";
    const Request& r = list[i];
    f.put(at + "rule", std::string(r.rule));
    f.put(at + "own_size", r.own);
    f.put(at + "own_root", crypto::merkle_root(leaves(r.own)));
    f.put(at + "body", base::view(body(r)));
    f.put(at + "status", static_cast<std::uint64_t>(r.status));
    if (r.status == 409) f.put(at + "reply", base::view(n(r.own) + "\n"));
    if (r.status != 200) continue;
    const auto note = crypto::parse_note(r.checkpoint);
    CHECK(note.ok());
    const auto c = crypto::parse_checkpoint(note->text);
    CHECK(c.ok());
    f.put(at + "reply", base::view(crypto::cosign_line(*c, witness_name(), sign_key(kWitnessSeed), kSigned)));
  }
  files["v6.txt"] = f.txt();
  files["v6.json"] = f.json() + "\n";
}

}  // namespace vectors
