// See desk.h.
#include "cli/authority/desk.h"

#include <algorithm>

#include "cli/authority/files.h"
#include "crypto/locker.h"
#include "fmt/format.h"

namespace cli::authority {

using base::Error;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using crypto::SecretBytes;
using crypto::VerifierKey;

namespace {

// Register files are named <number>-<time in ms>.note: the order and the time at which each was taken in.
struct Entry {
  std::uint64_t number = 0, ms = 0;
  std::filesystem::path file;
};

Result<std::vector<Entry>> entries(const std::filesystem::path& dir) {
  std::vector<Entry> out;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(dir, error)) {
    if (item.path().extension() != ".note") continue;
    Entry e{0, 0, item.path()};
    if (std::sscanf(item.path().stem().c_str(), "%lu-%lu", &e.number, &e.ms) != 2)
      return base::malformed("not a register file", item.path().string());
    out.push_back(std::move(e));
  }
  if (error) return Error{Kind::kIo, "cannot read the register: " + error.message(), dir.string(), "is this an authority's folder?"};
  std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) { return a.number < b.number; });
  return out;
}

Error at(Error e, const std::filesystem::path& where) {
  e.where = where.string() + (e.where.empty() ? "" : ": " + e.where);
  return e;
}

}  // namespace

Status Desk::create(const std::filesystem::path& dir, const std::string& anchor_note) {
  TRY(make_dir(dir));
  TRY(make_dir(dir / "register"));
  return write_file(dir / "anchor.note", base::view(anchor_note), {.fresh = true});
}

Result<Desk> Desk::open(const std::filesystem::path& dir) {
  TRY_ASSIGN(auto anchor, read_file(dir / "anchor.note"));
  auto directory = crypto::Directory::start(anchor);
  if (!directory.ok()) return at(directory.error(), dir / "anchor.note");
  Desk out(dir, std::move(directory).value());
  TRY_ASSIGN(auto files, entries(dir / "register"));
  for (const auto& e : files) {
    TRY_ASSIGN(auto whole, read_file(e.file));
    auto added = out.directory_.add(whole, e.number, {e.ms});
    if (!added.ok() || *added != e.number)
      return at(added.ok() ? Error{Kind::kCorrupt, "the register has a gap", "", ""} : added.error(), e.file);
  }
  return out;
}

std::filesystem::path Desk::anchor_file(std::uint32_t version) const {
  return dir_ / (version == 1 ? "anchor.note" : fmt::format("anchor-{}.note", version));
}
std::filesystem::path Desk::key_file(unsigned authority) const { return dir_ / fmt::format("authority-{}.key", authority); }

Status Desk::record(const std::string& whole, base::Instant now) {
  auto next = directory_;
  TRY_ASSIGN(auto number, next.add(whole, directory_.seq() + 1, now));
  TRY(write_file(dir_ / "register" / fmt::format("{:06}-{}.note", number, now.ms), base::view(whole), {.fresh = true}));
  if (next.anchor().version != directory_.anchor().version) TRY(write_file(anchor_file(next.anchor().version), base::view(whole)));
  directory_ = std::move(next);
  return {};
}

Result<SecretBytes> passphrase(const Args& args, const Context& context, std::size_t i) {
  auto files = args.all("--passphrase-file");
  if (files.empty()) {
    if (!context.passphrase.empty()) return SecretBytes(base::view(context.passphrase));
    return Error{Kind::kUsage, "no passphrase", "--passphrase-file", "name a file, or set HANDOFF_PASSPHRASE"};
  }
  if (files.size() > 1 && i >= files.size())
    return Error{Kind::kUsage, "fewer passphrase files than keys", "--passphrase-file", "give one, or one for each key"};
  TRY_ASSIGN(auto text, read_file(files.size() == 1 ? files[0] : files[i]));
  auto end = text.find_last_not_of("\r\n");
  if (end == std::string::npos) return Error{Kind::kUsage, "an empty passphrase", "--passphrase-file", ""};
  SecretBytes out(base::view(std::string_view(text).substr(0, end + 1)));
  crypto::wipe(text.data(), text.size());
  return out;
}

Status save_key(const std::filesystem::path& file, const crypto::SignKey& key, const SecretBytes& pass, bool test, const Context& context) {
  const crypto::KeyFileCost cost = test ? crypto::KeyFileCost{1, 8ULL << 20} : crypto::KeyFileCost{};
  return write_file(file, View(crypto::lock_key_file(pass.view(), key.seed(), cost, *context.random)), {.fresh = true, .secret = true});
}

Result<crypto::SignKey> load_key(const std::filesystem::path& file, const SecretBytes& pass) {
  TRY_ASSIGN(auto bytes, read_file(file));
  auto seed = crypto::unlock_key_file(pass.view(), base::view(bytes));
  if (!seed.ok()) return at(seed.error(), file);
  if (seed->size() != 32) return base::malformed("not an authority's key file", file.string());
  crypto::Secret<32> secret;
  std::copy_n(seed->data(), 32, secret.data());
  return crypto::SignKey::from_seed(secret);
}

Result<std::vector<unsigned>> signers(const Args& args, const Desk& desk, std::span<const VerifierKey> authorities, unsigned need) {
  TRY_ASSIGN(auto named, args.numbers("--as"));
  if (!named.empty()) return named;
  for (const auto& a : authorities) {
    auto number = static_cast<unsigned>(std::stoul(a.name.substr(a.name.rfind('/') + 1)));
    if (named.size() < need && std::filesystem::exists(desk.key_file(number))) named.push_back(number);
  }
  return named;
}

Status sign_as(crypto::Note& note, std::span<const unsigned> numbers, std::span<const VerifierKey> authorities, const Desk& desk,
               const Args& args, const Context& context) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    auto name = crypto::authority_name(desk.directory().anchor().consortium, numbers[i]);
    TRY_ASSIGN(auto pass, passphrase(args, context, i));
    TRY_ASSIGN(auto key, load_key(desk.key_file(numbers[i]), pass));
    VerifierKey vkey{name, crypto::NoteAlg::kEd25519, key.public_key()};
    bool known =
        std::any_of(authorities.begin(), authorities.end(), [&](const VerifierKey& a) { return a.name == vkey.name && a.key == vkey.key; });
    if (!known)
      return Error{Kind::kDenied, "this key is not of an authority of the anchor", desk.key_file(numbers[i]).string(),
                   "name another with --as"};
    if (!note.signed_by(vkey)) note.sign(name, key);
  }
  return {};
}

}  // namespace cli::authority
