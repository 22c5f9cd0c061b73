// Copying an agent, and setting one up from the copy.
#include "adapters/agent/backup.h"

#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "adapters/agent/files.h"
#include "adapters/agent/keep/replica.h"
#include "adapters/agent/keep/restored.h"
#include "crypto/note.h"
#include "schemas/json.h"

namespace adapters::agent {
namespace {

namespace fs = std::filesystem;
using schemas::Json;

constexpr std::string_view kFormat = "handoff-agent-backup/1";
constexpr const char* kFiles[] = {"keys.sealed", "epochs.sealed", "anchor.note", "cert.note", "request.note", "agent.toml", "keys.pending", "rotate.note", "cert.next"};

// Removes what was half made, unless all went well.
class NewFolder {
 public:
  static base::Result<NewFolder> make(const std::string& path) {
    std::error_code error;
    if (fs::exists(path, error)) return base::Error{base::Kind::kConflict, "exists already", path, "give a folder that does not exist yet"};
    TRY(make_folder(path));
    return NewFolder(path);
  }
  NewFolder(NewFolder&& o) noexcept : path_(std::exchange(o.path_, {})) {}
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  void keep() { path_.clear(); }

 private:
  explicit NewFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

base::Result<Json> copy_files(const std::string& from, const std::string& to) {
  Json hashes = Json::object();
  for (const char* name : kFiles) {
    const auto bytes = read_file(from + "/" + name);
    if (!bytes.ok() && bytes.error().kind == base::Kind::kNotFound) continue;
    if (!bytes.ok()) return bytes.error();
    TRY(write_atomic(to + "/" + name, *bytes));
    hashes[name] = base::hex(crypto::sha256(*bytes));
  }
  return hashes;
}

base::Status copy_beside(const Settings& s, const std::string& to) {
  hub::store::Options options;
  options.map_size = s.store_bytes;
  options.max_tables = 64;
  options.read_only = true;
  TRY_ASSIGN(const hub::store::Env env, hub::store::Env::open(s.dir + "/store", options));
  return env.copy_to(to);
}

// The files as they were while the store was copied: an exchange of keys in between would leave a mixture.
base::Status unchanged(const std::string& dir, const Json& hashes) {
  for (const char* name : {"keys.sealed", "epochs.sealed", "cert.note", "anchor.note"}) {
    if (!hashes.contains(name)) continue;
    TRY_ASSIGN(const base::Bytes now, read_file(dir + "/" + name));
    if (base::hex(crypto::sha256(now)) != hashes.value(name, "")) {
      return base::Error{base::Kind::kBusy, "keys or certificate were exchanged while the backup was made", dir + "/" + name, "make it again"};
    }
  }
  return {};
}

base::Result<crypto::Cert> cert_in(const std::string& dir) {
  TRY_ASSIGN(const std::string whole, read_text(dir + "/cert.note"));
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
  return crypto::parse_cert(note.text);
}

base::Result<std::unique_ptr<Vault>> vault_in(const std::string& dir, const UnlockSource& unlock, crypto::Random& random, const char* credentials_directory) {
  TRY_ASSIGN(const crypto::SecretBytes secret, unlock_secret(unlock, credentials_directory));
  return Vault::open(dir, secret.view(), random);
}

// The copy opens, every value unlocks, and its log is whole up to its checkpoint.
base::Result<std::uint64_t> verified(const std::string& dir, const Vault& vault, std::uint64_t map_size, crypto::Random& random) {
  TRY_ASSIGN(const auto store, keep::Store::open_beside(dir + "/store", vault.store_key(), random, map_size));
  TRY(store->unlock_all());
  TRY_ASSIGN(const std::string anchor, read_text(dir + "/anchor.note"));
  Alarms alarms;
  TRY_ASSIGN(const auto replica, keep::Replica::open(*store, anchor, alarms));
  TRY_ASSIGN(const base::Hash root, replica->root_at(replica->size()));
  if (root != replica->root()) return base::Error{base::Kind::kCorrupt, "the copy's log does not give its root", dir + "/store"};
  return replica->size();
}

base::Status mark_restored(const std::string& dir, const Vault& vault, std::uint64_t map_size, base::Instant made, base::Instant now, crypto::Random& random) {
  TRY_ASSIGN(const crypto::Cert cert, cert_in(dir));
  if (cert.sign != vault.sign().public_key()) return base::Error{base::Kind::kConflict, "the certificate belongs to other keys", dir + "/cert.note"};
  TRY_ASSIGN(const auto store, keep::Store::open(dir + "/store", vault.store_key(), random, map_size));
  return store->write([&](keep::Tx& tx) {
    keep::Restored mark;
    mark.made = made;
    mark.at = now;
    mark.serial = cert.serial;
    keep::save(tx, mark);
    return base::Status{};
  });
}

bool named(const UnlockSource& u) { return !u.passphrase_file.empty() || !u.key_file.empty() || !u.credential.empty(); }

base::Result<Json> manifest_of(const std::string& backup) {
  TRY_ASSIGN(const std::string text, read_text(backup + "/backup.json"));
  const Json m = Json::parse(text, nullptr, false);
  if (!m.is_object() || m.value("format", "") != kFormat) return base::Error{base::Kind::kMalformed, "not a backup that this program knows", backup + "/backup.json"};
  for (const auto& [name, hash] : m["files"].items()) {
    TRY_ASSIGN(const base::Bytes bytes, read_file(backup + "/" + name));
    if (base::hex(crypto::sha256(bytes)) != hash.get<std::string>()) {
      return base::Error{base::Kind::kCorrupt, "is not as it was when the backup was made", backup + "/" + name, "use another backup"};
    }
  }
  return m;
}

// agent.toml of the new folder, with the secret's new place if one was named.
base::Result<Settings> settings_in(const std::string& dir, const UnlockSource& unlock) {
  TRY_ASSIGN(Settings s, load_settings(dir + "/agent.toml"));
  s.dir = dir;
  if (named(unlock)) s.unlock = unlock;
  return s;
}

}  // namespace

base::Result<std::unique_ptr<Vault>> open_vault(const Settings& s, crypto::Random& random, const char* credentials_directory) {
  return vault_in(s.dir, s.unlock, random, credentials_directory);
}

base::Result<BackupReport> backup_agent(const Settings& s, const Vault& vault, const std::string& to, crypto::Random& random, base::Instant now,
                                        const CopyStore& copy_store) {
  TRY_ASSIGN(NewFolder made, NewFolder::make(to));
  TRY(make_folder(to + "/store"));
  BackupReport out;
  out.made = now;
  TRY(copy_store ? copy_store(to + "/store") : copy_beside(s, to + "/store"));
  TRY_ASSIGN(const Json hashes, copy_files(s.dir, to));  // after the store: epoch keys that it has seen published are then in the copy
  TRY(unchanged(s.dir, hashes));
  TRY_ASSIGN(out.log_size, verified(to, vault, s.store_bytes, random));
  TRY_ASSIGN(const crypto::Cert cert, cert_in(to));
  out.slug = cert.name;
  for (const auto& f : fs::recursive_directory_iterator(to)) {
    std::error_code error;
    if (f.is_regular_file()) out.bytes += fs::file_size(f, error);
    if (f.is_regular_file()) ::chmod(f.path().c_str(), 0600);
  }
  const Json manifest = {{"format", kFormat}, {"slug", cert.name}, {"made", base::rfc3339(now)}, {"log_size", out.log_size}, {"files", hashes}};
  TRY(write_atomic(to + "/backup.json", base::view(schemas::dump(manifest) + "\n")));
  made.keep();
  return out;
}

base::Result<BackupReport> restore_agent(const std::string& backup, const std::string& to, const UnlockSource& unlock, crypto::Random& random, base::Instant now,
                                         const char* credentials_directory) {
  TRY_ASSIGN(const Json manifest, manifest_of(backup));
  const auto when = base::parse_rfc3339(manifest.value("made", ""));
  if (!when) return base::Error{base::Kind::kMalformed, "does not say when it was made", backup + "/backup.json"};
  TRY_ASSIGN(NewFolder made, NewFolder::make(to));
  TRY_ASSIGN(const Json copied, copy_files(backup, to));
  TRY(make_folder(to + "/store"));
  std::error_code error;
  fs::copy_file(backup + "/store/data.mdb", to + "/store/data.mdb", error);
  if (error) return base::Error{base::Kind::kIo, "cannot be copied", backup + "/store/data.mdb", error.message()};
  TRY_ASSIGN(const Settings s, settings_in(to, unlock));
  TRY_ASSIGN(const auto vault, vault_in(to, s.unlock, random, credentials_directory));
  TRY(mark_restored(to, *vault, s.store_bytes, *when, now, random));
  BackupReport out{manifest.value("slug", ""), 0, 0, *when};
  TRY_ASSIGN(out.log_size, verified(to, *vault, s.store_bytes, random));
  made.keep();
  return out;
}

namespace {

constexpr const char* kKitFiles[] = {"keys.sealed", "anchor.note", "cert.note", "request.note", "agent.toml"};
constexpr std::size_t kKitLine = 64;

std::string in_fours(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 4) out += (i == 0 ? "" : " ") + hex.substr(i, 4);
  return out;
}

// "-- file NAME sha256 HEX", base64 lines, "-- end".
std::string block(const std::string& name, base::View bytes) {
  std::string out = "-- file " + name + " sha256 " + base::hex(crypto::sha256(bytes)) + "\n";
  const std::string text = base::base64(bytes);
  for (std::size_t i = 0; i < text.size(); i += kKitLine) out += text.substr(i, kKitLine) + "\n";
  return out + "-- end\n";
}

constexpr std::string_view kSteps = R"(
Print this page, and keep it apart from the passphrase. Both together are this agency.

To set the agent up again:
  1. Install handoff-agent. Put the passphrase into a file that only the agent's user may read.
  2. The newest backup is better than this page: it also has your mail. If there is one, use it:
       handoff-agent restore BACKUP DIR --passphrase-file FILE
     Otherwise type or scan this page into a file and use that:
       handoff-agent restore --kit FILE DIR --passphrase-file FILE
  3. Call the authority. Compare the anchor's hash above, four digits at a time.
  4. handoff-agent doctor DIR, then handoff-agent run DIR. It sends nothing until it has found its place in the hub's log.
If the old machine may be in somebody else's hands: do not do this. Have the agent suspended (recovery key, or the authority)
and ask for a new certificate.

)";

}  // namespace

