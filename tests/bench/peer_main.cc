// handoff-peer: the hub and its users as one entry in a benchmark of message brokers. `serve DIR PORT` runs a hub with a ready consortium in
// the foreground; `load --mode tput|lat --n N --size BYTES --secs S --window W --producers P --mailboxes M --port PORT ...` is the client.
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/bench/county.h"

namespace {

bool take(bench::Args& a, const std::string& key, const std::string& value) {
  const auto number = [&] { return static_cast<int>(std::stol(value)); };
  if (key == "--mode") a.mode = value;
  else if (key == "--peer") a.peer = value;
  else if (key == "--data") a.data = value;
  else if (key == "--host") a.host = value;
  else if (key == "--n") a.n = std::stoull(value);
  else if (key == "--size") a.size = std::stoull(value);
  else if (key == "--secs") a.secs = std::stod(value);
  else if (key == "--drain") a.drain = std::stod(value);
  else if (key == "--window") a.window = number();
  else if (key == "--prefetch") a.prefetch = number();
  else if (key == "--batch") a.batch = std::min(64, number());
  else if (key == "--producers") a.producers = number();
  else if (key == "--mailboxes") a.mailboxes = number();
  else if (key == "--port") a.port = number();
  else if (key == "--server-pid") a.server_pid = number();
  else return false;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  const std::string programs = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
  if (verb == "serve" && argc == 4) return bench::serve(programs, argv[2], std::stoi(argv[3]));
  bench::Args args;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (!take(args, argv[i], argv[i + 1])) {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      return 2;
    }
  }
  if (verb != "load" || args.size < 16 || args.producers > bench::kSendersPerShift || args.mailboxes > bench::kMailboxes) {
    std::fprintf(stderr, "handoff-peer serve DIR PORT | load [--mode tput|lat] [--size BYTES >= 16] [--producers <= 4] [--mailboxes <= 8] ...\n");
    return 2;
  }
  if (args.one_at_a_time()) args.producers = args.mailboxes = args.window = args.batch = 1;
  return bench::load(args);
}
