// The typed notes: text() and parse are each other's inverse, and nothing else is accepted.
#include "tests/unit/trust/trust_kit.h"

using namespace trust_kit;

namespace {

// Every line removed, doubled, swapped with the next; every byte changed: the parser refuses, or reads a different text.
template <class Parse>
void attack(const std::string& good, const Parse& parse) {
  REQUIRE(parse(good).ok());
  CHECK(parse(good)->text() == good);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < good.size();) {
    auto end = good.find('\n', at) + 1;
    lines.push_back(good.substr(at, end - at));
    at = end;
  }
  auto glue = [](const std::vector<std::string>& v) {
    std::string out;
    for (const auto& l : v) out += l;
    return out;
  };
  auto same_or_refused = [&](const std::string& text) {
    INFO(text);
    auto p = parse(text);
    if (p.ok()) CHECK(p->text() == text);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto cut = lines, twice = lines;
    cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(i));
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), twice[i]);
    same_or_refused(glue(cut));
    same_or_refused(glue(twice));
    if (i + 1 < lines.size()) {
      auto swapped = lines;
      std::swap(swapped[i], swapped[i + 1]);
      same_or_refused(glue(swapped));
    }
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (char c : {' ', '\n', '0', 'A', '-', '+', '*'}) {
      auto bad = good;
      bad[i] = c;
      same_or_refused(bad);
    }
  }
  CHECK_FALSE(parse(good + "colour green\n").ok());
  CHECK_FALSE(parse(good.substr(0, good.size() - 1)).ok());
  CHECK_FALSE(parse("").ok());
  CHECK_FALSE(parse("\n").ok());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("each typed note is written and read exactly") {
  Consortium c;
  auto a = c.agent("harbor-house");
  a.cert.roles = {"intake", "on-call"};
  attack(c.anchor.text(), parse_anchor);
  attack(a.cert.text(), parse_cert);
  attack(c.renewal(a).text(), parse_cert);
  attack(c.epochs(a, kT0, 3).text(), parse_epoch);
  attack(RevokeNote{c.random.bytes<32>(), "lost-laptop", true, kT0}.text(), parse_revoke);
  attack(RevokeNote{c.random.bytes<32>(), "closed", false, {}}.text(), parse_revoke);
  attack(PolicyNote{3, c.random.bytes<32>(), {{"police", "*", "referral", "treatment"}}, {{"referral", kDay}}, kT0}.text(),
         parse_policy_note);
  attack(LedgerNote{c.random.bytes<32>(), 12, c.random.bytes<32>(), c.random.bytes<32>()}.text(), parse_ledger);
  attack(Request{"alder.test", a.cert}.text(), parse_request);
}

TEST_CASE("an anchor with every kind of line is written and read exactly") {
  Consortium c;
  Anchor a = c.anchor;
  VerifierKey w1{"alder.test/witness/one", NoteAlg::kCosignature, SignKey::generate(c.random).public_key()};
  VerifierKey w2{"alder.test/witness/two", NoteAlg::kCosignature, SignKey::generate(c.random).public_key()};
  a.tlog_policy = {"witness one " + w1.text(), "witness two " + w2.text() + " https://witness.example/", "group both all one two",
                   "quorum both"};
  a.limits = {{"body-bytes", 65536}, {"in-flight", 2}};
  attack(a.text(), parse_anchor);
  CHECK(parse_anchor(a.text())->witnesses().size() == 2);

  auto bad = [&](const std::string& from, const std::string& to) { CHECK_FALSE(parse_anchor(replaced(a.text(), from, to)).ok()); };
  bad("group both all one two", "group both all one one");
  bad("group both all one two", "group both 3 one two");
  bad("group both all one two", "group both all one three");
  bad("quorum both", "quorum one");  // in a group already
  bad("limit in-flight 2", "limit in-flight 5");
  bad("limit in-flight 2", "limit wings 2");
  bad("threshold 2", "threshold 4");
  bad("threshold 2", "threshold 0");
  bad("alder.test/log", "sfh-alder/log");
}

TEST_CASE("a certificate with a wrong field is refused") {
  Consortium c;
  auto a = c.agent("harbor-house");
  auto bad = [&](auto change) {
    Cert x = a.cert;
    change(x);
    CHECK_FALSE(parse_cert(x.text()).ok());
  };
  bad([](Cert& x) { x.name = "Harbor"; });
  bad([](Cert& x) { x.name = "-harbor"; });
  bad([](Cert& x) { x.type = "person"; });
  bad([](Cert& x) { x.roles = {"b", "a"}; });
  bad([](Cert& x) { x.roles = {"a", "a"}; });
  bad([](Cert& x) { x.witness = x.sign; });
  bad([](Cert& x) { x.sign = {}; });
  bad([](Cert& x) { x.agent = {}; });
  bad([](Cert& x) { x.serial = 0; });
  bad([](Cert& x) { x.serial = 2; });
  bad([](Cert& x) { x.not_after = x.not_before; });
  bad([](Cert& x) { x.not_after = {UINT64_MAX}; });
}

TEST_CASE("an epoch note with disordered times or epochs is refused") {
  Consortium c;
  auto a = c.agent("harbor-house");
  auto bad = [&](auto change) {
    auto n = c.epochs(a, kT0, 2);
    change(n);
    CHECK_FALSE(parse_epoch(n.text()).ok());
  };
  bad([](EpochNote& n) { n.keys.clear(); });
  bad([](EpochNote& n) { std::swap(n.keys[0], n.keys[1]); });
  bad([](EpochNote& n) { n.keys[0].until = n.keys[0].from; });
  bad([](EpochNote& n) { n.keys[0].destroy_after = n.keys[0].until.minus(1); });
  bad([](EpochNote& n) { n.suites = {2, 1}; });
}