base::Result<std::string> kit_text(const Settings& s, base::Instant now) {
  TRY_ASSIGN(const crypto::Cert cert, cert_in(s.dir));
  TRY_ASSIGN(const std::string anchor_whole, read_text(s.dir + "/anchor.note"));
  TRY_ASSIGN(const crypto::Note anchor_note, crypto::parse_note(anchor_whole));
  TRY_ASSIGN(const crypto::Anchor anchor, crypto::parse_anchor(anchor_note.text));
  std::string out = "HANDOFF RECOVERY KIT\n\n";
  out += "agency       " + cert.name + "  (" + cert.kind + ")\nconsortium   " + anchor.consortium + (anchor.test ? "  (TEST)" : "") + "\n";
  out += "agency id    " + base::hex(cert.agency) + "\nagent id     " + base::hex(cert.agent) + "\ncertificate  serial " + std::to_string(cert.serial) + ", until " +
         base::rfc3339(cert.not_after).substr(0, 10) + "\nprinted      " + base::rfc3339(now).substr(0, 10) + "\nhub          " + s.endpoint + "\n";
  out += "anchor hash  " + in_fours(base::hex(anchor_note.hash())) + "\n";
  out += kSteps;
  for (const char* name : kKitFiles) {
    const auto bytes = read_file(s.dir + "/" + name);
    if (bytes.ok()) out += block(name, *bytes);
  }
  return out;
}

