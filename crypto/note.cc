// Signed notes, verifier keys, checkpoints, cosignatures and proofs as C2SP writes them. See note.h.
#include "crypto/note.h"

#include <algorithm>

#include "crypto/internal/lines.h"
#include "crypto/merkle.h"

namespace crypto {

using base::Bytes;
using base::Kind;
using base::malformed;
using base::Result;
using base::View;
using base::view;

namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash, space: how a signature line begins
constexpr std::size_t kMaxNote = 32 * 1024, kMaxSignatures = 32;

struct Rune {
  std::uint32_t code;
  std::size_t length;  // 0: not UTF-8
};

// One code point of strict UTF-8: shortest form, no surrogates, at most U+10FFFF.
Rune next_rune(std::string_view s) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(s[i])); };
  std::uint32_t b = byte(0);
  if (b < 0x80) return {b, 1};
  std::size_t n = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
  if (b < 0xC2 || b > 0xF4 || s.size() < n) return {0, 0};
  std::uint32_t c = b & (0xFFU >> (n + 1));
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0, 0};
    c = (c << 6) | (byte(i) & 0x3F);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return {0, 0};
  return {c, n};
}

bool plain_text(std::string_view s) {  // UTF-8 without control characters but \n
  while (!s.empty()) {
    auto [c, n] = next_rune(s);
    if (n == 0 || (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0)) return false;
    s.remove_prefix(n);
  }
  return true;
}

bool is_space(std::uint32_t c) {
  return c == ' ' || c == '\n' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

bool key_name(std::string_view s) {  // of plain_text: not empty, no space, no plus
  if (s.empty()) return false;
  while (!s.empty()) {
    auto [c, n] = next_rune(s);
    if (n == 0 || is_space(c) || c == '+') return false;
    s.remove_prefix(n);
  }
  return true;
}

std::string signature_line(std::string_view name, View key_id, View sig) {
  return std::string(kDash) + std::string(name) + " " + base::base64(base::concat({key_id, sig})) + "\n";
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (line.substr(0, kDash.size()) != kDash) return malformed("a signature line does not begin with an em dash");
  line.remove_prefix(kDash.size());
  auto space = line.find(' ');
  if (space == std::string_view::npos || !key_name(line.substr(0, space))) return malformed("a signature line has no key name");
  auto raw = base::unbase64(line.substr(space + 1));
  if (!raw || raw->size() < 5) return malformed("a signature is not base64 of a key id and a signature");
  NoteSignature out;
  out.name = line.substr(0, space);
  out.key_id = base::fixed<4>(View(*raw).first(4));
  out.sig.assign(raw->begin() + 4, raw->end());
  return out;
}

VerifierKey log_key_of(const Checkpoint& c, const SignKey& key) { return {c.origin, NoteAlg::kEd25519, key.public_key()}; }

Bytes cosigned_bytes(std::string_view body, std::uint64_t seconds) {
  return base::concat({view("cosignature/v1\ntime "), view(std::to_string(seconds)), view("\n"), view(body)});
}

}  // namespace

base::Fixed<4> VerifierKey::id() const {
  const base::Byte alg_byte[] = {static_cast<base::Byte>(alg)};
  return base::fixed<4>(View(sha256({view(name), view("\n"), View(alg_byte), View(key)})).first(4));
}

std::string VerifierKey::text() const {
  const base::Byte alg_byte[] = {static_cast<base::Byte>(alg)};
  return name + "+" + base::hex(View(id())) + "+" + base::base64(base::concat({View(alg_byte), View(key)}));
}

Result<VerifierKey> parse_vkey(std::string_view s) {
  auto first = s.find('+');
  auto second = first == std::string_view::npos ? first : s.find('+', first + 1);
  if (second == std::string_view::npos) return malformed("a verifier key has three parts: name+id+key");
  auto raw = base::unbase64(s.substr(second + 1));
  if (!raw || raw->empty() || !plain_text(s) || !key_name(s.substr(0, first))) return malformed("a verifier key has no valid name or key");
  if ((*raw)[0] != 1 && (*raw)[0] != 4) return base::Error{Kind::kUnsupported, "a verifier key of an algorithm that is not Ed25519"};
  if (raw->size() != 33) return malformed("an Ed25519 verifier key has 32 bytes");
  VerifierKey out{std::string(s.substr(0, first)), static_cast<NoteAlg>((*raw)[0]), base::fixed<32>(View(*raw).subspan(1))};
  if (base::hex(View(out.id())) != s.substr(first + 1, second - first - 1))
    return malformed("the key id of a verifier key does not match its key");
  return out;
}

std::string Note::whole() const {
  std::string out = text + "\n";
  for (const auto& s : signatures) out += signature_line(s.name, View(s.key_id), View(s.sig));
  return out;
}

Hash Note::hash() const { return sha256(view(text)); }
Hash Note::whole_hash() const { return sha256(view(whole())); }

void Note::sign(const std::string& name, const SignKey& key) {
  VerifierKey vkey{name, NoteAlg::kEd25519, key.public_key()};
  auto sig = key.sign(view(text));
  signatures.push_back({name, vkey.id(), Bytes(sig.begin(), sig.end())});
}

