// Wire payloads and message heads: every field survives, limits hold.
#include "schemas/wire.h"

#include <doctest/doctest.h>

#include "schemas/internal/table.h"
#include "tests/unit/schemas_samples.h"

namespace wire = schemas::wire;
using base::Bytes;
using base::Kind;

namespace {
// decode(encode(v)); re-encoding what came out gives the same bytes.
template <class T>
T round_trip(const T& v) {
  const Bytes bytes = wire::encode(v);
  auto out = wire::decode<T>(bytes);
  REQUIRE(out.ok());
  CHECK(wire::encode(*out) == bytes);
  return *out;
}
}  // namespace

TEST_CASE("a message head is ten bytes: op, version, request number") {
  const Bytes head = wire::encode(wire::Head{schemas::Op::kFetch, 1, 0x0102030405060708});
  CHECK(base::hex(head) == "07010807060504030201");
  const auto out = wire::decode_head(head);
  REQUIRE(out.ok());
  CHECK(out->op == schemas::Op::kFetch);
  CHECK(out->req == 0x0102030405060708);
  CHECK(wire::decode_head(Bytes(9)).error().kind == Kind::kMalformed);
  CHECK(wire::decode_head(Bytes(11)).error().kind == Kind::kMalformed);
  CHECK(wire::decode_head(Bytes{7, 2, 0, 0, 0, 0, 0, 0, 0, 0}).error().kind == Kind::kUnsupported);
  CHECK(wire::decode_head(Bytes{16, 1, 0, 0, 0, 0, 0, 0, 0, 0}).error().kind == Kind::kMalformed);
  CHECK(wire::decode_head(Bytes{0, 1, 0, 0, 0, 0, 0, 0, 0, 0}).error().kind == Kind::kMalformed);
}

TEST_CASE("HELLO keeps every field, and no versions said means version 1") {
  const auto h = round_trip(samples::hello());
  CHECK(h.credit == 64);
  CHECK(h.checkpoint == samples::hello().checkpoint);
  CHECK(h.versions == std::vector<std::uint16_t>{1, 2});
  CHECK(h.software == "handoff-agent 0.1.0");
  CHECK(h.dir_seq == 9);
  CHECK(h.hub_time == 1'790'000'000'000);
  CHECK(h.read_only);
  CHECK(round_trip(wire::Hello{}).versions == std::vector<std::uint16_t>{1});
  wire::Hello none;
  none.versions.clear();
  CHECK(round_trip(none).versions.empty());
}

TEST_CASE("ACK keeps its entries in order, each with its proof") {
  const auto a = round_trip(samples::ack());
  CHECK(a.batch_hash == samples::filled<32>(0xba));
  REQUIRE(a.entries.size() == 2);
  CHECK(a.entries[0].index == 41);
  CHECK(a.entries[0].ent == Bytes(112, 0xe1));
  CHECK(a.entries[0].path == samples::proven().path);
  CHECK(a.entries[1].index == 42);
  CHECK(a.entries[1].path.empty());
  CHECK(a.checkpoint == "checkpoint");
  CHECK(a.dir_seq == 9);
}

TEST_CASE("an ACK of 256 groups with the longest paths is within its limit") {
  wire::Ack a = samples::ack();
  a.entries.assign(256, {1, Bytes(112, 1), std::vector<base::Hash>(63, samples::filled<32>(1))});
  CHECK(round_trip(a).entries.size() == 256);
}

TEST_CASE("NACK names every bad group with its own code") {
  const auto n = round_trip(samples::nack());
  CHECK(n.code == schemas::NackCode::kPairChain);
  CHECK(n.retry_ms == 250);
  CHECK(n.payload == Bytes{1, 2});
  REQUIRE(n.groups.size() == 2);
  CHECK(n.groups[0].group_no == 3);
  CHECK(n.groups[0].code == schemas::NackCode::kPairChain);
  CHECK(n.groups[0].payload == Bytes{7, 7});
  CHECK(n.groups[1].code == schemas::NackCode::kRecipient);
  CHECK(n.words == "not the next group of this pair");
}

TEST_CASE("receipts and fetched mail survive") {
  const auto f = round_trip(samples::fetched());
  REQUIRE(f.delivers.size() == 2);
  CHECK(f.delivers[1] == Bytes(901, 0xdf));
  REQUIRE(f.receipts.size() == 1);
  CHECK(f.receipts[0].rcp == Bytes(184, 0x4c));
  CHECK(f.receipts[0].sig == Bytes(64, 0x5c));
  CHECK(f.receipts[0].entry.index == 41);
  CHECK(f.receipts[0].checkpoint == "checkpoint");
  CHECK(f.more);
  CHECK(round_trip(wire::Credit{17}).more == 17);
}

