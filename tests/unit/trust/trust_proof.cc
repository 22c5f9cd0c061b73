// Proof bundles: a good one holds and says what it proves; no field of it can change and still hold.
#include "cli/verify/proof.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/suite/sealing.h"
#include "crypto/merkle.h"
#include "tests/kit/consortium.h"

using namespace cli::verify;
using base::View;
using crypto::Hash;
using nlohmann::json;

namespace {

// A small log: certificates of three agents, one batch of two groups (three messages to the crisis center), and its receipt.
struct Story {
  kit::Consortium c{{{"stb", "hospital_ed"}, {"harbor", "crisis_center"}, {"apd", "police"}}};
  std::vector<base::Bytes> entries;
  std::vector<Hash> leaves;
  std::uint64_t dir_seq = 0;
  Hash last_dir{};
  crypto::SealedBatch batch;
  std::uint64_t accept_index = 0, receipt_index = 0;
  base::Bytes receipt;
  std::map<std::string, std::uint64_t> cert_index;

  std::uint64_t log(schemas::EntryType type, const Hash& subject, const Hash& container, std::uint32_t count) {
    crypto::Ent1 e;
    e.type = static_cast<std::uint8_t>(type);
    e.hub_time = kit::kStart.plus(entries.size());
    e.count = count;
    e.dir_seq = dir_seq;
    e.subject = subject;
    e.container = container;
    auto bytes = crypto::encode(e);
    entries.emplace_back(bytes.begin(), bytes.end());
    leaves.push_back(crypto::merkle_leaf(bytes));
    return entries.size() - 1;
  }
  void log_cert(const std::string& slug) {
    auto subject = crypto::sha256(base::view(c.agent(slug).cert_note));
    ++dir_seq;
    cert_index[slug] = log(schemas::EntryType::kDir, subject, last_dir, 0);
    last_dir = subject;
  }
  explicit Story(schemas::ReceiptStatus status = schemas::ReceiptStatus::kDelivered, std::uint32_t n_failed = 0) {
    for (const char* slug : {"stb", "harbor", "apd"}) log_cert(slug);
    batch =
        c.seal("stb", c.request("stb", {{.to = "apd"}, {.to = "harbor", .body = "hello, referral", .copies = 3}}, kit::kStart, dir_seq));
    for (std::size_t g = 0; g < batch.groups.size(); ++g) {
      auto index =
          log(schemas::EntryType::kAccept, batch.groups[g].leaf, batch.hash, static_cast<std::uint32_t>(batch.groups[g].msgs.size()));
      if (g == 1) accept_index = index;
    }
    receipt = c.receipt("harbor", "stb", 3, batch.groups[1].leaf, kit::kStart, status, n_failed);
    receipt_index = log(schemas::EntryType::kReceipt, crypto::sha256(receipt), batch.groups[1].leaf, 0);
    log(schemas::EntryType::kHub, Hash{}, Hash{}, 0);
  }
  std::string checkpoint() {
    return crypto::sign_checkpoint({c.anchor_values().log.name, leaves.size(), crypto::merkle_root(leaves)}, c.log_key());
  }
  Logged logged(std::uint64_t index) {
    return {entries[index], crypto::tlog_proof(index, crypto::merkle_path(leaves, index), checkpoint())};
  }
  CertPart cert(const std::string& slug) { return {c.agent(slug).cert_note, logged(cert_index[slug])}; }

