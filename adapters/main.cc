// handoff-agent: one agency's agent. What it can do is the table in program/commands.cc.
#include <fmt/format.h>

#include <cstdio>

#include "adapters/program/commands.h"
#include "crypto/secret.h"

namespace adapters::program {
namespace {

constexpr const char* kExample = R"(
  Example: handoff-agent init /var/lib/handoff/mercy --slug mercy-ed --kind hospital_ed --hub tcp://hub.example.org:7780
           --consortium alder --passphrase-file /etc/handoff/passphrase
)";

int help() {
  fmt::print("handoff-agent: one agency's agent\n\n");
  for (const Command& c : commands()) fmt::print("  handoff-agent {}\n", c.help);
  fmt::print("{}", kExample);
  return kWorked;
}

int dispatch(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help" || word == "-h" || (i == 1 && word == "help")) return help();
  }
  const Command* command = nullptr;
  const auto arguments = read_arguments(argc, argv, commands(), &command);
  auto done = arguments.ok() ? command->run(*arguments) : base::Result<int>(arguments.error());
  if (done.ok()) return *done;
  fmt::print(stderr, "handoff-agent: {}\n", done.error().message());
  const bool disk = done.error().kind == base::Kind::kIo || done.error().kind == base::Kind::kFull;
  return disk && command != nullptr && command->run == run ? kDiskFailed : kFailed;
}

}  // namespace
}  // namespace adapters::program

int main(int argc, char** argv) {
  crypto::init();
  return adapters::program::dispatch(argc, argv);
}
