// See rounds.h.
#include "hub/broker/rounds.h"
#include "crypto/log_keys.h"

#include <algorithm>

namespace hub::broker {

base::Result<std::string> Rounds::request(const state::Reader& reader, const crypto::Directory& directory, std::uint64_t old, std::uint64_t tick) {
  if (rounds_.empty() || tick >= rounds_.back().began + round_ms_) {
    TRY_ASSIGN(auto newest, crypto::open_checkpoint(reader.checkpoint(), directory));
    if (rounds_.empty() || newest.size > rounds_.back().checkpoint.size) {
      TRY_ASSIGN(auto note, crypto::parse_note(reader.checkpoint()));
      rounds_.push_back({tick, std::move(newest), std::move(note)});
      if (rounds_.size() > 2) rounds_.erase(rounds_.begin());
    }
  }
  const Round& now = rounds_.back();
  if (old >= now.checkpoint.size) {
    if (old > reader.size()) return base::malformed("it has signed more than this log holds", "size");
    return std::string();
  }
  crypto::AddCheckpoint out{old, {}, {}};
  if (old > 0) {
    TRY_ASSIGN(out.proof, reader.consistency(old, now.checkpoint.size));
  }
  crypto::Note plain = now.note;
  std::erase_if(plain.signatures, [&](const crypto::NoteSignature& s) { return s.key_id != crypto::log_key(directory, now.checkpoint.size).id(); });
  out.checkpoint = plain.whole();
  return out.text();
}

base::Result<Rounds::Taken> Rounds::take(const crypto::Directory& directory, std::span<const crypto::VerifierKey> members, std::string_view whole) {
  const crypto::Anchor& anchor = directory.anchor();
  TRY_ASSIGN(const auto theirs, crypto::open_checkpoint(whole, directory));
  const auto round = std::ranges::find_if(rounds_, [&](const Round& r) { return r.checkpoint.size == theirs.size && r.checkpoint.root == theirs.root; });
  if (round == rounds_.end()) return base::Error{base::Kind::kNotFound, "cosigned is no checkpoint that was asked for now", "checkpoint"};
  TRY_ASSIGN(auto note, crypto::parse_note(whole));
  const crypto::Cosigned fresh = crypto::cosigned(anchor, note, members);
  if (fresh.by.empty()) return base::Error{base::Kind::kBadSignature, "no line of a witness that holds", "checkpoint"};
  for (auto& s : note.signatures) {
    const bool holds = std::ranges::any_of(fresh.by, [&](const auto& b) { return b.first == s.name; });
    const bool known = std::ranges::any_of(round->note.signatures, [&](const auto& k) { return k.name == s.name && k.key_id == s.key_id; });
    if (holds && !known && round->note.signatures.size() < 32) round->note.signatures.push_back(std::move(s));
  }
  Taken out{theirs.size, crypto::cosigned(anchor, round->note, members), round->note.whole(), false};
  out.enough = out.by.quorum || !crypto::has_quorum_rule(anchor);
  return out;
}

}  // namespace hub::broker
