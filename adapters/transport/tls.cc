#include "adapters/transport/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

std::string openssl_words() {
  const unsigned long code = ERR_peek_last_error();
  const char* words = ERR_reason_error_string(code);
  ERR_clear_error();
  return words == nullptr ? "" : words;
}

Error bad_file(const std::string& what, const std::string& file, const std::string& mend) {
  const std::string words = openssl_words();
  return {Kind::kUsage, what + (words.empty() ? "" : ": " + words), file, mend};
}

base::Result<TlsContext> fresh(const SSL_METHOD* method) {
  TlsContext ctx(SSL_CTX_new(method), SSL_CTX_free);
  if (!ctx || SSL_CTX_set_min_proto_version(ctx.get(), TLS1_2_VERSION) != 1) return Error{Kind::kIo, "TLS is not available: " + openssl_words()};
  SSL_CTX_set_mode(ctx.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(ctx.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  return ctx;
}

base::Status own_certificate(SSL_CTX* ctx, const std::string& cert, const std::string& key) {
  if (cert.empty() || key.empty())
    return Error{Kind::kUsage, "a certificate goes with its key", cert.empty() ? key : cert, "name both files"};
  if (SSL_CTX_use_certificate_chain_file(ctx, cert.c_str()) != 1) return bad_file("the certificate cannot be read", cert, "name a PEM file, leaf first");
  if (SSL_CTX_use_PrivateKey_file(ctx, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return bad_file("the key cannot be read, or is not the certificate's", key, "name its PEM file, without a passphrase");
  return {};
}

// OpenSSL writes to the socket without MSG_NOSIGNAL: while one of these lives, a peer that has gone away is an error and no signal.
class NoSignal {
 public:
  NoSignal() {
    sigset_t pending;
    sigemptyset(&pipe_), sigaddset(&pipe_, SIGPIPE);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSignal() {
    const timespec now{};
    while (!was_pending_ && sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSignal(const NoSignal&) = delete;
  NoSignal& operator=(const NoSignal&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

bool numeric(const std::string& host) { return host.find_first_not_of("0123456789.") == host.npos || host.find(':') != host.npos; }

}  // namespace

base::Result<TlsContext> tls_server(const TlsServerFiles& files) {
  if (!files.wanted()) return TlsContext{};
  TRY_ASSIGN(TlsContext ctx, fresh(TLS_server_method()));
  TRY(own_certificate(ctx.get(), files.cert, files.key));
  SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ctx.get(), 0);
  if (files.client_ca.empty()) return ctx;
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(files.client_ca.c_str());
  if (names == nullptr || SSL_CTX_load_verify_locations(ctx.get(), files.client_ca.c_str(), nullptr) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return bad_file("the clients' CA cannot be read", files.client_ca, "name a PEM file");
  }
  SSL_CTX_set_client_CA_list(ctx.get(), names);
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return ctx;
}

base::Result<TlsContext> tls_client(const TlsClientFiles& files) {
  if (!files.wanted()) return TlsContext{};
  TRY_ASSIGN(TlsContext ctx, fresh(TLS_client_method()));
  SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
  const bool system = files.ca.empty() || files.ca == "system";
  if (system ? SSL_CTX_set_default_verify_paths(ctx.get()) != 1 : SSL_CTX_load_verify_locations(ctx.get(), files.ca.c_str(), nullptr) != 1)
    return bad_file("the CA cannot be read", files.ca, "name a PEM file, or \"system\"");
  if (!files.cert.empty() || !files.key.empty()) TRY(own_certificate(ctx.get(), files.cert, files.key));
  return ctx;
}

void Stream::Free::operator()(ssl_st* s) const { SSL_free(s); }

Stream Stream::accepted(Descriptor socket, const TlsContext& tls) {
  Stream s;
  s.socket_ = std::move(socket);
  if (!tls) return s;
  s.ssl_.reset(SSL_new(tls.get()));
  if (!s.ssl_ || SSL_set_fd(s.ssl_.get(), s.fd()) != 1) return {};
  SSL_set_accept_state(s.ssl_.get());
  return s;
}

Stream Stream::connected(Descriptor socket, const TlsContext& tls, const std::string& name) {
  Stream s;
  s.socket_ = std::move(socket);
  if (!tls) return s;
  s.ssl_.reset(SSL_new(tls.get()));
  if (!s.ssl_ || SSL_set_fd(s.ssl_.get(), s.fd()) != 1) return {};
  SSL_set_connect_state(s.ssl_.get());
  const bool named = numeric(name) ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(s.ssl_.get()), name.c_str()) == 1
                                   : SSL_set1_host(s.ssl_.get(), name.c_str()) == 1 && SSL_set_tlsext_host_name(s.ssl_.get(), name.c_str()) == 1;
  if (!named) return {};
  return s;
}

Stream::Io Stream::verdict(int rc) {
  switch (SSL_get_error(ssl_.get(), rc)) {
    case SSL_ERROR_WANT_READ: return Io::kWantRead;
    case SSL_ERROR_WANT_WRITE: return Io::kWantWrite;
    case SSL_ERROR_ZERO_RETURN: return Io::kClosed;
    default: break;
  }
  const long verified = SSL_get_verify_result(ssl_.get());
  const std::string words = openssl_words();
  why_ = "TLS: " + (verified != X509_V_OK ? std::string(X509_verify_cert_error_string(verified)) : words.empty() ? "the connection broke" : words);
  return Io::kClosed;
}

Stream::Io Stream::handshake() {
  if (!ssl_) return Io::kDone;
  const NoSignal quiet;
  ERR_clear_error();
  const int rc = SSL_do_handshake(ssl_.get());
  return rc == 1 ? Io::kDone : verdict(rc);
}

Stream::Io Stream::read(char* to, std::size_t room, std::size_t& n) {
  n = 0;
  if (ssl_) {
    const NoSignal quiet;
    ERR_clear_error();
    const int rc = SSL_read_ex(ssl_.get(), to, room, &n);
    return rc == 1 ? Io::kDone : verdict(rc);
  }
  const ssize_t got = ::recv(fd(), to, room, 0);
  if (got > 0) return n = static_cast<std::size_t>(got), Io::kDone;
  return got < 0 && (errno == EAGAIN || errno == EINTR) ? Io::kWantRead : Io::kClosed;
}

Stream::Io Stream::write(std::string_view bytes, std::size_t& n) {
  n = 0;
  if (ssl_) {
    const NoSignal quiet;
    ERR_clear_error();
    const int rc = SSL_write_ex(ssl_.get(), bytes.data(), std::min<std::size_t>(bytes.size(), INT_MAX), &n);
    return rc == 1 ? Io::kDone : verdict(rc);
  }
  const ssize_t put = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put > 0) return n = static_cast<std::size_t>(put), Io::kDone;
  return put < 0 && (errno == EAGAIN || errno == EINTR) ? Io::kWantWrite : Io::kClosed;
}

bool Stream::holds() const { return ssl_ && SSL_pending(ssl_.get()) > 0; }

void Stream::end_writing() {
  const NoSignal quiet;
  if (ssl_ && why_.empty() && SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  ::shutdown(fd(), SHUT_WR);
}

void Stream::reset() {
  ssl_.reset();
  socket_.reset();
  why_.clear();
}

Ready wait_for(const Stream& stream, Stream::Io io, const StopFlag& stop, std::uint64_t ms) {
  if (io == Stream::Io::kWantRead && stream.holds()) return stop.is_set() ? Ready::kStopped : Ready::kYes;
  return wait_for(stream.fd(), io == Stream::Io::kWantWrite ? POLLOUT : POLLIN, stop, ms);
}

}  // namespace adapters::transport
