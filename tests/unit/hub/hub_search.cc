// The search index and the pages made from it: every combination of filters gives what a look at every entry gives, page by page, whatever the
// index has reached; an index that is damaged, stale or of another log is told apart.
#include <filesystem>
#include <fstream>
#include <set>

#include "hub/broker/search.h"
#include "tests/conformance/journal_rig.h"
#include "tests/kit/sanitized.h"

using hub::broker::Chunk;
using hub::broker::SearchIndex;
using schemas::wire::Found;
using schemas::wire::Search;

namespace {

const std::vector<std::string> kNames{"hospital", "crisis", "coord", "police"};
const std::vector<schemas::MsgKind> kKinds{schemas::MsgKind::kReferral, schemas::MsgKind::kStatus, schemas::MsgKind::kMessage};
const std::vector<schemas::Purpose> kPurposes{schemas::Purpose::kTreat, schemas::Purpose::kCrisis};

// Mail in all directions, a few threads; then so many hub events that the log passes a chunk; then mail again.
struct Story {
  kit::HubRig hub;
  std::vector<base::Id> threads;
  std::vector<schemas::wire::Row> rows;  // of every entry, newest first
  explicit Story(std::uint64_t seed = 1) : hub({{"hospital", "hospital_ed"}, {"crisis", "crisis_center"}, {"coord", "crisis_center"}, {"police", "police"}}, {.seed = seed}) {
    for (int i = 0; i < 5; ++i) threads.push_back(crypto::uuid7(hub.c.random(), hub.now));
    mail(60);
    events(Chunk::kEntries);
    mail(40);
  }
  void mail(unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
      const std::string &from = kNames[i % 4], &to = kNames[(i + 1 + i / 4 % 3) % 4];
      hub.now = hub.now.plus(1000);
      REQUIRE(hub.send(from, {{.to = to, .kind = kKinds[i % 3], .purpose = kPurposes[i / 5 % 2], .thread = threads[i % 5], .copies = 1 + i % 2}}).accepted);
      if (i % 7 == 0) REQUIRE(hub.receipt(to, from).accepted);
    }
    rows.clear();
    hub.ask([&](const hub::state::Reader& r) {
      for (std::uint64_t i = r.size(); i-- > 0;) {
        for (auto& row : r.rows(i)) rows.push_back(std::move(row));
      }
      return 0;
    });
  }
  void events(std::uint64_t n) {
    std::vector<hub::state::Item> items;
    for (std::uint64_t i = 0; i < n; ++i) items.push_back(kit::item(schemas::EntryType::kHub, kit::record_bytes("event " + std::to_string(i))));
    REQUIRE(hub.journal->append(std::move(items), hub.now).ok());
  }
  [[nodiscard]] base::Id id(const std::string& slug) { return hub.c.agent(slug).id(); }
  template <class F>
  auto ask(F f) {
    return hub.ask(f);
  }
};

struct Index {
  kit::Folder folder;
  SearchIndex open(Story& s) const {
    return s.ask([&](const hub::state::Reader& r) {
      auto index = SearchIndex::open(folder.path + "/index", r);
      REQUIRE_MESSAGE(index.ok(), (index.ok() ? "" : index.error().message()));
      return std::move(*index);
    });
  }
  static void fill(Story& s, SearchIndex& index) {
    s.ask([&](const hub::state::Reader& r) {
      while (index.upto() < r.size()) REQUIRE(index.advance(r).ok());
      return 0;
    });
  }
};

using Place = std::pair<std::uint64_t, std::uint32_t>;  // entry, message

// What a look at every entry gives.
std::vector<Place> plain(const Story& s, const Search& q, const base::Id& party) {
  std::vector<Place> out;
  const auto has = [](const auto& list, const base::Id& id) { return std::find(list.begin(), list.end(), id) != list.end(); };
  for (const auto& row : s.rows) {
    if (!base::all_zero(q.thread) && !base::equal(base::View(q.thread).first(16), row.thread_id)) continue;
    if (!base::all_zero(q.agency_from) && row.sender != q.agency_from) continue;
    if (!base::all_zero(q.agency_to) && !has(row.recipients, q.agency_to)) continue;
    if (!base::all_zero(party) && row.sender != party && !has(row.recipients, party)) continue;
    if ((q.kind != 0 && row.kind != q.kind) || (q.purpose != 0 && row.purpose != q.purpose)) continue;
    if ((q.since != 0 && row.hub_time < q.since) || (q.until != 0 && row.hub_time > q.until)) continue;
    out.emplace_back(row.index, row.message_no);
  }
  return out;
}

