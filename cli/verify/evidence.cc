// See evidence.h.
#include "cli/verify/evidence.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/verify/internal.h"
#include "crypto/merkle.h"
#include "crypto/witness.h"
#include "fmt/format.h"
#include "schemas/conflict.h"
#include "schemas/json.h"

namespace cli::verify {
namespace {

using base::Error;
using base::Kind;
using base::Result;
using crypto::Hash;
using schemas::Json;

constexpr std::string_view kFormat = "handoff-evidence/v1";
constexpr std::size_t kMaxFile = 16U << 20;  // two frames of 4 MiB, as text

Error no(std::string what) { return {Kind::kBadSignature, std::move(what)}; }

struct TwoTrees {
  std::string one, other;      // whole checkpoint notes; the second is of the smaller tree, or of the same size
  std::optional<Hash> root;    // what the smaller tree's root is in the larger one
  std::vector<Hash> proof;     // that it is
};

Result<Hash> hash_of(const Json& j) {
  const auto bytes = j.is_string() ? base::unbase64(j.get<std::string>()) : std::nullopt;
  if (!bytes || bytes->size() != 32) return base::malformed("not the base64 of 32 bytes", "root, proof");
  return base::fixed<32>(*bytes);
}

std::string string_in(const Json& j, const char* key) { return j.contains(key) && j.at(key).is_string() ? j.at(key).get<std::string>() : std::string(); }

Result<std::vector<std::string>> anchors_in(const Json& j) {
  std::vector<std::string> out;
  if (!j.contains("anchors") || !j.at("anchors").is_array()) return base::malformed("the anchors are missing", "anchors");
  for (const Json& a : j.at("anchors")) {
    if (!a.is_string()) return base::malformed("an anchor is a signed note", "anchors");
    out.push_back(a.get<std::string>());
  }
  return out;
}

Result<TwoTrees> two_trees_in(const Json& j) {
  TwoTrees out;
  out.one = string_in(j, "one"), out.other = string_in(j, "other");
  if (!j.contains("root")) return out;
  TRY_ASSIGN(out.root, hash_of(j.at("root")));
  if (!j.contains("proof") || !j.at("proof").is_array() || j.at("proof").size() > 63) return base::malformed("a proof is a list of at most 63 hashes", "proof");
  for (const Json& h : j.at("proof")) {
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

// The anchors of the file, one after the other, as they follow from the first.
Result<std::vector<crypto::Anchor>> chain_of(const std::vector<std::string>& notes, const std::optional<Hash>& anchor_hash) {
  TRY(crypto::verify_anchor_chain(notes));
  std::vector<crypto::Anchor> chain;
  bool pinned = !anchor_hash;
  for (const std::string& whole : notes) {
    TRY_ASSIGN(const auto note, crypto::parse_note(whole));
    TRY_ASSIGN(auto anchor, crypto::parse_anchor(note.text));
    pinned = pinned || note.hash() == *anchor_hash;
    chain.push_back(std::move(anchor));
  }
  if (!pinned) return no("the anchor is not the one whose hash was given");
  return chain;
}

Result<Verdict> judge_trees(const Json& j, const std::vector<crypto::Anchor>& chain) {
  TRY_ASSIGN(const TwoTrees e, two_trees_in(j));
  TRY_ASSIGN(const Tree one, signed_tree(chain, e.one));
  TRY_ASSIGN(const Tree other, signed_tree(chain, e.other));
  TRY(convict(e, one, other));
  Verdict v;
  v.holds = true;
  v.lines = {fmt::format("PROVEN: the log {} signed two histories that cannot both be true.", one.checkpoint.origin),
             "One: " + words_of(one) + ".", "The other: " + words_of(other) + ".",
             "Whoever holds the log's key made both signatures. Nobody else can have made them, and no honest log signs both."};
  v.facts = {{"evidence", "two-trees"}, {"origin", one.checkpoint.origin}, {"one_size", std::to_string(one.checkpoint.size)}, {"other_size", std::to_string(other.checkpoint.size)}};
  return v;
}

// The certificate in the file, if enough authorities of one of the anchors have signed it.
Result<crypto::Cert> sender_of(const std::string& whole, const std::vector<crypto::Anchor>& chain, const Hash& consortium) {
  TRY_ASSIGN(const auto note, crypto::parse_note(whole));
  TRY_ASSIGN(auto cert, crypto::parse_cert(note.text));
  if (cert.consortium != consortium) return no("the certificate is of another consortium");
  for (const crypto::Anchor& a : chain) {
    const auto signers = std::count_if(a.authorities.begin(), a.authorities.end(), [&](const auto& v) { return note.signed_by(v); });
    if (signers >= static_cast<std::ptrdiff_t>(a.threshold)) return cert;
  }
  return no("the certificate lacks signatures of the consortium's authorities");
}

Result<Verdict> judge_groups(const Json& j, const std::vector<crypto::Anchor>& chain, const Hash& consortium) {
  TRY_ASSIGN(const crypto::Cert cert, sender_of(string_in(j, "sender"), chain, consortium));
  const auto first = base::unbase64(string_in(j, "first")), second = base::unbase64(string_in(j, "second"));
  if (!first || !second) return base::malformed("not the base64 of two groups", "first, second");
  std::vector<crypto::VerifierKey> logs;
  for (const crypto::Anchor& a : chain) logs.push_back(a.log);
  const schemas::Finding found = schemas::judge_conflict({*first, *second}, logs, cert.sign);
  if (found.who == schemas::Guilty::kNobody) return no(found.words);
  if (found.sender != cert.agent) return no("the certificate is another agent's");
  const bool sender = found.who == schemas::Guilty::kSender;
  Verdict v;
  v.holds = true;
  v.lines = {"PROVEN: " + found.words + ".", fmt::format("The sender is {} ({}), agent {}.", cert.name, cert.kind, base::hex(base::View(cert.agent))),
             sender ? "Both bear its signature. Nobody else can have made them, and no honest agent signs two."
                    : fmt::format("Both stand in the log {} under its signature, and no honest hub logs the second.", chain.front().log.name)};
  v.facts = {{"evidence", "conflict"}, {"guilty", sender ? "sender" : "hub"}, {"sender", cert.name}, {"origin", chain.front().log.name}};
  return v;
}

Result<Verdict> judge(std::string_view json, const std::optional<Hash>& anchor_hash) {
  TRY_ASSIGN(const std::shared_ptr<Json> j, schemas::parse_json(json, kMaxFile));
  const std::string what = j->is_object() ? string_in(*j, "what") : std::string();
  if (!j->is_object() || string_in(*j, "format") != kFormat || (what != "two-trees" && what != "conflict")) return base::malformed("not evidence that this verifier knows", "format, what");
  TRY_ASSIGN(const auto anchors, anchors_in(*j));
  TRY_ASSIGN(const auto chain, chain_of(anchors, anchor_hash));
  TRY_ASSIGN(const auto first, crypto::parse_note(anchors.front()));
  TRY_ASSIGN(Verdict v, what == "conflict" ? judge_groups(*j, chain, first.hash()) : judge_trees(*j, chain));
  if (!anchor_hash) v.lines.push_back("The anchor was taken from the file: compare its hash with one that you trust (--anchor-hash).");
  return v;
}

}  // namespace

bool is_evidence(std::string_view json) { return json.substr(0, 256).find(kFormat) != std::string_view::npos; }

Verdict verify_evidence(std::string_view json, const std::optional<Hash>& anchor_hash) {
  auto verdict = judge(json, anchor_hash);
  return verdict.ok() ? std::move(*verdict) : refused("evidence", verdict.error());
}

}  // namespace cli::verify
