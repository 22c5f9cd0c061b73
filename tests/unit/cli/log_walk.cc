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

TEST_CASE("many entries at once are what one by one gives: tree, subtrees, the place of the first bad one; and a walk goes on from its mark") {
  kit::HubRig hub;
  for (int round = 0; round < 3; ++round) {
    std::vector<hub::state::Item> events;
    for (int i = 0; i < 1100; ++i) events.push_back(kit::item(schemas::EntryType::kHub, kit::record_bytes(std::to_string(round) + " " + std::to_string(i))));
    REQUIRE(hub.journal->append(std::move(events), hub.now).ok());
    REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  }
  Log log;
  log.notes = hub.journal->directory().notes();
  const auto all = hub.ask([](const hub::state::Reader& r) { return r.entries(0, r.size()); });
  const std::uint64_t size = all.size() / 112;
  auto one = walk_of(log);
  for (std::uint64_t i = 0; i < size; ++i) REQUIRE_FALSE(one.entry(base::View(all).subspan(i * 112, 112)));
  for (const std::uint64_t step : {std::uint64_t{1000}, std::uint64_t{333}, std::uint64_t{256}, size}) {
    auto many = walk_of(log);
    for (std::uint64_t at = 0; at < size; at += step) REQUIRE_FALSE(many.entries(base::View(all).subspan(at * 112, std::min(step, size - at) * 112)));
    CHECK(many.tree().root() == one.tree().root());
    CHECK(many.subtrees() == one.subtrees());
    CHECK(many.subtrees().size() == size / 256);
  }
  for (const std::uint64_t bad : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{1023}, std::uint64_t{2048}, size - 1}) {
    for (const std::size_t byte : {0, 14, 100}) {  // its form, its time, its form
      base::Bytes changed = all;
      changed[bad * 112 + byte] ^= 0x80;
      auto walk = walk_of(log);
      const auto why = walk.entries(changed);
      if (byte == 14) {  // a time so far away that the next one goes back; the last entry has no next
        CHECK((why ? walk.tree().size() == bad + (bad < log.notes.size() ? 0 : 1) : bad + 1 == size));  // a note is not valid at such a time
      } else {
        REQUIRE(why);
        CHECK(walk.tree().size() == bad);
      }
    }
  }
  auto first = walk_of(log);
  REQUIRE_FALSE(first.entries(base::View(all).first(1000 * 112)));
  auto mark = first.mark();
  auto resumed = cli::counter::LogWalk::resume(mark, first.directory(), [](std::uint64_t) { return std::optional<std::string>(); });
  REQUIRE(resumed.ok());
  REQUIRE_FALSE(resumed->entries(base::View(all).subspan(1000 * 112)));
  CHECK(resumed->tree().root() == one.tree().root());
  mark.last_dir = {};
  CHECK_FALSE(cli::counter::LogWalk::resume(mark, first.directory(), {}).ok());
}
