// Desk: an authority's folder. anchor.note (the first anchor), anchor-<v>.note (later ones), authority-<i>.key (each sealed under a
// passphrase; they may lie on different machines), register/ (every complete note this authority knows, in order).
// The register is replayed through crypto::Directory, so what the log will refuse is refused here first.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "cli/authority/args.h"
#include "crypto/directory.h"

namespace cli::authority {

// What main() hands in; tests hand in their own.
struct Context {
  base::Clock now;
  crypto::Random* random = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  std::string passphrase;  // of the environment; may be empty
};

class Desk {
 public:
  static base::Result<Desk> open(const std::filesystem::path& dir);
  static base::Status create(const std::filesystem::path& dir, const std::string& anchor_note);  // complete or not yet

  [[nodiscard]] const crypto::Directory& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path anchor_file(std::uint32_t version) const;
  [[nodiscard]] std::filesystem::path key_file(unsigned authority) const;
  [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

  // Takes a complete note into the register. Errors as Directory::add; kBadSignature: it still needs signatures.
  base::Status record(const std::string& whole, base::Instant now);

 private:
  Desk(std::filesystem::path dir, crypto::Directory directory) : dir_(std::move(dir)), directory_(std::move(directory)) {}
  std::filesystem::path dir_;
  crypto::Directory directory_;
};

// Authority keys. The i-th --passphrase-file is for the i-th key used; a single one is for all; none: HANDOFF_PASSPHRASE.
base::Result<crypto::SecretBytes> passphrase(const Args& args, const Context& context, std::size_t i);
base::Status save_key(const std::filesystem::path& file, const crypto::SignKey& key, const crypto::SecretBytes& passphrase, bool test,
                      const Context& context);
base::Result<crypto::SignKey> load_key(const std::filesystem::path& file, const crypto::SecretBytes& passphrase);

// The authorities named by --as; without it, the first `need` whose key files are here.
base::Result<std::vector<unsigned>> signers(const Args& args, const Desk& desk, std::span<const crypto::VerifierKey> authorities,
                                            unsigned need);
// Signs as each of them; a signature that is already there is not repeated.
base::Status sign_as(crypto::Note& note, std::span<const unsigned> numbers, std::span<const crypto::VerifierKey> authorities,
                     const Desk& desk, const Args& args, const Context& context);

}  // namespace cli::authority