bool Note::signed_by(const VerifierKey& key) const {
  if (key.alg == NoteAlg::kCosignature) return verify_cosignature(*this, key);
  return std::any_of(signatures.begin(), signatures.end(), [&, id = key.id()](const NoteSignature& s) {
    return s.name == key.name && s.key_id == id && s.sig.size() == 64 && verify(key.key, view(text), View(s.sig));
  });
}

Result<Note> parse_note(std::string_view whole) {
  if (whole.size() > kMaxNote) return base::Error{Kind::kTooLarge, "a note is over 32 KiB"};
  if (!plain_text(whole)) return malformed("a note is not UTF-8 without control characters");
  auto blank = whole.rfind("\n\n");
  if (blank == std::string_view::npos || blank == 0) return malformed("a note has no text, blank line and signatures");
  auto lines = whole.substr(blank + 2);
  if (lines.empty() || lines.back() != '\n') return malformed("a note does not end with a signature line");
  Note out;
  out.text = whole.substr(0, blank + 1);
  for (auto line : internal::split(lines.substr(0, lines.size() - 1), '\n')) {
    if (out.signatures.size() == kMaxSignatures) return base::Error{Kind::kTooLarge, "a note has more than 32 signature lines"};
    TRY_ASSIGN(auto sig, parse_signature_line(line));
    out.signatures.push_back(std::move(sig));
  }
  return out;
}

std::string Checkpoint::body() const { return origin + "\n" + std::to_string(size) + "\n" + base::base64(View(root)) + "\n"; }

Result<Checkpoint> parse_checkpoint(std::string_view note_text) {
  if (note_text.empty() || note_text.back() != '\n') return malformed("a checkpoint does not end with a line feed");
  auto lines = internal::split(note_text.substr(0, note_text.size() - 1), '\n');
  if (lines.size() != 3 || lines[0].empty()) return malformed("a checkpoint has three lines: origin, size, root");
  auto size = internal::decimal(lines[1]);
  auto root = base::unbase64(lines[2]);
  if (!size || *size > INT64_MAX || !root || root->size() != 32) return malformed("a checkpoint's size or root is not well-formed");
  return Checkpoint{std::string(lines[0]), *size, base::fixed<32>(View(*root))};
}

std::string sign_checkpoint(const Checkpoint& c, const SignKey& log_key) {
  auto body = c.body();
  return body + "\n" + signature_line(c.origin, View(log_key_of(c, log_key).id()), View(log_key.sign(view(body))));
}

Result<Checkpoint> open_checkpoint(std::string_view whole, const VerifierKey& log) {
  TRY_ASSIGN(auto note, parse_note(whole));
  TRY_ASSIGN(auto out, parse_checkpoint(note.text));
  if (out.origin != log.name) return base::Error{Kind::kBadSignature, "a checkpoint of another log"};
  if (!note.signed_by(log)) return base::Error{Kind::kBadSignature, "a checkpoint without the log's signature"};
  return out;
}

std::string cosign_line(const Checkpoint& c, const std::string& witness_name, const SignKey& key, base::Instant at) {
  const std::uint64_t seconds = at.ms / 1000;
  auto sig = key.sign(View(cosigned_bytes(c.body(), seconds)));
  base::Fixed<8> time{};
  base::store_be(time.data(), seconds);
  VerifierKey vkey{witness_name, NoteAlg::kCosignature, key.public_key()};
  return signature_line(witness_name, View(vkey.id()), View(base::concat({View(time), View(sig)})));
}

bool verify_cosignature(const Note& note, const VerifierKey& witness, base::Instant* at) {
  if (witness.alg != NoteAlg::kCosignature) return false;
  for (const auto& s : note.signatures) {
    if (s.name != witness.name || s.key_id != witness.id() || s.sig.size() != 72) continue;
    auto seconds = base::load_be<std::uint64_t>(s.sig.data());
    if (seconds > internal::kMaxTimeMs / 1000) continue;
    if (!verify(witness.key, View(cosigned_bytes(note.text, seconds)), View(s.sig).subspan(8))) continue;
    if (at) at->ms = seconds * 1000;
    return true;
  }
  return false;
}

namespace {
constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1\n";
}

std::string tlog_proof(std::uint64_t index, std::span<const Hash> path, std::string_view checkpoint) {
  std::string out(kProofHeader);
  internal::put(out, "index", index);
  for (const auto& h : path) out += base::base64(View(h)) + "\n";
  return out + "\n" + std::string(checkpoint);
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  auto blank = text.find("\n\n");
  if (text.substr(0, kProofHeader.size()) != kProofHeader || blank == std::string_view::npos || blank < kProofHeader.size()) {
    return malformed("not a c2sp.org/tlog-proof@v1");
  }
  auto lines = internal::split(text.substr(kProofHeader.size(), blank - kProofHeader.size()), '\n');
  constexpr std::string_view kIndex = "index ";
  auto index = lines[0].substr(0, kIndex.size()) == kIndex ? internal::decimal(lines[0].substr(kIndex.size())) : std::nullopt;
  if (!index) return malformed("a tlog-proof without an index line");
  if (lines.size() > 64) return base::Error{Kind::kTooLarge, "a tlog-proof of more than 63 hashes"};
  TlogProof out{*index, {}, std::string(text.substr(blank + 2))};
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto raw = base::unbase64(lines[i]);
    if (!raw || raw->size() != 32) return malformed("a tlog-proof hash is not base64 of 32 bytes");
    out.path.push_back(base::fixed<32>(View(*raw)));
  }
  return out;
}

}  // namespace crypto
