// V7, V9, V10 and V11 against the code: each file is read, and what it says must follow is what the rooms' own doors say.
#include <filesystem>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/mail/chain.h"
#include "adapters/agent/mail/nack.h"
#include "adapters/agent/mail/receipts.h"
#include "crypto/internal/seal_core.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "schemas/lifecycle.h"
#include "tests/vectors/committed.h"

#include "tests/kit/hub_rig.h"  // last: brings doctest

namespace keep = adapters::agent::keep;
namespace mail = adapters::agent::mail;
using base::Hash;
using vectors::File;
using vectors::load;

namespace {

std::string n(std::size_t i) { return std::to_string(i); }

std::optional<Hash> maybe(const File& f, const std::string& name) {
  return f.text(name).empty() ? std::nullopt : std::optional(f.fixed<32>(name));
}

mail::Desk desk_of(kit::HubRig& rig) {
  const auto& me = rig.c.agent("hospital");
  return {me.id(), me.cert_hash, "hospital", "hospital_ed", rig.journal->directory(), kit::kStart, {}, 100};
}

// The sender's rows of its three groups, in a store of their own.
class Ledger {
 public:
  Ledger(const File& f, const mail::Desk& desk) : f_(f), desk_(desk) {
    std::string name = (std::filesystem::temp_directory_path() / "handoff-vectors-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    dir_ = name;
    auto opened = keep::Store::open(dir_ + "/s", crypto::Secret<32>(), crypto::system_random(), 64U << 20);
    REQUIRE(opened.ok());
    store_ = std::move(opened).value();
    recipient_ = base::fixed<16>(base::View(f.bytes("script.0.step.0.rcp")).subspan(40, 16));
    write([&](keep::Tx& tx) {
      keep::PairRow pair;
      pair.recipient = recipient_;
      for (std::size_t g = 0; g < f_.number("n_groups"); ++g) {
        keep::GroupRow row = group(g);
        pair.next = pair.acked_next = row.pair_seq + row.n;
        tx.put(keep::Table::kGroup, key(tx, row.pair_seq), keep::pack(row));
      }
      tx.put(keep::Table::kPair, tx.key("pair", recipient_), keep::pack(pair));
    });
  }
  ~Ledger() {
    store_.reset();
    std::error_code gone;
    std::filesystem::remove_all(dir_, gone);
  }
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  mail::Meaning take(const crypto::Rcp1& rcp, std::uint64_t index) {
    mail::Meaning meaning;
    write([&](keep::Tx& tx) { mail::take_receipt(tx, desk_, {rcp, index}, meaning); });
    return meaning;
  }
  std::string states() {
    std::string out;
    write([&](keep::Tx& tx) {
      for (std::size_t g = 0; g < f_.number("n_groups"); ++g) {
        const auto row = keep::find<keep::GroupRow>(tx, keep::Table::kGroup, key(tx, group(g).pair_seq));
        out += row ? "adue"[static_cast<int>(row->state)] : '?';
      }
    });
    return out;
  }

 private:
  keep::GroupRow group(std::size_t g) const {
    keep::GroupRow row;
    const std::string at = "group." + n(g) + ".";
    row.pair_seq = f_.number(at + "pair_seq");
    row.n = static_cast<std::uint32_t>(f_.number(at + "n"));
    row.leaf = f_.fixed<32>(at + "leaf");
    return row;
  }
  base::Bytes key(keep::Tx& tx, std::uint64_t pair_seq) const { return keep::key_of(tx.key("group", recipient_), pair_seq); }
  void write(const std::function<void(keep::Tx&)>& work) {
    REQUIRE(store_
                ->write([&](keep::Tx& tx) {
                  work(tx);
                  return base::Status{};
                })
                .ok());
  }
  const File& f_;
  const mail::Desk& desk_;
  std::string dir_;
  std::unique_ptr<keep::Store> store_;
  base::Id recipient_{};
};

crypto::Hdr1 header(const File& f, const std::string& at) {
  const auto h = crypto::parse_hdr1(f.bytes(at + ".hdr"));
  REQUIRE(h.ok());
  return *h;
}
crypto::Bst1 statement(const File& f, const std::string& at) {
  const auto b = crypto::parse_bst1(f.bytes(at + "bst"));
  REQUIRE(b.ok());
  return *b;
}
crypto::Grp1 group(const File& f, const std::string& at) {
  const auto g = crypto::parse_grp1(f.bytes(at + "grp"));
  REQUIRE(g.ok());
  return *g;
}

}  // namespace

TEST_CASE("V7: after each receipt the sender's groups are what the script says") {
  const File f = load("v7.txt");
  kit::HubRig rig(kit::kThree);
  const mail::Desk desk = desk_of(rig);
  for (std::size_t i = 0; i < f.number("n_scripts"); ++i) {
    const std::string script = "script." + n(i) + ".";
    Ledger ledger(f, desk);
    for (std::size_t k = 0; k < f.number(script + "n_steps"); ++k) {
      INFO(f.text(script + "name") << ", receipt " << k);
      const std::string at = script + "step." + n(k) + ".";
      const auto rcp = crypto::parse_rcp1(f.bytes(at + "rcp"));
      REQUIRE(rcp.ok());
      CHECK(crypto::verify(f.fixed<32>("recipient_pk"), f.bytes(at + "rcp"), f.bytes(at + "sig")));
      CHECK(ledger.take(*rcp, 100 + k).fetch == (f.text(at + "fetch") == "yes"));
      CHECK(ledger.states() == f.text(at + "states"));
    }
  }
  for (const char* body : {"body.2", "body.3", "body.4"}) {
    const auto rcp = crypto::parse_rcp1(f.bytes(body));
    CHECK((rcp.ok() ? "accepted" : std::string(base::name(rcp.error().kind))) == f.text(std::string(body) + ".expect"));
  }
}

TEST_CASE("V9: published trees and notes come out as published") {
  const File f = load("v9.txt");
  std::vector<Hash> leaves;
  for (std::size_t size = 0; size <= 8; ++size) {
    CHECK((crypto::merkle_root(leaves) == f.fixed<32>("root." + n(size))));
    if (size < 8) leaves.push_back(crypto::merkle_leaf(f.bytes("leaf." + n(size))));
  }
  for (const auto& [from, to] : {std::pair{1, 1}, {1, 8}, {6, 8}, {2, 5}}) {
    const auto proof = crypto::split_hashes(f.bytes("from." + std::to_string(from) + ".to." + std::to_string(to)));
    REQUIRE(proof.ok());
    CHECK(crypto::verify_consistency(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to),
                                     f.fixed<32>("root." + std::to_string(from)), f.fixed<32>("root." + std::to_string(to)), *proof));
  }
  const auto key = crypto::parse_vkey(f.text("note.vkey"));
  const auto note = crypto::parse_note(base::to_string(f.bytes("note")));
  REQUIRE(key.ok());
  REQUIRE(note.ok());
  CHECK(note->signed_by(*key));
  const crypto::VerifierKey example{f.text("vkey.name"), crypto::NoteAlg::kEd25519, f.fixed<32>("vkey.key")};
  CHECK(base::hex(example.id()) == f.text("vkey.id"));
  const auto cosigned = crypto::parse_note(base::to_string(f.bytes("checkpoint")));
  REQUIRE(cosigned.ok());
  const auto checkpoint = crypto::parse_checkpoint(cosigned->text);
  REQUIRE(checkpoint.ok());
  CHECK(checkpoint->size == f.number("checkpoint.size"));
  REQUIRE(cosigned->signatures.size() == 2);
  CHECK(cosigned->signatures[1].name == f.text("checkpoint.witness"));
  REQUIRE(cosigned->signatures[1].sig.size() == 72);
  CHECK(base::load_be<std::uint64_t>(cosigned->signatures[1].sig.data()) == f.number("checkpoint.time"));
}

