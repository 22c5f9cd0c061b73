// What a hub can do with mail on its way, tried on real agents: each trick is caught, and the alarm that names it is asserted.
#include "adapters/agent/mail/conflict.h"
#include "tests/integration/evil/county.h"


using namespace evil;
namespace mail = adapters::agent::mail;

namespace {

// Nothing is handed out to harbor, and whatever it asks for is not there.
Go withheld(Frame& f) {
  if (f.agent != "harbor") return Go::kOn;
  if (f.op == Op::kDeliver) return Go::kNowhere;
  if (f.op != Op::kFetch || f.down) return Go::kOn;
  f.payload = wire::encode(wire::Fetched{});
  return Go::kBack;
}

struct Part {
  const char* name;
  std::function<base::View&(schemas::Deliver&)> of;
  std::size_t byte;
  const char* words;
};

const std::vector<Part> kParts{
    {"BST1, its number", [](schemas::Deliver& d) -> base::View& { return d.batch.bst; }, 88, "the group belongs to another batch"},
    {"BST1, its root", [](schemas::Deliver& d) -> base::View& { return d.batch.bst; }, 140, "its log entry is another's"},
    {"the sender's signature", [](schemas::Deliver& d) -> base::View& { return d.batch.sig; }, 5, "its log entry is another's"},
    {"GRP1, the wrapped key", [](schemas::Deliver& d) -> base::View& { return d.batch.groups[0].grp; }, 112 + 80, "the hashes do not lead to the signed batch root"},
    {"HDR1, the purpose", [](schemas::Deliver& d) -> base::View& { return d.batch.groups[0].msgs[0].hdr; }, 60, "the hashes do not lead to the signed batch root"},
    {"C_i", [](schemas::Deliver& d) -> base::View& { return d.batch.groups[0].msgs[0].commit; }, 0, "the hashes do not lead to the signed batch root"},
    {"the ciphertext", [](schemas::Deliver& d) -> base::View& { return d.batch.groups[0].msgs[0].ct; }, 100, "the hashes do not lead to the signed batch root"},
    {"ENT1, the subject", [](schemas::Deliver& d) -> base::View& { return d.ent; }, 40, "its entry is not in the log"},
    {"ENT1, the batch", [](schemas::Deliver& d) -> base::View& { return d.ent; }, 70, "its log entry is another's"},
    {"the inclusion path", [](schemas::Deliver& d) -> base::View& { return d.incl; }, 3, "its entry is not in the log"},
    {"the checkpoint's root", [](schemas::Deliver& d) -> base::View& { return d.ckpt; }, 30, "does not hold"},
    {"the log's signature", [](schemas::Deliver& d) -> base::View& { return d.ckpt; }, 150, "does not hold"},
};

}  // namespace

TEST_CASE("a changed byte in any part of a delivered group: discarded, asked for once more, named, and never receipted") {
  County c;
  c.hub.trick(withheld);
  const std::string thread = c.refer();
  REQUIRE(eventually([&] { return c.hub.seen("harbor", true, Op::kDeliver).size() == 1; }));
  const base::Bytes whole = c.hub.seen("harbor", true, Op::kDeliver)[0];
  std::size_t asked = 0;
  for (const Part& part : kParts) {
    INFO(part.name);
    base::Bytes bytes;
    c.hub.push("harbor", Op::kDeliver, changed(whole, [&](schemas::Deliver& d) {
                 base::View& v = part.of(d);
                 bytes = base::to_bytes(v);
                 bytes.at(part.byte) ^= 1;
                 v = bytes;
               }));
    ++asked;
    CHECK(eventually([&] { return c.hub.seen("harbor", false, Op::kFetch).size() == asked; }));
    CHECK(County::says(c.harbor, part.words));
  }
  CHECK(County::says(c.harbor, "the hub delivered something that does not hold"));
  CHECK(c.harbor.count(thread) == 0);
  CHECK(c.hub.seen("harbor", false, Op::kReceipt).empty());
  c.hub.trick();
  c.hub.push("harbor", Op::kDeliver, whole);
  CHECK(eventually([&] { return c.harbor.count(thread) == 2; }));  // the referral, and that it was received
}

TEST_CASE("groups that are held back, exchanged and repeated: what comes too early is asked for and waits, and people see each once, in order") {
  County c;
  const std::string thread = c.refer();
  REQUIRE(eventually([&] { return c.mercy.phase(thread) == "received"; }));
  c.hub.trick(withheld);
  const auto before = c.hub.seen("harbor", true, Op::kDeliver).size();
  for (std::size_t i = 0; i < 3; ++i) {  // one by one: a batch each
    c.note(thread, "note " + std::to_string(i));
    REQUIRE(eventually([&] { return c.hub.seen("harbor", true, Op::kDeliver).size() == before + i + 1; }));
  }
  const auto all = c.hub.seen("harbor", true, Op::kDeliver);
  const auto receipts = c.hub.seen("harbor", false, Op::kReceipt).size();
  const auto asked = c.hub.seen("harbor", false, Op::kFetch).size();
  c.hub.push("harbor", Op::kDeliver, all[before + 2]);
  c.hub.push("harbor", Op::kDeliver, all[before + 1]);
  CHECK(eventually([&] { return c.hub.seen("harbor", false, Op::kFetch).size() >= asked + 2; }));
  CHECK(c.texts(c.harbor, thread).empty());
  CHECK(c.hub.seen("harbor", false, Op::kReceipt).size() == receipts);
  for (const std::size_t i : {0u, 0u, 2u, 1u}) c.hub.push("harbor", Op::kDeliver, all[before + i]);
  const std::vector<std::string> told{"note 0", "note 1", "note 2"};
  CHECK(eventually([&] { return c.texts(c.harbor, thread) == told; }));
  c.hub.push("harbor", Op::kDeliver, all[before + 2]);
  CHECK(eventually([&] { return c.hub.seen("harbor", false, Op::kReceipt).size() >= receipts + 2; }));  // a repeat is answered, not applied
  CHECK(c.texts(c.harbor, thread) == told);
}

