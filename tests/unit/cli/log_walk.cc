// LogWalk over a real hub's log: it accepts what the hub wrote, and no byte of any entry can change unseen.
#include "cli/counter/log_walk.h"

#include "tests/kit/hub_rig.h"

namespace {

struct Log {
  std::vector<base::Bytes> entries;
  std::vector<std::string> notes;
  base::Hash root{};
};

Log make_log() {
  kit::HubRig hub;
  Log log;
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  REQUIRE(hub.apply(kit::item(schemas::EntryType::kHub, kit::record_bytes("start"))).accepted);
  REQUIRE(hub.receipt("crisis", "hospital").accepted);
  REQUIRE(hub.apply(kit::item(schemas::EntryType::kHub, kit::record_bytes("heartbeat"))).accepted);
  const auto snapshot = hub.journal->read();
  REQUIRE(snapshot.ok());
  const auto reader = (*snapshot)->reader();
  for (std::uint64_t i = 0; i < reader.size(); ++i) log.entries.push_back(base::to_bytes(base::View(*reader.entry(i))));
  log.notes = hub.journal->directory().notes();
  const auto c = crypto::open_checkpoint(reader.checkpoint(), hub.c.anchor_values().log);
  REQUIRE(c.ok());
  log.root = c->root;
  return log;
}

cli::counter::LogWalk walk_of(const Log& log) {
  auto start = crypto::Directory::start(kit::Consortium(kit::kThree).anchor());
  REQUIRE(start.ok());
  return {std::move(*start), [&log](std::uint64_t n) { return n <= log.notes.size() ? std::optional(log.notes[n - 1]) : std::nullopt; }};
}

// True if the walk ends at the signed root.
bool holds(const Log& log) {
  auto walk = walk_of(log);
  for (const auto& e : log.entries) {
    if (walk.entry(e)) return false;
  }
  return walk.tree().root() == log.root;
}

}  // namespace

TEST_CASE("a hub's own log holds, to the signed root") { CHECK(holds(make_log())); }

TEST_CASE("no byte of any entry can change unseen") {
  const Log log = make_log();
  for (std::size_t i = 0; i < log.entries.size(); ++i) {
    for (std::size_t at = 0; at < log.entries[i].size(); at += 3) {
      CAPTURE(i);
      CAPTURE(at);
      Log other = log;
      other.entries[i][at] ^= 1;
      CHECK_FALSE(holds(other));
    }
  }
}

TEST_CASE("an entry left out, repeated or moved, and a note withheld or changed, are seen where they are") {
  const Log log = make_log();
  for (std::size_t i = 0; i + 1 < log.entries.size(); ++i) {
    CAPTURE(i);
    Log shorter = log, longer = log, moved = log;
    shorter.entries.erase(shorter.entries.begin() + static_cast<std::ptrdiff_t>(i));
    longer.entries.insert(longer.entries.begin() + static_cast<std::ptrdiff_t>(i), log.entries[i]);
    std::swap(moved.entries[i], moved.entries[i + 1]);
    CHECK_FALSE(holds(shorter));
    CHECK_FALSE(holds(longer));
    CHECK_FALSE(holds(moved));
  }
  Log without = log, changed = log;
  without.notes.pop_back();
  changed.notes[1].back() = ' ';
  CHECK_FALSE(holds(without));
  CHECK_FALSE(holds(changed));
}