TEST_CASE("V10: every row of the chain table, and of the broadcasts") {
  const File f = load("v10.txt");
  const char* names[] = {"go-on", "restart", "state-lost", "repeat", "gap", "conflict"};
  for (std::size_t i = 0; i < f.number("n_chain"); ++i) {
    const std::string at = "chain." + n(i) + ".";
    INFO(f.text(at + "rule"));
    keep::ChainRow chain;
    chain.started = f.number(at + "started") == 1;
    chain.upto = f.number(at + "upto");
    chain.last_leaf = maybe(f, at + "last_leaf").value_or(Hash{});
    chain.serial = f.number(at + "serial");
    const mail::Link link{f.number(at + "pair_seq"), f.fixed<32>(at + "prev"), f.fixed<32>(at + "leaf"), f.number(at + "restart") == 1,
                          f.number(at + "cert_serial")};
    CHECK(names[static_cast<int>(mail::judge(chain, link, maybe(f, at + "passed")))] == f.text(at + "expect"));
  }
  for (std::size_t i = 0; i < f.number("n_broadcast"); ++i) {
    const std::string at = "broadcast." + n(i) + ".", last = f.text(at + "last"), next = f.text(at + "next");
    keep::ChainRow chain;
    chain.bcast_seq = std::stoull(last);
    chain.bcast_group = static_cast<std::uint32_t>(std::stoul(last.substr(last.find('.') + 1)));
    const bool taken =
        mail::fresh_broadcast(chain, std::stoull(next), static_cast<std::uint32_t>(std::stoul(next.substr(next.find('.') + 1))));
    CHECK((taken ? "take" : "drop") == f.text(at + "expect"));
  }
}

