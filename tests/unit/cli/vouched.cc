// Witnesses against a hub: what they have signed must lie in the tree that the hub shows an auditor.
#include "cli/counter/vouched.h"

#include "crypto/witness.h"
#include "tests/kit/hub_rig.h"

using namespace cli::counter;

namespace {

struct Witnessed {
  kit::HubRig hub;
  Witnessed() {
    crypto::Anchor next = hub.journal->directory().anchor();
    next.prev = crypto::sha256(base::view(next.text()));
    ++next.version;
    next.tlog_policy.clear();
    for (const char* slug : {"hospital", "crisis"}) {
      const kit::Agent& a = hub.c.agent(slug);
      next.tlog_policy.push_back("witness " + std::string(slug) + " " + crypto::VerifierKey{name(a), crypto::NoteAlg::kCosignature, a.witness.public_key()}.text());
    }
    next.tlog_policy.insert(next.tlog_policy.end(), {"group both all hospital crisis", "quorum both"});
    REQUIRE(hub.apply(kit::item(schemas::EntryType::kDir, base::to_bytes(hub.c.sign_by_authorities(next.text(), 2)))).accepted);
  }
  std::string name(const kit::Agent& a) { return crypto::witness_name(hub.c.name(), a.id()); }
  void grow(int n) {
    std::vector<hub::state::Item> items;
    for (int i = 0; i < n; ++i) items.push_back(kit::item(schemas::EntryType::kHub, kit::record_bytes("event " + std::to_string(i))));
    REQUIRE(hub.journal->append(std::move(items), hub.now).ok());
  }
  std::string shown() {
    return hub.ask([](const hub::state::Reader& r) { return r.checkpoint(); });
  }
  crypto::Checkpoint head() { return *crypto::open_checkpoint(shown(), hub.c.anchor_values().log); }
  std::string cosigned(const std::string& note, std::initializer_list<const char*> by) {
    std::string out = note;
    const auto tree = crypto::open_checkpoint(note, hub.c.anchor_values().log);
    for (const char* slug : by) out += crypto::cosign_line(*tree, name(hub.c.agent(slug)), hub.c.agent(slug).witness, hub.now);
    return out;
  }
  Vouched ask(const std::string& note, const crypto::Checkpoint& of) {
    auto v = vouched(hub.journal->directory(), note, of, [this](std::uint64_t from, std::uint64_t to) {
      return hub.ask([&](const hub::state::Reader& r) { return r.consistency(from, to); });
    });
    REQUIRE_MESSAGE(v.ok(), (v.ok() ? "" : v.error().message()));
    return std::move(*v);
  }
};

}  // namespace

TEST_CASE("a log that grew from what its witnesses signed is vouched for up to there, by name") {
  Witnessed w;
  w.grow(5);
  const std::string note = w.cosigned(w.shown(), {"hospital", "crisis"});
  const std::uint64_t size = w.head().size;
  CHECK_FALSE(w.ask(note, w.head()).bad);
  w.grow(9);
  const Vouched v = w.ask(note, w.head());
  CHECK(v.quorum);
  CHECK_FALSE(v.bad);
  CHECK(v.size == size);
  CHECK(v.by == std::vector<std::string>{"hospital", "crisis"});
}

TEST_CASE("too few of them, or somebody else, vouch for nothing") {
  Witnessed w;
  CHECK(w.ask("", w.head()).size == 0);
  CHECK(w.ask(w.shown(), w.head()).size == 0);
  CHECK(w.ask(w.cosigned(w.shown(), {"hospital"}), w.head()).size == 0);
  CHECK(w.ask(w.cosigned(w.shown(), {"hospital", "coord"}), w.head()).size == 0);
}

TEST_CASE("a hub that shows less than witnesses have signed, or another past, is found out") {
  Witnessed w, other;
  w.grow(5);
  const crypto::Checkpoint before = w.head();
  w.grow(5);
  const std::string note = w.cosigned(w.shown(), {"hospital", "crisis"});
  const Vouched shorter = w.ask(note, before);
  REQUIRE(shorter.bad);
  CHECK(shorter.bad->index == before.size);
  other.hub.now = other.hub.now.plus(1);  // the same keys, and another history
  other.grow(5);
  other.grow(15);
  const Vouched forked = other.ask(note, other.head());
  REQUIRE(forked.bad);
  CHECK(forked.bad->index == w.head().size - 1);
  CHECK(forked.bad->why.find("another tree") != std::string::npos);
}
