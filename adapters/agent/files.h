// Small files of an agent: whole reads and atomic, synced replacement (temporary file, fsync, rename, fsync of the folder).
#pragma once

#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/secret.h"

namespace adapters::agent {

base::Result<base::Bytes> read_file(const std::string& path, std::size_t max = 1 << 20);  // kNotFound, kTooLarge, kIo
base::Result<std::string> read_text(const std::string& path, std::size_t max = 1 << 20);
base::Result<crypto::SecretBytes> read_secret(const std::string& path, std::size_t max);  // no copy of it stays behind
base::Status write_atomic(const std::string& path, base::View bytes, unsigned mode = 0600);
// The same for secrets: the bytes that stood there before are overwritten where they lay, as far as file system and disk do that (docs/guide/keys.md).
base::Status write_over(const std::string& path, base::View bytes, unsigned mode = 0600);
base::Status rename_over(const std::string& from, const std::string& to);                 // `from` is on disk already
base::Status make_folder(const std::string& path, unsigned mode = 0700);                  // one that exists is fine

}  // namespace adapters::agent
