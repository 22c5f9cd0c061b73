// V5, V6 and V12 against the code: the directory note by note, the witness's exchange, the log entry by entry, the records applied again.
#include <sstream>

#include "adapters/agent/keep/replica.h"
#include "adapters/agent/witness/judge.h"
#include "crypto/directory.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "hub/journal/journal.h"
#include "tests/vectors/committed.h"

#include "tests/kit/hub_rig.h"  // last: brings doctest

namespace keep = adapters::agent::keep;
using base::Bytes;
using base::Hash;
using vectors::File;
using vectors::load;

namespace {

std::string n(std::size_t i) { return std::to_string(i); }
std::string text(const File& f, const std::string& name) { return base::to_string(f.bytes(name)); }

std::string words(crypto::Standing s) {
  switch (s) {
    case crypto::Standing::kUnknown: return "unknown";
    case crypto::Standing::kActive: return "active";
    case crypto::Standing::kSuspended: return "suspended";
    case crypto::Standing::kRevoked: return "revoked";
    case crypto::Standing::kExpired: return "expired";
    case crypto::Standing::kNotYet: return "not-yet-valid";
    case crypto::Standing::kSuperseded: return "superseded";
  }
  return "?";
}

// Which rule of the scan an entry's error names.
std::string rule_of(const base::Error& e) {
  const std::pair<const char*, const char*> names[] = {{"hub_time", "hub_time"},
                                                       {"dir_seq", "dir_seq"},
                                                       {"chain of notes", "dir_chain"},
                                                       {"chain of hub", "hub_chain"},
                                                       {"consecutive", "batch"},
                                                       {"logged twice", "group"},
                                                       {"count", "layout"},
                                                       {"ACCEPT entry without", "layout"}};
  for (const auto& [part, rule] : names) {
    if (e.what.find(part) != std::string::npos) return rule;
  }
  return e.what;
}

struct Logged {
  Bytes entry;
  std::string note;
};

// A member's reading of the whole log: "holds", or the rule and the index at which it does not.
std::string scan(const std::string& anchor, const std::vector<Logged>& log, const Hash& root) {
  auto directory = crypto::Directory::start(anchor);
  REQUIRE(directory.ok());
  keep::Scan state;
  crypto::Frontier tree;
  std::set<Hash> finished;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto at = [&](const std::string& rule) { return rule + " " + n(i); };
    const auto e = crypto::parse_ent1(log[i].entry);
    if (!e.ok()) return at("layout");
    const Hash before = state.container;
    if (auto ok = keep::scan_entry(state, *e, finished.count(e->container) != 0); !ok.ok()) return at(rule_of(ok.error()));
    if (before != state.container && !base::all_zero(before)) finished.insert(before);
    if (e->type == 3) {
      if (crypto::sha256(base::view(log[i].note)) != e->subject) return at("note");
      if (!directory->add(log[i].note, i, e->hub_time).ok()) return at("note");
    }
    tree.append(crypto::merkle_leaf(log[i].entry));
  }
  return tree.root() == root ? "holds" : "root " + n(log.size());
}

std::vector<Logged> legal(const File& f) {
  std::vector<Logged> log;
  for (std::size_t i = 0; i < f.number("n_entries"); ++i) {
    log.push_back({f.bytes("entry." + n(i)), f.has("note." + n(i)) ? text(f, "note." + n(i)) : ""});
  }
  return log;
}

}  // namespace

TEST_CASE("V5: every note is taken or refused as the script says, and standings follow") {
  const File f = load("v5.txt");
  CHECK_FALSE(crypto::Directory::start(text(f, "anchor_short")).ok());
  auto started = crypto::Directory::start(text(f, "anchor"));
  REQUIRE(started.ok());
  crypto::Directory directory = std::move(started).value();
  CHECK((directory.consortium() == f.fixed<32>("anchor_hash")));
  std::uint64_t seq = 0;
  for (std::size_t i = 0; i < f.number("n_steps"); ++i) {
    const std::string at = "step." + n(i) + ".";
    INFO(i << ": " << f.text(at + "rule"));
    CHECK((crypto::sha256(f.bytes(at + "note")) == f.fixed<32>(at + "subject")));
    const auto added = directory.add(text(f, at + "note"), f.number(at + "index"), base::Instant{f.number(at + "hub_time")});
    INFO((added.ok() ? "" : added.error().message()));
    CHECK((added.ok() ? "accepted" : "refused") == f.text(at + "expect"));
    if (added.ok()) CHECK((directory.last_subject() == f.fixed<32>(at + "subject")));
    seq += added.ok() ? 1 : 0;
    CHECK(directory.seq() == seq);
  }
  for (std::size_t i = 0; i < f.number("n_standings"); ++i) {
    const std::string at = "standing." + n(i) + ".";
    INFO("standing " << i);
    CHECK(words(directory.standing(f.fixed<32>(at + "cert"), f.number(at + "index"), base::Instant{f.number(at + "hub_time")})) ==
          f.text(at + "expect"));
  }
  for (std::size_t i = 0; i < f.number("n_ledgers"); ++i) {
    const std::string at = "ledger." + n(i) + ".";
    INFO(f.text(at + "rule"));
    CHECK((crypto::sha256(f.bytes(at + "note")) == f.fixed<32>(at + "subject")));
    const auto head = directory.check_ledger(text(f, at + "note"), base::Instant{f.number("ledger_time")});
    CHECK((head.ok() ? "accepted" : "refused") == f.text(at + "expect"));
  }
}

