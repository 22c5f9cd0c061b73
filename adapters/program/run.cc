// run and doctor: the agent at work, and what keeps it from working.
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "adapters/agent/agent.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/doctor.h"
#include "adapters/inbox/assets.h"
#include "adapters/program/commands.h"
#include "adapters/program/line.h"
#include "adapters/program/types.h"

namespace adapters::program {
namespace {

const char* credentials() { return std::getenv("CREDENTIALS_DIRECTORY"); }

void log_line(std::string_view who, std::string_view words) { fmt::print(stderr, "{} {}: {}\n", base::rfc3339(base::real_now()), who, words); }

// D16: after a failed sync nothing this process says can be believed.
[[noreturn]] void disk_failed(const base::Error& e) {
  log_line("agent", "the disk failed, the agent stops: " + e.message());
  ::_exit(kDiskFailed);
}

}  // namespace

base::Result<int> run(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(agent::Settings settings, agent::load_settings(config));
  ::prctl(PR_SET_DUMPABLE, 0);  // no core dumps and no debugger: keys and plaintext are in here
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGUSR1);  // handoff-agent lock
  sigaddset(&stop, SIGUSR2);  // this process to itself: new keys are to be taken over
  ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // before any thread starts
  agent::World world{crypto::system_random(), base::real_now, log_line, disk_failed, credentials(), {}, inbox::all().empty() ? nullptr : inbox::find,
                     [] { ::kill(::getpid(), SIGUSR2); }};
  TRY_ASSIGN(const auto running, agent::Agent::open(std::move(settings), std::move(world), adapter_types()));
  TRY(running->start());
  const std::string socket = running->settings().dir + "/agent.sock";
  TRY_ASSIGN(auto server, agent::api::Server::start(socket, [&](const std::string& line, const agent::api::Peer& peer, const agent::api::Reply& reply) {
               agent::api::answer(*running, line, peer, reply);
             }));
  fmt::print("ready {}\n", socket);
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&stop, &signal);
  server.reset();
  running->stop();
  std::fflush(stdout);
  if (signal == SIGUSR1) become("locked", config);
  if (signal == SIGUSR2) become("run", config);  // the old private halves are nowhere in the new process
  ::_exit(kWorked);  // an adapter that hangs has been left behind: no destructor may wait for it
}

// From outside; and from inside, by the agent itself if it runs.
base::Result<int> doctor(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(const agent::Settings settings, agent::load_settings(config));
  agent::Examined seen = agent::examine(settings, adapter_types(), crypto::system_random(), base::real_now, credentials());
  if (seen.running) {
    const auto inside = ask(settings.dir, {{"op", "doctor"}});
    if (!inside.ok()) seen.findings.push_back({false, "agent: " + inside.error().what, inside.error().mend});
    for (const Json& f : inside.ok() ? (*inside)->value("findings", Json::array()) : Json::array()) seen.findings.push_back({f.value("ok", false), field(f, "words"), field(f, "mend"), f.value("warning", false)});
  }
  bool all = true;
  Json rows = Json::array();
  for (const agent::Finding& f : seen.findings) {
    all = all && f.good;
    rows.push_back({{"ok", f.good}, {"warning", f.warning}, {"words", f.words}, {"mend", f.good ? "" : f.mend}});
    if (!a.has("json")) fmt::print("{:4} {}{}\n", f.good ? "ok" : f.warning ? "WARN" : "BAD", f.words, f.good || f.mend.empty() ? "" : "; " + f.mend);
  }
  const std::string dir = a.has("config") ? "--config " + a.get("config") : a.words[0];
  if (a.has("json")) fmt::print("{}\n", schemas::dump(rows));
  if (!a.has("json")) next(!seen.running ? "handoff-agent run " + dir + ", and doctor again while it runs" : "mend what is BAD, then handoff-agent selftest " + dir);
  return all ? kWorked : kFinding;
}

}  // namespace adapters::program