  Bundle bundle() {
    const auto& g = batch.groups[1];
    const auto& m = g.msgs[2];
    Bundle b;
    b.anchors = {c.anchor()};
    b.sender = cert("stb");
    b.bst1 = base::to_bytes(View(batch.bst));
    b.sig = base::to_bytes(View(batch.sig));
    const Hash group_leaves[] = {batch.groups[0].leaf, g.leaf};
    b.group_path = crypto::merkle_path(group_leaves, 1);
    b.grp1 = g.grp;
    std::vector<Hash> msg_leaves;
    for (const auto& x : g.msgs) msg_leaves.push_back(x.leaf);
    b.group_root = crypto::merkle_root(msg_leaves);
    b.index = 2;
    b.hdr1 = base::to_bytes(View(m.hdr));
    b.message_path = crypto::merkle_path(msg_leaves, 2);
    b.commitment = m.commit;
    b.ct = m.ct;
    b.key = message_key();
    b.accept = logged(accept_index);
    const View all(receipt);
    b.receipt = ReceiptPart{base::to_bytes(all.first(184)), base::to_bytes(all.subspan(184)), logged(receipt_index), cert("harbor")};
    return b;
  }
  base::Fixed<32> message_key() {
    auto parts = batch.parts();
    auto parsed = crypto::parse_batch(parts, crypto::Frame::kBatch);
    REQUIRE(parsed.ok());
    auto& harbor = c.agent("harbor");
    auto keys = crypto::message_keys(parts.groups[1], parsed->groups[1], harbor.id(), harbor.epoch_keys.at(1));
    REQUIRE(keys.ok());
    return base::fixed<32>((*keys)[2].view());
  }
};

Hash anchor_hash(const Story& s) { return crypto::parse_note(s.c.anchor())->hash(); }

std::string fact(const Verdict& v, const std::string& key) {
  for (const auto& [k, value] : v.facts) {
    if (k == key) return value;
  }
  return "(none)";
}

bool holds(const json& j) { return verify_bundle(j.dump(-1, ' ', false, json::error_handler_t::replace)).holds; }

// Calls f(pointer to the leaf) for every leaf of the document.
template <class F>
void each_leaf(json& j, const std::string& path, const F& f) {
  if (j.is_object() || j.is_array()) {
    for (auto& [key, value] : j.items()) each_leaf(value, path + "/" + key, f);
  } else {
    f(path, j);
  }
}

}  // namespace

TEST_CASE("a bundle with key and receipt holds and says who, when, what and that it was delivered") {
  Story s;
  auto v = verify_bundle(make_bundle(s.bundle()), anchor_hash(s));
  INFO(v.failed, ": ", v.why);
  REQUIRE(v.holds);
  CHECK(fact(v, "sender") == "stb");
  CHECK(fact(v, "kind") == "Referral");
  CHECK(fact(v, "index") == std::to_string(s.accept_index));
  CHECK(fact(v, "body_sha256") == base::hex(crypto::sha256(base::view("hello, referral"))));
  CHECK(fact(v, "delivered") == "yes");
  CHECK(fact(v, "recipients").find("harbor " + base::hex(View(s.c.agent("harbor").id()))) != std::string::npos);
  CHECK(verdict_json(v).find("\"holds\":true") != std::string::npos);
  for (const auto& line : v.lines) CHECK(line.find("hello") == std::string::npos);
}

TEST_CASE("a bundle without key, ciphertext or receipt holds and claims less") {
  Story s;
  auto b = s.bundle();
  b.key.reset();
  b.ct_hash = crypto::sha256(b.ct);
  b.ct.clear();
  b.receipt.reset();
  auto v = verify_bundle(make_bundle(b));
  REQUIRE(v.holds);
  CHECK(fact(v, "body_sha256") == "(none)");
  CHECK(fact(v, "delivered") == "unproven");
  CHECK(fact(v, "anchor_given") == "no");
}

TEST_CASE("a receipt that could not be opened, or that leaves groups out, is no proof of delivery") {
  CHECK(fact(verify_bundle(make_bundle(Story(schemas::ReceiptStatus::kUndecryptable).bundle())), "delivered") == "no");
  CHECK(fact(verify_bundle(make_bundle(Story(schemas::ReceiptStatus::kDelivered, 1).bundle())), "delivered") == "unproven");
  CHECK_FALSE(verify_bundle(make_bundle(Story(schemas::ReceiptStatus::kRead).bundle())).holds);
}

