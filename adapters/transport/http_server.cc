#include "adapters/transport/http_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include "adapters/transport/address.h"
#include "adapters/transport/http_stream.h"

namespace adapters::transport {
namespace {

constexpr std::size_t kMaxPath = 2048;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool loopback(const std::string& host) {
  in_addr four{};
  in6_addr six{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

class Wire final : public httplib::Stream {
 public:
  explicit Wire(HttpStream& stream) : stream_(stream) {}
  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return !stream_.gone(); }
  ssize_t read(char* into, size_t size) override { return stream_.read(into, size); }
  ssize_t write(const char* bytes, size_t size) override { return stream_.write(bytes, size); }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip = stream_.remote(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  [[nodiscard]] socket_t socket() const override { return stream_.socket(); }

 private:
  HttpStream& stream_;
};

// The connection that this thread is reading a request of.
thread_local HttpStream* t_stream = nullptr;

HttpRequest request_of(const httplib::Request& r, std::string body, bool tls) {
  HttpRequest out;
  out.method = r.method;
  const std::string& target = r.target;
  const auto mark = target.find('?');
  out.path = percent_decoded(target.substr(0, mark));
  if (mark != std::string::npos) out.query = query_of(std::string_view(target).substr(mark + 1));
  for (const auto& [name, value] : r.headers) {
    std::string lower = name;
    for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (lower == "remote_addr" || lower == "remote_port" || lower == "local_addr" || lower == "local_port") continue;  // httplib's own
    std::string& into = out.headers[lower];
    into += (into.empty() ? "" : ", ") + value;
  }
  if (!t_stream->accept_encoding.empty()) out.headers["accept-encoding"] = t_stream->accept_encoding;
  out.body = std::move(body);
  out.remote = t_stream->remote();
  out.client = t_stream->client();
  out.tls = tls;
  return out;
}

bool plain_header(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos; }

void answer_with(HttpResponse a, httplib::Response& res) {
  res.status = a.status;
  for (const auto& [name, value] : a.headers) {
    if (plain_header(name) && plain_header(value)) res.set_header(name, value);
  }
  if (a.status >= 400) {
    t_stream->close_after = true;
    res.set_header("Connection", "close");
  }
  if (a.stream) {
    t_stream->close_after = true;
    t_stream->begin_stream();
    res.set_chunked_content_provider(a.type.c_str(), [stream = std::move(a.stream)](std::size_t, httplib::DataSink& sink) {
      stream([&](std::string_view text) {
        if (t_stream->gone()) return false;
        return text.empty() || sink.write(text.data(), text.size());
      });
      sink.done();
      return true;
    });
  } else if (!a.body.empty() || !a.type.empty()) {
    res.set_content(std::move(a.body), a.type.empty() ? "application/octet-stream" : a.type);
  }
}

HttpResponse words(int status, std::string_view text) { return {.status = status, .type = "text/plain; charset=utf-8", .body = std::string(text) + "\n"}; }

// What is refused before a byte of a body is read; nullopt: nothing.
std::optional<HttpResponse> refusal(const httplib::Request& r) {
  if (r.target.substr(0, r.target.find('?')).size() > kMaxPath) return words(414, "the path is too long");
  if (r.has_header("Content-Encoding") && r.get_header_value("Content-Encoding") != "identity") return words(415, "compressed bodies are not taken");
  if (r.is_multipart_form_data()) return words(415, "multipart forms are not taken");
  if (r.has_header("Transfer-Encoding") && r.has_header("Content-Length")) return words(400, "either Transfer-Encoding or Content-Length");
  if (r.get_header_value_count("Content-Length") > 1 || r.get_header_value_count("Host") > 1) return words(400, "a header that may be there once");
  constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (std::find(std::begin(kMethods), std::end(kMethods), r.method) == std::end(kMethods)) return words(405, "no such method here");
  return std::nullopt;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

std::multimap<std::string, std::string, std::less<>> query_of(std::string_view text) {
  std::multimap<std::string, std::string, std::less<>> out;
  while (!text.empty()) {
    const auto end = text.find('&');
    std::string pair(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    for (char& c : pair) c = c == '+' ? ' ' : c;
    const auto eq = pair.find('=');
    if (!pair.empty()) out.emplace(percent_decoded(pair.substr(0, eq)), eq == std::string::npos ? "" : percent_decoded(pair.substr(eq + 1)));
  }
  return out;
}

struct HttpServer::Tls {
  SSL_CTX* context = nullptr;
  std::int64_t ends = 0;  // of the certificate, seconds since 1970
  ~Tls() { SSL_CTX_free(context); }

  static base::Result<std::unique_ptr<Tls>> make(const HttpServerOptions& o) {
    auto tls = std::make_unique<Tls>();
    tls->context = SSL_CTX_new(TLS_server_method());
    SSL_CTX* const c = tls->context;
    if (c == nullptr) return base::Error{base::Kind::kIo, "OpenSSL gives no context", "http"};
    SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(c, o.cert_file.c_str()) != 1)
      return base::Error{base::Kind::kUsage, "no certificate in this file", "http.tls_cert: " + o.cert_file, "give the PEM chain, the server's own first"};
    if (SSL_CTX_use_PrivateKey_file(c, o.key_file.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(c) != 1)
      return base::Error{base::Kind::kUsage, "not the key of that certificate", "http.tls_key: " + o.key_file, "give the PEM key that belongs to http.tls_cert"};
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(c)), &end) == 1) tls->ends = ::timegm(&end);
    if (!o.client_ca.empty()) {
      if (SSL_CTX_load_verify_locations(c, o.client_ca.c_str(), nullptr) != 1)
        return base::Error{base::Kind::kUsage, "no certificates in this file", "http.client_ca: " + o.client_ca, "give the PEM of the authority that issues your clients' certificates"};
      SSL_CTX_set_client_CA_list(c, SSL_load_client_CA_file(o.client_ca.c_str()));
      SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    static const unsigned char kId[] = "handoff";
    SSL_CTX_set_session_id_context(c, kId, sizeof kId - 1);
    return tls;
  }
};

struct HttpServer::Router final : httplib::Server {
  Router(const HttpServerOptions& options, const HttpHandler& handler, int listener) {
    svr_sock_ = listener;  // without one, httplib takes itself for stopped and writes no streams
    const bool tls = !options.cert_file.empty();
    set_payload_max_length(options.max_body);
    set_pre_routing_handler([](const httplib::Request& req, httplib::Response& res) {
      t_stream->begin_body();
      // httplib would cut an answer to the ranges asked for and call it 200.
      const_cast<httplib::Request&>(req).ranges.clear();
      // And it would pack answers by itself: what secrets and somebody else's words have in common shows in their length then.
      t_stream->accept_encoding = req.get_header_value("Accept-Encoding");
      const_cast<httplib::Request&>(req).headers.erase("Accept-Encoding");
      auto refused = refusal(req);
      if (!refused) return HandlerResponse::Unhandled;
      answer_with(std::move(*refused), res);
      return HandlerResponse::Handled;
    });
    const Handler bare = [&handler, tls](const httplib::Request& req, httplib::Response& res) { answer_with(handler(request_of(req, {}, tls)), res); };
    // httplib has no limit for a body that comes in chunks.
    const HandlerWithContentReader whole = [&handler, tls, max = options.max_body](const httplib::Request& req, httplib::Response& res, const httplib::ContentReader& reader) {
      std::string body;
      bool fits = true;
      const bool read = reader([&](const char* bytes, std::size_t n) {
        fits = n <= max - body.size();
        if (fits) body.append(bytes, n);
        return fits;
      });
      answer_with(read ? handler(request_of(req, std::move(body), tls)) : !fits || res.status == 413 ? words(413, "the body is too large") : words(400, "the body did not come whole"), res);
    };
    Get(".*", bare), Options(".*", bare), Post(".*", whole), Put(".*", whole), Patch(".*", whole), Delete(".*", whole);
    set_exception_handler([](const httplib::Request&, httplib::Response& res, std::exception_ptr) { answer_with(words(500, "it failed unexpectedly"), res); });
    set_error_handler([](const httplib::Request&, httplib::Response& res) {  // httplib's own refusals; ours have their words
      t_stream->close_after = true;
      if (res.body.empty() && !res.has_header("Connection")) answer_with(words(res.status, res.status == 413 ? "the body is too large" : "not a request that is served here"), res);
    });
  }
  bool one_request(HttpStream& stream) {
    bool closed = false;
    Wire wire(stream);
    t_stream = &stream;
    const bool written = process_request(wire, false, closed, [](httplib::Request&) {});
    t_stream = nullptr;
    return written && !closed && !stream.close_after;
  }
};

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler) : options_(std::move(options)), handler_(std::move(handler)) {}
HttpServer::~HttpServer() { stop(); }

base::Status HttpServer::start() {
  TRY_ASSIGN(const Address address, parse_address(options_.listen));
  if (options_.cert_file.empty() != options_.key_file.empty())
    return base::Error{base::Kind::kUsage, "a certificate and its key go together", "http.tls_cert, http.tls_key"};
  if (options_.cert_file.empty() && !options_.client_ca.empty())
    return base::Error{base::Kind::kUsage, "client certificates need TLS", "http.client_ca", "set http.tls_cert and http.tls_key"};
  if (options_.cert_file.empty() && !loopback(address.host) && !options_.plain_on_network)
    return base::Error{base::Kind::kUsage, "plain HTTP would be open to the network", "http.listen: " + options_.listen,
                       "set http.tls_cert and http.tls_key, listen on 127.0.0.1, or set http.plain_on_network behind a proxy that speaks TLS"};
  if (!options_.cert_file.empty()) {
    TRY_ASSIGN(tls_, Tls::make(options_));
  }
  TRY_ASSIGN(listener_, listen_on(address));
  TRY_ASSIGN(address_, bound_address(listener_));
  router_ = std::make_unique<Router>(options_, handler_, listener_.get());
  acceptor_ = std::thread([this] { accept_loop(); });
  return {};
}

void HttpServer::stop() {
  const std::lock_guard held(stopping_);
  stop_.set();
  if (acceptor_.joinable()) acceptor_.join();
  reap(true);
}

std::string HttpServer::address() const { return address_; }

std::optional<std::int64_t> HttpServer::certificate_days() const {
  if (!tls_) return std::nullopt;
  return (tls_->ends - static_cast<std::int64_t>(options_.clock().ms / 1000)) / 86'400;
}

void HttpServer::accept_loop() {
  while (wait_for(listener_.get(), POLLIN, stop_, 60'000) != Ready::kStopped) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    reap(false);
    if (!socket) continue;
    if (connections_.size() >= options_.max_connections) {
      ++turned_away_;
      continue;
    }
    const int on = 1;
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.push_back(std::make_unique<Connection>());
    Connection& c = *connections_.back();
    c.socket = std::move(socket);
    c.thread = std::thread([this, &c] {
      serve(c);
      c.done = true;
    });
  }
}

void HttpServer::serve(Connection& c) {
  try {
    HttpStream stream(c.socket, stop_, options_);
    bool going = !tls_ || stream.handshake(tls_->context);
    while (going) going = stream.next_request() && router_->one_request(stream);
  } catch (...) {  // out of memory for one request is the end of one connection
  }
  // What the client is still sending would make the system throw our answer away: read it, but not for long.
  ::shutdown(c.socket.get(), SHUT_WR);
  char room[4096];
  for (int i = 0; i < 64 && wait_for(c.socket.get(), POLLIN, stop_, 500) == Ready::kYes; ++i) {
    if (::recv(c.socket.get(), room, sizeof room, 0) <= 0) break;
  }
  c.socket.reset();
}

void HttpServer::reap(bool all) {
  for (auto it = connections_.begin(); it != connections_.end();) {
    if (!all && !(*it)->done) {
      ++it;
      continue;
    }
    if ((*it)->thread.joinable()) (*it)->thread.join();
    it = connections_.erase(it);
  }
}

}  // namespace adapters::transport