std::vector<Place> paged(const hub::state::Reader& r, const SearchIndex* index, Search q, const base::Id& party) {
  std::vector<Place> out;
  for (int pages = 0; pages < 1000; ++pages) {
    const auto found = hub::broker::search(r, index, q, party);
    REQUIRE_MESSAGE(found.ok(), (found.ok() ? "" : found.error().message()));
    CHECK(found->rows.size() <= q.limit + 1);  // whole groups, and none has more than two messages here
    for (const auto& row : found->rows) out.emplace_back(row.index, row.message_no);
    if (found->next_before == 0) return out;
    CHECK((q.before_index == 0 || found->next_before < q.before_index));
    q.before_index = found->next_before;
  }
  FAIL("the pages do not end");
  return out;
}

template <class F>
void every_question(Story& s, F ask) {
  const base::Id none{}, hospital = s.id("hospital"), crisis = s.id("crisis");
  for (const base::Id& from : {none, hospital})
    for (const base::Id& to : {none, crisis})
      for (const base::Id& party : {none, crisis, s.id("police")})
        for (const std::uint16_t kind : {0, 1, 3, 77})
          for (const std::uint16_t purpose : {std::uint16_t{0}, static_cast<std::uint16_t>(schemas::Purpose::kCrisis)})
            for (const bool thread : {false, true}) {
              Search q;
              q.agency_from = from, q.agency_to = to, q.kind = kind, q.purpose = purpose, q.limit = 7;
              if (thread) std::copy(s.threads[2].begin(), s.threads[2].end(), q.thread.begin());
              ask(q, party);
            }
}

void same(Story& s, const SearchIndex* index, const Search& q, const base::Id& party) {
  s.ask([&](const hub::state::Reader& r) { 
    CHECK(paged(r, index, q, party) == plain(s, q, party));
    return 0;
  });
}

}  // namespace

TEST_CASE("a chunk is written and read back, as offsets or as bits, and nothing else is one") {
  kit::SeededRandom random(3);
  for (const std::uint64_t n : {1, 2, 999, 1000, 1001, 9000}) {
    Chunk c;
    std::set<std::uint64_t> in;
    while (in.size() < n) {
      const auto two = random.bytes<2>();
      const std::uint64_t at = base::load_le<std::uint16_t>(two.data()) % Chunk::kEntries;
      c.set(at), in.insert(at);
    }
    const auto back = Chunk::parse(c.encode());
    REQUIRE(back);
    CHECK(*back == c);
    std::vector<std::uint64_t> down;
    for (auto at = c.last(Chunk::kEntries); at; at = c.last(*at)) down.push_back(*at);
    CHECK(std::equal(down.begin(), down.end(), in.rbegin(), in.rend()));
    Chunk part = c;
    part.keep(100, 8200);
    for (const std::uint64_t at : {0, 99, 100, 8199, 8200, 16383}) CHECK((part.last(at + 1) == at) == (c.last(at + 1) == at && at >= 100 && at < 8200));
  }
  CHECK_FALSE(Chunk::parse({}));
  CHECK_FALSE(Chunk::parse(base::Bytes(3)));
  CHECK_FALSE(Chunk::parse(base::Bytes(2002)));
  CHECK_FALSE(Chunk::parse(base::Bytes{5, 0, 5, 0}));     // twice
  CHECK_FALSE(Chunk::parse(base::Bytes{5, 0, 4, 0}));     // falling
  CHECK_FALSE(Chunk::parse(base::Bytes{0, 0x40}));        // beyond the chunk
}

TEST_CASE("every combination of filters gives, page by page, what a look at every entry gives") {
  Story s;
  const Index dir;
  auto index = dir.open(s);
  Index::fill(s, index);
  every_question(s, [&](const Search& q, const base::Id& party) { same(s, &index, q, party); });
}

TEST_CASE("an index that is missing, half way or a little behind finds the same") {
  Story s;
  const Index dir;
  auto index = dir.open(s);
  s.ask([&](const hub::state::Reader& r) {
    REQUIRE(index.advance(r).ok());
    return 0;
  });
  CHECK(index.upto() == Chunk::kEntries);
  every_question(s, [&](const Search& q, const base::Id& party) { same(s, &index, q, party); });
  same(s, nullptr, {.limit = 9}, {});
  Index::fill(s, index);
  s.mail(9);
  same(s, &index, {.limit = 9}, {});
  const auto behind = s.ask([&](const hub::state::Reader& r) { return r.size() - hub::broker::search(r, &index, {}, {})->indexed_upto; });
  CHECK(behind == 11);  // nine groups, two receipts
}

