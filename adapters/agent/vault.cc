// The agency's secrets on disk and in memory.
#include "adapters/agent/vault.h"

#include <algorithm>

#include "adapters/agent/files.h"
#include "adapters/agent/key_file.h"

namespace adapters::agent {
namespace {

using key_file::kMagic;
using key_file::kSeeds;
using key_file::seed;

std::string epoch_path(const std::string& dir) { return dir + "/epochs.sealed"; }

crypto::Secret<32> copy(const crypto::Secret<32>& s) {
  crypto::Secret<32> c;
  std::copy_n(s.data(), 32, c.data());
  return c;
}

}  // namespace

Vault::Vault(std::string dir, crypto::Random& random, crypto::SignKey sign, crypto::SignKey witness, crypto::BoxKey transport, crypto::Secret<32> store,
             crypto::Secret<32> hedge, crypto::Secret<32> epoch_file)
    : dir_(std::move(dir)), random_(random), sign_(std::move(sign)), witness_(std::move(witness)), transport_(std::move(transport)),
      store_(std::move(store)), hedge_(std::move(hedge)), epoch_file_(std::move(epoch_file)) {}

base::Result<Created> Vault::create(const std::string& dir, base::View secret_input, const crypto::KeyFileCost& cost, crypto::Random& random) {
  crypto::init();
  const std::string path = key_file::sealed(dir);
  if (read_file(path).ok()) return base::Error{base::Kind::kConflict, "there is a key file already", path, "use another folder"};
  crypto::SecretBytes plain(key_file::kSize);
  std::copy(kMagic.begin(), kMagic.end(), plain.data());
  random.fill({plain.data() + kMagic.size(), 32 * kSeeds});
  Created out;
  random.fill({out.recovery_seed.data(), 32});
  out.keys.sign = crypto::SignKey::from_seed(seed(plain.view(), key_file::kSign)).public_key();
  out.keys.witness = crypto::SignKey::from_seed(seed(plain.view(), key_file::kWitness)).public_key();
  out.keys.transport = crypto::BoxKey::from_secret(seed(plain.view(), key_file::kTransport)).public_key();
  out.keys.recovery = crypto::SignKey::from_seed(out.recovery_seed).public_key();
  TRY(write_atomic(path, crypto::lock_key_file(secret_input, plain.view(), cost, random)));
  return out;
}

base::Result<std::unique_ptr<Vault>> Vault::open(const std::string& dir, base::View secret_input, crypto::Random& random) {
  crypto::init();
  TRY_ASSIGN(const crypto::SecretBytes plain, key_file::open(key_file::sealed(dir), secret_input));
  const base::View p = plain.view();
  std::unique_ptr<Vault> v(new Vault(dir, random, crypto::SignKey::from_seed(seed(p, key_file::kSign)), crypto::SignKey::from_seed(seed(p, key_file::kWitness)),
                                     crypto::BoxKey::from_secret(seed(p, key_file::kTransport)), seed(p, key_file::kStore), seed(p, key_file::kHedge),
                                     seed(p, key_file::kEpochFile)));
  TRY(v->load_epochs());
  return v;
}

crypto::Secret<32> Vault::store_key() const { return copy(store_); }

// epochs.sealed, unsealed: n x { u32 epoch | u64 from | u64 until | u64 destroy_after | sk[32] }
constexpr std::size_t kEpochRow = 4 + 8 * 3 + 32;

base::Status Vault::load_epochs() {
  auto file = read_file(epoch_path(dir_));
  if (!file.ok() && file.error().kind == base::Kind::kNotFound) return {};
  if (!file.ok()) return file.error();
  TRY_ASSIGN(const crypto::SecretBytes plain, crypto::unlock_key_file(epoch_file_.view(), *file));
  if (plain.size() % kEpochRow != 0) return base::Error{base::Kind::kCorrupt, "the epoch key file has a wrong length", epoch_path(dir_)};
  for (std::size_t at = 0; at < plain.size(); at += kEpochRow) {
    const base::Byte* p = plain.data() + at;
    Epoch e;
    e.from.ms = base::load_le<std::uint64_t>(p + 4);
    e.until.ms = base::load_le<std::uint64_t>(p + 12);
    e.destroy_after.ms = base::load_le<std::uint64_t>(p + 20);
    crypto::Secret<32> sk;
    std::copy_n(p + 28, 32, sk.data());
    e.key = std::make_shared<const crypto::BoxKey>(crypto::BoxKey::from_secret(sk));
    epochs_.emplace(base::load_le<std::uint32_t>(p), std::move(e));
  }
  return {};
}

base::Status Vault::save_epochs() const {
  crypto::SecretBytes plain(epochs_.size() * kEpochRow);
  base::Byte* p = plain.data();
  for (const auto& [number, e] : epochs_) {
    base::store_le(p, number);
    base::store_le(p + 4, e.from.ms);
    base::store_le(p + 12, e.until.ms);
    base::store_le(p + 20, e.destroy_after.ms);
    std::copy_n(e.key->secret().data(), 32, p + 28);
    p += kEpochRow;
  }
  return write_over(epoch_path(dir_), crypto::lock_key_file(epoch_file_.view(), plain.view(), {0, 0}, random_));
}

base::Status Vault::extend_epochs(base::Instant now) {
  const std::lock_guard lock(mutex_);
  const auto today = static_cast<std::uint32_t>(now.ms / kEpochPeriod);
  bool made = false;
  for (std::uint32_t n = today; n <= today + kEpochsAhead; ++n) {
    const base::Instant from{n * kEpochPeriod};
    if (std::any_of(epochs_.begin(), epochs_.end(), [&](const auto& known) { return known.second.from == from; })) continue;
    Epoch e;
    e.from = from;
    e.until = e.from.plus(kEpochPeriod);
    e.destroy_after = e.until.plus(kEpochGrace);
    e.key = std::make_shared<const crypto::BoxKey>(crypto::BoxKey::generate(random_));
    epochs_.emplace(n, std::move(e));
    made = true;
  }
  return made ? save_epochs() : base::Status{};
}

base::Status Vault::yield_numbers(const std::function<bool(std::uint32_t, const crypto::PublicKey&)>& taken) {
  const std::lock_guard lock(mutex_);
  std::map<std::uint32_t, Epoch> kept;
  bool changed = false;
  for (auto& [number, e] : epochs_) {
    std::uint32_t n = number;
    while (taken(n, e.key->public_key())) n += kEpochRenumber;
    changed = changed || n != number;
    kept.emplace(n, e);
  }
  if (!changed) return {};
  epochs_.swap(kept);
  return save_epochs();
}

crypto::EpochNote Vault::epoch_note(const base::Hash& cert, const base::Hash& prev, base::Instant now) const {
  const std::lock_guard lock(mutex_);
  crypto::EpochNote note;
  note.cert = cert;
  note.prev = prev;
  for (const auto& [number, e] : epochs_) {
    if (e.until > now) note.keys.push_back({number, e.from, e.until, e.destroy_after, e.key->public_key()});
  }
  return note;
}

std::shared_ptr<const crypto::BoxKey> Vault::epoch_key(std::uint32_t epoch, const base::Fixed<8>& kid) const {
  const std::lock_guard lock(mutex_);
  const auto it = epochs_.find(epoch);
  if (it == epochs_.end() || crypto::epoch_kid(it->second.key->public_key()) != kid) return nullptr;
  return it->second.key;
}

base::Status Vault::destroy_due(base::Instant now) {
  const std::lock_guard lock(mutex_);
  const auto n = std::erase_if(epochs_, [&](const auto& e) { return e.second.destroy_after <= now; });
  return n > 0 ? save_epochs() : base::Status{};
}

bool Vault::any_due(base::Instant now) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(epochs_.begin(), epochs_.end(), [&](const auto& e) { return e.second.destroy_after <= now; });
}

