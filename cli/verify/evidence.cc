// See evidence.h.
#include "cli/verify/evidence.h"

#include <nlohmann/json.hpp>

#include "cli/verify/internal.h"
#include "crypto/merkle.h"
#include "crypto/witness.h"
#include "fmt/format.h"
#include "schemas/json.h"

namespace cli::verify {
namespace {

using base::Error;
using base::Kind;
using base::Result;
using crypto::Hash;
using schemas::Json;

constexpr std::string_view kFormat = "handoff-evidence/v1";
constexpr std::size_t kMaxFile = 1U << 20;

Error no(std::string what) { return {Kind::kBadSignature, std::move(what)}; }

struct TwoTrees {
  std::vector<std::string> anchors;
  std::string one, other;      // whole checkpoint notes; the second is of the smaller tree, or of the same size
  std::optional<Hash> root;    // what the smaller tree's root is in the larger one
  std::vector<Hash> proof;     // that it is
};

Result<Hash> hash_of(const Json& j) {
  const auto bytes = j.is_string() ? base::unbase64(j.get<std::string>()) : std::nullopt;
  if (!bytes || bytes->size() != 32) return base::malformed("not the base64 of 32 bytes", "root, proof");
  return base::fixed<32>(*bytes);
}

Result<TwoTrees> parse(std::string_view text) {
  TRY_ASSIGN(const std::shared_ptr<Json> j, schemas::parse_json(text, kMaxFile));
  const auto string = [&](const char* key) { return j->contains(key) && j->at(key).is_string() ? j->at(key).get<std::string>() : std::string(); };
  if (!j->is_object() || string("format") != kFormat || string("what") != "two-trees") return base::malformed("not evidence that this verifier knows", "format, what");
  TwoTrees out;
  out.one = string("one"), out.other = string("other");
  if (!j->contains("anchors") || !j->at("anchors").is_array()) return base::malformed("the anchors are missing", "anchors");
  for (const Json& a : j->at("anchors")) {
    if (!a.is_string()) return base::malformed("an anchor is a signed note", "anchors");
    out.anchors.push_back(a.get<std::string>());
  }
  if (!j->contains("root")) return out;
  TRY_ASSIGN(out.root, hash_of(j->at("root")));
  if (!j->contains("proof") || !j->at("proof").is_array() || j->at("proof").size() > 63) return base::malformed("a proof is a list of at most 63 hashes", "proof");
  for (const Json& h : j->at("proof")) {
    TRY_ASSIGN(const Hash hash, hash_of(h));
    out.proof.push_back(hash);
  }
  return out;
}

struct Tree {
  crypto::Checkpoint checkpoint;
  crypto::Cosigned by;
};

Result<Tree> signed_tree(const std::vector<crypto::Anchor>& chain, const std::string& note) {
  for (const crypto::Anchor& a : chain) {
    const auto c = crypto::open_checkpoint(note, a.log);
    if (!c.ok()) continue;
    TRY_ASSIGN(const auto parsed, crypto::parse_note(note));
    return Tree{*c, crypto::cosigned(a, parsed)};
  }
  return no("a checkpoint is not signed by the log that the anchor names");
}

// Both signed, of one log, and not both true.
base::Status convict(const TwoTrees& e, const Tree& one, const Tree& other) {
  const auto& [a, b] = std::pair(one.checkpoint, other.checkpoint);
  if (a.origin != b.origin) return no("the checkpoints are of two logs");
  if (a.size == b.size) return a.root != b.root ? base::Status{} : no("the two checkpoints say the same");
  if (b.size > a.size) return no("the second checkpoint is to be of the smaller tree");
  if (!e.root) return no("the two trees are of different sizes, and the file does not show that they differ");
  if (!crypto::verify_consistency(b.size, a.size, *e.root, a.root, e.proof)) return no("the larger tree is not shown to hold that root");
  return *e.root != b.root ? base::Status{} : no("the smaller tree is a part of the larger one");
}

std::string words_of(const Tree& t) {
  std::string out = fmt::format("{} entries with root {}", t.checkpoint.size, base::hex(base::View(t.checkpoint.root)));
  if (t.by.by.empty()) return out + ", signed by the log";
  return out + fmt::format(", signed by the log and {} witness(es), the first at {}", t.by.by.size(), base::rfc3339(t.by.at));
}

Result<Verdict> judge(std::string_view json, const std::optional<Hash>& anchor_hash) {
  TRY_ASSIGN(const TwoTrees e, parse(json));
  TRY(crypto::verify_anchor_chain(e.anchors));
  std::vector<crypto::Anchor> chain;
  bool pinned = !anchor_hash;
  for (const std::string& whole : e.anchors) {
    TRY_ASSIGN(const auto note, crypto::parse_note(whole));
    TRY_ASSIGN(auto anchor, crypto::parse_anchor(note.text));
    pinned = pinned || note.hash() == *anchor_hash;
    chain.push_back(std::move(anchor));
  }
  if (!pinned) return no("the anchor is not the one whose hash was given");
  TRY_ASSIGN(const Tree one, signed_tree(chain, e.one));
  TRY_ASSIGN(const Tree other, signed_tree(chain, e.other));
  TRY(convict(e, one, other));
  Verdict v;
  v.holds = true;
  v.lines = {fmt::format("PROVEN: the log {} signed two histories that cannot both be true.", one.checkpoint.origin),
             "One: " + words_of(one) + ".", "The other: " + words_of(other) + ".",
             "Whoever holds the log's key made both signatures. Nobody else can have made them, and no honest log signs both."};
  if (!anchor_hash) v.lines.push_back("The anchor was taken from the file: compare its hash with one that you trust (--anchor-hash).");
  v.facts = {{"evidence", "two-trees"}, {"origin", one.checkpoint.origin}, {"one_size", std::to_string(one.checkpoint.size)}, {"other_size", std::to_string(other.checkpoint.size)}};
  return v;
}

}  // namespace

bool is_evidence(std::string_view json) { return json.substr(0, 256).find(kFormat) != std::string_view::npos; }

Verdict verify_evidence(std::string_view json, const std::optional<Hash>& anchor_hash) {
  auto verdict = judge(json, anchor_hash);
  return verdict.ok() ? std::move(*verdict) : refused("evidence", verdict.error());
}

}  // namespace cli::verify
