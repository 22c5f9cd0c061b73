#include "adapters/transport/curl.h"

#include <arpa/inet.h>

#include "crypto/base/check.h"

namespace adapters::transport {
namespace {

constexpr int kTick = 1000;  // curl has timers of its own; the flag and its sockets end a wait at once

}  // namespace

void curl_init() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  CHECK(done == CURLE_OK);
}

std::optional<CURLcode> curl_run(CURLM* multi, const StopFlag& stop) {
  for (int running = 1;;) {
    if (stop.is_set()) return std::nullopt;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    int left = 0;
    if (const CURLMsg* m = curl_multi_info_read(multi, &left); m != nullptr && m->msg == CURLMSG_DONE) return m->data.result;
    curl_waitfd flag{stop.fd(), CURL_WAIT_POLLIN, 0};
    curl_multi_poll(multi, &flag, 1, kTick, nullptr);
  }
}

bool one_line(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

bool this_machine(std::string host) {
  if (host == "localhost") return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  in_addr four{};
  in6_addr six{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

}  // namespace adapters::transport