TEST_CASE("one message is disclosed and its siblings stay closed, whatever in the file is tried as their key") {
  Story s;
  auto file = json::parse(make_bundle(s.bundle()));
  REQUIRE(holds(file));
  const auto& g = s.batch.groups[1];
  const Hash gctx = crypto::group_context(g.grp);
  const auto opens = [&](std::size_t i, View key) { return crypto::open_disclosed(gctx, g.msgs[i].hdr, crypto::key_commitment(key), g.msgs[i].ct, key).ok(); };
  CHECK(opens(2, s.message_key()));
  std::size_t tried = 0;
  each_leaf(file, "", [&](const std::string& path, json& leaf) {
    if (!leaf.is_string()) return;
    const auto text = leaf.get<std::string>();
    const auto raw = base::unbase64(text);
    const View bytes = raw ? View(*raw) : base::view(text);
    for (std::size_t at = 0; at + 32 <= bytes.size(); ++at) {
      for (const std::size_t sibling : {0u, 1u}) {
        base::Fixed<32> child{};  // as if these bytes were the group's G
        crypto::find_sealing(crypto::kSuite1)->message_key(bytes.subspan(at, 32), sibling, child.data());
        if (opens(sibling, bytes.subspan(at, 32)) || opens(sibling, child)) FAIL_CHECK("a sibling opens with ", path, " at ", at);
        ++tried;
      }
    }
    for (const std::size_t sibling : {0u, 1u}) {  // of a sibling there is its leaf's hash, and nothing else
      CHECK(text.find(base::base64(View(g.msgs[sibling].ct)).substr(0, 40)) == std::string::npos);
      CHECK(text.find(base::base64(View(g.msgs[sibling].hdr)).substr(0, 40)) == std::string::npos);
    }
  });
  CHECK(tried > 5000);
  auto b = s.bundle();  // nor is the disclosed key taken for a sibling's
  b.index = 1;
  b.hdr1 = base::to_bytes(View(g.msgs[1].hdr));
  b.commitment = g.msgs[1].commit;
  b.ct = g.msgs[1].ct;
  std::vector<Hash> leaves;
  for (const auto& m : g.msgs) leaves.push_back(m.leaf);
  b.message_path = crypto::merkle_path(leaves, 1);
  const auto v = verify_bundle(make_bundle(b));
  CHECK_FALSE(v.holds);
  CHECK(v.failed == "content");
  b.key.reset();
  CHECK(verify_bundle(make_bundle(b)).holds);
}

TEST_CASE("no field can change by one bit in any byte") {
  Story s;
  auto good = json::parse(make_bundle(s.bundle()));
  REQUIRE(holds(good));
  std::size_t tried = 0;
  auto attacked = good;
  each_leaf(attacked, "", [&](const std::string& path, json& leaf) {
    const json kept = leaf;
    if (leaf.is_number()) {
      for (int other : {0, 1, 3, 7}) {
        leaf = other;
        INFO(path);
        CHECK_FALSE(holds(attacked));
        ++tried;
      }
    } else {
      const auto text = kept.get<std::string>();
      auto raw = base::unbase64(text);
      const bool binary = raw && text.size() > 20;
      const auto size = binary ? raw->size() : text.size();
      for (std::size_t i = 0; i < size; ++i) {
        if (binary) {
          auto bytes = *raw;
          bytes[i] = static_cast<base::Byte>(bytes[i] ^ (1U << (i % 8)));
          leaf = base::base64(View(bytes));
        } else {
          auto changed = text;
          changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 7)));
          leaf = changed;
        }
        if (holds(attacked)) FAIL_CHECK("byte ", i, " of ", path, " is not bound");
        ++tried;
      }
    }
    leaf = kept;
  });
  CHECK(tried > 5000);
}

TEST_CASE("both forms of a bundle say the same, go back and forth, and have no byte that could be another") {
  Story s;
  for (const bool disclosed : {true, false}) {
    auto b = s.bundle();
    if (!disclosed) b.key.reset(), b.ct_hash = crypto::sha256(b.ct), b.ct.clear(), b.receipt.reset();
    const std::string text = make_bundle(b), bytes = make_binary(b);
    CHECK(bytes.size() < text.size());
    REQUIRE(parse_bundle(bytes).ok());
    CHECK(make_bundle(*parse_bundle(bytes)) == text);
    CHECK(make_binary(*parse_bundle(text)) == bytes);
    CHECK(verify_bundle(bytes).lines == verify_bundle(text).lines);
    for (const std::string* form : {&text, &bytes}) {
      REQUIRE(verify_bundle(*form).holds);
      for (std::size_t at = 0; at < form->size(); ++at) {
        std::string changed = *form;
        changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 7)));
        const auto v = verify_bundle(changed);
        if (v.holds) FAIL_CHECK("byte ", at, " is not bound");
        if (v.lines.size() != 2) FAIL_CHECK("byte ", at, ": no clear verdict");
      }
      for (const std::size_t end : {std::size_t{0}, std::size_t{3}, std::size_t{6}, form->size() / 2, form->size() - 2}) CHECK_FALSE(verify_bundle(form->substr(0, end)).holds);
      CHECK_FALSE(verify_bundle(*form + "x").holds);
    }
  }
}

