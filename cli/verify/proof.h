// The proof bundle: one message as a file that convinces a third party offline (protocol section 12, "Third-party disclosure file";
// docs/spec/certificate.md, "Proof bundle"): one JSON document in which every binary field is base64, or the same parts as bytes.
// verify_bundle() needs nothing but the file and, to be worth anything, the hash of the consortium's anchor that somebody read aloud.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/transcript.h"

namespace cli::verify {

// Every inclusion proof in one bundle rests on one and the same checkpoint: else two of them could come from two forks.
struct Logged {
  base::Bytes ent1;
  std::string tlog_proof;  // crypto::tlog_proof()
};
struct CertPart {
  std::string note;  // whole
  Logged entry;      // its type-3 entry
};
struct ReceiptPart {
  base::Bytes rcp1, sig;
  Logged entry;  // its type-2 entry
  CertPart recipient;
};
struct Bundle {
  std::vector<std::string> anchors;  // whole notes from version 1 on
  CertPart sender;
  base::Bytes bst1, sig;
  std::vector<crypto::Hash> group_path;  // of this group in the batch tree
  base::Bytes grp1;
  crypto::Hash group_root{};
  std::uint32_t index = 0;  // of the message in its group
  base::Bytes hdr1;
  std::vector<crypto::Hash> message_path;
  crypto::Hash commitment{};  // C_i
  base::Bytes ct;             // the ciphertext, or empty and:
  crypto::Hash ct_hash{};
  std::optional<base::Fixed<32>> key;  // K_i, if the content is disclosed (needs ct)
  Logged accept;                       // the group's type-1 entry
  std::optional<ReceiptPart> receipt;
};

// The document, as JSON or as bytes. `parts` is taken as it is; verify what you made.
std::string make_bundle(const Bundle& parts);
std::string make_binary(const Bundle& parts);
// Either form. Strict: every field once, none unknown. kMalformed, kTooLarge, kUnsupported
base::Result<Bundle> parse_bundle(std::string_view file);

struct Verdict {
  bool holds = false;
  std::string failed;  // name of the first check that failed: form anchor checkpoint certificate ...
  std::string why;
  std::vector<std::string> lines;                          // for people, in order
  std::vector<std::pair<std::string, std::string>> facts;  // for machines: snake_case key, value
};
// A bundle, or evidence against a log (evidence.h). Never fails: a file that cannot be read does not hold (check "form"). Pure; allocates in proportion to the file.
Verdict verify_bundle(std::string_view file, const std::optional<crypto::Hash>& anchor_hash = std::nullopt);
std::string verdict_json(const Verdict& v);  // one line

}  // namespace cli::verify
