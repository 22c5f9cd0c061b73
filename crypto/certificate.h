// The typed notes of the directory: anchor, certificate, epoch keys, revocation, policy, ledger head. Text: docs/spec/certificate.md.
// text() writes the exact lines; parse_*() accepts exactly those (unknown, missing or misplaced line: kMalformed, with the line).
// Whether a note is *valid* (thresholds, chains, bounds) is judged by Directory (directory.h), never here.
#pragma once

#include "crypto/note.h"

namespace crypto {

struct Anchor {
  std::string consortium;  // never begins sfh-, SFH1, cosignature/
  std::uint32_t version = 1;
  std::uint32_t threshold = 1, revoke_threshold = 1;
  std::vector<VerifierKey> authorities;  // "<consortium>/authority/<i>", i ascending from 1, with gaps after a rotation
  VerifierKey log;                       // its name is the origin of the hub's log
  PublicKey hub_transport{};             // CURVE
  std::vector<std::string> tlog_policy;  // witness/group/quorum lines, verbatim; ends with a quorum line
  std::vector<std::pair<std::string, std::uint64_t>> limits;
  bool test = false;  // decisions D18
  Hash prev{};
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Hash hub_id() const { return crypto::hub_id(log.name); }
  [[nodiscard]] std::vector<VerifierKey> witnesses() const;  // of the tlog-policy's witness lines
};
base::Result<Anchor> parse_anchor(std::string_view note_text);
// A consortium's anchors from the first on, each signed by enough of the one before and of its own. Returns the last.
// The caller has pinned hash() of the last (or of the first) and compares it. kBadSignature, kConflict, kMalformed.
base::Result<Anchor> verify_anchor_chain(std::span<const std::string> whole_notes);
base::Status check_rotation(const Anchor& old, const Hash& old_hash, const Anchor& next);  // all but the signatures
// The limits an anchor may lower, with their values in suite 1 (protocol 12).
std::span<const std::pair<std::string_view, std::uint64_t>> suite1_limits();

struct Cert {
  Hash consortium{};  // hash(anchor v1)
  std::uint64_t serial = 1;
  std::string type = "agent";  // agent | hub | auditor
  Id agency{}, agent{};
  std::string kind;                // hospital_ed, police, crisis_center, coordinator, ... (registry)
  std::string name;                // slug [a-z0-9-], unique in the directory (D15)
  std::vector<std::string> roles;  // sorted
  PublicKey sign{}, transport{}, witness{}, recovery{};
  base::Instant not_before{}, not_after{};
  Hash prev{};
  [[nodiscard]] std::string text() const;
};
base::Result<Cert> parse_cert(std::string_view note_text);

struct EpochKey {
  std::uint32_t epoch = 0;
  base::Instant from{}, until{}, destroy_after{};
  PublicKey key{};
};
struct EpochNote {
  Hash cert{};
  std::vector<std::uint16_t> suites{kSuite1};
  std::vector<EpochKey> keys;  // ascending epoch
  Hash prev{};
  [[nodiscard]] std::string text() const;
};
base::Result<EpochNote> parse_epoch(std::string_view note_text);

struct RevokeNote {
  Hash cert{};
  std::string reason;  // a code [a-z0-9-]
  bool suspend = false;
  std::optional<base::Instant> compromised_since;
  [[nodiscard]] std::string text() const;
};
base::Result<RevokeNote> parse_revoke(std::string_view note_text);

struct MatrixRow {  // "*" matches any
  std::string from_kind, to_kind, kind, purpose;
};
struct PolicyNote {
  std::uint32_t version = 1;
  Hash rules{};  // SHA-256 of the policy's TOML bytes
  std::vector<MatrixRow> matrix;
  std::vector<std::pair<std::string, std::uint64_t>> expiry;  // kind name -> ms
  base::Instant from{};
  [[nodiscard]] std::string text() const;
};
base::Result<PolicyNote> parse_policy_note(std::string_view note_text);

struct LedgerNote {
  Hash cert{};
  std::uint64_t size = 0;
  Hash root{};
  Hash prev{};
  [[nodiscard]] std::string text() const;
};
base::Result<LedgerNote> parse_ledger(std::string_view note_text);

enum class NoteType { kAnchor, kCert, kEpoch, kRevoke, kPolicy, kLedger };
base::Result<NoteType> note_type(std::string_view note_text);  // by its first line

// How many different keys of `set` signed. Every signature line must be by a key of `set` or of `others` and hold
// ("only with the signatures that make it valid"); a key that signed twice counts once. kBadSignature.
base::Result<unsigned> count_signers(const Note& note, std::span<const VerifierKey> set, std::span<const VerifierKey> others = {});

// A certificate request: what an agency hands to its authority. A note signed by the request's own sign key
// (name "<consortium>/agent/<hex32>"), first line sfh-request/v1, then the lines of Cert from `type` to `recovery`.
struct Request {
  std::string consortium;
  Cert cert;  // serial, dates, prev, consortium hash unset
  [[nodiscard]] std::string text() const;
};
base::Result<Request> parse_request(std::string_view note_text);

std::string authority_name(std::string_view consortium, unsigned i);
std::string agent_name(std::string_view consortium, const Id& agent);
std::string witness_name(std::string_view consortium, const Id& agent);

}  // namespace crypto
