// ZapGate: who may shake hands (RFC 27/ZAP 1.0, mechanism CURVE only). Traps (i) and (ii) of protocol section 5: without a live handler
// libzmq lets every key in, so the handler is bound before the Router exists and the Router enforces its domain (router.cc).
#include <thread>

#include "hub/net/internal.h"

namespace hub::net {
namespace {

constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";

class Gate final : public ZapGate {
 public:
  Gate(Context& context, Who who) : who_(std::move(who)), socket_(zmq_of(context), zmq::socket_type::rep) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.bind(kZapEndpoint);
    thread_ = std::thread([this] { run(); });
  }
  ~Gate() override {
    stop_ = true;
    waker_.wake();
    thread_.join();
  }
  [[nodiscard]] std::uint64_t refused() const override { return refused_; }

 private:
  void run() {
    try {
      std::vector<PollItem> items{{socket_.handle()}, {nullptr, waker_.fd()}};
      std::vector<zmq::message_t> parts;
      while (!stop_) {
        poll(items, -1);
        while (receive_parts(socket_, parts, 8)) answer(parts);
      }
    } catch (const zmq::error_t&) {  // the context has gone: nobody can shake hands any more
    }
    socket_.close();  // from here on every handshake fails
  }

  void answer(const std::vector<zmq::message_t>& parts) {
    // version, request id, domain, address, routing id, mechanism, credentials
    std::optional<std::string> user;
    const bool formed = parts.size() == 7 && parts[0].to_string_view() == "1.0" && parts[2].size() > 0;
    if (formed && parts[5].to_string_view() == "CURVE" && parts[6].size() == 32) user = who_(base::fixed<32>(view_of(parts[6])));
    if (user && user->empty()) user.reset();
    if (!user) ++refused_;
    const std::string id = parts.size() > 1 ? parts[1].to_string() : std::string();
    const std::string_view reply[] = {
        "1.0", id, user ? "200" : "400", user ? "OK" : "refused", user ? std::string_view(*user) : std::string_view(), ""};
    for (std::size_t i = 0; i < std::size(reply); ++i) {
      socket_.send(zmq::message_t(reply[i].data(), reply[i].size()),
                   i + 1 < std::size(reply) ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }

  Who who_;
  zmq::socket_t socket_;
  Waker waker_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> refused_{0};
  std::thread thread_;
};

}  // namespace

base::Result<std::unique_ptr<ZapGate>> ZapGate::start(Context& context, Who who) try {
  return std::unique_ptr<ZapGate>(std::make_unique<Gate>(context, std::move(who)));
} catch (const zmq::error_t&) {
  return zmq_error("cannot bind the ZAP gate: only one may live in a context");
}

}  // namespace hub::net