TEST_CASE("V12: the scan passes the legal log, and names the rule and the place of every broken copy") {
  const File f = load("v12.txt");
  const auto log = legal(f);
  CHECK(scan(text(f, "anchor"), log, f.fixed<32>("root")) == "holds");
  std::set<int> types;
  for (const Logged& e : log) types.insert(e.entry[4]);
  CHECK(types.size() == 9);
  for (std::size_t i = 0; i < f.number("n_broken"); ++i) {
    const std::string at = "broken." + n(i) + ".";
    auto broken = log;
    std::istringstream changed(f.text(at + "changed"));
    for (std::size_t k; changed >> k;) broken[k] = {f.bytes(at + "entry." + n(k)), text(f, at + "note." + n(k))};
    INFO("broken copy " << i);
    CHECK(scan(text(f, "anchor"), broken, f.fixed<32>(at + "root")) == f.text(at + "rule") + " " + f.text(at + "at"));
  }
}

TEST_CASE("V12: the records make this very log, and hub_time is clamped once") {
  const File f = load("v12.txt");
  kit::Consortium same(kit::kThree);  // for its log key: the same seed
  auto journal = hub::journal::open_memory(text(f, "anchor"), same.log_key());
  REQUIRE(journal.ok());
  unsigned clamped = 0;
  for (std::size_t i = 0; i < f.number("n_records"); ++i) {
    const std::string at = "record." + n(i) + ".";
    INFO("record " << i);
    const Bytes bytes = f.bytes(at + "rec1");
    const auto record = hub::state::parse_record(bytes);
    REQUIRE(record.ok());
    CHECK((hub::state::encode(*record) == bytes));
    const auto applied = (*journal)->append(record->items, record->t);
    REQUIRE(applied.ok());
    CHECK(applied->size == f.number(at + "size"));
    CHECK((applied->root == f.fixed<32>(at + "root")));
    CHECK(applied->hub_time.ms == f.number(at + "hub_time"));
    CHECK(applied->checkpoint == text(f, at + "checkpoint"));
    clamped += record->t < applied->hub_time ? 1 : 0;
  }
  CHECK(clamped == 1);
}

TEST_CASE("V6: checkpoint, cosignature and proofs hold; each request gets its answer") {
  const File f = load("v6.txt");
  const auto log = crypto::parse_vkey(f.text("log_vkey")), witness = crypto::parse_vkey(f.text("witness_vkey"));
  REQUIRE(log.ok());
  REQUIRE(witness.ok());
  const std::string checkpoint = text(f, "checkpoint");
  const auto c = crypto::open_checkpoint(checkpoint, *log);
  REQUIRE(c.ok());
  base::Instant at;
  CHECK(crypto::verify_cosignature(*crypto::parse_note(checkpoint), *witness, &at));
  CHECK(at.ms == f.number("time") * 1000);
  for (std::size_t i = 0; i < f.number("size"); ++i) {
    const auto proof = crypto::parse_tlog_proof(text(f, "tlog_proof." + n(i)));
    REQUIRE(proof.ok());
    CHECK(proof->index == i);
    CHECK(proof->checkpoint == checkpoint);
    CHECK(crypto::verify_inclusion(i, c->size, crypto::merkle_leaf(base::view("entry " + n(i))), proof->path, c->root));
  }
  const auto key = crypto::SignKey::from_seed(crypto::Secret<32>(f.fixed<32>("witness_seed")));
  for (std::size_t i = 0; i < f.number("n_requests"); ++i) {
    const std::string q = "request." + n(i) + ".";
    INFO(f.text(q + "rule"));
    const auto r = crypto::parse_add_checkpoint(text(f, q + "body"));
    REQUIRE(r.ok());
    CHECK(r->text() == text(f, q + "body"));
    const auto judged = adapters::agent::witness::judge({log->name, f.number(q + "own_size"), f.fixed<32>(q + "own_root")}, *log, *r);
    CHECK(static_cast<std::uint64_t>(judged.status) == f.number(q + "status"));
    if (judged.status == 409) CHECK(text(f, q + "reply") == f.text(q + "own_size") + "\n");
    if (judged.status == 200)
      CHECK(text(f, q + "reply") ==
            crypto::cosign_line(*crypto::open_checkpoint(r->checkpoint, *log), witness->name, key, base::Instant{f.number("time") * 1000}));
  }
}
