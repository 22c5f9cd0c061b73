// Files and keys of the data folder: see main_folder.h.
#include "hub/main_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "crypto/note.h"

namespace hub {
namespace {

base::Result<crypto::Secret<32>> read_key(const std::string& path) {
  // Straight into guarded memory: a stream's own buffer would keep the text after us.
  crypto::SecretBytes text(2 * 32 + 2);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t n = fd < 0 ? -1 : ::read(fd, text.data(), text.size());
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (n < 0) return base::Error{base::Kind::kNotFound, "cannot be read", path, std::strerror(error)};
  std::size_t length = static_cast<std::size_t>(n);
  if (length > 0 && text.data()[length - 1] == '\n') --length;
  auto bytes = base::unhex(base::text(text.view().first(length)));
  if (!bytes || bytes->size() != 32) return base::malformed("a key file holds 64 hexadecimal digits", path);
  crypto::Secret<32> secret;
  std::memcpy(secret.data(), bytes->data(), 32);
  crypto::wipe(bytes->data(), bytes->size());
  return secret;
}

}  // namespace

bool Arguments::has(std::string_view name) const {
  for (const auto& [n, v] : options) {
    if (n == name) return true;
  }
  return false;
}

std::string Arguments::get(std::string_view name, std::string fallback) const {
  for (const auto& [n, v] : options) {
    if (n == name) return v;
  }
  return fallback;
}

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::Error{base::Kind::kNotFound, "cannot be read", path, std::strerror(errno)};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

base::Status write_new_file(const std::string& path, std::string_view text, unsigned mode) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0)
    return base::Error{errno == EEXIST ? base::Kind::kConflict : base::Kind::kUsage, "cannot be made", path, std::strerror(errno)};
  bool good = true;
  for (std::size_t at = 0; good && at < text.size();) {
    const auto n = ::write(fd, text.data() + at, text.size() - at);
    good = n > 0;
    if (good) at += static_cast<std::size_t>(n);
  }
  good = ::fsync(fd) == 0 && good;
  ::close(fd);
  if (!good) return base::Error{base::Kind::kUsage, "cannot be written", path};
  return {};
}

base::Status Folder::write_key(const char* name, base::View secret) const {
  auto text = base::hex(secret) + "\n";
  const auto status = write_new_file(path(name), text, 0600);
  crypto::wipe(text.data(), text.size());
  return status;
}

base::Result<crypto::SignKey> Folder::log_key(bool next) const {
  TRY_ASSIGN(const auto seed, read_key(path(next ? "next-log.key" : "log.key")));
  return crypto::SignKey::from_seed(seed);
}

base::Result<crypto::BoxKey> Folder::transport(bool next) const {
  TRY_ASSIGN(const auto secret, read_key(path(next ? "next-transport.key" : "transport.key")));
  return crypto::BoxKey::from_secret(secret);
}

base::Result<state::LogKeys> Folder::keys() const {
  TRY_ASSIGN(auto log, log_key());
  TRY_ASSIGN(const auto box, transport());
  state::LogKeys keys{std::move(log), {}, {box.public_key()}};
  if (std::filesystem::exists(path("next-log.key"))) {
    TRY_ASSIGN(keys.next_log, log_key(true));
  }
  if (std::filesystem::exists(path("next-transport.key"))) {
    TRY_ASSIGN(const auto next, transport(true));
    keys.transports.push_back(next.public_key());
  }
  return keys;
}

base::Status Folder::use_keys_of(const crypto::Anchor& anchor) const {
  const auto take = [&](const char* next, const char* name) -> base::Status {
    if (::rename(path(next).c_str(), path(name).c_str()) != 0) return base::Error{base::Kind::kUsage, "cannot take its place", path(next), std::strerror(errno)};
    const int fd = ::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    return synced ? base::Status{} : base::Error{base::Kind::kIo, "cannot be synced", dir_};
  };
  TRY_ASSIGN(const auto log, log_key());
  if (log.public_key() != anchor.log.key) {
    const auto next = log_key(true);
    if (!next.ok() || next->public_key() != anchor.log.key) return base::Error{base::Kind::kConflict, "the anchor names another log key", dir_};
    TRY(take("next-log.key", "log.key"));
  }
  TRY_ASSIGN(const auto box, transport());
  if (box.public_key() == anchor.hub_transport) return {};
  const auto next = transport(true);
  if (!next.ok() || next->public_key() != anchor.hub_transport) return base::Error{base::Kind::kConflict, "the anchor names another transport key", dir_};
  return take("next-transport.key", "transport.key");
}

base::Result<std::string> Folder::anchor_note() const { return read_file(path("anchor.note")); }

base::Result<crypto::Anchor> Folder::anchor() const {
  TRY_ASSIGN(const auto whole, anchor_note());
  TRY_ASSIGN(const auto note, crypto::parse_note(whole));
  return crypto::parse_anchor(note.text);
}

base::Result<std::unique_ptr<journal::Journal>> Folder::open_journal(std::uint64_t map_size) const {
  TRY_ASSIGN(const auto note, anchor_note());
  TRY_ASSIGN(auto mine, keys());
  return journal::open_lmdb(path("store"), note, std::move(mine), map_size);
}

int exit_code(const base::Error& e) {
  switch (e.kind) {
    case base::Kind::kIo:
    case base::Kind::kFull: return kDiskFailed;
    case base::Kind::kCorrupt: return kDiskFailed;
    default: return kError;
  }
}

int report(const base::Error& e) {
  std::fprintf(stderr, "handoff-hub: %s\n", e.message().c_str());
  return exit_code(e);
}

}  // namespace hub
