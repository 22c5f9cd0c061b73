// Writes a log of 300 entries, growing one by one, for tests/interop/tlog/main.go to judge: checkpoints, inclusion and consistency
// proofs from stored nodes as the hub makes them, and forged ones. One JSON object a line.
#include <cstdio>
#include <map>

#include "crypto/merkle.h"
#include "crypto/note.h"

using base::View;
using crypto::Hash;

namespace {

constexpr std::uint64_t kSize = 300;
constexpr const char* kOrigin = "alder.example/log";

std::string quoted(std::string_view s) {
  std::string out = "\"";
  for (char c : s) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return out + "\"";
}
std::string b64(View v) { return quoted(base::base64(v)); }
std::string list(const std::vector<Hash>& hashes) {
  std::string out = "[";
  for (const auto& h : hashes) out += (out.size() > 1 ? "," : "") + b64(View(h));
  return out + "]";
}

struct Log {
  crypto::Frontier frontier;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> nodes;
  std::vector<base::Bytes> leaves;
  std::vector<Hash> roots{crypto::merkle_root({})};

  void append(base::Bytes leaf) {
    frontier.append(crypto::merkle_leaf(leaf), [&](unsigned level, std::uint64_t index, const Hash& h) { nodes[{level, index}] = h; });
    leaves.push_back(std::move(leaf));
    roots.push_back(frontier.root());
  }
  [[nodiscard]] crypto::ReadNode read() const {
    return [this](unsigned level, std::uint64_t index) -> std::optional<Hash> {
      auto it = nodes.find({level, index});
      return it == nodes.end() ? std::nullopt : std::optional(it->second);
    };
  }
};

Hash forged(Hash h) {
  h[13] ^= 4;
  return h;
}

void emit_checkpoint(const Log& log, const crypto::SignKey& key) {
  const crypto::VerifierKey vkey{kOrigin, crypto::NoteAlg::kEd25519, key.public_key()};
  const crypto::Checkpoint c{kOrigin, log.leaves.size(), log.roots.back()};
  auto line = [&](bool ok, const std::string& note, const Hash& root) {
    std::printf("{\"Op\":\"checkpoint\",\"Ok\":%s,\"Vkey\":%s,\"Text\":%s,\"Size\":%lu,\"Root\":%s}\n", ok ? "true" : "false",
                quoted(vkey.text()).c_str(), quoted(note).c_str(), static_cast<unsigned long>(c.size), b64(View(root)).c_str());
  };
  auto note = crypto::sign_checkpoint(c, key);
  line(true, note, c.root);
  line(false, note, forged(c.root));
  auto other = crypto::parse_note(note);
  line(false, crypto::Note{crypto::Checkpoint{kOrigin, c.size, forged(c.root)}.body(), other->signatures}.whole(), forged(c.root));
}

void emit_inclusion(const Log& log, std::uint64_t index, std::uint64_t size) {
  auto proof = crypto::prove_inclusion(index, size, log.read());
  auto line = [&](bool ok, const base::Bytes& leaf, const Hash& root) {
    std::printf("{\"Op\":\"inclusion\",\"Ok\":%s,\"Index\":%lu,\"Size\":%lu,\"Root\":%s,\"Leaf\":%s,\"Proof\":%s}\n", ok ? "true" : "false",
                static_cast<unsigned long>(index), static_cast<unsigned long>(size), b64(View(root)).c_str(), b64(View(leaf)).c_str(),
                list(*proof).c_str());
  };
  line(true, log.leaves[index], log.roots[size]);
  line(false, base::to_bytes("forged"), log.roots[size]);
  line(false, log.leaves[index], forged(log.roots[size]));
}

void emit_consistency(const Log& log, std::uint64_t old, std::uint64_t size) {
  auto proof = crypto::prove_consistency(old, size, log.read());
  auto line = [&](bool ok, const Hash& old_root, const Hash& root) {
    std::printf("{\"Op\":\"consistency\",\"Ok\":%s,\"Old\":%lu,\"Size\":%lu,\"OldRoot\":%s,\"Root\":%s,\"Proof\":%s}\n",
                ok ? "true" : "false", static_cast<unsigned long>(old), static_cast<unsigned long>(size), b64(View(old_root)).c_str(),
                b64(View(root)).c_str(), list(*proof).c_str());
  };
  line(true, log.roots[old], log.roots[size]);
  line(false, forged(log.roots[old]), log.roots[size]);
  line(false, log.roots[old], forged(log.roots[size]));
}

}  // namespace

int main() {
  crypto::init();
  Log log;
  auto key = crypto::SignKey::generate(crypto::system_random());
  for (std::uint64_t i = 0; i < kSize; ++i) {
    log.append(base::to_bytes("record " + std::to_string(i) + std::string(i % 97, '.')));
    const auto size = i + 1;
    std::printf("{\"Op\":\"append\",\"Ok\":true,\"Leaf\":%s,\"Root\":%s}\n", b64(View(log.leaves.back())).c_str(),
                b64(View(log.roots.back())).c_str());
    emit_checkpoint(log, key);
    // Every index and every old size of small trees; of bigger ones, a spread that reaches both edges.
    const std::uint64_t step = size <= 40 ? 1 : 1 + size / 9;
    for (std::uint64_t at = 0; at < size; at += step) emit_inclusion(log, at, size);
    emit_inclusion(log, size - 1, size);
    for (std::uint64_t old = 1; old <= size; old += step) emit_consistency(log, old, size);
  }
  return 0;
}