TEST_CASE("requests keep their numbers and refuse an unknown question") {
  wire::Fetch f{wire::Fetch::What::kReceipts, samples::filled<16>(1), samples::filled<16>(2), 3, 4};
  const auto g = round_trip(f);
  CHECK(g.what == wire::Fetch::What::kReceipts);
  CHECK(g.sender == f.sender);
  CHECK(g.recipient == f.recipient);
  CHECK(g.from == 3);
  CHECK(g.limit == 4);
  CHECK(wire::decode<wire::Fetch>(wire::encode(wire::Fetch{})).error().kind == Kind::kMalformed);
  f.what = static_cast<wire::Fetch::What>(9);
  CHECK(wire::decode<wire::Fetch>(wire::encode(f)).error().kind == Kind::kMalformed);

  const auto l = round_trip(wire::LogGet{wire::LogGet::What::kTile, 5, 256, 2});
  CHECK(l.what == wire::LogGet::What::kTile);
  CHECK(l.from == 5);
  CHECK(l.to == 256);
  CHECK(l.level == 2);
  CHECK_FALSE(wire::decode<wire::LogGet>(wire::encode(wire::LogGet{})).ok());
}

TEST_CASE("directory and log answers survive") {
  const auto d = round_trip(samples::dir_got());
  REQUIRE(d.notes.size() == 2);
  CHECK(d.notes[1].note == "another\n");
  CHECK(d.notes[1].log_index == 6);
  CHECK(d.notes[1].hub_time == 1001);
  CHECK(d.dir_seq == 2);
  CHECK(d.blob == Bytes(33, 0xb1));
  const auto q = round_trip(wire::DirGet{7, 8, samples::filled<32>(9)});
  CHECK(q.after == 7);
  CHECK(q.limit == 8);
  CHECK(q.blob == samples::filled<32>(9));
  const auto p = round_trip(wire::DirPut{"note", {1}});
  CHECK(p.note == "note");
  CHECK(p.blob == Bytes{1});
  CHECK(round_trip(wire::Ledger{"head"}).note == "head");
  const auto l = round_trip(wire::LogGot{"ckpt", Bytes(224, 1), samples::proven().path});
  CHECK(l.checkpoint == "ckpt");
  CHECK(l.data == Bytes(224, 1));
  CHECK(l.path == samples::proven().path);
  CHECK(round_trip(wire::Witness{"old 0\n"}).body == "old 0\n");
  round_trip(wire::StatusQuery{});
  CHECK(round_trip(wire::StatusReport{"{}"}).json == "{}");
}

TEST_CASE("a search and what it found keep every column") {
  const auto s = round_trip(samples::search());
  CHECK(s.thread == samples::filled<32>(0x71));
  CHECK(s.agency_from == samples::filled<16>(0xa1));
  CHECK(s.agency_to == samples::filled<16>(0xa2));
  CHECK(s.kind == 1);
  CHECK(s.purpose == 2);
  CHECK(s.since == 3);
  CHECK(s.until == 4);
  CHECK(s.before_index == 5);
  CHECK(s.limit == 6);
  const auto f = round_trip(samples::found());
  REQUIRE(f.rows.size() == 2);
  const auto& r = f.rows[0];
  CHECK(r.index == 1);
  CHECK(r.message_no == 2);
  CHECK(r.expires == 5);
  CHECK(r.msg_id == samples::filled<16>(6));
  CHECK(r.recipients == std::vector<base::Id>{samples::filled<16>(15), samples::filled<16>(16)});
  CHECK(r.message_leaf == samples::filled<32>(18));
  CHECK(r.delivered_time == 20);
  CHECK(r.end_type == 6);
  CHECK(f.rows[1].recipients.empty());
  CHECK(f.indexed_upto == 100);
  CHECK(f.access_index == 102);
}

TEST_CASE("a payload over its limit is refused unread, an empty one is malformed") {
  CHECK(wire::decode<wire::Credit>(Bytes(5000)).error().kind == Kind::kTooLarge);
  CHECK(wire::decode<wire::Hello>({}).error().kind == Kind::kMalformed);
  const Bytes one(1);
  CHECK(wire::decode<wire::Hello>(base::View(one).subspan(1)).error().kind == Kind::kMalformed);
  wire::Ack a;
  a.entries = {{1, {}, std::vector<base::Hash>(65, samples::filled<32>(1))}};
  CHECK(wire::decode<wire::Ack>(wire::encode(a)).error().kind == Kind::kMalformed);  // a path has at most 64 hashes
}

TEST_CASE("a small payload whose parts all point at the same bytes is refused before it unfolds") {
  schemas::internal::Writer w(1024);
  const auto data = w.bytes(Bytes(10'000, 1));
  std::vector<schemas::internal::Writer::Ref> blobs;
  for (int i = 0; i < 500; ++i) {
    w.start();
    w.put_ref(0, data);
    blobs.push_back(w.end());
  }
  const auto delivers = w.refs(blobs);
  w.start();
  w.put_ref(0, delivers);
  const auto out = wire::decode<wire::Fetched>(w.finish(w.end()));
  REQUIRE_FALSE(out.ok());
  CHECK(out.error().message() == "delivers: a field of the wrong length, or bytes used twice");
}
