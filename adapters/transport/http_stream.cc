#include "adapters/transport/http_stream.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace adapters::transport {
namespace {

constexpr std::uint64_t kStopGraceMs = 2000;

std::string address_of(int fd) {
  sockaddr_storage a{};
  socklen_t size = sizeof a;
  char text[INET6_ADDRSTRLEN] = "";
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&a), &size) != 0) return {};
  if (a.ss_family == AF_INET) ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in&>(a).sin_addr, text, sizeof text);
  if (a.ss_family == AF_INET6) ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6&>(a).sin6_addr, text, sizeof text);
  return text;
}

}  // namespace

HttpStream::HttpStream(const Descriptor& socket, const StopFlag& stop, const HttpServerOptions& options)
    : socket_(socket), stop_(stop), options_(options), remote_(address_of(socket.get())) {}

HttpStream::~HttpStream() {
  if (ssl_ == nullptr) return;
  if (!broken_) SSL_shutdown(ssl_);  // says goodbye, does not wait for one
  SSL_free(ssl_);
}

std::uint64_t HttpStream::left(base::Instant deadline) const {
  const base::Instant now = options_.clock();
  return deadline > now ? deadline.ms - now.ms : 0;
}

int HttpStream::step(bool reading, void* bytes, std::size_t size) {
  const int n = static_cast<int>(std::min<std::size_t>(size, 1u << 20));
  if (ssl_ == nullptr) {
    const ssize_t done = reading ? ::recv(socket_.get(), bytes, static_cast<std::size_t>(n), 0) : ::send(socket_.get(), bytes, static_cast<std::size_t>(n), MSG_NOSIGNAL);
    if (done >= 0) return static_cast<int>(done);
    if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return reading ? -2 : -3;
    return -1;
  }
  ERR_clear_error();
  const int done = reading ? SSL_read(ssl_, bytes, n) : SSL_write(ssl_, bytes, n);
  if (done > 0) return done;
  switch (SSL_get_error(ssl_, done)) {
    case SSL_ERROR_WANT_READ: return -2;
    case SSL_ERROR_WANT_WRITE: return -3;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: broken_ = true; return -1;
  }
}

bool HttpStream::handshake(SSL_CTX* context) {
  ssl_ = SSL_new(context);
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket_.get()) != 1) return false;
  const base::Instant deadline = options_.clock().plus(options_.read_ms);
  for (;;) {
    ERR_clear_error();
    const int done = SSL_accept(ssl_);
    if (done == 1) break;
    const int why = SSL_get_error(ssl_, done);
    const short events = why == SSL_ERROR_WANT_READ ? POLLIN : why == SSL_ERROR_WANT_WRITE ? POLLOUT : 0;
    if (events == 0 || wait_for(socket_.get(), events, stop_, left(deadline)) != Ready::kYes) {
      broken_ = true;
      return false;
    }
  }
  if (X509* peer = SSL_get1_peer_certificate(ssl_); peer != nullptr) {
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name, sizeof name);
    client_ = name;
    X509_free(peer);
  }
  return true;
}

bool HttpStream::next_request() {
  header_left_ = options_.max_header;
  deadline_ = options_.clock().plus(options_.idle_ms);
  if (at_ == buffer_.size() && !fill()) return false;
  deadline_ = options_.clock().plus(options_.read_ms);
  return true;
}

bool HttpStream::fill() {
  buffer_.resize(16u << 10);
  at_ = 0;
  for (;;) {
    const int n = step(true, buffer_.data(), buffer_.size());
    if (n > 0) {
      buffer_.resize(static_cast<std::size_t>(n));
      return true;
    }
    const std::uint64_t ms = left(deadline_);
    if (n >= -1 || ms == 0 || wait_for(socket_.get(), n == -2 ? POLLIN : POLLOUT, stop_, ms) != Ready::kYes) {
      buffer_.clear();
      close_after = true;
      return false;
    }
  }
}

ssize_t HttpStream::read(char* into, std::size_t size) {
  if (at_ == buffer_.size() && (left(deadline_) == 0 || !fill())) return -1;
  std::size_t n = std::min(size, buffer_.size() - at_);
  n = std::min(n, header_left_);
  if (n == 0) {
    close_after = true;
    return -1;
  }
  if (header_left_ != ~std::size_t{0}) header_left_ -= n;
  std::copy_n(buffer_.data() + at_, n, into);
  at_ += n;
  return static_cast<ssize_t>(n);
}

ssize_t HttpStream::write(const char* bytes, std::size_t size) {
  std::size_t done = 0;
  const base::Instant deadline = options_.clock().plus(options_.write_ms);
  while (done < size) {
    if (broken_ || (streaming_ && stop_.is_set())) return -1;
    const int n = step(false, const_cast<char*>(bytes + done), size - done);
    if (n > 0) {
      done += static_cast<std::size_t>(n);
      continue;
    }
    std::uint64_t ms = left(deadline);
    if (stop_.is_set()) ms = std::min(ms, kStopGraceMs);
    if (n >= -1 || ms == 0 || wait_for(socket_.get(), n == -2 ? POLLIN : POLLOUT, streaming_ ? stop_ : never_, ms) != Ready::kYes) {
      broken_ = close_after = true;
      return -1;
    }
  }
  return static_cast<ssize_t>(done);
}

bool HttpStream::gone() const {
  if (broken_ || stop_.is_set()) return true;
  pollfd p{socket_.get(), POLLRDHUP, 0};
  return ::poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace adapters::transport