TEST_CASE("V10: every NACK") {
  const File f = load("v10.txt");
  kit::HubRig rig(kit::kThree);
  mail::Desk desk = desk_of(rig);
  const base::Id me = desk.self;
  keep::BatchRow row;
  row.groups.resize(1);
  for (std::size_t i = 0; i < f.number("n_nack"); ++i) {
    const std::string at = "nack." + n(i) + ".";
    const bool agrees = f.number(at + "agrees") == 1;
    INFO("NACK " << f.text(at + "code") << " of a " << f.text(at + "of"));
    row.groups[0].recipient = agrees ? base::Id{9} : rig.c.agent("crisis").id();  // unknown here too, or active
    desk.self = agrees ? base::Id{9} : me;
    schemas::wire::Nack nack;
    nack.code = static_cast<schemas::NackCode>(f.number(at + "code"));
    if (f.text(at + "of") == "group") nack.groups.push_back({0, nack.code, {}});
    const mail::Plan plan = mail::plan_nack(nack, row, desk, 0);
    std::string does = plan.act == mail::Plan::Act::kStop ? "stop" : plan.act == mail::Plan::Act::kResend ? "same-bytes" : "re-seal";
    if (!plan.verdicts.empty() && !plan.verdicts[0].people.empty()) does = "people";
    CHECK(does == f.text(at + "expect"));
  }
}

TEST_CASE("V10: a batch sealed anew keeps its ids and takes nothing else along; a restored sender; late facts") {
  const File f = load("v10.txt");
  const auto refused = statement(f, "refused."), first = statement(f, "again.0."), second = statement(f, "again.1.");
  CHECK(refused.batch_seq < first.batch_seq);
  CHECK(first.batch_seq < second.batch_seq);
  CHECK((first.prev_batch == refused.prev_batch));
  CHECK((second.prev_batch == f.fixed<32>("again.0.hash")));
  for (std::size_t g = 0; g < 2; ++g) {
    const std::string old_at = "refused.group." + n(g) + ".", new_at = "again." + n(g) + ".group.0.";
    const auto before = group(f, old_at), after = group(f, new_at);
    CHECK(before.slots[0].pair_seq == after.slots[0].pair_seq);
    CHECK((before.slots[0].prev_group_leaf == after.slots[0].prev_group_leaf));
    CHECK((before.ephemeral != after.ephemeral));
    CHECK((before.slots[0].wrapped != after.slots[0].wrapped));
    REQUIRE(f.number(old_at + "n_msgs") == f.number(new_at + "n_msgs"));
    for (std::size_t i = 0; i < f.number(old_at + "n_msgs"); ++i) {
      CHECK((header(f, old_at + "msg." + n(i)).msg_id == header(f, new_at + "msg." + n(i)).msg_id));
      CHECK(f.text(old_at + "msg." + n(i) + ".leaf") != f.text(new_at + "msg." + n(i) + ".leaf"));
    }
  }
  const auto restored = group(f, "restored.group.0.");
  CHECK(restored.flags == crypto::Grp1::kChainRestart);
  CHECK(base::all_zero(restored.slots[0].prev_group_leaf));
  CHECK((restored.sender_cert != refused.sender_cert));
  const auto view = header(f, "view.group.0.msg.0"), late = header(f, "late.group.0.msg.0");
  CHECK(late.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts));
  CHECK((view.msg_id == late.msg_id));
  CHECK((view.thread_id == late.thread_id));
  CHECK(view.thread_seq == late.thread_seq);
}

TEST_CASE("V10: every reader places a thread's events alike") {
  const File f = load("v10.txt");
  std::vector<std::pair<schemas::Place, std::uint64_t>> events;
  for (std::size_t i = 0; i < f.number("n_order"); ++i) {
    const std::string at = "order." + n(i) + ".";
    events.push_back({{f.number(at + "index") - f.number(at + "group_no"), f.fixed<16>(at + "sender"),
                       static_cast<std::uint32_t>(f.number(at + "thread_seq"))},
                      f.number(at + "rank")});
  }
  std::sort(events.begin(), events.end());
  for (std::size_t i = 0; i < events.size(); ++i) CHECK(events[i].second == i);
}

TEST_CASE("V11: the sender's secrets for fixed inputs, no two cases alike; the padded size at every edge") {
  const File f = load("v11.txt");
  std::set<std::string> seen;
  for (const char* name : {"same", "body", "reader", "batch_seq", "groups"}) {
    const std::string at = "hedge." + std::string(name) + ".";
    crypto::internal::BatchSecrets out{{}, std::vector<crypto::internal::Scratch<32>>(f.number(at + "n_groups"))};
    CHECK((crypto::sha256(f.bytes(at + "covered")) == f.fixed<32>(at + "D")));
    crypto::internal::derive(*crypto::find_sealing(crypto::kSuite1), f.fixed<32>(at + "D"), f.number(at + "batch_seq"),
                             f.bytes(at + "rand32"), f.bytes(at + "secret"), f.number(at + "now_ns"), out);
    CHECK((out.e.bytes == f.fixed<32>(at + "e")));
    for (std::size_t g = 0; g < out.g.size(); ++g) {
      CHECK((out.g[g].bytes == f.fixed<32>(at + "G." + n(g))));
      CHECK(seen.insert(f.text(at + "G." + n(g))).second);
    }
    CHECK(seen.insert(f.text(at + "e")).second);
  }
  for (std::size_t length = 0, found = 0; length <= 262141; ++length) {
    const std::string at = "pad." + n(length);
    if (!f.has(at)) continue;
    CHECK(crypto::padded_size(length) == f.number(at));
    ++found;
    if (length == 262141) CHECK(found > 200);
  }
}
