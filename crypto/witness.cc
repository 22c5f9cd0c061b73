// add-checkpoint bodies, and the quorum of a tlog-policy. See witness.h.
#include "crypto/witness.h"

#include <algorithm>
#include <set>

#include "crypto/internal/lines.h"

namespace crypto {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kMaxRequest = 64U << 10, kMaxProof = 63;

Error malformed(const char* what) { return {Kind::kMalformed, what, "add-checkpoint"}; }

}  // namespace

std::string AddCheckpoint::text() const {
  std::string out = "old " + std::to_string(old) + "\n";
  for (const Hash& h : proof) out += base::base64(base::View(h)) + "\n";
  return out + "\n" + checkpoint;
}

base::Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  if (body.size() > kMaxRequest) return Error{Kind::kTooLarge, "an add-checkpoint body has at most 64 KiB", "add-checkpoint"};
  AddCheckpoint out;
  bool first = true;
  for (;;) {
    const auto end = body.find('\n');
    if (end == std::string_view::npos) return malformed("the body ends before its empty line");
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(end + 1);
    if (first) {
      const auto old = line.starts_with("old ") ? internal::decimal(line.substr(4)) : std::nullopt;
      if (!old) return malformed("the first line is: old N");
      out.old = *old, first = false;
      continue;
    }
    if (line.empty()) break;
    const auto hash = base::unbase64(line);
    if (!hash || hash->size() != 32 || out.proof.size() == kMaxProof) return malformed("a line of the proof is the base64 of 32 bytes, and there are at most 63");
    out.proof.push_back(base::fixed<32>(*hash));
  }
  out.checkpoint = body;
  if (out.checkpoint.empty()) return malformed("the checkpoint is missing");
  return out;
}

bool has_quorum_rule(const Anchor& anchor) { return !anchor.tlog_policy.empty() && anchor.tlog_policy.back() != "quorum none"; }

bool quorum_of(const Anchor& anchor, std::span<const std::string> witnesses) {
  std::set<std::string, std::less<>> met(witnesses.begin(), witnesses.end());
  for (const std::string& line : anchor.tlog_policy) {  // in order: a group follows its members
    const auto w = internal::split(line, ' ');
    if (w[0] == "quorum") return w[1] != "none" && met.contains(w[1]);
    if (w[0] != "group") continue;
    const std::size_t members = w.size() - 3;
    const std::size_t needed = w[2] == "any" ? 1 : w[2] == "all" ? members : static_cast<std::size_t>(*internal::decimal(w[2]));
    const auto have = std::count_if(w.begin() + 3, w.end(), [&](std::string_view m) { return met.contains(m); });
    if (static_cast<std::size_t>(have) >= needed) met.emplace(w[1]);
  }
  return false;
}

Cosigned cosigned(const Anchor& anchor, const Note& checkpoint, std::span<const VerifierKey> more) {
  Cosigned out;
  const auto count = [&](const VerifierKey& key) {
    base::Instant at;
    const auto known = std::any_of(out.by.begin(), out.by.end(), [&](const auto& b) { return b.first == key.name; });
    if (known || !verify_cosignature(checkpoint, key, &at)) return false;
    out.at = out.by.empty() ? at : std::min(out.at, at);
    out.by.emplace_back(key.name, at);
    return true;
  };
  for (const std::string& line : anchor.tlog_policy) {
    const auto w = internal::split(line, ' ');
    if (w[0] != "witness") continue;
    if (const auto key = parse_vkey(w[2]); key.ok() && count(*key)) out.names.emplace_back(w[1]);
  }
  out.quorum = quorum_of(anchor, out.names);
  for (const VerifierKey& key : more) count(key);
  return out;
}

}  // namespace crypto
