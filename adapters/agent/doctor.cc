// The examination.
#include "adapters/agent/doctor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "adapters/agent/files.h"
#include "crypto/note.h"
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

void look_at_disk(const Settings& s, Findings& f) {
  struct statvfs v {};
  if (::statvfs(s.dir.c_str(), &v) != 0) return bad(f, {base::Kind::kIo, "the data folder cannot be read", s.dir});
  const std::uint64_t free_mb = static_cast<std::uint64_t>(v.f_bavail) * v.f_frsize >> 20;
  f.push_back({free_mb >= 1024, "disk: " + std::to_string(free_mb) + " MiB free", "make room: at least 1 GiB"});
}

base::Result<std::unique_ptr<Vault>> look_at_keys(const Settings& s, crypto::Random& random, const char* credentials_directory) {
  TRY_ASSIGN(const crypto::SecretBytes secret, unlock_secret(s.unlock, credentials_directory));
  return Vault::open(s.dir, secret.view(), random);
}

base::Result<crypto::Anchor> look_at_certificate(const Settings& s, const Vault& vault, base::Instant now, Findings& f) {
  TRY_ASSIGN(const std::string anchor_whole, read_text(s.dir + "/anchor.note"));
  TRY_ASSIGN(crypto::Anchor anchor, crypto::verify_anchor_chain(std::span(&anchor_whole, 1)));
  TRY_ASSIGN(const std::string whole, read_text(s.dir + "/cert.note"));
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
  TRY_ASSIGN(const crypto::Cert cert, crypto::parse_cert(note.text));
  if (cert.sign != vault.sign().public_key()) return base::Error{base::Kind::kConflict, "the certificate belongs to other keys", "cert.note"};
  f.push_back({now.plus(30 * base::kDay) < cert.not_after, "certificate: " + cert.name + ", until " + base::rfc3339(cert.not_after).substr(0, 10), "renew it with the authority"});
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
  std::uint64_t hub_time = 0;
  hub::client::Pushes pushes;
  pushes.deliver = [](base::Bytes) {};  // comes again to the agent: nothing is receipted here
  pushes.receipt = [](hub::client::wire::Receipt) {};
  pushes.connection = [&](bool up, const hub::client::wire::Hello& hello) {
    const std::lock_guard lock(mutex);
    if (up) hub_time = hello.hub_time;
  };
  options.credit = 0;
  auto client = hub::client::Client::start(context, vault.transport(), std::move(options), std::move(pushes));
  if (!client.ok()) return bad(f, client.error());
  if (!(*client)->wait_connected(8'000)) {
    return bad(f, {base::Kind::kBusy, "the hub does not answer", s.endpoint, "check address and firewall; the operator must have imported this agent's certificate"});
  }
  good(f, "hub: answers at " + s.endpoint);
  const std::lock_guard lock(mutex);
  const std::uint64_t now = clock().ms, apart = now > hub_time ? now - hub_time : hub_time - now;
  f.push_back({apart < 2 * base::kMinute, "clock: " + std::to_string(apart / 1000) + " s from the hub's", "set this machine's time (chrony, systemd-timesyncd)"});
}

void look_at_adapters(const Settings& s, std::span<const AdapterType> types, Findings& f) {
  for (const AdapterSettings& a : s.adapters) {
    const AdapterType* type = nullptr;
    for (const AdapterType& t : types) {
      if (t.type == a.type) type = &t;
    }
    if (type == nullptr) {
      bad(f, {base::Kind::kUsage, "there is no adapter of this type", "adapter: " + a.type});
      continue;
    }
    const auto made = type->make(a.config, a.name);
    if (made.ok()) {
      good(f, "adapter: " + a.name + " (" + a.type + ")");
    } else {
      bad(f, made.error());
    }
  }
}

}  // namespace

std::vector<Finding> examine(const Settings& s, std::span<const AdapterType> types, crypto::Random& random, const base::Clock& clock, const char* credentials_directory) {
  Findings f;
  look_at_disk(s, f);
  look_at_adapters(s, types, f);
  const auto vault = look_at_keys(s, random, credentials_directory);
  if (!vault.ok()) {
    bad(f, vault.error());
    return f;
  }
  good(f, "keys: the key file opens");
  const auto anchor = look_at_certificate(s, **vault, clock(), f);
  if (!anchor.ok()) {
    bad(f, anchor.error());
    return f;
  }
  if (anchor->test) f.push_back({false, "this consortium is a TEST", "no real mail"});
  if (running(s.dir)) {
    good(f, "agent: runs; ask it with handoff status");
    return f;
  }
  look_at_hub(s, **vault, *anchor, clock, f);
  return f;
}

}  // namespace adapters::agent
