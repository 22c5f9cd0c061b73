// TLS for sockets of ours: contexts made from PEM files, and a connection that is plain or TLS alike. TLS 1.2 at least, 1.3 where both can;
// the other side's chain is always checked by a client, and by a server that names a CA for its clients (mutual TLS).
// A TlsContext is shared and thread-safe; a Stream belongs to one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapters/transport/descriptor.h"
#include "crypto/base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace adapters::transport {

struct TlsServerFiles {        // PEM
  std::string cert{}, key{};   // the chain, leaf first; both empty: no TLS
  std::string client_ca{};     // whose clients may connect; empty: any client
  [[nodiscard]] bool wanted() const { return !cert.empty() || !key.empty() || !client_ca.empty(); }
};
struct TlsClientFiles {
  std::string ca{};            // PEM, or "system": the system's
  std::string cert{}, key{};   // for a server that wants to know its clients
  std::string name{};          // that the server's certificate must carry; empty: the host that was called
  [[nodiscard]] bool wanted() const { return !ca.empty() || !cert.empty() || !key.empty() || !name.empty(); }
};

using TlsContext = std::shared_ptr<ssl_ctx_st>;  // nullptr: plain
// kUsage names the file that is missing, cannot be read, or does not go with the other. Nothing wanted: nullptr.
base::Result<TlsContext> tls_server(const TlsServerFiles& files);
base::Result<TlsContext> tls_client(const TlsClientFiles& files);

// A non-blocking connection.
class Stream {
 public:
  enum class Io { kDone, kWantRead, kWantWrite, kClosed };

  Stream() = default;
  static Stream accepted(Descriptor socket, const TlsContext& tls);
  static Stream connected(Descriptor socket, const TlsContext& tls, const std::string& name);  // whose certificate is expected

  Io handshake();                                              // until kDone; at once for a plain one
  Io read(char* to, std::size_t room, std::size_t& n);         // kClosed: no more, or broken (see why())
  Io write(std::string_view bytes, std::size_t& n);
  [[nodiscard]] bool holds() const;                            // bytes that were read off the socket already
  [[nodiscard]] int fd() const { return socket_.get(); }
  explicit operator bool() const { return static_cast<bool>(socket_); }
  void end_writing();                                          // tells the other side that nothing more comes
  void reset();
  [[nodiscard]] const std::string& why() const { return why_; }  // what TLS says of its failure; "" for a plain end

 private:
  struct Free {
    void operator()(ssl_st* s) const;
  };
  Io verdict(int rc);
  Descriptor socket_;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string why_;
};

// Waits as `io` says; kYes: try again.
Ready wait_for(const Stream& stream, Stream::Io io, const StopFlag& stop, std::uint64_t ms);

}  // namespace adapters::transport