base::Result<BackupReport> restore_from_kit(std::string_view kit, const std::string& to, const UnlockSource& unlock, crypto::Random& random, base::Instant now,
                                            const char* credentials_directory) {
  TRY_ASSIGN(NewFolder made, NewFolder::make(to));
  std::size_t files = 0;
  for (std::size_t at = kit.find("-- file "); at != std::string_view::npos; at = kit.find("-- file ", at + 1)) {
    const auto line_end = kit.find('\n', at), end = kit.find("-- end", at);
    if (end == std::string_view::npos) return base::Error{base::Kind::kMalformed, "a part has no end", "recovery kit"};
    const std::string head(kit.substr(at + 8, line_end - at - 8));
    const auto space = head.find(' ');
    const std::string name = head.substr(0, space);
    const bool known = std::any_of(std::begin(kKitFiles), std::end(kKitFiles), [&](const char* k) { return name == k; });
    if (!known) return base::Error{base::Kind::kMalformed, "a part of another name", "recovery kit: " + name};
    std::string text;
    for (const char c : kit.substr(line_end, end - line_end)) {
      if (c != '\n' && c != '\r' && c != ' ') text += c;
    }
    const auto bytes = base::unbase64(text);
    if (!bytes || head.find("sha256 " + base::hex(crypto::sha256(*bytes))) == std::string::npos) {
      return base::Error{base::Kind::kMalformed, "a part does not have its hash", "recovery kit: " + name, "compare it with the printed page"};
    }
    TRY(write_atomic(to + "/" + name, *bytes));
    ++files;
  }
  if (files == 0) return base::Error{base::Kind::kMalformed, "no parts are in it", "recovery kit"};
  TRY_ASSIGN(const Settings s, settings_in(to, unlock));
  TRY_ASSIGN(const auto vault, vault_in(to, s.unlock, random, credentials_directory));
  TRY(mark_restored(to, *vault, s.store_bytes, now, now, random));
  TRY_ASSIGN(const crypto::Cert cert, cert_in(to));
  made.keep();
  return BackupReport{cert.name, 0, 0, now};
}

}  // namespace adapters::agent
