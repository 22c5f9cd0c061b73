// The whole agent between two MLLP ends: which acknowledgement settles which event.
#include "adapters/formats/hl7v2/ack.h"
#include "adapters/formats/hl7v2/message.h"
#include "adapters/hospital/hospital.h"
#include "adapters/transport/mllp_client.h"
#include "adapters/transport/mllp_server.h"
#include "tests/unit/feed/kit.h"

using namespace rig;
namespace hl7 = adapters::formats::hl7v2;
namespace transport = adapters::transport;

namespace {

// The hospital's system: it hears answers, and acknowledges them as it is told to.
struct Ehr {
  std::mutex lock;
  std::vector<std::string> heard;
  std::string wrong_id;  // not empty: this control id is acknowledged, whatever came
  transport::MllpServer server{{.listen = "127.0.0.1:0", .clock = base::real_now}, {[this](std::string_view bytes) -> std::optional<std::string> {
                                                                                     const std::lock_guard held(lock);
                                                                                     heard.emplace_back(bytes);
                                                                                     const auto m = hl7::parse(bytes);
                                                                                     std::string ack = hl7::build_ack(&*m, "AA", {}, "L1", {});
                                                                                     if (wrong_id.empty()) return ack;
                                                                                     const auto msa = ack.find("MSA|AA|") + 7;
                                                                                     return ack.replace(msa, ack.find_first_of("|\r", msa) - msa, wrong_id);
                                                                                   },
                                                                                   nullptr}};
  Ehr() { REQUIRE(server.start().ok()); }
  ~Ehr() { server.stop(); }
  std::size_t count() {
    const std::lock_guard held(lock);
    return heard.size();
  }
  void answer_as(std::string id) {
    const std::lock_guard held(lock);
    wrong_id = std::move(id);
  }
};

constexpr const char* kReferral =
    "MSH|^~\\&|EHR|STB|HANDOFF|HUB|20261005140000||REF^I12^REF_I12|C-1|P|2.5.1\r"
    "RF1||A|PSY|||R-77\r"
    "PRD|RP|Ward^Ann|||||\r"
    "PRD|RT|Harborlight\r"
    "PID|1||M-5^^^STB||Canaryworth^Jo||1992\r"
    "DG1|1||R45.851^Suicidal ideation^I10\r";

std::vector<agent::AdapterSettings> hospital(const std::string& answer_to) {
  const auto config = schemas::Config::parse("listen = \"127.0.0.1:0\"\nanswer_to = \"" + answer_to +
                                             "\"\nto = \"harbor\"\ncallback = \"555-0110\"\nservice = \"CRISIS_EVAL\"\nreason = \"SI\"\nanswer_seconds = 1\nattempts = 1\n");
  REQUIRE(config.ok());
  return {{"hospital-mllp", "ehr", *config, base::kDay}};
}

std::string listening(AgentBox& box) {
  std::string words;
  REQUIRE(eventually([&] {
    words = box->supervisor().status()[0].health.words;
    return words.starts_with("listening on ");
  }));
  words = words.substr(13);
  return words.substr(0, words.find(','));
}

}  // namespace

TEST_CASE("a wrong ACK is never credited to the wrong message") {
  Ehr ehr;
  FakeHub hub;
  hub.policy(ops_policy(2));
  AgentBox stb(hub, "stb", "hospital_ed", hospital(ehr.server.address()), {adapters::hospital::hospital_mllp()});
  AgentBox harbor(hub, "harbor", "crisis_center");
  stb.start();
  harbor.start();
  for (AgentBox* box : {&stb, &harbor}) {
    const base::Id other = box == &stb ? harbor.id() : stb.id();
    REQUIRE(eventually([&] {
      (void)(*box)->office().replica.sync((*box)->hub());
      return (*box)->office().desk().stale.empty() && (*box)->office().replica.directory().usable_epoch(other, hub.clock.now()) != nullptr;
    }));
  }
  transport::MllpClient source({.to = listening(stb), .clock = base::real_now});
  const auto answer = source.send(kReferral, [](std::string_view) { return true; });
  REQUIRE(answer.ok());
  REQUIRE_MESSAGE(answer->find("MSA|AA|C-1") != std::string::npos, *answer);
  REQUIRE(eventually([&] { return harbor->host().threads(0, 10).threads.size() == 1; }));
  const base::Id thread = harbor->host().threads(0, 10).threads[0].thread_id;

  ehr.answer_as("C-OF-ANOTHER-MESSAGE");
  REQUIRE(eventually([&] { return stb.phase(thread) == schemas::Phase::kReceived; }));
  REQUIRE(eventually([&] { return ehr.count() >= 2; }));  // asked again: the answer was to something else
  CHECK(stb->supervisor().status()[0].health.delivered == 0);
  CHECK(stb->supervisor().status()[0].queue >= 1);
  ehr.answer_as("");
  CHECK(eventually([&] { return stb->supervisor().status()[0].queue == 0; }));
  CHECK(stb->supervisor().status()[0].health.delivered == 1);
  const std::lock_guard held(ehr.lock);
  for (const std::string& heard : ehr.heard) CHECK(heard.substr(0, heard.find("|P|")) == ehr.heard[0].substr(0, ehr.heard[0].find("|P|")));  // one message, sent again
  stb.stop();
}
