// handoff-authority as its users meet it: a consortium with keys in several hands, and the promise that it has no sockets.
#include "cli/authority/commands.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/authority/files.h"
#include "cli/authority/no_sockets.h"
#include "tests/unit/trust/trust_kit.h"

using namespace trust_kit;
namespace fs = std::filesystem;

namespace {

// A folder that goes away, and the program run inside the test with the test's clock.
struct Desktop {
  Desktop() {
    std::string name = (fs::temp_directory_path() / "handoff-authority-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    dir = name;
  }
  ~Desktop() { fs::remove_all(dir); }

  int run(std::vector<std::string> words) {
    std::ostringstream o, e;
    cli::authority::Context context{[this] { return now; }, &random, &o, &e, pass};
    for (auto& w : words) {
      if (w[0] == '@') w = (dir / w.substr(1)).string();
    }
    int code = cli::authority::run(words, context);
    out = o.str();
    err = e.str();
    return code;
  }
  void init(std::initializer_list<std::string> more = {}) {
    std::vector<std::string> words{"init",
                                   "@alder",
                                   "--consortium",
                                   "alder.test",
                                   "--authorities",
                                   "3",
                                   "--threshold",
                                   "2",
                                   "--test",
                                   "--hub-transport",
                                   base::base64(View(BoxKey::generate(random).public_key())),
                                   "--log-key",
                                   VerifierKey{"alder.test/log", NoteAlg::kEd25519, SignKey::generate(random).public_key()}.text()};
    words.insert(words.end(), more);
    REQUIRE(run(words) == 0);
  }
  std::string read(const std::string& file) { return *cli::authority::read_file(dir / file); }
  void write(const std::string& file, const std::string& text) { REQUIRE(cli::authority::write_file(dir / file, base::view(text)).ok()); }
  void request(const std::string& file, const Cert& cert, const SignKey& key) {
    Note note{Request{"alder.test", cert}.text(), {}};
    note.sign(agent_name("alder.test", cert.agent), key);
    write(file, note.whole());
  }

  fs::path dir;
  CountingRandom random{7};
  Instant now = kT0;
  std::string pass = "correct horse", out, err;
};

}  // namespace

TEST_CASE("keys in three hands make a consortium: enrol, suspend, revoke, rotate, and the hub's directory takes every note") {
  Desktop t;
  t.init();
  Consortium kit;
  auto a = kit.agent("harbor-house");
  t.request("a.request", a.cert, a.sign);
  CHECK(t.run({"request", "show", "@a.request"}) == 0);
  CHECK(t.out.find("harbor-house") != std::string::npos);

  CHECK(t.run({"issue", "@alder", "@a.request", "-o", "@a.cert", "--as", "1", "--json"}) == 0);
  CHECK(t.out.find("\"complete\":false") != std::string::npos);
  CHECK(t.run({"sign", "@alder", "@a.cert", "--as", "1"}) == 0);  // the same hand again changes nothing
  CHECK(t.out.find("complete           no") != std::string::npos);
  CHECK(t.run({"sign", "@alder", "@a.cert", "--as", "3"}) == 0);
  CHECK(t.out.find("complete           yes") != std::string::npos);
  CHECK(t.run({"record", "@alder", "@a.cert"}) == 2);  // it is in already

  auto hub = Directory::start(t.read("alder/anchor.note"));
  REQUIRE(hub.ok());
  REQUIRE(hub->add(t.read("alder/anchor.note"), 0, t.now).ok());
  REQUIRE(hub->add(t.read("a.cert"), 1, t.now).ok());
  CHECK(hub->standing_now(hub->by_slug("harbor-house")->cert_hash, t.now) == Standing::kActive);

  CHECK(t.run({"suspend", "@alder", "harbor-house", "-o", "@s.note", "--as", "2"}) == 0);
  REQUIRE(hub->add(t.read("s.note"), 2, t.now).ok());
  t.now = t.now.plus(kDay);
  CHECK(t.run({"suspend", "@alder", "harbor-house", "-o", "@s2.note", "--as", "2"}) == 2);
  CHECK(t.err.find("30 days") != std::string::npos);
  CHECK_FALSE(fs::exists(t.dir / "s2.note"));
  CHECK(t.run({"revoke", "@alder", "@a.cert", "--reason", "key-compromised", "-o", "@r.note"}) == 0);
  REQUIRE(hub->add(t.read("r.note"), 3, t.now).ok());

  auto renewed = a.cert;
  auto fresh = SignKey::generate(t.random);
  renewed.sign = fresh.public_key();
  t.request("a2.request", renewed, fresh);
  CHECK(t.run({"issue", "@alder", "@a2.request", "-o", "@a2.cert", "--days", "30", "--json"}) == 0);
  CHECK(t.out.find("\"serial\":2") != std::string::npos);
  CHECK(t.out.find("\"complete\":true") != std::string::npos);
  REQUIRE(hub->add(t.read("a2.cert"), 4, t.now).ok());

  CHECK(t.run({"anchor", "rotate", "@alder", "--add", "1", "--remove", "1", "-o", "@anchor2"}) == 0);
  REQUIRE(hub->add(t.read("anchor2"), 5, t.now).ok());
  CHECK(t.run({"anchor", "show", "@alder", "--json"}) == 0);
  CHECK(t.out.find("\"version\":2") != std::string::npos);
  CHECK(t.run({"revoke", "@alder", "harbor-house", "--reason", "closed", "-o", "@r2.note", "--as", "1,2"}) == 2);  // 1 has left
  CHECK(t.run({"revoke", "@alder", "harbor-house", "--reason", "closed", "-o", "@r2.note"}) == 0);
  REQUIRE(hub->add(t.read("r2.note"), 6, t.now).ok());
}

TEST_CASE("the register's agents become the log's witnesses: more than half of every kind, and never two of them alone") {
  Desktop t;
  t.init();
  Consortium kit;
  const auto certify = [&](const std::string& slug, const std::string& kind) {
    auto a = kit.agent(slug);
    a.cert.kind = kind;
    t.request(slug + ".request", a.cert, a.sign);
    REQUIRE(t.run({"issue", "@alder", "@" + slug + ".request", "-o", "@" + slug + ".cert"}) == 0);
    return a.cert;
  };
  const Cert harbor = certify("harbor-house", "crisis_center");
  certify("alder-pd", "police");
  CHECK(t.run({"anchor", "rotate", "@alder", "--witnesses", "all", "-o", "@anchor2"}) == 2);
  CHECK(t.err.find("too few") != std::string::npos);
  CHECK_FALSE(fs::exists(t.dir / "anchor2"));
  certify("elm-pd", "police");
  CHECK(t.run({"anchor", "rotate", "@alder", "--witnesses", "harbor-house,nobody,elm-pd", "-o", "@anchor2"}) == 2);
  CHECK(t.run({"anchor", "rotate", "@alder", "--witnesses", "all", "-o", "@anchor2"}) == 0);
  const std::string text = t.read("anchor2");
  const VerifierKey key{witness_name("alder.test", harbor.agent), NoteAlg::kCosignature, harbor.witness};
  CHECK(text.find("witness harbor-house " + key.text() + "\n") != std::string::npos);
  CHECK(text.find("group kind/crisis_center 1 harbor-house\n") != std::string::npos);
  CHECK(text.find("group kind/police 2 alder-pd elm-pd\n") != std::string::npos);
  CHECK(text.find("group every-kind all kind/crisis_center kind/police\nquorum every-kind\n") != std::string::npos);
  CHECK(t.run({"anchor", "rotate", "@alder", "--witnesses", "none", "-o", "@anchor3"}) == 0);
  CHECK(t.read("anchor3").find("\nquorum none\n") != std::string::npos);
}

TEST_CASE("a renewal needs the old key's signature, which the agent adds") {
  Desktop t;
  t.init();
  Consortium kit;
  auto a = kit.agent("harbor-house");
  t.request("a.request", a.cert, a.sign);
  REQUIRE(t.run({"issue", "@alder", "@a.request", "-o", "@a.cert"}) == 0);
  auto renewed = a.cert;
  auto fresh = SignKey::generate(t.random);
  renewed.sign = fresh.public_key();
  t.request("b.request", renewed, fresh);
  CHECK(t.run({"issue", "@alder", "@b.request", "-o", "@b.cert", "--json"}) == 0);
  CHECK(t.out.find("old sign key") != std::string::npos);
  auto note = *parse_note(t.read("b.cert"));
  note.sign(agent_name("alder.test", a.cert.agent), a.sign);
  t.write("b.cert", note.whole());
  CHECK(t.run({"record", "@alder", "@b.cert"}) == 0);
}

TEST_CASE("what is refused leaves nothing behind") {
  Desktop t;
  t.init();
  Consortium kit;
  auto a = kit.agent("harbor-house");
  t.request("a.request", a.cert, a.sign);
  t.request("forged.request", a.cert, a.recovery);
  CHECK(t.run({"request", "show", "@forged.request"}) == 1);
  CHECK(t.run({"issue", "@alder", "@forged.request", "-o", "@x"}) == 2);
  t.pass = "wrong";
  CHECK(t.run({"issue", "@alder", "@a.request", "-o", "@x"}) == 2);
  t.pass = "";
  CHECK(t.run({"issue", "@alder", "@a.request", "-o", "@x"}) == 2);
  t.write("p", "correct horse\n");
  CHECK(t.run({"issue", "@alder", "@a.request", "-o", "@ok", "--passphrase-file", "@p"}) == 0);
  t.pass = "correct horse";
  auto b = kit.agent("harbor-house");  // the name is taken
  t.request("b.request", b.cert, b.sign);
  CHECK(t.run({"issue", "@alder", "@b.request", "-o", "@x"}) == 2);
  b = kit.agent("county-ems");
  b.cert.transport = a.cert.transport;
  t.request("b.request", b.cert, b.sign);
  CHECK(t.run({"issue", "@alder", "@b.request", "-o", "@x"}) == 2);
  CHECK_FALSE(fs::exists(t.dir / "x"));
  CHECK(t.run({"suspend", "@alder", "nobody", "-o", "@x"}) == 2);
  CHECK(t.run({"sign", "@alder", "@a.request", "--as", "1"}) == 2);
  CHECK(t.run({"issue", "@alder"}) == 2);
  CHECK(t.run({"issue", "@alder", "@a.request", "-o", "@x", "--colour"}) == 2);
  CHECK(t.run({"dance"}) == 2);
  CHECK(t.run({"--help"}) == 0);
  CHECK(t.run({"init", "@alder", "--consortium", "c", "--authorities", "1", "--threshold", "1", "--hub-transport", "AA==", "--log-key",
               "x"}) == 2);
}

TEST_CASE("a consortium outside tests has a threshold of at least two") {
  Desktop t;
  std::vector<std::string> words{"init",
                                 "@c",
                                 "--consortium",
                                 "c.example",
                                 "--authorities",
                                 "2",
                                 "--threshold",
                                 "1",
                                 "--hub-transport",
                                 base::base64(View(BoxKey::generate(t.random).public_key())),
                                 "--log-key",
                                 VerifierKey{"c.example/log", NoteAlg::kEd25519, SignKey::generate(t.random).public_key()}.text()};
  CHECK(t.run(words) == 2);
  CHECK_FALSE(fs::exists(t.dir / "c"));
}

TEST_CASE("a policy note carries the text's hash and the rows made from it") {
  Desktop t;
  t.init();
  t.write("policy.toml",
          "flow = [ {id=\"F1\", from=[\"police\"], to=[\"*\"], kinds=[\"Referral\"], purpose=[\"CRISIS\"], decision=\"allow\"} ]\n"
          "[policy]\nid = \"alder\"\nversion = 3\neffective = 2025-01-01T00:00:00Z\n");
  CHECK(t.run({"policy", "sign", "@alder", "@policy.toml", "-o", "@p.note"}) == 0);
  INFO(t.err);
  auto note = parse_note(t.read("p.note"));
  REQUIRE(note.ok());
  auto p = parse_policy_note(note->text);
  REQUIRE(p.ok());
  CHECK(p->version == 3);
  CHECK_FALSE(p->matrix.empty());
  t.write("bad.toml", "flow = 3");
  CHECK(t.run({"policy", "sign", "@alder", "@bad.toml", "-o", "@q.note"}) == 2);
  t.write("unlawful.toml",
          t.read("policy.toml") + "[[label_rule]]\nid = \"L1\"\nlabel = [\"part2\"]\nto = [\"police\"]\ndecision = \"allow\"\n");
  CHECK(t.run({"policy", "sign", "@alder", "@unlawful.toml", "-o", "@q.note"}) == 2);
  CHECK(t.err.find("42 CFR 2.12(d)") != std::string::npos);
  t.write("stranded.toml",
          t.read("policy.toml") + "[[agency]]\nid = \"apd\"\nkind = \"police\"\n[[agency]]\nid = \"ace\"\nkind = \"ems\"\n");
  CHECK(t.run({"policy", "sign", "@alder", "@stranded.toml", "-o", "@q.note"}) == 2);
  CHECK(t.err.find("no path for an emergent referral from ems") != std::string::npos);
}

TEST_CASE("a process that has forbidden itself sockets dies of SIGSYS when it makes one") {
  for (int family : {AF_INET, AF_UNIX}) {
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      if (!cli::authority::forbid_sockets().ok()) _exit(3);
      if (getppid() < 0) _exit(4);  // other calls go on
      (void)socket(family, SOCK_STREAM, 0);
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGSYS);
  }
}

TEST_CASE("the finished program links no socket library and runs under its own filter") {
  const std::string program = std::string(HANDOFF_BIN_DIR) + "/handoff-authority";
  auto output = [](const std::string& command) {
    std::string out;
    FILE* p = popen(command.c_str(), "r");
    REQUIRE(p != nullptr);
    char buffer[512];
    while (fgets(buffer, sizeof buffer, p)) out += buffer;
    CHECK(pclose(p) == 0);
    return out;
  };
  auto libraries = output("ldd " + program);
  CHECK(libraries.find("libsodium") != std::string::npos);
  for (const char* forbidden : {"libzmq", "libssl", "libcurl", "libnats", "liblmdb"}) CHECK(libraries.find(forbidden) == std::string::npos);
  CHECK(output(program + " --help").find("never opens a socket") != std::string::npos);
}
