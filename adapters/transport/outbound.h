// Calls to other systems over HTTP(S): webhooks, subscriptions, a customer's FHIR server. One call at a time per object; no retries here:
// who calls knows what may be repeated. TLS 1.2 or newer, the other side's name and chain are always checked; plain http only to this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/transport/descriptor.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct OutboundOptions {
  std::string ca_file;                   // PEM; empty: the system's
  std::string client_cert, client_key;   // PEM files, for mutual TLS
  std::uint64_t connect_ms = 10 * base::kSecond, answer_ms = 30 * base::kSecond;  // the answer is due after both
  std::size_t max_answer = 32u << 20;    // head and body
};
struct OutboundCall {
  std::string method = "POST", url, type, body;
  std::vector<std::pair<std::string, std::string>> headers{};
};
struct OutboundAnswer {
  int status = 0;
  std::string type, body;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
};

// kUsage: a url that may not be called (plain http off this machine, not http at all).
base::Status check_url(std::string_view url);
base::Result<std::string> host_of(std::string_view url);  // "ehr.example"; errors as check_url

class Outbound {
 public:
  explicit Outbound(OutboundOptions options) : options_(std::move(options)) {}
  // Any status is an answer, a redirect too. kBusy: there was none (refused, timed out, name unknown, TLS failed), with words that quote
  // no content. kTooLarge: over max_answer. kUsage: as check_url, or a method or header that HTTP does not have.
  base::Result<OutboundAnswer> call(const OutboundCall& c);
  void stop() { stop_.set(); }           // from any thread: ends a wait with kBusy

 private:
  OutboundOptions options_;
  StopFlag stop_;
};

}  // namespace adapters::transport
