// The examples in docs/spec/certificate.md are real: each parses, verifies, and together they make a directory.
#include "tests/unit/trust/trust_kit.h"

#include <fstream>

using namespace trust_kit;

namespace {

// The text of every fenced block ```<tag>.
std::vector<std::string> blocks(const std::string& tag) {
  std::ifstream in(std::string(HANDOFF_SOURCE_DIR) + "/docs/spec/certificate.md");
  REQUIRE(in);
  std::vector<std::string> out;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "```" + tag) {
      inside = true;
      out.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      out.back() += line + "\n";
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the examples of the certificate page verify and join one directory") {
  auto notes = blocks("note");
  REQUIRE(notes.size() == 7);  // anchor, request, certificate, epochs, suspension, policy, ledger head
  auto d = Directory::start(notes[0]);
  REQUIRE(d.ok());
  auto request = parse_note(notes[1]);
  REQUIRE(request.ok());
  auto q = parse_request(request->text);
  REQUIRE(q.ok());
  CHECK(request->signed_by({agent_name(q->consortium, q->cert.agent), NoteAlg::kEd25519, q->cert.sign}));
  REQUIRE(d->add(notes[2], 0, {1}).ok());
  auto valid = d->members().at(0)->cert.not_before;
  CHECK(d->add(notes[3], 1, valid).ok());
  CHECK(d->add(notes[5], 2, valid).ok());
  CHECK(d->check_ledger(notes[6], valid).ok());
  CHECK(d->add(notes[4], 3, valid).ok());

  auto proofs = blocks("tlog-proof");
  REQUIRE(proofs.size() == 1);
  auto proof = parse_tlog_proof(proofs[0]);
  REQUIRE(proof.ok());
  CHECK(open_checkpoint(proof->checkpoint, d->anchor().log)->size == 7);
}
