// handoff-agent: one agency's agent. The table of built-in adapters, and the commands init, enroll, run, doctor, inspect.
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/agent/agent.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/doctor.h"
#include "adapters/agent/enrol.h"
#include "adapters/behavioral/behavioral.h"
#include "adapters/ems/ems.h"
#include "adapters/hospital/hospital.h"
#include "adapters/main_inspect.h"
#include "adapters/police/police.h"

namespace adapters {
namespace {

constexpr int kWorked = 0, kFinding = 1, kFailed = 2, kDiskFailed = 3;  // docs/guide/agency-it.md

const std::vector<agent::AdapterType>& adapter_types() {
  static const std::vector<agent::AdapterType> types{hospital::hospital_mllp(), behavioral::behavioral_folder(), police::police_folder(), ems::ems_folder()};
  return types;
}

constexpr const char* kHelp = R"(handoff-agent: one agency's agent

  handoff-agent init DIR --slug NAME --kind KIND --hub ADDRESS --consortium NAME UNLOCK [--agency ID|auto] [--auditor] [--low-cost-kdf]
      makes keys, agent.toml and request.note; the authority answers the request with a certificate
      --auditor: for somebody who reads the consortium's log and sends nothing (docs/guide/compliance.md)
  handoff-agent enroll DIR --cert FILE --anchor FILE [--anchor-hash HEX]
  handoff-agent run DIR | --config FILE
      prints "ready SOCKET" when it serves; stops on SIGTERM
  handoff-agent doctor DIR | --config FILE [--json]
  handoff-agent inspect [--format csv] [--mapping FILE] FILE...
      reads files as an adapter would and sends nothing; a JSON line a file, without contents

  UNLOCK is one of --passphrase-file FILE, --key-file FILE (32 bytes), --credential NAME (systemd)
  Example: handoff-agent init /var/lib/handoff/mercy --slug mercy-ed --kind hospital_ed --hub tcp://hub.example.org:7780
           --consortium alder --passphrase-file /etc/handoff/passphrase
)";

struct Arguments {
  std::string command;
  std::vector<std::string> words;
  std::map<std::string, std::string> options;  // without the dashes; a flag is ""
  [[nodiscard]] std::string get(const std::string& name, const std::string& fallback = {}) const {
    const auto it = options.find(name);
    return it == options.end() ? fallback : it->second;
  }
  [[nodiscard]] bool has(const std::string& name) const { return options.contains(name); }
};

base::Error usage(std::string what, std::string where = {}) { return {base::Kind::kUsage, std::move(what), std::move(where), "see handoff-agent --help"}; }

base::Result<Arguments> read_arguments(int argc, char** argv) {
  static const std::map<std::string, bool> known{{"agency", true},          {"slug", true},     {"kind", true},       {"hub", true},  {"consortium", true},
                                                 {"passphrase-file", true}, {"key-file", true}, {"credential", true}, {"cert", true}, {"anchor", true},
                                                 {"anchor-hash", true},     {"config", true},   {"low-cost-kdf", false}, {"auditor", false}, {"format", true}, {"mapping", true}, {"json", false}, {"help", false}};
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      (a.command.empty() ? a.command : a.words.emplace_back()) = word;
      continue;
    }
    const auto eq = word.find('=');
    const std::string name = word.substr(2, eq == std::string::npos ? eq : eq - 2);
    const auto option = known.find(name);
    if (option == known.end()) return usage("unknown option", word);
    if (!option->second) {
      a.options[name];
    } else if (eq != std::string::npos) {
      a.options[name] = word.substr(eq + 1);
    } else if (i + 1 < argc) {
      a.options[name] = argv[++i];
    } else {
      return usage("the option needs a value", word);
    }
  }
  return a;
}

agent::UnlockSource unlock_of(const Arguments& a) { return {a.get("passphrase-file"), a.get("key-file"), a.get("credential")}; }
const char* credentials() { return std::getenv("CREDENTIALS_DIRECTORY"); }

base::Result<std::string> config_path(const Arguments& a) {
  if (a.has("config")) return a.get("config");
  if (a.words.size() == 1) return a.words[0] + "/agent.toml";
  return usage("name the agent's folder, or --config FILE");
}

