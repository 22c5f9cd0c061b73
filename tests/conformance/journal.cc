// One suite for every journal: each test body runs on memory and on LMDB.
#include <thread>

#include "tests/conformance/journal_rig.h"

using namespace kit;

namespace {

// Runs `body` on a hub over each journal.
template <class F>
void on_each(F body) {
  SUBCASE("memory") {
    HubRig hub;
    body(hub);
  }
  SUBCASE("lmdb") {
    Folder f;
    HubRig hub = lmdb_hub(f.path);
    body(hub);
  }
}

}  // namespace

TEST_CASE("what append() has returned is what the next read sees") {
  on_each([](HubRig& hub) {
    const Outcome o = hub.send("hospital", {{.to = "crisis"}});
    REQUIRE(o.accepted);
    CHECK(hub.size() == o.first_index + 1);
    CHECK(hub.ask([&](const auto& r) { return r.deliver_frame(o.first_index); }).ok());
    CHECK(hub.ask([&](const auto& r) { return r.waiting(hub.c.agent("crisis").id(), 0, 10); }).size() == 1);
  });
}

TEST_CASE("a snapshot stays as it was") {
  on_each([](HubRig& hub) {
    auto old = hub.journal->read();
    REQUIRE(old.ok());
    const std::uint64_t size = (*old)->reader().size();
    const std::string checkpoint = (*old)->reader().checkpoint();
    REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
    CHECK((*old)->reader().size() == size);
    CHECK((*old)->reader().checkpoint() == checkpoint);
    CHECK(hub.size() == size + 1);
  });
}

TEST_CASE("items of one record are applied in order; a refused one leaves nothing, the next is unharmed") {
  on_each([](HubRig& hub) {
    std::vector<Item> items;
    const std::uint64_t size = hub.size(), seq = hub.dir_seq();
    const base::Bytes first = hub.c.send("hospital", {{.to = "crisis"}}, hub.now, seq);
    base::Bytes broken = first;
    broken[broken.size() / 2] ^= 1;
    items.push_back(item(EntryType::kAccept, broken));
    items.push_back(item(EntryType::kAccept, first));
    items.push_back(item(EntryType::kAccept, hub.c.send("hospital", {{.to = "crisis"}}, hub.now, seq)));
    items.push_back(item(EntryType::kAccept, first));
    const auto applied = hub.journal->append(items, hub.now);
    REQUIRE(applied.ok());
    CHECK_FALSE(applied->outcomes[0].accepted);
    CHECK(applied->outcomes[1].first_index == size);
    CHECK(applied->outcomes[2].first_index == size + 1);
    CHECK(applied->outcomes[3].repeat);
    CHECK(applied->outcomes[3].first_index == size);
    CHECK(applied->size == size + 2);
    const auto ckpt = crypto::open_checkpoint(applied->checkpoint, hub.c.anchor_values().log);
    REQUIRE(ckpt.ok());
    CHECK(ckpt->size == applied->size);
    CHECK(ckpt->root == applied->root);
    CHECK(hub.ask([](const auto& r) { return r.checkpoint(); }) == applied->checkpoint);
  });
}

TEST_CASE("a record that changes nothing gives the old checkpoint") {
  on_each([](HubRig& hub) {
    const std::string before = hub.ask([](const auto& r) { return r.checkpoint(); });
    const auto applied = hub.journal->append({}, hub.now.plus(1000));
    REQUIRE(applied.ok());
    CHECK(applied->checkpoint == before);
    CHECK_FALSE(hub.batch(base::to_bytes("junk")).accepted);
    CHECK(hub.ask([](const auto& r) { return r.checkpoint(); }) == before);
  });
}

TEST_CASE("an empty journal signs the empty tree") {
  const Consortium c(kThree);
  auto j = hub::journal::open_memory(c.anchor(), c.log_key());
  REQUIRE(j.ok());
  const auto applied = (*j)->append({}, kStart);
  REQUIRE(applied.ok());
  const auto ckpt = crypto::open_checkpoint(applied->checkpoint, c.anchor_values().log);
  REQUIRE(ckpt.ok());
  CHECK(ckpt->size == 0);
  CHECK(ckpt->root == crypto::sha256(base::View{}));
}

