// For tests of notifications: a crisis center whose people are told, and what they are told by: a gateway and a mail server,
// real ones on loopback that keep every byte they were sent.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "adapters/agent/api/guard.h"
#include "adapters/agent/notify/wake.h"
#include "adapters/transport/http_server.h"
#include "tests/unit/ops/kit.h"

namespace notify_kit {

using namespace rig;
namespace people = adapters::agent::people;
namespace transport = adapters::transport;

// An SMS gateway: keeps every byte that it was sent, and answers what it is told to.
class Gateway {
 public:
  Gateway() : server_(options(), [this](const transport::HttpRequest& r) { return take(r); }) { REQUIRE(server_.start().ok()); }
  ~Gateway() { server_.stop(); }
  std::string url() const { return "http://" + server_.address() + "/sms"; }
  std::vector<std::string> got() {
    const std::lock_guard lock(mutex_);
    return got_;
  }
  std::atomic<int> status = 200;

 private:
  static transport::HttpServerOptions options() {
    transport::HttpServerOptions o;
    o.listen = "127.0.0.1:0";
    o.clock = [] { return base::Instant{1}; };
    return o;
  }
  transport::HttpResponse take(const transport::HttpRequest& r) {
    std::string all = r.method + " " + r.path + "\n";
    for (const auto& [name, value] : r.headers) all += name + ": " + value + "\n";
    const std::lock_guard lock(mutex_);
    got_.push_back(all + "\n" + r.body);
    return {.status = status, .type = "", .body = ""};
  }
  std::mutex mutex_;
  std::vector<std::string> got_;
  transport::HttpServer server_;
};

// A mail server (RFC 5321), one connection at a time.
class MailServer {
 public:
  MailServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET, at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    host = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~MailServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::vector<std::string> got() {
    const std::lock_guard lock(mutex_);
    return got_;
  }
  std::string host;
  std::atomic<int> rcpt = 250;   // its answer to a recipient
  std::atomic<unsigned> asked = 0;  // recipients that it was asked to take

 private:
  void serve() {
    for (int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0; fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) {
      talk(fd);
      ::close(fd);
    }
  }
  static void say(int fd, const std::string& line) { (void)!::send(fd, (line + "\r\n").data(), line.size() + 2, MSG_NOSIGNAL); }
  void talk(int fd) {
    std::string text, mail;
    bool data = false;
    say(fd, "220 mail.harbor.example ESMTP");
    char block[4096];
    for (ssize_t n = 0; (n = ::recv(fd, block, sizeof block, 0)) > 0;) {
      text.append(block, static_cast<std::size_t>(n));
      for (auto end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n")) {
        const std::string line = text.substr(0, end);
        text.erase(0, end + 2);
        if (data) {
          data = line != ".";
          mail += data ? line + "\n" : "";
          if (!data) keep(mail), say(fd, "250 taken");
        } else if (line == "DATA") {
          data = true, mail.clear();
          say(fd, "354 go on");
        } else if (line.starts_with("RCPT")) {
          ++asked;
          say(fd, std::to_string(rcpt.load()) + " as told");
        } else {
          say(fd, "250 yes");
        }
      }
    }
  }
  void keep(const std::string& mail) {
    const std::lock_guard lock(mutex_);
    got_.push_back(mail);
  }
  int listener_;
  std::mutex mutex_;
  std::vector<std::string> got_;
  std::thread thread_;
};

// A person of the crisis center with an account, who acts for themselves.
inline people::Actor person(AgentBox& at, const std::string& login, const std::vector<std::string>& roles, const std::string& phone) {
  people::PersonRow row;
  row.login = login, row.name = login, row.roles = roles, row.phone = phone;
  REQUIRE(at->people().save(row).ok());
  return at->people().actor(*at->people().find(login), "test");
}
inline base::Status perform(AgentBox& at, const people::Actor& who, const std::string& op, const Json& in, Json& out) {
  out = Json::object();
  return adapters::agent::api::perform(*at, op, in, who, true, [](const std::string&) { return true; }, out);
}
inline Json done(AgentBox& at, const people::Actor& who, const std::string& op, const Json& in) {
  Json out;
  const base::Status s = perform(at, who, op, in, out);
  REQUIRE_MESSAGE(s.ok(), op << ": " << (s.ok() ? "" : s.error().message()));
  return out;
}

inline constexpr const char* kRoles = R"(role = [
 {id="clinician", may=["create","accept","decline","handoff","view_timeline"]},
 {id="supervisor", may=["accept","reassign","view_timeline"]},
 {id="it_admin", may=["keys"]},
]
label_rule = [)";

struct Desk : County {
  Gateway sms;
  using More = std::function<void(adapters::agent::notify::Settings&)>;
  explicit Desk(const More& more = {}) : County(ops_policy(2, "label_rule = [", kRoles)) {
    harbor.adjust = [this, more](adapters::agent::Settings& s) {
      adapters::agent::notify::WebhookSettings w;
      w.name = "sms", w.url = sms.url(), w.body = R"({"to":"{{phone}}","text":"{{words}}","waiting":{{count}}})";
      s.notify.webhooks.push_back(w);
      s.notify.url = "https://harbor.example/inbox/";
      if (more) more(s.notify);
    };
    start({&apd, &stb, &harbor, &county});
  }
  Json told(const people::Actor& who, const std::string& what) {
    const Json list = done(harbor, who, "notices", Json::object())["notices"];
    for (const Json& n : list) {
      if (n["what"] == what) return n["told"];
    }
    return Json::array();
  }
  bool came(std::size_t n) {
    return eventually([&] { return sms.got().size() >= n; });
  }
};

}  // namespace notify_kit