TEST_CASE("no field can be left out, added or exchanged") {
  Story s;
  const auto good = json::parse(make_bundle(s.bundle()));
  auto attacked = good;
  each_leaf(attacked, "", [&](const std::string& path, json&) {
    auto cut = good;
    auto pointer = json::json_pointer(path);
    auto& parent = cut.at(pointer.parent_pointer());
    if (parent.is_array()) {
      parent.clear();
    } else {
      parent.erase(pointer.back());
    }
    INFO(path);
    if (path != "/message/key") CHECK_FALSE(holds(cut));  // a key may stay undisclosed
  });
  for (const char* where : {"", "/message", "/batch", "/receipt/recipient"}) {
    auto more = good;
    more[json::json_pointer(std::string(where) + "/colour")] = "green";
    CHECK_FALSE(holds(more));
  }
  auto swapped = good;
  std::swap(swapped["sender"], swapped["receipt"]["recipient"]);
  CHECK_FALSE(holds(swapped));
  CHECK_FALSE(verify_bundle("").holds);
  CHECK_FALSE(verify_bundle("{}").holds);
  CHECK(verify_bundle("[1").failed == "form");
}

TEST_CASE("another consortium's bundle is told apart by the anchor's hash alone") {
  Story s;
  kit::Options other;
  other.seed = 2;
  kit::Consortium forged({{"stb", "hospital_ed"}}, other);
  auto text = make_bundle(s.bundle());
  auto v = verify_bundle(text, crypto::parse_note(forged.anchor())->hash());
  CHECK_FALSE(v.holds);
  CHECK(v.failed == "anchor");
  auto b = s.bundle();
  b.anchors = {forged.anchor()};
  CHECK_FALSE(verify_bundle(make_bundle(b)).holds);
  b.anchors.clear();
  CHECK(verify_bundle(make_bundle(b)).failed == "anchor");
}

TEST_CASE("a certificate logged after the message, a second checkpoint and a stranger's cosignature are refused") {
  Story s;
  auto b = s.bundle();
  s.log_cert("stb");
  auto late = s.bundle();
  CHECK(verify_bundle(make_bundle(late)).failed == "certificate");
  b.accept = s.logged(s.accept_index);  // true, but of a bigger tree than the other proofs
  CHECK_FALSE(verify_bundle(make_bundle(b)).holds);
  Story t;
  auto w = t.bundle();
  auto stranger = crypto::cosign_line(*crypto::parse_checkpoint(crypto::parse_note(t.checkpoint())->text), "w.example",
                                      t.c.agent("stb").witness, kit::kStart);
  w.accept.tlog_proof += stranger;
  CHECK(verify_bundle(make_bundle(w)).failed == "checkpoint");
}

TEST_CASE("the program answers with its exit code, in words and as JSON, and links no socket library") {
  Story s;
  const std::string program = std::string(HANDOFF_BIN_DIR) + "/handoff-verify",
                    file = std::string(HANDOFF_BIN_DIR) + "/trust-proof-test.json";
  auto run = [&](const std::string& command, std::string* out) {
    FILE* p = popen((command + " 2>/dev/null").c_str(), "r");
    REQUIRE(p != nullptr);
    char buffer[512];
    out->clear();
    while (fgets(buffer, sizeof buffer, p)) *out += buffer;
    return WEXITSTATUS(pclose(p));
  };
  std::string out;
  std::ofstream(file) << make_bundle(s.bundle());
  CHECK(run(program + " " + file + " --anchor-hash " + base::hex(View(anchor_hash(s))), &out) == 0);
  CHECK(out.substr(0, 6) == "HOLDS.");
  CHECK(run(program + " --json " + file, &out) == 0);
  CHECK(json::parse(out)["sender"] == "stb");
  CHECK(run(program + " " + file + " --anchor-hash " + std::string(64, '0'), &out) == 1);
  CHECK(out.substr(0, 14) == "DOES NOT HOLD.");
  CHECK(run(program + " /nonexistent", &out) == 2);
  CHECK(run(program, &out) == 2);
  std::remove(file.c_str());
  CHECK(run("ldd " + program, &out) == 0);
  for (const char* forbidden : {"libzmq", "libssl", "libcurl", "liblmdb"}) CHECK(out.find(forbidden) == std::string::npos);
}
