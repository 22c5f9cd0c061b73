// handoff-authority: the consortium's signing keys, on an offline machine. Forbids itself sockets before it does anything else.
#include <cstdlib>
#include <iostream>

#include "cli/authority/commands.h"
#include "cli/authority/no_sockets.h"

int main(int argc, char** argv) {
  auto forbidden = cli::authority::forbid_sockets();
  if (!forbidden.ok()) {
    std::cerr << "handoff-authority: " << forbidden.error().message() << "\n";
    return 2;
  }
  crypto::init();
  const char* passphrase = std::getenv("HANDOFF_PASSPHRASE");
  cli::authority::Context context{base::real_now, &crypto::system_random(), &std::cout, &std::cerr, passphrase ? passphrase : ""};
  std::vector<std::string> arguments(argv + 1, argv + argc);
  return cli::authority::run(arguments, context);
}