base::Result<int> init(const Arguments& a) {
  if (a.words.size() != 1) return usage("init takes a folder");
  agent::InitOptions o;
  o.dir = a.words[0];
  o.slug = a.get("slug");
  o.kind = a.get("kind");
  o.hub = a.get("hub");
  o.consortium = a.get("consortium");
  o.unlock = unlock_of(a);
  o.auditor = a.has("auditor");
  o.low_cost = a.has("low-cost-kdf");
  o.credentials_directory = credentials();
  if (o.hub.empty() || o.consortium.empty()) return usage("init needs --hub and --consortium");
  if (const std::string agency = a.get("agency", "auto"); agency != "auto") {
    o.agency = base::unhex_id(agency);
    if (!o.agency) return usage("an agency id has 32 hex digits", "--agency");
  }
  TRY_ASSIGN(const agent::Initialised made, agent::init_agent(o, crypto::system_random()));
  fmt::print("agency {}\nagent  {}\nHand {} to the authority.\nPut {} into a safe and delete it here: it can suspend this agent.\n", base::hex(made.agency),
             base::hex(made.agent), made.request_path, made.recovery_path);
  return kWorked;
}

base::Result<int> enroll(const Arguments& a) {
  if (a.words.size() != 1 || !a.has("cert") || !a.has("anchor")) return usage("enroll takes a folder, --cert FILE and --anchor FILE");
  agent::EnrollOptions o{a.words[0], a.get("cert"), a.get("anchor"), {}};
  if (a.has("anchor-hash")) {
    o.anchor_hash = base::unhex_hash(a.get("anchor-hash"));
    if (!o.anchor_hash) return usage("an anchor's hash has 64 hex digits", "--anchor-hash");
  }
  TRY_ASSIGN(const agent::Enrolled e, agent::enroll_agent(o, base::real_now()));
  fmt::print("{} is enrolled in {}{}, serial {}, until {}\nanchor hash {}\n", e.slug, e.consortium, e.test ? " (TEST)" : "", e.serial, base::rfc3339(e.not_after),
             base::hex(e.anchor_hash));
  return kWorked;
}

void log_line(std::string_view who, std::string_view words) { fmt::print(stderr, "{} {}: {}\n", base::rfc3339(base::real_now()), who, words); }

// D16: after a failed sync nothing this process says can be believed.
[[noreturn]] void disk_failed(const base::Error& e) {
  log_line("agent", "the disk failed, the agent stops: " + e.message());
  ::_exit(kDiskFailed);
}

base::Result<int> run(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(agent::Settings settings, agent::load_settings(config));
  ::prctl(PR_SET_DUMPABLE, 0);  // no core dumps and no debugger: keys and plaintext are in here
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // before any thread starts
  agent::World world{crypto::system_random(), base::real_now, log_line, disk_failed, credentials(), {}};
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
  ::_exit(kWorked);  // an adapter that hangs has been left behind: no destructor may wait for it
}

base::Result<int> doctor(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(const agent::Settings settings, agent::load_settings(config));
  const auto findings = agent::examine(settings, adapter_types(), crypto::system_random(), base::real_now, credentials());
  bool all = true;
  if (a.has("json")) {
    schemas::Json rows = schemas::Json::array();
    for (const agent::Finding& f : findings) rows.push_back({{"ok", f.good}, {"words", f.words}, {"mend", f.good ? "" : f.mend}});
    fmt::print("{}\n", schemas::dump(rows));
  }
  for (const agent::Finding& f : findings) {
    all = all && f.good;
    if (!a.has("json")) fmt::print("{:4} {}{}\n", f.good ? "ok" : "BAD", f.words, f.good || f.mend.empty() ? "" : "; " + f.mend);
  }
  return all ? kWorked : kFinding;
}

base::Result<int> inspect_files(const Arguments& a) {
  if (a.words.empty()) return usage("name the files to inspect");
  bool all = true;
  for (const std::string& path : a.words) {
    TRY_ASSIGN(const Inspected seen, inspect(path, {a.get("format"), a.get("mapping")}));
    fmt::print("{}\n", seen.json);
    all = all && seen.read;
  }
  return all ? kWorked : kFinding;
}

base::Result<int> dispatch(int argc, char** argv) {
  TRY_ASSIGN(const Arguments a, read_arguments(argc, argv));
  if (a.has("help") || a.command == "help") {
    fmt::print("{}", kHelp);
    return kWorked;
  }
  if (a.command == "init") return init(a);
  if (a.command == "enroll") return enroll(a);
  if (a.command == "run") return run(a);
  if (a.command == "doctor") return doctor(a);
  if (a.command == "inspect") return inspect_files(a);
  return usage("name a command: init, enroll, run, doctor or inspect");
}

}  // namespace
}  // namespace adapters

int main(int argc, char** argv) {
  crypto::init();
  const auto done = adapters::dispatch(argc, argv);
  if (done.ok()) return *done;
  fmt::print(stderr, "handoff-agent: {}\n", done.error().message());
  const bool disk = done.error().kind == base::Kind::kIo || done.error().kind == base::Kind::kFull;
  return disk && argc > 1 && std::string_view(argv[1]) == "run" ? adapters::kDiskFailed : adapters::kFailed;
}
