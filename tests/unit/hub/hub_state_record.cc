// REC1 and the entries whose record lies beside the log.
#include "hub/state/rows.h"
#include "tests/kit/hub_rig.h"

using namespace kit;
using hub::state::parse_record;
using hub::state::Record;

namespace {

Record sample() {
  Record r;
  r.hub_no = 2;
  r.t = kStart;
  r.size = 9;
  r.root = base::Hash{4};
  r.items.push_back(item(EntryType::kHub, record_bytes("start")));
  r.items.push_back(item(EntryType::kDir, base::to_bytes("sfh-policy/v1\n"), base::to_bytes("# rules")));
  r.items.push_back(hub::state::access_item(record_bytes("q"), record_bytes("who")));
  return r;
}

}  // namespace

TEST_CASE("a record reads back as it was written, policy rules included") {
  const base::Bytes bytes = encode(sample());
  const auto r = parse_record(bytes);
  REQUIRE(r.ok());
  CHECK(encode(*r) == bytes);
  CHECK(r->items[1].blob == base::to_bytes("# rules"));
  CHECK(base::text(r->items[1].bytes) == "sfh-policy/v1\n");
}

TEST_CASE("a record is refused when a byte is missing, too many, or reserved") {
  const base::Bytes bytes = encode(sample());
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(parse_record(base::View(bytes).first(n)).ok());
  base::Bytes longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(parse_record(longer).ok());
  base::Bytes reserved = bytes;
  reserved[64 + 1] = 1;
  CHECK_FALSE(parse_record(reserved).ok());
  base::Bytes type = bytes;
  type[64] = 10;
  CHECK_FALSE(parse_record(type).ok());
}

TEST_CASE("hub events chain on each other; records must begin with 32 random bytes") {
  HubRig hub;
  const Outcome a = hub.apply(item(EntryType::kHub, record_bytes("start")));
  const Outcome b = hub.apply(item(EntryType::kHub, record_bytes("heartbeat")));
  REQUIRE(a.accepted);
  REQUIRE(b.accepted);
  const auto entry = [&](const Outcome& o) { return *crypto::parse_ent1(*hub.ask([&](const auto& r) { return r.entry(o.first_index); })); };
  CHECK(entry(b).container == entry(a).subject);
  CHECK(hub.apply(item(EntryType::kHub, base::to_bytes("too short"))).code == NackCode::kMalformed);
  CHECK(hub.apply(item(EntryType::kReject, record_bytes("3 of alder"))).accepted);
}

TEST_CASE("a search leaves the hashes of the query and of who asked") {
  HubRig hub;
  const Outcome o = hub.apply(hub::state::access_item(record_bytes("thread"), record_bytes("auditor")));
  REQUIRE(o.accepted);
  const auto e = *crypto::parse_ent1(*hub.ask([&](const auto& r) { return r.entry(o.first_index); }));
  CHECK(e.subject == crypto::sha256(record_bytes("thread")));
  CHECK(e.container == crypto::sha256(record_bytes("auditor")));
  CHECK_FALSE(hub.apply(item(EntryType::kAccess, base::Bytes(3))).accepted);
}

TEST_CASE("rows of the tables read back as they were written, and only those") {
  using namespace hub::state;
  StateRow s{7, 8, base::Hash{1}, 9, 10, {base::Hash{2}, base::Hash{3}, base::Hash{4}}};
  const auto bytes = encode(s);
  const auto back = parse_state_row(bytes);
  REQUIRE(back);
  CHECK(encode(*back) == bytes);
  CHECK_FALSE(parse_state_row(base::View(bytes).first(bytes.size() - 1)));
  PairRow p{1, 2, base::Hash{3}, 4, 5, 6};
  CHECK(encode(*parse_pair_row(encode(p))) == encode(p));
  AgentRow a{1, 2, base::Hash{3}, 4, 5, 6};
  CHECK(encode(*parse_agent_row(encode(a))) == encode(a));
  CHECK_FALSE(parse_group_row(base::Bytes(400)));
}