TEST_CASE("a window of time, also an empty one, one in the future and one that ends before it begins") {
  Story s;
  const Index dir;
  auto index = dir.open(s);
  Index::fill(s, index);
  const std::uint64_t start = kit::kStart.ms, end = s.hub.now.ms;
  for (const auto& [since, until] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {start + 10'000, start + 20'000}, {start + 10'000, 0}, {0, start + 10'000}, {start + 61'000, start + 61'999}, {end + 1, 0}, {end + 1, end + 9},
           {0, start - 1}, {start + 20'000, start + 10'000}, {start + 10'000, ~std::uint64_t{0}}}) {
    same(s, &index, {.since = since, .until = until, .limit = 3}, {});
    same(s, &index, {.agency_from = s.id("crisis"), .since = since, .until = until, .limit = 3}, {});
  }
}

TEST_CASE("a page resumed after new mail came in goes on where it stopped: nothing twice, nothing left out") {
  Story s;
  const Index dir;
  auto index = dir.open(s);
  Index::fill(s, index);
  const auto before = plain(s, {}, {});
  const auto first = s.ask([&](const hub::state::Reader& r) { return *hub::broker::search(r, &index, {.limit = 10}, {}); });
  s.mail(12);
  Index::fill(s, index);
  std::vector<Place> all;
  for (const auto& row : first.rows) all.emplace_back(row.index, row.message_no);
  const auto rest = s.ask([&](const hub::state::Reader& r) { return paged(r, &index, {.before_index = first.next_before, .limit = 10}, {}); });
  all.insert(all.end(), rest.begin(), rest.end());
  CHECK(all == before);
}

TEST_CASE("an index opened again goes on; of another log, longer than the log or from before the machine started, it is begun anew") {
  Story s;
  const Index dir;
  {
    auto index = dir.open(s);
    Index::fill(s, index);
  }
  const std::uint64_t whole = dir.open(s).upto();
  CHECK(whole > Chunk::kEntries);
  Story other(2);
  other.mail(3);
  CHECK(dir.open(other).upto() == 0);
  {
    auto index = dir.open(other);
    Index::fill(other, index);
  }
  CHECK(dir.open(s).upto() == 0);  // longer than this log
  {
    auto index = dir.open(s);
    Index::fill(s, index);
  }
  CHECK(dir.open(s).upto() == whole);
  std::ofstream(dir.folder.path + "/index/stamp", std::ios::trunc) << "handoff search index 2\nan earlier start\n";
  CHECK(dir.open(s).upto() == 0);
}

TEST_CASE("check: a whole index holds; a row missing, wrong or too many names the entry; a damaged one is never an empty answer") {
  Story s;
  const Index dir;
  const std::string folder = dir.folder.path + "/index";
  {
    auto index = dir.open(s);
    Index::fill(s, index);
  }
  const auto fault = [&] {
    return s.ask([&](const hub::state::Reader& r) {
      const auto status = SearchIndex::check_folder(folder, r);
      if (!status.ok()) CHECK(status.error().kind == base::Kind::kCorrupt);
      return status.ok() ? std::string() : status.error().what;
    });
  };
  CHECK(fault() == "");
  const auto change = [&](const char* table, auto how) {
    auto env = hub::store::Env::open(folder, {.durable = false});
    REQUIRE(env.ok());
    const auto t = env->table(table);
    auto txn = env->begin_write();
    REQUIRE(txn.ok());
    how(*txn, *t);
    REQUIRE(txn->commit().ok());
  };
  std::vector<std::pair<base::Bytes, base::Bytes>> lists, threads;
  const auto all = [](auto& rows) { return [&rows](hub::store::Txn& txn, hub::store::TableId t) {
      txn.scan(t, {}, [&](base::View k, base::View v) { return rows.emplace_back(base::to_bytes(k), base::to_bytes(v)), true; });
    }; };
  change("list", all(lists));
  change("thread", all(threads));
  REQUIRE(lists.size() > 20);
  for (std::size_t i = 0; i < lists.size(); i += kit::kSanitized ? 11 : 1) {
    const auto& [k, v] = lists[i];
    const std::size_t byte = i % v.size();
    base::Bytes bad = v;
    bad[byte] ^= 1;
    change("list", [&, key = k](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.put(t, key, bad).ok()); });
    CHECK_MESSAGE(fault() != "", "list " << i);
    change("list", [&, key = k](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.erase(t, key).ok()); });
    CHECK_MESSAGE(fault() != "", "list " << i << " taken out");
    change("list", [&, key = k, value = v](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.put(t, key, value).ok()); });
  }
  const std::uint64_t entry = base::load_be<std::uint64_t>(threads[5].first.data() + 16);
  change("thread", [&](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.erase(t, threads[5].first).ok()); });
  CHECK(fault().find("entry " + std::to_string(entry)) != std::string::npos);
  change("thread", [&](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.put(t, threads[5].first, {}).ok()); });
  CHECK(fault() == "");
  change("list", [&](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.put(t, lists[0].first, base::Bytes(3)).ok()); });
  auto index = dir.open(s);
  const auto answer = s.ask([&](const hub::state::Reader& r) { return hub::broker::search(r, &index, {.before_index = 1000}, {}).ok(); });
  CHECK_FALSE(answer);
}
