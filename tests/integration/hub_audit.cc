// The directory, the log and the trail through a real hub: who may read what, and what reading leaves behind.
#include "crypto/note.h"
#include "schemas/json.h"
#include "tests/integration/hub_kit.h"

using namespace hub_kit;

TEST_CASE("notes put in come out in order, once, and the rules by their hash") {
  World w({"mercy", "crisis"});
  auto crisis = w.line("crisis");
  REQUIRE(crisis.up());
  const auto notes = w.c.notes();
  const auto got = crisis->dir_get({});
  REQUIRE(got.ok());
  REQUIRE(got->notes.size() == notes.size());
  for (std::size_t i = 0; i < notes.size(); ++i) CHECK(got->notes[i].note == notes[i].whole);
  CHECK(got->dir_seq == notes.size());
  const auto rules = crisis->dir_get({.blob = crypto::sha256(notes[0].blob)});
  REQUIRE(rules.ok());
  CHECK(rules->blob == notes[0].blob);
  const auto again = acked(crisis->dir_put({notes[2].whole, {}}));
  check_proofs(w, again, 1);
  CHECK(again.entries[0].index == got->notes[2].log_index);
  CHECK(crisis->dir_get({})->dir_seq == notes.size());
}

TEST_CASE("a note that too few have signed is refused") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  auto cert = w.c.agent("crisis").cert;
  cert.serial = 2;
  cert.prev = w.c.agent("crisis").cert_hash;
  CHECK(nacked(mercy->dir_put({w.c.sign_by_authorities(cert.text(), 1), {}})).code == schemas::NackCode::kSignature);
}

TEST_CASE("entries, tiles and proofs are open to every member and rebuild the signed root") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  const auto log = mercy->log_get({.what = wire::LogGet::What::kEntries, .from = 0, .to = 100'000});
  REQUIRE(log.ok());
  const auto checkpoint = crypto::open_checkpoint(log->checkpoint, w.c.anchor_values().log);
  REQUIRE(checkpoint.ok());
  std::vector<base::Hash> leaves;
  for (std::size_t at = 0; at + 112 <= log->data.size(); at += 112)
    leaves.push_back(crypto::merkle_leaf(base::View(log->data).subspan(at, 112)));
  REQUIRE(leaves.size() == checkpoint->size);
  CHECK(crypto::merkle_root(leaves) == checkpoint->root);
  const auto tile = mercy->log_get({.what = wire::LogGet::What::kTile, .from = 0, .to = leaves.size()});
  REQUIRE(tile.ok());
  CHECK(tile->data == crypto::join(leaves));
  const auto path = mercy->log_get({.what = wire::LogGet::What::kInclusion, .from = 1, .to = checkpoint->size});
  REQUIRE(path.ok());
  CHECK(crypto::verify_inclusion(1, checkpoint->size, leaves[1], path->path, checkpoint->root));
  CHECK_FALSE(mercy->log_get({.what = wire::LogGet::What::kInclusion, .from = 5, .to = checkpoint->size + 1000}).ok());
}

TEST_CASE("a search shows an agent its own mail, an auditor all of it, and each search is in the log before its answer") {
  World w({"mercy", "crisis", "police", "auditor"});
  auto mercy = w.line("mercy"), police = w.line("police"), auditor = w.line("auditor");
  REQUIRE((mercy.up() && police.up() && auditor.up()));
  const auto thread = crypto::uuid7(w.c.random(), w.now());
  acked(mercy->batch(w.send("mercy", {{.to = "crisis", .thread = thread}})));
  acked(mercy->batch(w.send("mercy", {{.to = "police"}})));
  wire::Search by_thread;
  std::copy(thread.begin(), thread.end(), by_thread.thread.begin());
  const auto rows = [&](Line& line, const wire::Search& q) {
    // The index may be a moment behind: it says so, and then the search is asked again.
    for (;;) {
      auto found = line->search(q);
      REQUIRE(found.ok());
      if (found->indexed_upto + 8 >= found->size && found->indexed_upto > 0) {
        const auto entry =
            line->log_get({.what = wire::LogGet::What::kEntries, .from = found->access_index, .to = found->access_index + 1});
        REQUIRE(entry.ok());
        CHECK(entry->data.at(4) == static_cast<base::Byte>(schemas::EntryType::kAccess));
        if (found->indexed_upto >= found->access_index) return found->rows.size();
      }
    }
  };
  CHECK(rows(mercy, {}) == 2);
  CHECK(rows(mercy, by_thread) == 1);
  CHECK(rows(police, {}) == 1);
  CHECK(rows(police, by_thread) == 0);
  CHECK(rows(auditor, {}) == 2);
  CHECK(rows(auditor, by_thread) == 1);
  CHECK(rows(auditor, {.agency_to = w.c.agent("police").id()}) == 1);
  CHECK(rows(auditor, {.kind = 2}) == 0);
  const auto one = auditor->search({.limit = 1});
  REQUIRE(one.ok());
  REQUIRE(one->rows.size() == 1);
  const auto rest = auditor->search({.before_index = one->next_before, .limit = 1});
  REQUIRE(rest.ok());
  REQUIRE(rest->rows.size() == 1);
  CHECK(rest->rows[0].index < one->rows[0].index);
}

TEST_CASE("an auditor may fetch but not send") {
  World w({"mercy", "crisis", "auditor"});
  auto mercy = w.line("mercy"), auditor = w.line("auditor");
  REQUIRE((mercy.up() && auditor.up()));
  const auto ack = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  const auto got = auditor->fetch({.what = wire::Fetch::What::kIndex, .from = ack.entries[0].index});
  REQUIRE(got.ok());
  CHECK(got->delivers.size() == 1);
}

TEST_CASE("a ledger head is logged once a day") {
  World w({"mercy"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  crypto::LedgerNote head;
  head.cert = w.c.agent("mercy").cert_hash;
  head.size = 3;
  const auto note = w.c.sign_by_agent(head.text(), "mercy");
  check_proofs(w, acked(mercy->ledger({note})), 1);
  head.size = 4;
  CHECK(nacked(mercy->ledger({w.c.sign_by_agent(head.text(), "mercy")})).code == schemas::NackCode::kPolicy);
}

TEST_CASE("status is one JSON object") {
  World w({"mercy"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const auto status = mercy->status();
  REQUIRE(status.ok());
  CHECK(schemas::parse_json(status->json).ok());
}