TEST_CASE("part of a group, or a tombstone without an end, before its time, or on another's end: the chain stands, nothing is receipted") {
  County c;
  const auto sealed = c.sealed("first of two", [](crypto::SealRequest& r) {
    auto& messages = r.groups[0].messages;
    messages.push_back(messages[0]);
    messages[1].hdr.msg_id[15] ^= 1;
    messages[1].hdr.thread_seq = 2;
  });
  const base::Bytes frame = kit::Consortium::frame(sealed);
  Forger log(c.world);
  const auto at = log.accept(frame);
  const auto early = log.end(sealed.groups[0].leaf, schemas::EntryType::kExpire, c.world.now());
  const auto other = log.end(base::Hash{9}, schemas::EntryType::kErase, c.world.now());
  c.hub.trick([&](Frame& f) { return f.agent == "harbor" && f.op != Op::kLogGet && f.op != Op::kDirGet ? withheld(f) : f.agent == "harbor" ? log.serve(f) : Go::kOn; });
  const auto push = [&](const base::Bytes& deliver, const std::string& words) {
    c.hub.push("harbor", Op::kDeliver, deliver);
    CHECK(County::says(c.harbor, words));
  };
  push(changed(log.deliver(frame, 0, at), [](schemas::Deliver& d) { d.batch.groups[0].msgs.pop_back(); }), "the number of messages is not the signed one");
  push(changed(log.deliver(frame, 0, at, early), [](schemas::Deliver& d) { d.end_ent = d.end_incl = {}; }), "tombstones, and only they, carry their end entry");
  push(log.deliver(frame, 0, at, early), "the group was expired before its time");
  push(log.deliver(frame, 0, at, other), "the end entry names another group");
  CHECK(c.hub.seen("harbor", false, Op::kReceipt).empty());
  c.hub.push("harbor", Op::kDeliver, log.deliver(frame, 0, at));
  CHECK(eventually([&] { return c.hub.seen("harbor", false, Op::kReceipt).size() == 1; }));
  const auto rcp = crypto::parse_rcp1(wire::decode<wire::Receipt>(c.hub.seen("harbor", false, Op::kReceipt)[0])->rcp);
  CHECK(rcp->status == 1);
  CHECK(rcp->upto_pair_seq == 2);
}

TEST_CASE("a delivered receipt that the hub made, and logged, is refused: the sender's message stays undelivered") {
  County c;
  c.hub.trick([](Frame& f) { return f.agent == "harbor" && !f.down && f.op == Op::kReceipt ? Go::kNowhere : Go::kOn; });
  const std::string thread = c.refer();
  const std::string message = c.mercy.must({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}}).at("events")[0].at("message");
  REQUIRE(eventually([&] { return !c.hub.seen("harbor", false, Op::kReceipt).empty() && c.mercy.phase(thread) == "received"; }));
  const wire::Receipt kept = *wire::decode<wire::Receipt>(c.hub.seen("harbor", false, Op::kReceipt)[0]);  // what a true one looks like
  Forger log(c.world);
  wire::Receipt forged;
  forged.rcp = kept.rcp;
  const auto sig = c.world.c.log_key().sign(forged.rcp);  // the hub has no agency's key
  forged.sig = base::to_bytes(sig);
  const auto at = log.receipt(forged);
  forged.entry = log.proven(at);
  forged.checkpoint = log.checkpoint();
  c.hub.trick([&](Frame& f) { return f.agent == "mercy" ? log.serve(f) : f.op == Op::kReceipt ? Go::kNowhere : Go::kOn; });
  c.hub.push("mercy", Op::kReceipt, wire::encode(forged));
  CHECK(County::says(c.mercy, "a receipt does not hold: its signature does not hold"));
  CHECK(c.state(thread, message) != "delivered");
}

TEST_CASE("a batch that was sealed for another hub is refused, though this hub logged it") {
  County c;
  const auto sealed = c.sealed("for somewhere else", [](crypto::SealRequest& r) { r.hub_id = crypto::hub_id("sfh.example.org/hub2"); });
  const base::Bytes frame = kit::Consortium::frame(sealed);
  Forger log(c.world);
  const auto at = log.accept(frame);
  c.hub.trick([&](Frame& f) { return f.agent == "harbor" && f.op != Op::kFetch ? log.serve(f) : withheld(f); });
  c.hub.push("harbor", Op::kDeliver, log.deliver(frame, 0, at));
  CHECK(County::says(c.harbor, "the batch was made for another hub"));
  CHECK(c.hub.seen("harbor", false, Op::kReceipt).empty());
}

