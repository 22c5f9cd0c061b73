// Every refusal that can be caused over the wire: its code, nothing stored, and the sender's next good batch unharmed.
#include <functional>

#include "tests/integration/hub_kit.h"

using namespace hub_kit;
using schemas::NackCode;

namespace {

struct Bad {
  const char* name;
  NackCode code;
  std::function<base::Bytes(World&, const std::string& from)> make;
};

// Seals a request that `spoil` has changed; the sender's own state stays where it was.
base::Bytes spoiled(World& w, const std::string& from, const std::function<void(crypto::SealRequest&)>& spoil) {
  auto r = w.c.request(from, {{.to = "crisis"}}, w.now(), w.dir_seq);
  spoil(r);
  return kit::Consortium::frame(w.c.seal(from, r));
}

base::Bytes flipped(World& w, const std::string& from, const std::function<void(crypto::SealedBatch&)>& flip) {
  auto batch = w.c.seal(from, w.c.request(from, {{.to = "crisis"}}, w.now(), w.dir_seq));
  flip(batch);
  return kit::Consortium::frame(batch);
}

const std::vector<Bad> kBad{
    {"bytes that are no frame", NackCode::kMalformed, [](World&, const std::string&) { return base::to_bytes("not a frame at all"); }},
    {"an unknown suite", NackCode::kSuite,
     [](World& w, const std::string& from) { return flipped(w, from, [](auto& b) { b.bst[32] = 9; }); }},
    {"another sender's batch", NackCode::kSenderMismatch,
     [](World& w, const std::string&) {
       return kit::Consortium::frame(w.c.seal("crisis", w.c.request("crisis", {{.to = "mercy"}}, w.now(), w.dir_seq)));
     }},
    {"a certificate that nobody knows", NackCode::kCert,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.sender_cert[0] ^= 1; }); }},
    {"a broken signature", NackCode::kSignature,
     [](World& w, const std::string& from) { return flipped(w, from, [](auto& b) { b.sig[5] ^= 1; }); }},
    {"a flipped ciphertext bit", NackCode::kRoot,
     [](World& w, const std::string& from) { return flipped(w, from, [](auto& b) { b.groups[0].msgs[0].ct[7] ^= 1; }); }},
    {"a batch that leaves one out", NackCode::kBatchSeq,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.prev_batch[3] ^= 1; }); }},
    {"a gap in the pair chain", NackCode::kPairChain,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.groups[0].to[0].pair_seq += 5; }); }},
    {"an epoch key that nobody published", NackCode::kEpochKey,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.groups[0].to[0].epoch = 77; }); }},
    {"an expiry that is not the policy's", NackCode::kExpiry,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.groups[0].messages[0].hdr.expires.ms += 1; }); }},
    {"a recipient that nobody knows", NackCode::kRecipient,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.groups[0].to[0].agent[2] ^= 1; }); }},
    {"a batch from the future", NackCode::kClock,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.created.ms += base::kHour; }); }},
    {"another hub's batch", NackCode::kMalformed,
     [](World& w, const std::string& from) { return spoiled(w, from, [](auto& r) { r.hub_id[0] ^= 1; }); }},
    {"a message of a kind that the matrix forbids", NackCode::kPolicy,
     [](World& w, const std::string& from) {
       return spoiled(w, from,
                      [](auto& r) { r.groups[0].messages[0].hdr.kind = static_cast<std::uint16_t>(schemas::MsgKind::kEncounter); });
     }},
};

// Everything but encounters.
kit::Options strict() {
  kit::Options o;
  o.matrix.clear();
  for (const auto& kind : schemas::msg_kinds()) {
    if (kind.code != static_cast<std::uint16_t>(schemas::MsgKind::kEncounter)) o.matrix.push_back({"*", "*", std::string(kind.name), "*"});
  }
  return o;
}

}  // namespace

