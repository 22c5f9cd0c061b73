// `handoff audit` over an auditor's own line to a real hub: everything is proved, and a hub that cannot prove is not believed.
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/counter/hub_line.h"
#include "tests/integration/hub_kit.h"

using namespace hub_kit;

namespace {

struct Said {
  int code = -1;
  nlohmann::json json;
};

// The auditor at a terminal: the profile `county` names the hub and the credential.
class Auditor {
 public:
  Auditor(World& w, const std::string& anchor) : home_(w.dir.path("auditor")) {
    std::filesystem::create_directories(home_ + "/handoff");
    std::ofstream(home_ + "/handoff/anchor.note") << anchor;
    std::ofstream(home_ + "/handoff/transport.key") << base::hex(w.c.agent("auditor").transport.secret().view()) << "\n";
    std::ofstream(home_ + "/handoff/county.toml")
        << "hub = \"" << w.hub->endpoint() << "\"\nanchor = \"anchor.note\"\nkey = \"transport.key\"\n";
  }
  Said handoff(const std::string& words) const {
    const std::string file = home_ + "/out";
    const int rc = std::system(("XDG_CONFIG_HOME=" + home_ + " XDG_STATE_HOME=" + home_ + "/state " HANDOFF_BIN_DIR "/handoff " + words + " --profile county --json >" + file +
                                " 2>" + home_ + "/err")
                                   .c_str());
    std::ifstream in(file);
    return {WEXITSTATUS(rc), nlohmann::json::parse(in, nullptr, false)};
  }
  [[nodiscard]] cli::counter::Profile profile(World& w) const {
    return {"", w.hub->endpoint(), home_ + "/handoff/anchor.note", home_ + "/handoff/transport.key"};
  }
  [[nodiscard]] std::string complaint() const {
    std::ifstream in(home_ + "/err");
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string home_;
};

}  // namespace

TEST_CASE("an auditor's own credential reads trail and search with proofs, and recounts the whole log") {
  World w({"mercy", "crisis", "auditor"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const base::Id thread = crypto::uuid7(w.c.random(), w.now());
  acked(mercy->batch(w.send("mercy", {{.to = "crisis", .thread = thread}})));
  acked(mercy->batch(w.send("mercy", {{.to = "crisis", .kind = schemas::MsgKind::kMessage, .thread = thread, .thread_seq = 2}})));
  const Auditor auditor(w, w.c.anchor());

  const auto trail = auditor.handoff("audit trail " + base::uuid(thread));
  REQUIRE_MESSAGE(trail.code == 0, auditor.complaint());
  REQUIRE(trail.json["rows"].size() == 2);
  CHECK(trail.json["rows"][0]["kind"] == "Referral");  // from the beginning
  for (const auto& row : trail.json["rows"]) {
    CHECK(row["proof"] == "ok");
    CHECK(row["from"] == "mercy");
    CHECK(row["to"][0] == "crisis");
  }
  const auto found = auditor.handoff("audit search --kind SecureMessage --to crisis");
  REQUIRE(found.code == 0);
  CHECK(found.json["rows"].size() == 1);
  CHECK(found.json["access_index"] > trail.json["access_index"]);  // each question is in the log

  const auto whole = auditor.handoff("audit verify");
  REQUIRE_MESSAGE(whole.code == 0, auditor.complaint());
  CHECK(whole.json["ok"] == true);
  CHECK(whole.json["entries"] > found.json["access_index"]);
  CHECK(auditor.handoff("audit search --agency nobody").code == 2);
  CHECK(auditor.handoff("inbox list").code == 2);  // a hub has no inbox to show
}

TEST_CASE("the second verification reads only what came since, --whole everything, --since from there on; a search streams to its end") {
  World w({"mercy", "crisis", "auditor"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  for (int i = 0; i < 5; ++i) acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  const Auditor auditor(w, w.c.anchor());
  const auto first = auditor.handoff("audit verify");
  REQUIRE_MESSAGE(first.code == 0, auditor.complaint());
  CHECK(first.json["since"] == 0);
  acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  const auto second = auditor.handoff("audit verify");
  REQUIRE_MESSAGE(second.code == 0, auditor.complaint());
  CHECK(second.json["since"] == first.json["entries"]);
  CHECK(second.json["entries"] > first.json["entries"]);
  CHECK_FALSE(second.json.contains("mark"));
  CHECK(auditor.handoff("audit verify --whole").json["since"] == 0);
  const auto part = auditor.handoff("audit verify --since 7");
  CHECK(part.code == 0);
  CHECK(part.json["since"] == 7);
  CHECK(auditor.handoff("audit verify --since 100000").code == 2);
  CHECK(auditor.handoff("audit verify --since 2031-01-01").code == 0);  // nothing is so new: the end alone
  CHECK(auditor.handoff("audit search --limit 4").json["rows"].size() == 4);
  CHECK(auditor.handoff("audit search --since 2031-01-01").json["rows"].empty());
  CHECK(auditor.handoff("audit search --all").code == 0);
}

TEST_CASE("a note that is logged after the line was opened does not make the log look broken") {
  World w({"mercy", "crisis", "auditor"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const Auditor auditor(w, w.c.anchor());
  const auto line = cli::counter::HubLine::connect(auditor.profile(w));
  REQUIRE_MESSAGE(line.ok(), (line.ok() ? "" : line.error().message()));
  const auto later = w.c.policy(2, {{"*", "*", "*", "*"}}, w.now().minus(1000));
  acked(mercy->dir_put({later.whole, later.blob}));
  const auto whole = (*line)->ask({{"op", "audit.verify"}}, {});
  REQUIRE(whole.ok());
  CHECK((*whole)->at("ok") == true);
}

TEST_CASE("a hub that is not the anchor's is not believed") {
  World w({"mercy", "crisis", "auditor"});
  const kit::Consortium other({{"mercy", "hospital_ed"}}, {.seed = 2});
  const Auditor auditor(w, other.anchor());
  CHECK(auditor.handoff("audit verify").code == 2);  // the server's key is another: no line at all
}