TEST_CASE("two groups for one place of a chain: the reader keeps both, and says who it convicts") {
  County c;
  std::uint64_t number = 0;
  const auto first = c.sealed("one", [&](crypto::SealRequest& r) { number = r.batch_seq; });
  std::string words;
  std::uint64_t second = 0;
  SUBCASE("the hub, that logged both") {
    second = number + 1;
    words = "the hub logged two different groups for place 1 of one chain";
  }
  SUBCASE("the sender, that signed one number twice") {
    second = number;
    words = "the sender signed two different batches with the number";
  }
  const auto other = c.sealed("two", [&](crypto::SealRequest& r) { r.batch_seq = second; });
  Forger log(c.world);
  const base::Bytes frames[2] = {kit::Consortium::frame(first), kit::Consortium::frame(other)};
  const std::uint64_t at[2] = {log.accept(frames[0]), log.accept(frames[1])};
  c.hub.trick([&](Frame& f) { return f.agent != "harbor" ? Go::kOn : f.op == Op::kFetch ? withheld(f) : log.serve(f); });
  c.hub.push("harbor", Op::kDeliver, log.deliver(frames[0], 0, at[0]));
  REQUIRE(eventually([&] { return c.hub.seen("harbor", false, Op::kReceipt).size() == 1; }));
  c.hub.push("harbor", Op::kDeliver, log.deliver(frames[1], 0, at[1]));
  CHECK(County::says(c.harbor, "two groups claim one place in the chain of police: both are kept as evidence; " + words));
  Json kept;  // on disk with the mail that follows the alarm
  REQUIRE(eventually([&] {
    kept = c.harbor.must({{"op", "evidence.list"}}).at("evidence");
    return kept.size() == 1;
  }));
  CHECK(kept[0].at("words") == "conflicting groups of one chain");
  const Json shown = c.harbor.must({{"op", "evidence.show"}, {"id", kept[0].at("id")}});
  CHECK(kept[0].at("offline") == true);  // handoff-verify judges it
  const Json file = Json::parse(base::text(*base::unbase64(shown.at("bytes").get<std::string>())));
  const auto frame = [&](const char* key) { return *base::unbase64(file.at(key).get<std::string>()); };
  const auto found = mail::judge_conflict({frame("first"), frame("second")}, c.world.c.anchor_values().log, c.world.c.agent("police").cert.sign);  // by anybody, from the file alone
  CHECK(found.words.starts_with(words));
}

TEST_CASE("a hub that refuses with a lie: no second version is signed, and what it had logged is found") {
  County c;
  const auto nack = [](schemas::NackCode code) {
    wire::Nack n;
    n.code = code;
    return wire::encode(n);
  };
  SUBCASE("an earlier batch is missing, it says, without proof") {
    c.hub.trick([&](Frame& f) {
      if (f.agent != "mercy" || f.op != Op::kBatch) return Go::kOn;
      f.op = Op::kNack;
      f.payload = nack(schemas::NackCode::kBatchSeq);
      return Go::kBack;
    });
    c.refer();
    CHECK(County::says(c.mercy, "the hub refuses our batch (NACK 7"));
    const auto sent = c.hub.seen("mercy", false, Op::kBatch);
    for (const auto& frame : sent) CHECK(frame == sent[0]);
  }
  SUBCASE("the recipient is suspended, it says, and no note says so") {
    c.hub.trick([&](Frame& f) {
      if (f.agent != "mercy" || f.op != Op::kBatch) return Go::kOn;
      wire::Nack n;
      n.code = schemas::NackCode::kRecipient;
      n.groups.push_back({0, schemas::NackCode::kRecipient, {}});
      f.op = Op::kNack;
      f.payload = wire::encode(n);
      return Go::kBack;
    });
    const std::string thread = c.refer();
    CHECK(County::says(c.mercy, "the directory does not say so"));
    const Json events = c.mercy.must({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}}).at("events");
    REQUIRE(events.size() == 1);
    CHECK(events[0].at("state") != "failed");  // kept, and tried again
  }
  SUBCASE("refused, it says, and has logged it") {
    c.hub.trick([&](Frame& f) {
      if (f.agent != "mercy" || !f.down || f.op != Op::kAck) return Go::kOn;
      const auto ack = wire::decode<wire::Ack>(f.payload);
      if (!ack.ok() || base::all_zero(ack->batch_hash)) return Go::kOn;
      f.op = Op::kNack;
      f.payload = nack(schemas::NackCode::kRoot);
      return Go::kOn;
    });
    const std::string thread = c.refer();
    CHECK(County::says(c.mercy, "the hub refused a batch that it has logged"));
    CHECK(c.hub.seen("mercy", false, Op::kBatch).size() == 1);
    CHECK(eventually([&] { return c.harbor.count(thread) == 2; }));
  }
}
