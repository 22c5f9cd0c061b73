// Mail out: one message to one person over SMTP (RFC 5321), by libcurl. TLS with a checked certificate, from the start or by STARTTLS; plain
// only to this machine. No retries here. Nothing of the message or of an address is in an error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/transport/descriptor.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct MailServer {
  enum class Tls { kStart, kWhole, kNone };
  std::string host;                     // "smtp.example:587"
  Tls tls = Tls::kStart;
  std::string user, password;           // both empty: none is asked for
  std::string ca_file;                  // PEM; empty: the system's
  std::uint64_t connect_ms = 10 * base::kSecond, answer_ms = 30 * base::kSecond;
};
struct Mail {
  std::string from, to, subject, text;  // subject and text: ASCII; lines end with \n
  std::string id;                       // of this message: a mailbox may drop the second one of an id
  base::Instant at;
};

// "name@host", nothing that would be a second header, command or address.
bool mail_address(std::string_view text);

class Smtp {
 public:
  // kBusy: not now (no connection, a 4xx). kDenied: never so (a 5xx, the password). kUsage: an address or server that is none.
  base::Status send(const MailServer& server, const Mail& mail);
  // Connects, greets, signs in and says NOOP: would it take mail? Errors as send().
  base::Status check(const MailServer& server, std::string_view from);
  void stop() { stop_.set(); }          // from any thread: ends a wait with kBusy

 private:
  StopFlag stop_;
};

}  // namespace adapters::transport
