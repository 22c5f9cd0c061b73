// check_log over a hub that lies in every way there is: each damage names the first entry that it hit, from the start and from a kept head.
#include "cli/counter/log_check.h"
#include "cli/counter/verified.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/kit/hub_rig.h"

using namespace cli::counter;

namespace {

struct Lying {
  kit::HubRig hub;
  std::vector<base::Bytes> entries;
  std::vector<base::Hash> leaves;  // what the hub's tiles are made of
  crypto::Checkpoint head;
  std::vector<std::string> notes;

  explicit Lying(int events = 700) {
    add(events);
    REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
    add(60);
    read();
  }
  void add(int n) {
    std::vector<hub::state::Item> items;
    for (int i = 0; i < n; ++i) items.push_back(kit::item(schemas::EntryType::kHub, kit::record_bytes("event " + std::to_string(i))));
    REQUIRE(hub.journal->append(std::move(items), hub.now).ok());
  }
  void read() {
    entries.clear(), leaves.clear();
    hub.ask([&](const hub::state::Reader& r) {
      for (std::uint64_t i = 0; i < r.size(); ++i) {
        entries.push_back(base::to_bytes(base::View(*r.entry(i))));
        leaves.push_back(crypto::merkle_leaf(entries.back()));
      }
      head = *crypto::open_checkpoint(r.checkpoint(), hub.c.anchor_values().log);
      return 0;
    });
    notes = hub.journal->directory().notes();
  }
  Source source() {
    Source s;
    s.entries = [this](std::uint64_t from, std::uint64_t to) -> base::Result<base::Bytes> {
      base::Bytes out;
      for (std::uint64_t i = from; i < std::min<std::uint64_t>(to, entries.size()); ++i) base::append(out, entries[i]);
      return out;
    };
    s.tile = [this](unsigned level, std::uint64_t n, unsigned width) -> base::Result<base::Bytes> {
      base::Bytes out;
      const std::uint64_t leaf_width = level == 0 ? 1 : 256;
      for (std::uint64_t i = n * 256; i < n * 256 + width && (i + 1) * leaf_width <= leaves.size(); ++i)
        base::append(out, crypto::merkle_root(std::span(leaves).subspan(i * leaf_width, leaf_width)));
      return out;
    };
    s.note = [this](std::uint64_t n) { return n <= notes.size() ? std::optional(notes[n - 1]) : std::nullopt; };
    s.directory = [this](std::uint64_t n) -> base::Result<crypto::Directory> {
      auto d = crypto::Directory::start(hub.c.anchor());
      for (std::uint64_t i = 0; i < n && d.ok(); ++i) REQUIRE(d->add(notes[i], i, kit::kStart).ok());
      return d;
    };
    return s;
  }
  LogVerdict check(const std::optional<Verified>& before = {}) {
    auto v = check_log(source(), head, before, {});
    REQUIRE_MESSAGE(v.ok(), (v.ok() ? "" : v.error().message()));
    return std::move(*v);
  }
};

Verified kept(const LogVerdict& v) { return {v.mark, v.root, kit::kStart}; }

}  // namespace

TEST_CASE("a sound log holds from the start, from a kept head, and from any entry on") {
  Lying log;
  const LogVerdict whole = log.check();
  CHECK_FALSE(whole.bad);
  CHECK(whole.root == log.head.root);
  log.add(40);
  log.read();
  const LogVerdict more = log.check(kept(whole));
  CHECK_FALSE(more.bad);
  CHECK(more.since == whole.mark.size);
  CHECK(more.root == log.head.root);
  CHECK(log.check(kept(more)).since == log.head.size);  // nothing new
  for (const std::uint64_t since : {std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{640}, std::uint64_t{703}, log.head.size - 1, log.head.size}) {
    const auto v = check_log_since(log.source(), log.head, since, {});
    REQUIRE_MESSAGE(v.ok(), (v.ok() ? "" : v.error().message()));
    CHECK_FALSE(v->bad);
    CHECK(v->root == log.head.root);
  }
  CHECK_FALSE(check_log_since(log.source(), log.head, log.head.size + 1, {}).ok());
  CHECK(*entry_at(log.source(), log.head.size, kit::kStart.minus(1)) == 0);
  CHECK(*entry_at(log.source(), log.head.size, kit::kStart.plus(base::kDay)) == log.head.size);
}

