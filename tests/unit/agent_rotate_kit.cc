// The authority's hand, and the box that is opened again.
#include "tests/unit/agent_rotate_kit.h"

#include <map>
#include <set>

#include "schemas/frames.h"

namespace rig {

base::View pass() { return base::view("correct horse"); }

agent::Rotation Rotating::rotate(const std::optional<agent::KeySet>& keys) {
  auto r = agent::rotate_keys(mercy.dir(), keys, pass(), crypto::system_random());
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message()));
  return std::move(r).value();
}

std::string Rotating::issue(std::uint64_t days, unsigned authorities) {
  const auto asked = agent::requested(mercy.dir());
  REQUIRE(asked);
  const auto old = crypto::parse_note(kit::read_file(mercy.dir() + "/cert.note"));
  REQUIRE(old.ok());
  crypto::Cert cert = *asked;
  const crypto::Cert now = *crypto::parse_cert(old->text);
  cert.consortium = now.consortium;
  cert.serial = now.serial + 1;
  cert.prev = old->hash();
  cert.not_before = hub.clock.now().minus(base::kHour);
  cert.not_after = hub.clock.now().plus(days * base::kDay);
  const std::lock_guard lock(hub.mutex);
  return hub.hub().c.sign_by_authorities(cert.text(), authorities);
}

std::unique_ptr<agent::Vault> Rotating::vault() {
  auto v = agent::Vault::open(mercy.dir(), pass(), crypto::system_random());
  REQUIRE_MESSAGE(v.ok(), (v.ok() ? "" : v.error().message()));
  return std::move(v).value();
}

base::Result<agent::Countersigned> Rotating::countersign(const std::string& cert) {
  const std::lock_guard lock(hub.mutex);
  return agent::countersign(mercy.dir(), cert, *vault(), hub.hub().journal->directory(), hub.clock.now());
}

base::Status Rotating::log(const std::string& note) {
  const std::lock_guard lock(hub.mutex);
  hub.hub().now = hub.clock.now();
  const auto o = hub.hub().apply(kit::item(kit::EntryType::kDir, base::to_bytes(note)));
  if (!o.accepted) return base::Error{base::Kind::kBadSignature, o.words};
  return {};
}

void Rotating::begin_anew() {
  mercy.stop();
  mercy.start();
}

std::uint64_t Rotating::serial(AgentBox& box) {
  (void)box->office().replica.sync(box->hub());
  const crypto::Directory directory = box->office().replica.directory();
  const crypto::Member* m = directory.member(mercy.id());
  return m == nullptr ? 0 : m->cert.serial;
}

void Rotating::nothing_twice() {
  {
    const std::lock_guard lock(hub.mutex);
    std::map<std::pair<base::Id, std::uint64_t>, base::Bytes> seen;
    for (const base::Bytes& frame : hub.batches) {
      const auto parts = schemas::decode_batch(frame);
      REQUIRE(parts.ok());
      const auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
      REQUIRE(parsed.ok());
      const auto [at, fresh] = seen.try_emplace({parsed->bst.sender, parsed->bst.batch_seq}, base::to_bytes(parts->bst));
      CHECK((fresh || at->second == base::to_bytes(parts->bst)));
    }
  }
  for (AgentBox* box : {&mercy, &harbor}) {
    for (const char* alarm : {"conflict", "chain-restart", "state-lost", "gap", "apply", "undecryptable", "delivery-frame", "receipt", "receipt-refused", "hub-lied", "nack", "scan"}) {
      CHECK_MESSAGE(!(*box).alarm(alarm), alarm << ": " << alarms(*box));
    }
    CHECK_MESSAGE((*box)->courier().stopped().empty(), (*box)->courier().stopped());
  }
}

}  // namespace rig
