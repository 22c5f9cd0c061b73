// V3: roots, audit paths and consistency proofs of the three trees of the protocol, at the sizes where trees go wrong.
// Leaf i of each tree is made of labelled hashes, so that a reader can rebuild it: h(x, i) = SHA-256("x i"), i in decimal.
#include "crypto/merkle.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

using base::Hash;
constexpr std::size_t kSizes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 256, 257};

Hash h(const char* what, std::size_t i) { return crypto::sha256(base::view(what + (" " + std::to_string(i)))); }

Hash message_leaf_of(std::size_t i) {
  const crypto::Hdr1 hdr = draft(static_cast<int>(i % 16), 3, "").hdr;
  return crypto::message_leaf(h("gctx", 0), static_cast<std::uint32_t>(i), crypto::encode(hdr), h("commit", i), h("ct", i));
}
Hash group_leaf_of(std::size_t i) { return crypto::group_leaf(h("gctx", i), static_cast<std::uint32_t>(i + 1), h("root", i)); }
Hash log_leaf_of(std::size_t i) {
  crypto::Ent1 e;
  e.type = 1;
  e.hub_time = kCreated.plus(i);
  e.count = static_cast<std::uint32_t>(i + 1);
  e.dir_seq = 5;
  e.subject = h("subject", i);
  e.container = h("container", i);
  return crypto::merkle_leaf(crypto::encode(e));
}

void put_tree(File& f, const std::string& tree, Hash (*leaf)(std::size_t)) {
  std::vector<Hash> leaves;
  for (const std::size_t size : kSizes) {
    while (leaves.size() < size) leaves.push_back(leaf(leaves.size()));
    const std::string at = tree + "." + std::to_string(size) + ".";
    f.put(at + "root", crypto::merkle_root(leaves));
    for (std::size_t i = 0; i < size; ++i) {
      const bool edge = i == 0 || i == 127 || i == 128 || i + 1 == size;
      if (size < 10 || edge) f.put(at + "path." + std::to_string(i), crypto::join(crypto::merkle_path(leaves, i)));
    }
  }
}

void put_consistency(File& f) {
  std::vector<std::vector<Hash>> levels(1);
  for (std::size_t i = 0; i < 257; ++i) levels[0].push_back(log_leaf_of(i));
  const auto read = [&](unsigned level, std::uint64_t index) -> std::optional<Hash> {
    return crypto::merkle_root(std::span(levels[0]).subspan(index << level, std::size_t{1} << level));
  };
  for (const std::size_t size : kSizes) {
    for (const std::size_t old : kSizes) {
      if (old > size) continue;
      const auto proof = crypto::prove_consistency(old, size, read);
      CHECK(proof.ok());
      f.put("log." + std::to_string(size) + ".from." + std::to_string(old), crypto::join(*proof));
    }
  }
}

}  // namespace

void add_trees(Files& files) {
  File f;
  put_tree(f, "group", message_leaf_of);
  put_tree(f, "batch", group_leaf_of);
  put_tree(f, "log", log_leaf_of);
  put_consistency(f);
  files["v3.txt"] = f.txt();
  files["v3.json"] = f.json() + "\n";
}

}  // namespace vectors