std::uint32_t Vault::last_epoch() const {
  const std::lock_guard lock(mutex_);
  return epochs_.empty() ? 0 : epochs_.rbegin()->first;
}

base::View without_line_end(base::View typed, const UnlockSource& source) {
  if (!source.key_file.empty()) return typed;
  while (!typed.empty() && (typed.back() == '\n' || typed.back() == '\r')) typed = typed.first(typed.size() - 1);
  return typed;
}

base::Result<crypto::SecretBytes> unlock_secret(const UnlockSource& source, const char* credentials_directory) {
  const int named = !source.passphrase_file.empty() + !source.key_file.empty() + !source.credential.empty();
  if (named != 1) {
    return base::Error{base::Kind::kUsage, "name exactly one way to unlock the keys", "unlock", "set passphrase_file, key_file or credential"};
  }
  std::string path = source.passphrase_file.empty() ? source.key_file : source.passphrase_file;
  if (!source.credential.empty()) {
    if (credentials_directory == nullptr) return base::Error{base::Kind::kUsage, "there is no $CREDENTIALS_DIRECTORY", "unlock.credential", "start the agent from its systemd unit"};
    path = std::string(credentials_directory) + "/" + source.credential;
  }
  TRY_ASSIGN(const crypto::SecretBytes bytes, read_secret(path, 4096));
  crypto::SecretBytes secret(without_line_end(bytes.view(), source));
  if (secret.empty()) return base::Error{base::Kind::kUsage, "the file is empty", path};
  return secret;
}

}  // namespace adapters::agent
