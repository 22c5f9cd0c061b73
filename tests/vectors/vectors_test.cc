// The committed vectors against the code: nothing has drifted, the published values hold, every negative is refused as it says.
#include <filesystem>

#include "adapters/agent/mail/delivery.h"
#include "crypto/merkle.h"
#include "schemas/frames.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/committed.h"
#include "tests/vectors/loose_batch.h"

#include <doctest/doctest.h>

using base::Bytes;
using base::Hash;
using base::View;
using vectors::File;
using vectors::load;

namespace {

const std::filesystem::path kDir = std::filesystem::path(HANDOFF_SOURCE_DIR) / "tests/vectors";

vectors::LooseBatch load_batch(const File& f) {
  vectors::LooseBatch b{f.bytes("bst"), f.bytes("sig"), {}};
  for (std::size_t g = 0; g < f.number("n_groups"); ++g) {
    const std::string at = "group." + std::to_string(g) + ".";
    auto& group = b.groups.emplace_back(vectors::LooseGroup{f.bytes(at + "grp"), f.has(at + "path") ? f.bytes(at + "path") : Bytes(), {}});
    for (std::size_t i = 0; i < f.number(at + "n_msgs"); ++i) {
      const std::string msg = at + "msg." + std::to_string(i) + ".";
      group.msgs.push_back({f.bytes(msg + "hdr"), f.bytes(msg + "C"), f.bytes(msg + "ct"), f.bytes(msg + "ct_hash")});
    }
  }
  return b;
}

crypto::BoxKey load_key(const File& f, const std::string& name) {
  return crypto::BoxKey::from_secret(crypto::Secret<32>(f.fixed<32>(name)));
}

// A whole DELIVER frame, judged by the agent's own door.
std::string judge_log(const File& f) {
  const vectors::LooseBatch batch = load_batch(f);
  const Bytes checkpoint = f.bytes("checkpoint"), ent = f.bytes("ent"), incl = f.bytes("incl"), end_ent = f.bytes("end_ent"), end_incl = f.bytes("end_incl");
  schemas::Deliver d;
  d.batch = batch.parts();
  d.index = f.number("index");
  d.ent = ent;
  d.incl = incl;
  d.ckpt = checkpoint;
  d.end_index = f.number("end_index");
  d.end_ent = end_ent;
  d.end_incl = end_incl;
  crypto::Anchor anchor;
  anchor.log = {vectors::kOrigin, crypto::NoteAlg::kEd25519, f.fixed<32>("log_pk")};
  return adapters::agent::mail::open_frame(schemas::encode_deliver(d), f.fixed<16>("self"), anchor).ok() ? "accepted" : "log refused";
}

std::string judge(const File& f) {
  const std::string frame = f.text("frame");
  const auto failed = [](const char* stage, const base::Error& e) { return std::string(stage) + " " + base::name(e.kind); };
  if (frame == "receipt") {
    const Bytes rcp = f.bytes("rcp");
    if (auto r = crypto::parse_rcp1(rcp); !r) return failed("receipt", r.error());
    return crypto::verify(f.fixed<32>("recipient_pk"), rcp, f.bytes("sig")) ? "accepted" : "receipt bad_signature";
  }
  if (frame == "seal") {
    auto r = vectors::request_v1();
    r.groups[0].to[0].epoch_key = f.fixed<32>("R");
    crypto::Secret<32> hedge;
    auto sealed = crypto::seal(r, vectors::sign_key(1), {hedge, crypto::system_random(), 1});
    return sealed ? "accepted" : failed("seal", sealed.error());
  }
  if (frame == "log") return judge_log(f);
  const auto kind = frame == "batch" ? crypto::Frame::kBatch : crypto::Frame::kDeliver;
  return outcome(load_batch(f), kind, f.fixed<32>("sender_pk"), f.fixed<16>("self"), load_key(f, "epoch_sk"));
}

}  // namespace

TEST_CASE("the committed files are what the generator writes") {
  const auto files = vectors::make_all();
  for (const auto& [path, content] : files) {
    INFO(path);
    CHECK((kit::read_file(kDir / path) == content));
  }
  std::size_t committed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kDir / "v4"))
    committed += files.count("v4/" + entry.path().filename().string()) == 1 ? 0 : 1;
  CHECK(committed == 0);  // a file that nobody generates any more
}

