// V9: what others have published: RFC 6962 trees as the first implementations tested them, C2SP's own examples of notes.
// V11: the sender's secrets for fixed inputs, and the padded size at every edge.
#include "crypto/merkle.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

namespace internal = crypto::internal;

// The eight leaves and the roots of 0..8 of them, from the tests of the certificate-transparency project.
constexpr const char* kLeaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
constexpr const char* kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
// Consistency proofs of the same project: 1 to 1, 1 to 8, 6 to 8, 2 to 5.
struct Growth {
  int from, to;
  const char* proof;
};
constexpr Growth kGrowths[] = {{1, 1, ""},
                               {1, 8,
                                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
                                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"},
                               {6, 8,
                                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
                                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
                               {2, 5,
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
                                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}};

constexpr const char* kNoteKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr const char* kNote =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr const char* kCosigned =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\xE2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\xE2\x80\x94 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

File published() {
  File f;
  for (std::size_t i = 0; i < 8; ++i) f.put("leaf." + std::to_string(i), std::string(kLeaves[i]));
  for (std::size_t i = 0; i < 9; ++i) f.put("root." + std::to_string(i), std::string(kRoots[i]));
  for (const Growth& g : kGrowths) f.put("from." + std::to_string(g.from) + ".to." + std::to_string(g.to), std::string(g.proof));
  f.put("note.vkey", std::string(kNoteKey));
  f.put("note", base::view(kNote));
  f.put("vkey.name", std::string("example.com/foo"));
  f.put("vkey.key", std::string("e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4"));
  f.put("vkey.id", std::string("530d903a"));
  f.put("checkpoint", base::view(kCosigned));
  f.put("checkpoint.size", std::uint64_t{20852163});
  f.put("checkpoint.witness", std::string("witness.example.com/w1"));
  f.put("checkpoint.time", std::uint64_t{1679315147});
  return f;
}

// What D covers, one change a case; with the same rand, secret and time each must give other keys than the first.
void put_case(File& f, const std::string& at, const crypto::SealRequest& r) {
  f.put(at + "rand32", filled<32>(0x66));
  f.put(at + "secret", filled<32>(0x77));
  f.put(at + "now_ns", std::uint64_t{1700000000123456789});
  f.put(at + "batch_seq", r.batch_seq);
  const auto prepared = internal::prepare(r);
  CHECK(prepared.ok());
  base::Bytes covered;  // the bytes that D is the hash of
  for (const auto& g : prepared->groups) {
    for (std::size_t j = 0; j < g.epoch_keys.size(); ++j) covered = base::concat({covered, g.grp.slots[j].recipient, g.epoch_keys[j]});
    for (const auto& m : g.msgs)
      covered = base::concat({covered, crypto::encode(m.hdr), base::View(m.text).first(m.text.size() - crypto::kTag)});
  }
  f.put(at + "covered", base::concat({covered, crypto::encode(prepared->bst)}));
  const base::Hash d = internal::hedge_digest(*prepared);
  internal::BatchSecrets out{{}, std::vector<internal::Scratch<32>>(r.groups.size())};
  internal::derive(suite1(), d, r.batch_seq, filled<32>(0x66), filled<32>(0x77), 1700000000123456789, out);
  f.put(at + "D", d);
  f.put(at + "e", out.e.bytes);
  f.put(at + "n_groups", r.groups.size());
  for (std::size_t g = 0; g < r.groups.size(); ++g) f.put(at + "G." + std::to_string(g), out.g[g].bytes);
}

File secrets_of_senders() {
  File f;
  put_case(f, "hedge.same.", request_v1());
  crypto::SealRequest body = request_v1(), reader = request_v1(), number = request_v1(), two = request_v1();
  body.groups[0].messages[0].body[0] ^= 1;
  put_case(f, "hedge.body.", body);
  reader.groups[0].to[0] = to(kCarol, 1);
  put_case(f, "hedge.reader.", reader);
  number.batch_seq = 8;
  put_case(f, "hedge.batch_seq.", number);
  two.groups.push_back({{to(kCarol, 0), to(kBob, 0)}, {draft(8, 6, "four beds")}, false});
  put_case(f, "hedge.groups.", two);
  // Both sides of every step: L = 4 + body_len, so the edge of a size s is a body of s - 4.
  std::vector<std::size_t> lengths{0};
  for (std::size_t size = 512; size <= 65536; size *= 2) lengths.insert(lengths.end(), {size - 5, size - 4, size - 3});
  for (std::size_t step = 65536 + 2048; step <= 131072; step += 2048) lengths.insert(lengths.end(), {step - 5, step - 4, step - 3});
  for (std::size_t step = 131072 + 4096; step <= 262144; step += 4096) lengths.insert(lengths.end(), {step - 5, step - 4, step - 3});
  for (const std::size_t n : lengths) f.put("pad." + std::to_string(n), crypto::padded_size(n));
  return f;
}

}  // namespace

void add_fixed(Files& files) {
  const File v9 = published(), v11 = secrets_of_senders();
  files["v9.txt"] = v9.txt();
  files["v9.json"] = v9.json() + "\n";
  files["v11.txt"] = v11.txt();
  files["v11.json"] = v11.json() + "\n";
}

}  // namespace vectors