TEST_CASE("each bad batch gets its code, leaves nothing behind, and the next good one goes through") {
  std::vector<std::string> slugs{"mercy", "crisis"};
  for (std::size_t i = 0; i < kBad.size(); ++i) slugs.push_back("sender-" + std::to_string(i));
  World w(slugs, strict());
  auto crisis = w.line("crisis");
  REQUIRE(crisis.up());
  for (std::size_t i = 0; i < kBad.size(); ++i) {
    CAPTURE(kBad[i].name);
    const auto& from = slugs[i + 2];
    auto line = w.line(from);
    REQUIRE(line.up());
    const auto nack = nacked(line->batch(kBad[i].make(w, from)));
    CAPTURE(nack.words);
    CHECK(nack.code == kBad[i].code);
    const auto ack = acked(line->batch(w.send(from, {{.to = "crisis"}})));
    CHECK(open_group(crisis.delivery()).index == ack.entries[0].index);  // the first thing that crisis gets is the good one
  }
}

TEST_CASE("all bad groups of a batch are named at once and the good ones are not stored") {
  World w({"mercy", "crisis", "police"});
  auto mercy = w.line("mercy"), crisis = w.line("crisis");
  REQUIRE((mercy.up() && crisis.up()));
  auto r = w.c.request("mercy", {{.to = "crisis"}, {.to = "police"}, {.to = "crisis"}}, w.now(), w.dir_seq);
  r.groups[2].to[0].pair_seq = 2;
  r.groups[1].to[0].epoch = 99;
  r.groups[2].messages[0].hdr.expires.ms += 1;
  const auto nack = nacked(mercy->batch(kit::Consortium::frame(w.c.seal("mercy", r))));
  REQUIRE(nack.groups.size() >= 2);
  CHECK(nack.groups[0].group_no == 1);
  CHECK(nack.groups[0].code == NackCode::kEpochKey);
  CHECK(nack.groups[1].group_no == 2);
  const auto ack = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  CHECK(open_group(crisis.delivery()).index == ack.entries[0].index);
}

TEST_CASE("a limit that the anchor lowers is answered with 14") {
  kit::Options o;
  o.limits = {{"messages-per-group", 2}};
  World w({"mercy", "crisis"}, o);
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  auto r = w.c.request("mercy", {{.to = "crisis", .copies = 3}}, w.now(), w.dir_seq);
  CHECK(nacked(mercy->batch(kit::Consortium::frame(w.c.seal("mercy", r)))).code == NackCode::kSize);
  acked(mercy->batch(w.send("mercy", {{.to = "crisis", .copies = 2}})));
}

TEST_CASE("over the rate of signature checks the answer is busy with a time, and nothing else suffers") {
  World w({"mercy", "crisis"}, {}, "[limits]\nsignature_checks_per_second = 1\nsignature_checks_burst = 40\n");
  auto mercy = w.line("mercy"), crisis = w.line("crisis");
  REQUIRE((mercy.up() && crisis.up()));
  const auto frame = w.send("mercy", {{.to = "crisis"}});
  acked(mercy->batch(frame));
  std::optional<wire::Nack> busy;
  for (int i = 0; i < 60 && !busy; ++i) {
    auto answer = mercy->batch(frame);
    REQUIRE(answer.ok());
    busy = answer->nack;
  }
  REQUIRE(busy);
  CHECK(busy->code == NackCode::kBusy);
  CHECK(busy->retry_ms > 0);
  CHECK(busy->retry_ms <= 1000);
  acked(crisis->batch(w.send("crisis", {{.to = "mercy"}})));
}

TEST_CASE("three bad frames put a peer out, and the log says so within the minute or at the stop") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy"), crisis = w.line("crisis");
  REQUIRE((mercy.up() && crisis.up()));
  for (int i = 0; i < 3; ++i) CHECK(nacked(mercy->batch(base::to_bytes("junk"))).code == NackCode::kMalformed);
  const auto nack = nacked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  CHECK(nack.code == NackCode::kBusy);
  CHECK(nack.retry_ms > 9 * base::kMinute);
  acked(crisis->batch(w.send("crisis", {{.to = "mercy"}})));
  CHECK(w.hub->end(15) == 0);
  w.start();
  REQUIRE(crisis.up());
  const auto log = crisis->log_get({.what = wire::LogGet::What::kEntries, .from = 0, .to = 1000});
  REQUIRE(log.ok());
  unsigned rejects = 0;
  for (std::size_t at = 0; at + 112 <= log->data.size(); at += 112)
    rejects += log->data[at + 4] == static_cast<base::Byte>(schemas::EntryType::kReject);
  CHECK(rejects == 1);
}

