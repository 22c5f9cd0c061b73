// Keeping two groups that collide, and the file of them.
#include "adapters/agent/mail/conflict.h"

#include <nlohmann/json.hpp>

#include "adapters/agent/keep/records.h"
#include "schemas/frames.h"

namespace adapters::agent::mail {
namespace {

base::Error broken(const char* what) { return {base::Kind::kBadSignature, what, "evidence"}; }

std::vector<std::string> anchors_of(const std::string& first, const crypto::Directory& directory) {
  std::vector<std::string> out{first};
  for (const std::string& n : directory.notes()) {
    if (n.starts_with("sfh-anchor/") && n != first) out.push_back(n);
  }
  return out;
}

}  // namespace

std::optional<base::Bytes> received_frame(keep::Tx& tx, const base::Hash& leaf) {
  std::optional<base::Bytes> out;
  tx.scan_back(keep::Table::kProof, {}, [&](base::View, base::View v) {
    auto row = keep::unpack<keep::ProofRow>(v);
    const auto d = row ? schemas::decode_deliver(row->deliver) : base::Result<schemas::Deliver>(broken("no frame"));
    if (!d.ok()) return true;
    const auto e = crypto::parse_ent1(d->ent);
    if (e.ok() && e->subject == leaf) out = std::move(row->deliver);
    return !out;
  });
  return out;
}

Finding judge_conflict(const Conflict& c, const crypto::VerifierKey& log, const crypto::PublicKey& sender) { return schemas::judge_conflict(c, std::span(&log, 1), sender); }

std::vector<crypto::VerifierKey> log_keys(const std::string& first_anchor, const crypto::Directory& directory) {
  std::vector<crypto::VerifierKey> out;
  for (const std::string& whole : anchors_of(first_anchor, directory)) {
    const auto note = crypto::parse_note(whole);
    const auto anchor = note.ok() ? crypto::parse_anchor(note->text) : base::Result<crypto::Anchor>(note.error());
    if (anchor.ok()) out.push_back(anchor->log);
  }
  return out;
}

std::string conflict_file(const Conflict& c, const std::string& first_anchor, const crypto::Directory& directory, const base::Hash& sender_cert) {
  nlohmann::ordered_json out{{"format", "handoff-evidence/v1"}, {"what", "conflict"}, {"anchors", anchors_of(first_anchor, directory)}};
  for (const std::string& whole : directory.notes()) {
    const auto note = crypto::parse_note(whole);
    if (note.ok() && note->hash() == sender_cert) out["sender"] = whole;
  }
  out["first"] = base::base64(c.first), out["second"] = base::base64(c.second);
  return out.dump();
}

}  // namespace adapters::agent::mail