TEST_CASE("the published batch of one comes out byte for byte") {
  const File f = load("v1-published.txt");
  const auto sealed = vectors::seal_fixed(vectors::request_v1());
  CHECK((sealed.groups[0].grp == f.bytes("GRP1")));
  CHECK((crypto::group_context(sealed.groups[0].grp) == f.fixed<32>("gctx")));
  CHECK((base::to_bytes(View(sealed.groups[0].msgs[0].hdr)) == f.bytes("HDR1")));
  CHECK((sealed.groups[0].msgs[0].commit == f.fixed<32>("C_0")));
  CHECK((crypto::sha256(sealed.groups[0].msgs[0].ct) == f.fixed<32>("sha256_ct_0")));
  CHECK((sealed.groups[0].msgs[0].leaf == f.fixed<32>("msg_leaf_0")));
  CHECK((sealed.groups[0].leaf == f.fixed<32>("group_leaf")));
  CHECK((base::to_bytes(View(sealed.bst)) == f.bytes("BST1")));
  CHECK((base::to_bytes(View(sealed.sig)) == f.bytes("batch_sig")));
  CHECK((sealed.hash == f.fixed<32>("batch_hash")));
  const File ours = load("v1.txt");
  CHECK(ours.text("group.0.slot.0.ss") == f.text("ss"));
  CHECK(ours.text("group.0.slot.0.kek") == f.text("kek"));
  CHECK(ours.text("group.0.msg.0.K") == f.text("K_0"));
}

TEST_CASE("the published log root comes out of its seven entries") {
  const File f = load("v1-published.txt");
  const std::string entries = kit::read_file(kDir / "v1-entries.bin");
  crypto::Frontier log;
  for (std::size_t at = 0; at + 112 <= entries.size(); at += 112) {
    const View entry = base::view(entries).subspan(at, 112);
    REQUIRE(crypto::parse_ent1(entry).ok());
    log.append(crypto::merkle_leaf(entry));
  }
  CHECK(log.size() == 7);
  CHECK((log.root() == f.fixed<32>("log_root_7")));
  CHECK((crypto::merkle_leaf(f.bytes("ENT1_0")) == f.fixed<32>("log_leaf_0")));
}

TEST_CASE("every group of the batch of three opens for each of its readers, and its log proofs hold") {
  const File f = load("v2.txt");
  vectors::LooseBatch whole = load_batch(f);
  for (auto& g : whole.groups) {
    for (auto& m : g.msgs) m.ct_hash.clear();
  }
  CHECK(outcome(whole, crypto::Frame::kBatch, f.fixed<32>("sender_pk"), {}, load_key(f, "e")) == "accepted");
  for (std::size_t g = 0; g < 3; ++g) {
    const std::string at = "group." + std::to_string(g) + ".", deliver = "deliver." + std::to_string(g) + ".";
    vectors::LooseBatch one = whole.deliver(g), erased = whole.deliver(g, true);
    CHECK((one.groups[0].path == f.bytes(deliver + "path")));
    for (std::size_t j = 0; j < f.number(at + "n_slots"); ++j) {
      const std::string slot = at + "slot." + std::to_string(j) + ".";
      const crypto::BoxKey key = load_key(f, slot + "epoch_sk");
      const auto parts = one.parts();
      auto parsed = crypto::parse_batch(parts, crypto::Frame::kDeliver);
      REQUIRE(parsed.ok());
      REQUIRE(crypto::check_hashes(parts, *parsed, crypto::Frame::kDeliver).ok());
      CHECK((parsed->groups[0].leaf == f.fixed<32>(at + "leaf")));
      const auto bodies = crypto::open(parts.groups[0], parsed->groups[0], f.fixed<16>(slot + "recipient"), key);
      REQUIRE(bodies.ok());
      for (std::size_t i = 0; i < bodies->size(); ++i) CHECK(((*bodies)[i] == f.bytes(at + "msg." + std::to_string(i) + ".body")));
      CHECK(outcome(erased, crypto::Frame::kDeliver, f.fixed<32>("sender_pk"), f.fixed<16>(slot + "recipient"), key) == "open stale");
    }
    for (const char* which : {"", "end_"}) {
      const Hash leaf = crypto::merkle_leaf(f.bytes(deliver + which + "ent"));
      const auto path = crypto::split_hashes(f.bytes(deliver + which + "incl"));
      REQUIRE(path.ok());
      CHECK(crypto::verify_inclusion(f.number(deliver + which + "index"), f.number("log.size"), leaf, *path, f.fixed<32>("log.root")));
    }
  }
}

TEST_CASE("the log's consistency proofs hold between the roots of the file, and between no others") {
  const File f = load("v3.txt");
  const std::size_t sizes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 256, 257};
  const auto root = [&](std::size_t n) { return f.fixed<32>("log." + std::to_string(n) + ".root"); };
  for (const std::size_t size : sizes) {
    for (const std::size_t old : sizes) {
      if (old > size) continue;
      const auto proof = crypto::split_hashes(f.bytes("log." + std::to_string(size) + ".from." + std::to_string(old)));
      REQUIRE(proof.ok());
      CHECK(crypto::verify_consistency(old, size, root(old), root(size), *proof));
      if (old != 0 && old != 255)
        CHECK_FALSE(crypto::verify_consistency(old, size, root(old - 1), root(size), *proof));  // no root of 254 here
    }
  }
}

TEST_CASE("every negative is refused at the stage and for the reason that it names") {
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kDir / "v4")) {
    INFO(entry.path().filename().string());
    const File f = File::parse(kit::read_file(entry.path()));
    CHECK(judge(f) == f.text("expect"));
    ++seen;
  }
  CHECK(seen > 90);
}
