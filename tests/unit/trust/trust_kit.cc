// See trust_kit.h.
#include "tests/unit/trust/trust_kit.h"

namespace trust_kit {

Consortium::Consortium(unsigned n, unsigned k, unsigned r) : log_key(SignKey::generate(random)) {
  for (unsigned i = 1; i <= n; ++i) {
    authorities.push_back(SignKey::generate(random));
    anchor.authorities.push_back({authority_name("alder.test", i), NoteAlg::kEd25519, authorities.back().public_key()});
  }
  anchor.consortium = "alder.test";
  anchor.threshold = k;
  anchor.revoke_threshold = r;
  anchor.log = {"alder.test/log", NoteAlg::kEd25519, log_key.public_key()};
  anchor.hub_transport = BoxKey::generate(random).public_key();
  anchor.tlog_policy = {"quorum none"};
  anchor.test = true;
  Note note{anchor.text(), {}};
  for (unsigned i = 1; i <= n; ++i) note.sign(authority_name("alder.test", i), authorities[i - 1]);
  anchor_note = note.whole();
}

Note Consortium::note_by(const std::string& text, std::initializer_list<unsigned> numbers) const {
  Note note{text, {}};
  for (unsigned i : numbers) note.sign(authority_name("alder.test", i), authorities.at(i - 1));
  return note;
}

std::string Consortium::by(const std::string& text, std::initializer_list<unsigned> numbers) const {
  return note_by(text, numbers).whole();
}

std::string Consortium::by_agent(const std::string& text, const Agent& a) const {
  Note note{text, {}};
  note.sign(agent_name("alder.test", a.cert.agent), a.sign);
  return note.whole();
}

Agent Consortium::agent(const std::string& slug) {
  Agent a{{}, SignKey::generate(random), SignKey::generate(random), BoxKey::generate(random), SignKey::generate(random).public_key()};
  a.cert.consortium = crypto::Note{anchor.text(), {}}.hash();
  a.cert.agency = random.bytes<16>();
  a.cert.agent = random.bytes<16>();
  a.cert.kind = "police";
  a.cert.name = slug;
  a.cert.sign = a.sign.public_key();
  a.cert.transport = a.transport.public_key();
  a.cert.witness = a.witness;
  a.cert.recovery = a.recovery.public_key();
  a.cert.not_before = kT0.minus(kDay);
  a.cert.not_after = kT0.plus(365 * kDay);
  return a;
}

Cert Consortium::renewal(const Agent& a) const {
  Cert c = a.cert;
  c.serial = 2;
  c.prev = Note{a.cert.text(), {}}.hash();
  return c;
}

EpochNote Consortium::epochs(const Agent& a, Instant from, unsigned n, unsigned first_epoch) {
  EpochNote e;
  e.cert = Note{a.cert.text(), {}}.hash();
  for (unsigned i = 0; i < n; ++i) {
    auto f = from.plus(i * kDay);
    e.keys.push_back({first_epoch + i, f, f.plus(kDay), f.plus(8 * kDay), BoxKey::generate(random).public_key()});
  }
  return e;
}

Directory Consortium::directory() const {
  auto d = Directory::start(anchor_note);
  REQUIRE(d.ok());
  return *d;
}

void Consortium::log(Directory& d, const std::string& whole, Instant at) {
  auto seq = d.add(whole, index++, at);
  INFO((seq.ok() ? std::string() : seq.error().message()));
  REQUIRE(seq.ok());
}

Agent Consortium::enrolled(Directory& d, const std::string& slug) {
  auto a = agent(slug);
  log(d, by(a.cert.text(), {1, 2}));
  return a;
}

}  // namespace trust_kit