TEST_CASE("a nearly full store refuses new mail, still hands out the old, and the hub lives") {
  World w({"mercy", "crisis"}, {}, "[hub]\nmap_size = 67108864\n");
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const std::string big(200'000, 'x');
  std::optional<wire::Nack> full;
  std::size_t stored = 0;
  for (int i = 0; i < 100 && !full; ++i) {
    const auto batch = w.c.seal("mercy", w.c.request("mercy", {{.to = "crisis", .body = big, .copies = 4}}, w.now(), w.dir_seq));
    auto answer = mercy->batch(kit::Consortium::frame(batch));
    REQUIRE(answer.ok());
    full = answer->nack;
    if (full) break;
    w.c.accepted("mercy", batch);
    ++stored;
  }
  REQUIRE(full);
  CHECK(full->code == NackCode::kStorageFull);
  CHECK(full->retry_ms > 0);
  auto crisis = w.line("crisis");
  REQUIRE(crisis.up());
  for (std::size_t i = 0; i < stored; ++i) {
    const auto frame = crisis.delivery();
    REQUIRE(crisis->credit(1).ok());
    if (i + 1 == stored) acked(crisis->receipt(w.receipt_for("crisis", "mercy", frame)));
  }
  CHECK(mercy->status().ok());
}

TEST_CASE("more batches in flight than allowed are told to come later, in any order of arrival the chain holds") {
  World w({"mercy", "crisis"}, {}, "[limits]\nbatches_in_flight = 1\n");
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  std::vector<base::Bytes> frames;
  for (int i = 0; i < 8; ++i) frames.push_back(w.send("mercy", {{.to = "crisis"}}));
  std::mutex mutex;
  std::condition_variable done;
  std::size_t answered = 0;
  for (const auto& f : frames) {
    mercy->batch_async(f, [&](base::Result<hub::client::Answer>) {
      const std::lock_guard lock(mutex);
      ++answered;
      done.notify_all();
    });
  }
  {
    std::unique_lock lock(mutex);
    REQUIRE(done.wait_for(lock, std::chrono::milliseconds(kPatience), [&] { return answered == frames.size(); }));
  }
  for (const auto& f : frames) acked(mercy->batch(f));  // identical bytes, in order
}

TEST_CASE("a commit that finds no room ends the hub with exit code 3, unanswered, and what was acknowledged holds") {
  World w({"mercy"}, {}, "[hub]\nmap_size = 4194304\n");
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  auto policy = crypto::parse_policy_note(crypto::parse_note(w.c.notes()[0].whole)->text);
  REQUIRE(policy.ok());
  std::uint64_t notes = w.dir_seq;
  base::Kind ended{};
  for (std::uint32_t version = 2; version < 60; ++version) {  // notes are taken in beyond the mark at which mail is refused
    const base::Bytes rules(200'000, static_cast<base::Byte>(version));
    policy->version = version;
    policy->rules = crypto::sha256(rules);
    auto answer = mercy->dir_put({w.c.sign_by_authorities(policy->text(), 2), rules});
    if (!answer.ok()) {
      ended = answer.error().kind;
      break;
    }
    acked(std::move(answer));
    ++notes;
  }
  CHECK(ended == base::Kind::kBusy);
  CHECK(w.hub->end(0) == 3);
  const auto checked = run_hub({"check", w.folder(), "--json"});
  CHECK(checked.code == 0);
  CHECK(checked.out.find("\"notes\":" + std::to_string(notes)) != std::string::npos);
}
