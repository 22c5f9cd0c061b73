// Starting agents, and asking them.
#include "tests/integration/agent_kit.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "crypto/note.h"

namespace agent_kit {

hub_kit::Finished run_agent(const std::vector<std::string>& args) {
  hub_kit::Finished f;
  int out = -1;
  const int pid = hub_kit::spawn("handoff-agent", args, out);
  char buffer[4096];
  for (ssize_t n; (n = ::read(out, buffer, sizeof buffer)) > 0;) f.out.append(buffer, static_cast<std::size_t>(n));
  ::close(out);
  f.code = hub_kit::wait_for(pid);
  return f;
}

namespace {

void run(const std::vector<std::string>& args) { REQUIRE(run_agent(args).code == 0); }

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void put(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

// What an authority does with a request, by the test's own authorities.
std::string certify(hub_kit::World& w, const std::string& request_note) {
  const auto note = crypto::parse_note(request_note);
  REQUIRE(note.ok());
  const auto request = crypto::parse_request(note->text);
  REQUIRE(request.ok());
  crypto::Cert cert = request->cert;
  cert.consortium = crypto::parse_note(w.c.anchor())->hash();
  cert.not_before = w.now().minus(base::kHour);
  cert.not_after = w.now().plus(365 * base::kDay);
  return w.c.sign_by_authorities(cert.text(), 2);
}

}  // namespace

AgentProcess::AgentProcess(hub_kit::World& w, const std::string& slug, const std::string& kind, const Road& road) : dir_(w.dir.path(slug)) {
  put(w.dir.path("pass"), "correct horse\n");
  run({"init", dir_, "--slug", slug, "--kind", kind, "--hub", road.enrolled ? road.endpoint : w.hub->endpoint(), "--consortium", w.c.name(), "--passphrase-file", w.dir.path("pass"), "--low-cost-kdf"});
  const std::string cert = certify(w, read_all(dir_ + "/request.note"));
  put(w.dir.path(slug + ".cert"), cert);
  auto line = w.line("police");
  REQUIRE(line.up());
  hub_kit::acked(line->dir_put({cert, {}}));
  run({"enroll", dir_, "--cert", w.dir.path(slug + ".cert"), "--anchor", w.dir.path("anchor.note")});
  if (road.enrolled) road.enrolled(slug, dir_);
  start();
}

AgentProcess::~AgentProcess() {
  if (pid_ > 0) end(SIGKILL);
}

void AgentProcess::start() {
  pid_ = hub_kit::spawn("handoff-agent", {"run", dir_}, out_);
  std::string line;
  for (char ch; line.find('\n') == std::string::npos;) {
    pollfd p{out_, POLLIN, 0};
    REQUIRE(::poll(&p, 1, static_cast<int>(hub_kit::kPatience)) == 1);
    REQUIRE(::read(out_, &ch, 1) == 1);
    line += ch;
  }
  REQUIRE(line == "ready " + dir_ + "/agent.sock\n");
}

bool AgentProcess::said(const std::string& begin) {
  char block[4096];
  for (pollfd p{out_, POLLIN, 0}; ::poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0;) {
    const ssize_t n = ::read(out_, block, sizeof block);
    if (n <= 0) break;
    heard_.append(block, static_cast<std::size_t>(n));
  }
  return heard_.starts_with(begin) || heard_.find("\n" + begin) != std::string::npos;
}

int AgentProcess::end(int signal) {
  ::kill(pid_, signal);
  const int code = hub_kit::wait_for(std::exchange(pid_, -1));
  ::close(out_);
  return code;
}

Json AgentProcess::ask(const Json& request) const {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (dir_ + "/agent.sock").copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const std::string line = schemas::dump(request) + "\n";
  REQUIRE(::send(fd, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size()));
  std::string in;
  Json out;
  char block[65536];
  while (!out.contains("ok")) {
    const auto end = in.find('\n');
    if (end != std::string::npos) {
      out = Json::parse(in.substr(0, end));
      in.erase(0, end + 1);
      continue;
    }
    const ssize_t n = ::recv(fd, block, sizeof block, 0);
    REQUIRE(n > 0);
    in.append(block, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return out;
}

Json AgentProcess::must(const Json& request) const {
  Json out = ask(request);
  REQUIRE_MESSAGE(out.at("ok").get<bool>(), schemas::dump(out));
  return out;
}

std::size_t AgentProcess::count(const std::string& thread) const {
  const Json shown = ask({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}});
  return shown.at("ok").get<bool>() ? shown.at("events").size() : 0;
}

std::string AgentProcess::phase(const std::string& thread) const {
  const Json shown = ask({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}});
  return shown.at("ok").get<bool>() ? shown.at("phase").get<std::string>() : "";
}

}  // namespace agent_kit
