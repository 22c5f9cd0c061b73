// A real server on this machine, with keys of its own making, for tests of calls to other systems (outbound_server.py).
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "adapters/transport/outbound.h"
#include "crypto/base/check.h"

namespace outbound_kit {

using adapters::transport::Outbound;
using adapters::transport::OutboundOptions;

// One for all tests: making keys takes longer than the tests do.
class Server {
 public:
  std::string root;
  int plain = 0, good = 0, elsewhere = 0, mutual = 0;

  static const Server& one() {
    static const Server server;
    return server;
  }
  [[nodiscard]] std::string http(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(plain) + path; }
  [[nodiscard]] std::string https(int port, const std::string& path = "/echo") const {
    return "https://localhost:" + std::to_string(port) + path;
  }
  [[nodiscard]] OutboundOptions trusting(const std::string& ca = "ca") const {
    OutboundOptions o;
    o.ca_file = root + "/" + ca + ".pem";
    return o;
  }

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  Server() {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-outbound-XXXXXX").string();
    must(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    const std::string command = "exec python3 " HANDOFF_SOURCE_DIR "/tests/unit/adapters/outbound_server.py " + root;
    process_ = ::popen(command.c_str(), "r");
    must(process_ != nullptr);
    must(std::fscanf(process_, "%d %d %d %d", &plain, &good, &elsewhere, &mutual) == 4);
  }
  ~Server() {
    const auto ended = Outbound({}).call({.url = http("/quit"), .type = {}, .body = {}});
    static_cast<void>(ended);  // it may be gone before it has answered
    ::pclose(process_);
    std::filesystem::remove_all(root);
  }
  static void must(bool good) {
    if (!good) std::abort();
  }
  std::FILE* process_ = nullptr;
};

}  // namespace outbound_kit
