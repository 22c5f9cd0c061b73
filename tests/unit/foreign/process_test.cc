// Child processes that behave badly, and what is left of them afterwards: nothing.
#include "adapters/transport/lines.h"
#include "adapters/transport/process.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include <doctest/doctest.h>

using namespace adapters::transport;
using base::Kind;

namespace {

ProcessOptions shell(const std::string& script) {
  ProcessOptions o;
  o.command = {"sh", "-c", script};
  o.environment = {"PATH=/usr/bin:/bin"};
  return o;
}
std::unique_ptr<Process> started(const ProcessOptions& o) {
  auto p = Process::start(o);
  REQUIRE_MESSAGE(p.ok(), p.error().message());
  return std::move(*p);
}
// Everything it writes until it closes.
std::string all_of(int fd) {
  std::string out;
  for (;;) {
    pollfd w{fd, POLLIN, 0};
    ::poll(&w, 1, -1);
    const auto piece = Process::take(fd);
    if (!piece) return out;
    out += *piece;
  }
}
std::string said(const ProcessOptions& o) {
  const auto p = started(o);
  return all_of(p->out());
}
bool alive(pid_t pid) { return ::kill(pid, 0) == 0; }
template <class F>
bool eventually(F done) {
  for (int i = 0; i < 4000; ++i) {
    if (done()) return true;
    ::usleep(5000);
  }
  return false;
}

}  // namespace

TEST_CASE("a child reads, writes and leaves; nothing is inherited but what is named") {
  ::setenv("SECRET", "x", 1);
  const int leak = ::open("/dev/null", O_RDONLY);  // on purpose not close-on-exec
  ProcessOptions o = shell("cat; echo $SECRET-$NAMED; ls /proc/self/fd | wc -l; pwd; exit 7");
  o.environment.push_back("NAMED=here");
  o.folder = "/tmp";
  const auto p = started(o);
  CHECK(*p->put("hello\n") == 6);
  p->close_in();
  CHECK(all_of(p->out()) == "hello\n-here\n4\n/tmp\n");  // the three, and the one with which ls reads
  CHECK(p->finish(10'000).words() == "it left with exit code 7");
  CHECK_FALSE(p->put("more").has_value());
  ::close(leak);
}

TEST_CASE("what cannot run says so before anything is started") {
  ProcessOptions o = shell("");
  o.command = {"no-such-program"};
  CHECK(Process::start(o).error().kind == Kind::kNotFound);
  o.command = {"/etc/passwd"};
  CHECK(Process::start(o).error().kind == Kind::kNotFound);
  o.command = {};
  CHECK(Process::start(o).error().kind == Kind::kUsage);
  o = shell("");
  o.folder = "/no/such/folder";
  CHECK(Process::start(o).error().where == "/no/such/folder");
}

TEST_CASE("one that does not read its input says so to the writer, and no signal ends us") {
  const auto p = started(shell("exec <&-; echo closed; sleep 1000"));
  pollfd w{p->out(), POLLIN, 0};
  REQUIRE(::poll(&w, 1, -1) == 1);
  CHECK_FALSE(p->put("x").has_value());
  const auto full = started(shell("sleep 1000"));
  std::size_t taken = 0;
  const std::string much(1 << 20, 'x');
  for (auto n = full->put(much); n && *n > 0; n = full->put(much)) taken += *n;
  CHECK(taken > 0);
  CHECK(taken < (8u << 20));
}

TEST_CASE("one that hangs is ended after the grace, and all that it started with it") {
  const auto p = started(shell("trap '' TERM; sleep 1000 & echo $!; wait"));
  pollfd w{p->out(), POLLIN, 0};
  REQUIRE(::poll(&w, 1, -1) == 1);
  const pid_t child = std::stoi(Process::take(p->out()).value_or("0"));
  REQUIRE(alive(child));
  CHECK(p->finish(1).words() == "it was ended by signal 9");
  CHECK(eventually([&] { return !alive(child); }));
}

TEST_CASE("one that leaves does not leave its children behind") {
  const auto p = started(shell("sleep 1000 & echo $!"));
  const std::string line = [&] {
    pollfd w{p->out(), POLLIN, 0};
    ::poll(&w, 1, -1);
    return Process::take(p->out()).value_or("0");
  }();
  CHECK(p->finish(10'000).code == 0);
  CHECK(eventually([&] { return !alive(std::stoi(line)); }));
}

TEST_CASE("memory, CPU, files and file sizes are limited") {
  ProcessOptions o = shell("python3 -c 'x = bytes(1 << 30)' 2>/dev/null || echo no memory");
  o.memory_bytes = 256u << 20;
  CHECK(said(o) == "no memory\n");
  o = shell("while :; do :; done");
  o.cpu_seconds = 1;
  CHECK(started(o)->finish(60'000).words() == "it used up its CPU time");
  o = shell("ulimit -n; ulimit -c");
  o.files = 17;
  CHECK(said(o) == "17\n0\n");
  o = shell("head -c 100000 /dev/zero > \"$(mktemp)\" 2>/dev/null || echo too large");
  o.file_bytes = 4096;
  CHECK(said(o) == "too large\n");
}

TEST_CASE("CPU time is renewed") {
  ProcessOptions o = shell("while :; do :; done");
  o.cpu_seconds = 1;
  const auto p = started(o);
  p->allow_cpu(3);
  CHECK(p->finish(60'000).words() == "it used up its CPU time");
  CHECK_FALSE(p->ended()->code != 0);
}

TEST_CASE("lines come whole, however they were cut, and never longer than the limit") {
  const std::string text = "one\r\n\ntwo\n" + std::string(20, 'x') + "\nrest";
  for (std::size_t step = 1; step < 9; ++step) {
    Lines lines(20);
    std::vector<std::string> got;
    for (std::size_t at = 0; at < text.size(); at += step) {
      lines.feed(std::string_view(text).substr(at, step));
      for (auto line = lines.next(); line.ok() && *line; line = lines.next()) got.push_back(**line);
    }
    CHECK(got == std::vector<std::string>{"one", "", "two", std::string(20, 'x')});
    CHECK(lines.held() == 4);
  }
  Lines lines(20);
  lines.feed("fine\n" + std::string(21, 'x'));
  CHECK(**lines.next() == "fine");
  CHECK(lines.next().error().kind == Kind::kTooLarge);
}