TEST_CASE("each damage names the first entry that it hit: flip, delete, reorder, truncate, swap") {
  const std::uint64_t old = Lying().head.size - 30;
  for (const std::uint64_t at : {std::uint64_t{11}, std::uint64_t{300}, std::uint64_t{640}, old + 1, old + 20}) {
    CAPTURE(at);
    for (const std::size_t byte : {std::size_t{5}, std::size_t{33}, std::size_t{70}, std::size_t{111}}) {
      Lying log;
      log.entries[at][byte] ^= 1;  // a form, its record, the chain of hub events, reserved
      const auto v = log.check();
      REQUIRE(v.bad);
      CHECK((v.bad->index == at || (byte == 33 && v.bad->index == at + 1)));  // another record shows in the next event's link
    }
    Lying deleted;
    deleted.entries.erase(deleted.entries.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK(deleted.check().bad->index == at);
    Lying swapped;
    std::swap(swapped.entries[at], swapped.entries[at + 1]);
    CHECK(swapped.check().bad->index == at);
    Lying put;  // the same entry twice
    put.entries.insert(put.entries.begin() + static_cast<std::ptrdiff_t>(at), put.entries[at]);
    CHECK(put.check().bad->index == at + 1);
    Lying cut;
    cut.entries.resize(at);
    CHECK(cut.check().bad->index == at);
  }
}

TEST_CASE("entries that hold together and are not what was signed: the leaf in the hub's tree tells which") {
  Lying log;
  log.entries.back()[32] ^= 1;  // the last event's record: no later event links to it
  const auto v = log.check();
  REQUIRE(v.bad);
  CHECK(v.bad->index == log.head.size - 1);
  CHECK(v.bad->why.find("leaf hash") != std::string::npos);
  Lying accept;
  std::uint64_t at = 0;
  while (accept.entries[at][4] != 1) ++at;
  accept.entries[at][40] ^= 1;  // which group it was: nothing else in the log says so
  CHECK(accept.check().bad->index == at);
}

TEST_CASE("a log that was rolled back or rewritten since the last time is told apart from one that grew") {
  Lying log;
  const Verified before = kept(log.check());
  Lying shorter(100);
  const auto back = shorter.check(before);
  REQUIRE(back.bad);
  CHECK(back.bad->index == shorter.head.size);
  CHECK(back.bad->why.find("shorter") != std::string::npos);
  Lying other;  // longer, and another history: every hash in it is right
  other.hub.now = other.hub.now.plus(5);
  other.add(3);
  other.read();
  Lying third(701);
  third.add(50);
  third.read();
  REQUIRE(third.head.size > before.mark.size);
  const auto rewritten = third.check(before);
  REQUIRE(rewritten.bad);
  CHECK(rewritten.bad->index == before.mark.size - 1);
  CHECK(rewritten.bad->why.find("replaced") != std::string::npos);
  CHECK_FALSE(other.check(before).bad);
  other.entries[20][40] ^= 1;  // an old entry changes, and nothing after it: only a whole reading sees the bytes
  CHECK_FALSE(other.check(before).bad);
  CHECK(other.check().bad);
}

TEST_CASE("tiles that lie never make a wrong log hold") {
  Lying log;
  for (std::size_t i = 0; i < log.leaves.size(); i += 97) {
    const auto leaf = log.leaves[i];
    log.leaves[i][3] ^= 1;
    const auto v = check_log_since(log.source(), log.head, log.head.size - 5, {});
    if (v.ok() && i < log.head.size - 5) CHECK(v->bad);
    log.leaves[i] = leaf;
  }
}

TEST_CASE("a head is kept and read back; a damaged file is said to be one and never believed") {
  Lying log;
  const auto v = log.check();
  const std::string file = "/tmp/handoff-verified-" + std::to_string(::getpid()) + "/a/b.json";
  REQUIRE(keep_head(file, {kept(v), log.head.origin}).ok());
  std::string words;
  const auto back = kept_head(file, &words);
  REQUIRE(back);
  CHECK(words.empty());
  CHECK(back->log == log.head.origin);
  CHECK(back->verified.root == v.root);
  log.add(10);
  log.read();
  CHECK_FALSE(log.check(back->verified).bad);
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::all) == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::size_t believed = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string bad = text;
    bad[at] = bad[at] == '0' ? '1' : '0';
    if (bad == text) continue;
    std::ofstream(file, std::ios::trunc) << bad;
    std::string why;
    const auto head = kept_head(file, &why);
    if (!head) {
      CHECK(why.find(file) != std::string::npos);
      continue;
    }
    ++believed;  // a wrong time, chain or origin can be read: then the log is read whole, or is said not to follow
    if (head->log == log.head.origin && head->verified.mark.size == back->verified.mark.size) CHECK(head->verified.root == back->verified.root);
  }
  CHECK(believed < text.size() / 2);
  std::filesystem::remove_all(std::filesystem::path(file).parent_path().parent_path());
  CHECK_FALSE(kept_head(file, &words));
}
