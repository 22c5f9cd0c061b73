// C2SP signed notes, verifier keys, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof).
// All values. Parsing is strict: UTF-8, no control characters but \n, <= 32 KiB, <= 32 signature lines.
#pragma once

#include "crypto/keys.h"
#include "crypto/transcript.h"

namespace crypto {

enum class NoteAlg : std::uint8_t { kEd25519 = 1, kCosignature = 4 };

struct VerifierKey {  // "<name>+<hex keyid>+<base64(alg || pk)>"
  std::string name;
  NoteAlg alg = NoteAlg::kEd25519;
  PublicKey key{};
  [[nodiscard]] base::Fixed<4> id() const;  // SHA-256(name || "\n" || alg || pk)[0:4]
  [[nodiscard]] std::string text() const;
};
base::Result<VerifierKey> parse_vkey(std::string_view s);

struct NoteSignature {
  std::string name;
  base::Fixed<4> key_id{};
  base::Bytes sig;  // 64 B (type 1) or u64 BE time || 64 B (type 4)
};
struct Note {
  std::string text;  // ends with \n; what is signed and hashed
  std::vector<NoteSignature> signatures;
  [[nodiscard]] std::string whole() const;  // text, blank line, signature lines
  [[nodiscard]] Hash hash() const;          // SHA-256(text)
  [[nodiscard]] Hash whole_hash() const;    // SHA-256(whole()): ENT1.subject of a type-3 entry
  void sign(const std::string& name, const SignKey& key);
  [[nodiscard]] bool signed_by(const VerifierKey& key) const;
};
base::Result<Note> parse_note(std::string_view whole);  // whole() of the result is byte-identical to the input

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  [[nodiscard]] std::string body() const;  // the three lines
};
base::Result<Checkpoint> parse_checkpoint(std::string_view note_text);     // no extension lines
std::string sign_checkpoint(const Checkpoint& c, const SignKey& log_key);  // whole note
// Parses and checks the log's signature; other signature lines are ignored.
base::Result<Checkpoint> open_checkpoint(std::string_view whole, const VerifierKey& log);

// A cosignature line ("— name ...\n", to append to the checkpoint) and its check; the time is in whole seconds.
std::string cosign_line(const Checkpoint& c, const std::string& witness_name, const SignKey& key, base::Instant at);
bool verify_cosignature(const Note& note, const VerifierKey& witness, base::Instant* at = nullptr);

// C2SP tlog-proof@v1 text: index, inclusion path and checkpoint, for export. The parser refuses the optional `extra` line (nobody
// signs it) and checks nothing but the form.
struct TlogProof {
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint;  // the whole signed note
};
std::string tlog_proof(std::uint64_t index, std::span<const Hash> path, std::string_view checkpoint);
base::Result<TlogProof> parse_tlog_proof(std::string_view text);

}  // namespace crypto