TEST_CASE("the directory is a copy as of the last append") {
  on_each([](HubRig& hub) {
    const crypto::Directory before = hub.journal->directory();
    REQUIRE(hub.apply(note_item({hub.c.revoke("crisis", true), {}})).accepted);
    const crypto::Hash cert = hub.c.agent("crisis").cert_hash;
    CHECK(before.standing_now(cert, hub.now) == crypto::Standing::kActive);
    CHECK(hub.journal->directory().standing_now(cert, hub.now) == crypto::Standing::kSuspended);
  });
}

TEST_CASE("proofs from every size hold while the log grows") {
  on_each([](HubRig& hub) {
    live_a_little(hub);
    std::vector<Item> ticks;
    for (int i = 0; i < 300; ++i) ticks.push_back(item(EntryType::kHub, record_bytes("tick " + std::to_string(i))));
    REQUIRE(hub.journal->append(std::move(ticks), hub.now).ok());
    hub.ask([](const hub::state::Reader& r) {
      const std::uint64_t n = r.size();
      std::vector<base::Hash> leaves;
      for (std::uint64_t i = 0; i < n; ++i) leaves.push_back(crypto::merkle_leaf(*r.entry(i)));
      for (std::uint64_t size = 1; size <= n; size += 7) {
        const base::Hash root = crypto::merkle_root(std::span(leaves).first(size));
        const auto in = r.inclusion(size / 2, size);
        REQUIRE(in.ok());
        CHECK(crypto::verify_inclusion(size / 2, size, leaves[size / 2], *in, root));
        const auto grow = r.consistency(size, n);
        REQUIRE(grow.ok());
        CHECK(crypto::verify_consistency(size, n, root, crypto::merkle_root(leaves), *grow));
      }
      CHECK_FALSE(r.inclusion(n, n).ok());
      CHECK_FALSE(r.consistency(1, n + 1).ok());
      const auto tile = r.tile(0, 0, 256);
      REQUIRE(tile.ok());
      CHECK(*tile == crypto::join(std::span(leaves).first(256)));
      const auto row = r.tile(1, 0, 1);
      REQUIRE(row.ok());
      CHECK(base::equal(*row, crypto::merkle_root(std::span(leaves).first(256))));
      CHECK_FALSE(r.tile(1, 0, 2).ok());
      return 0;
    });
  });
}

TEST_CASE("readers on other threads see whole records only") {
  on_each([](HubRig& hub) {
    std::atomic<bool> stop{false};
    std::atomic<int> torn{0}, reads{0};
    std::thread reader([&] {
      while (!stop) {
        auto s = hub.journal->read();
        if (!s.ok()) continue;
        const auto r = (*s)->reader();
        const auto c = crypto::parse_note(r.checkpoint());
        const auto ckpt = crypto::parse_checkpoint(c->text);
        if (ckpt->size != r.size()) ++torn;
        const auto path = r.inclusion(r.size() - 1, r.size());
        if (!path.ok() || !crypto::verify_inclusion(r.size() - 1, r.size(), crypto::merkle_leaf(*r.entry(r.size() - 1)), *path, ckpt->root))
          ++torn;
        ++reads;
      }
    });
    for (int i = 0; i < 50 || reads < 5; ++i) REQUIRE(hub.apply(item(EntryType::kHub, record_bytes(std::to_string(i)))).accepted);
    stop = true;
    reader.join();
    CHECK(torn == 0);
  });
}

TEST_CASE("only the newest thousand checkpoints are kept") {
  HubRig hub;
  for (int i = 0; i < 1005; ++i) REQUIRE(hub.apply(item(EntryType::kHub, record_bytes(std::to_string(i)))).accepted);
  auto s = hub.journal->read();
  std::uint64_t n = 0, first = 0;
  (*s)->kv().scan(hub::state::Table::kCheckpoint, {}, [&](base::View k, base::View) {
    if (n++ == 0) first = base::load_be<std::uint64_t>(k.data());
    return true;
  });
  CHECK(n == 1000);
  CHECK(first == hub.size() - 999);
}
