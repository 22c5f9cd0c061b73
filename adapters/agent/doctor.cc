// The examination.
#include "adapters/agent/doctor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>

#include "adapters/agent/agent.h"
#include "adapters/agent/files.h"
#include "adapters/agent/notify/check.h"
#include "adapters/agent/rotation.h"
#include "adapters/agent/terms.h"
#include "adapters/transport/address.h"
#include "adapters/transport/pem.h"
#include "crypto/note.h"
#include "hub/client/anchors.h"
#include "hub/client/client.h"

namespace adapters::agent {
namespace {

using Findings = std::vector<Finding>;

void good(Findings& f, std::string words) { f.push_back({true, std::move(words), ""}); }
void bad(Findings& f, const base::Error& e) { f.push_back({false, e.where.empty() ? e.what : e.where + ": " + e.what, e.mend}); }

bool running(const std::string& dir) {
  const int fd = ::open((dir + "/agent.lock").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) != 0;
  ::close(fd);
  return locked;
}

// What the store will ask of the disk: room, and a sync that works.
void look_at_disk(const Settings& s, Findings& f) {
  struct statvfs v {};
  if (::statvfs(s.dir.c_str(), &v) != 0) return bad(f, {base::Kind::kIo, "the data folder cannot be read", s.dir});
  const std::uint64_t free_mb = static_cast<std::uint64_t>(v.f_bavail) * v.f_frsize >> 20;
  f.push_back({free_mb >= 1024, "disk: " + std::to_string(free_mb) + " MiB free", "make room: at least 1 GiB"});
  const std::string probe = s.dir + "/doctor.probe";
  const base::Status written = write_atomic(probe, base::view("probe"));
  ::unlink(probe.c_str());
  if (!written.ok()) return bad(f, {base::Kind::kIo, "disk: a file cannot be written and synced", s.dir, "check the mount, its rights and its health"});
  good(f, "disk: a file can be written and synced");
}

// Secrets are their owner's alone.
void look_at_rights(const Settings& s, Findings& f) {
  bool all = true;
  for (const std::string& path : {s.dir + "/keys.sealed", s.dir + "/keys.pending", s.dir + "/epochs.sealed", s.dir + "/agent.toml", s.unlock.passphrase_file, s.unlock.key_file}) {
    struct stat st {};
    if (path.empty() || ::stat(path.c_str(), &st) != 0 || (st.st_mode & 077) == 0) continue;
    all = false;
    bad(f, {base::Kind::kDenied, "others may read or write it", path, "chmod 600 " + path});
  }
  if (all) good(f, "rights: secrets are their owner's alone");
  for (const std::string& path : {s.dir + "/recovery.key", s.dir + "/recovery-next.key"}) {
    if (struct stat st {}; ::stat(path.c_str(), &st) != 0) continue;
    bad(f, {base::Kind::kDenied, "the recovery key is still here", path, "put it into a safe and delete it: whoever has it can suspend this agent"});
  }
}

// Keys live in locked memory; a limit of nothing would leave them to the swap file.
void look_at_memory(Findings& f) {
  std::vector<char> probe(256 << 10);
  const bool locked = ::mlock(probe.data(), probe.size()) == 0;
  if (locked) ::munlock(probe.data(), probe.size());
  f.push_back({locked, locked ? "memory: keys can be locked into it" : "memory: keys cannot be locked into it", "raise the limit: LimitMEMLOCK=8M in the unit, or ulimit -l"});
}

base::Result<std::unique_ptr<Vault>> look_at_keys(const Settings& s, crypto::Random& random, const char* credentials_directory) {
  TRY_ASSIGN(const crypto::SecretBytes secret, unlock_secret(s.unlock, credentials_directory));
  return Vault::open(s.dir, secret.view(), random);
}

base::Result<crypto::Anchor> look_at_certificate(const Settings& s, const Vault& vault, base::Instant now, Findings& f) {
  TRY(read_text(s.dir + "/anchor.note"));
  TRY_ASSIGN(crypto::Anchor anchor, crypto::verify_anchor_chain(hub::client::anchor_notes(s.dir + "/anchor.note")));
  TRY_ASSIGN(const std::string whole, read_text(s.dir + "/cert.note"));
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
  TRY_ASSIGN(const crypto::Cert cert, crypto::parse_cert(note.text));
  if (cert.sign != vault.sign().public_key()) return base::Error{base::Kind::kConflict, "the certificate belongs to other keys", "cert.note"};
  f.push_back(finding_of(term("certificate", "certificate file: " + cert.name + ",", cert.not_after, now, "handoff-agent rotate, then the authority: docs/guide/keys.md")));
  if (rotation_pending(s.dir)) good(f, "keys: new ones wait for serial " + std::to_string(cert.serial + 1) + " (rotate.note goes to the authority, its answer to handoff-agent enroll)");
  return anchor;
}

// Its own short visit: HELLO, the hub's time, good-bye.
void look_at_hub(const Settings& s, const Vault& vault, const crypto::Anchor& anchor, const base::Clock& clock, Findings& f) {
  hub::net::Context context;
  hub::client::Options options;
  options.endpoint = s.endpoint;
  options.server = anchor.hub_transport;
  options.checkpoint = [] { return std::string(); };
  options.dir_seq = [] { return std::uint64_t{0}; };
  std::mutex mutex;
  std::condition_variable told;
  std::uint64_t hub_time = 0;
  hub::client::Pushes pushes;
  pushes.deliver = [](base::Bytes) {};  // comes again to the agent: nothing is receipted here
  pushes.receipt = [](hub::client::wire::Receipt) {};
  pushes.connection = [&](bool up, const hub::client::wire::Hello& hello) {
    const std::lock_guard lock(mutex);
    if (up) hub_time = hello.hub_time;
    told.notify_all();
  };
  options.credit = 0;
  auto client = hub::client::Client::start(context, vault.transport(), std::move(options), std::move(pushes));
  if (!client.ok()) return bad(f, client.error());
  if (!(*client)->wait_connected(8'000)) {
    return bad(f, {base::Kind::kBusy, "the hub does not answer", s.endpoint, "check address and firewall; the operator must have imported this agent's certificate"});
  }
  good(f, "hub: answers at " + s.endpoint);
  std::unique_lock lock(mutex);
  if (!told.wait_for(lock, std::chrono::seconds(2), [&] { return hub_time != 0; })) return bad(f, {base::Kind::kBusy, "the hub does not tell its time", s.endpoint, "see handoff-hub status"});
  const std::uint64_t now = clock().ms, apart = now > hub_time ? now - hub_time : hub_time - now;
  f.push_back({apart < 2 * base::kMinute, "clock: " + std::to_string(apart / 1000) + " s from the hub's", "set this machine's time (chrony, systemd-timesyncd)"});
}

const AdapterType* type_of(const AdapterSettings& a, std::span<const AdapterType> types) {
  for (const AdapterType& t : types) {
    if (t.type == a.type) return &t;
  }
  return nullptr;
}

bool near(const transport::Address& a) {
  return a.host == "localhost" || a.host == "::1" || a.host.starts_with("127.") || a.host.starts_with("10.") || a.host.starts_with("192.168.") || a.host.starts_with("fd");
}

// The address that an adapter listens on: free, or ours already; not open to the world without TLS.
void look_at_listener(const std::string& name, const std::string& listen, bool tls, bool runs, Findings& f) {
  const auto address = transport::parse_address(listen);
  if (!address.ok()) return bad(f, address.error());
  const bool safe = near(*address) || tls;
  f.push_back({safe, "adapter " + name + ": " + listen + (safe ? (tls ? ", with TLS" : ", reached from near only") : ", open to others without TLS"), "listen on 127.0.0.1 or the interface of the sending system, or give it tls_cert and tls_key"});
  if (runs || address->port == "0") return;
  const auto bound = transport::listen_on(*address);
  f.push_back({bound.ok(), "adapter " + name + ": " + listen + (bound.ok() ? " is free" : " is taken, or not this machine's"), "stop what listens there (ss -ltnp), or choose another address"});
}

void look_at_tls(const std::string& name, const std::string& cert, const std::string& key, base::Instant now, Findings& f) {
  const auto end = transport::certificate_ends(cert, key);
  if (!end.ok()) return bad(f, end.error());
  const bool over = *end <= now;
  const std::uint64_t days = over ? 0 : (end->ms - now.ms) / base::kDay;
  std::string words = "adapter " + name + ": TLS certificate until " + base::rfc3339(*end).substr(0, 10);
  if (over) words += ": IT HAS ENDED";
  if (!over && days < 60) words += ", in " + std::to_string(days) + " days";
  f.push_back({days >= 30, std::move(words), "renew it: " + cert});
}

// Keys that adapters name files and addresses by. What each means in full is its own to check (make()).
void look_at_table(const AdapterSettings& a, bool runs, base::Instant now, Findings& f) {
  static constexpr std::pair<const char*, const char*> kPairs[] = {{"tls_cert", "tls_key"}, {"cert_file", "key_file"}, {"client_cert", "client_key"}};
  bool tls = false;
  for (const auto& [cert, key] : kPairs) {
    const auto c = a.config.path(cert, ""), k = a.config.path(key, "");
    if (!c.ok() || c->empty()) continue;
    tls = tls || std::string_view(cert) != "client_cert";
    look_at_tls(a.name, *c, k.ok() ? *k : "", now, f);
  }
  if (const auto listen = a.config.text("listen", ""); listen.ok() && !listen->empty()) look_at_listener(a.name, *listen, tls, runs, f);
  for (const char* folder : {"in", "out"}) {
    const auto path = a.config.path(folder, "");
    if (!path.ok() || path->empty() || ::access(path->c_str(), R_OK | W_OK | X_OK) == 0) continue;
    bad(f, {base::Kind::kDenied, "adapter " + a.name + ": the folder is not there, or not the agent's to read and write", *path, "mkdir it, and give it to the agent's user"});
  }
  if (const auto mapping = a.config.path("mapping", ""); mapping.ok() && !mapping->empty() && ::access(mapping->c_str(), R_OK) != 0) {
    bad(f, {base::Kind::kNotFound, "adapter " + a.name + ": the mapping file cannot be read", *mapping, "handoff-agent map new makes one from a sample"});
  }
}

void look_at_http(const HttpSettings& h, bool runs, base::Instant now, Findings& f) {
  look_at_listener("http", h.listen, !h.tls_cert.empty(), runs, f);
  if (!h.tls_cert.empty()) look_at_tls("http", h.tls_cert, h.tls_key, now, f);
  for (const HttpClientSettings& c : h.clients) {
    const std::string& file = c.secret_file.empty() ? c.jwks_file : c.secret_file;
    if (::access(file.c_str(), R_OK) != 0) bad(f, {base::Kind::kNotFound, "http client " + c.name + ": its file cannot be read", file, "see docs/guide/fhir.md"});
  }
}

void look_at_adapters(const Settings& s, std::span<const AdapterType> types, bool runs, base::Instant now, Findings& f) {
  for (const AdapterSettings& a : s.adapters) {
    const AdapterType* type = type_of(a, types);
    if (type == nullptr) {
      bad(f, {base::Kind::kUsage, "there is no adapter of this type", "adapter: " + a.type});
      continue;
    }
    const auto made = type->make(a.config, a.name);
    if (made.ok()) {
      good(f, "adapter " + a.name + " (" + a.type + "): its table makes sense");
    } else {
      bad(f, made.error());
    }
    look_at_table(a, runs, now, f);  // after make(), which judges keys that nobody has asked for
  }
}

// As the agent opens it, without its adapters (they are looked at above), and what it knows then.
void look_inside(Settings s, std::span<const AdapterType> types, crypto::Random& random, const base::Clock& clock, const char* credentials_directory, Findings& f) {
  s.adapters.clear();
  World world{random, clock, [](std::string_view, std::string_view) {}, {}, credentials_directory, {}};
  const auto opened = Agent::open(std::move(s), std::move(world), types);
  if (!opened.ok()) return bad(f, opened.error());
  good(f, "store: opens");
  for (Finding& one : examine_inside(**opened, false)) f.push_back(std::move(one));
}

}  // namespace

Examined examine(const Settings& s, std::span<const AdapterType> types, crypto::Random& random, const base::Clock& clock, const char* credentials_directory) {
  Examined out{{}, running(s.dir)};
  Findings& f = out.findings;
  look_at_disk(s, f);
  look_at_rights(s, f);
  look_at_memory(f);
  look_at_adapters(s, types, out.running, clock(), f);
  if (s.http) look_at_http(*s.http, out.running, clock(), f);
  for (Finding& one : notify::check_ways(s.notify)) f.push_back(std::move(one));
  const auto vault = look_at_keys(s, random, credentials_directory);
  if (!vault.ok()) {
    const bool locked = out.running && !unlock_secret(s.unlock, credentials_directory).ok();
    bad(f, vault.error());
    if (locked) f.push_back({false, "keys: LOCKED; nothing is sent, received or shown", "put the secret back where agent.toml says"});
    return out;
  }
  good(f, "keys: the key file opens");
  const auto anchor = look_at_certificate(s, **vault, clock(), f);
  if (!anchor.ok()) {
    bad(f, anchor.error());
    return out;
  }
  if (anchor->test) f.push_back({false, "this consortium is a TEST", "no real mail"});
  if (out.running) {
    good(f, "agent: runs");
    return out;
  }
  look_at_hub(s, **vault, *anchor, clock, f);
  look_inside(s, types, random, clock, credentials_directory, f);
  return out;
}

}  // namespace adapters::agent
