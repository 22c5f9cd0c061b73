// The calls of Client, each one request on the line (line.h).
#include "hub/client/client.h"

#include <future>

#include "hub/client/line.h"

namespace hub::client {
namespace {

using schemas::Op;

base::Error unexpected() { return base::malformed("the hub's answer is not one to this question"); }

base::Result<Answer> to_answer(base::Result<Reply> reply) {
  if (!reply.ok()) return reply.error();
  Answer a;
  if (reply->op == Op::kAck) {
    TRY_ASSIGN(a.ack, wire::decode<wire::Ack>(reply->payload));
  } else if (reply->op == Op::kNack) {
    TRY_ASSIGN(a.nack, wire::decode<wire::Nack>(reply->payload));
  } else {
    return unexpected();
  }
  return a;
}

class LineClient final : public Client {
 public:
  LineClient(net::Context& context, const crypto::BoxKey& key, Options options, Pushes pushes, WhichServer server = {})
      : line_(context, key, std::move(options), std::move(pushes), std::move(server)) {}

  bool wait_connected(std::uint64_t timeout_ms) override { return line_.wait_connected(timeout_ms); }
  [[nodiscard]] bool connected() const override { return line_.connected(); }

  base::Result<Answer> batch(base::View frame) override { return to_answer(call(Op::kBatch, base::to_bytes(frame))); }
  base::Result<Answer> receipt(const wire::Receipt& r) override { return to_answer(call(Op::kReceipt, wire::encode(r))); }
  base::Result<Answer> dir_put(const wire::DirPut& p) override { return to_answer(call(Op::kDirPut, wire::encode(p))); }
  base::Result<Answer> ledger(const wire::Ledger& l) override { return to_answer(call(Op::kLedger, wire::encode(l))); }
  base::Result<wire::DirGot> dir_get(const wire::DirGet& q) override { return ask<wire::DirGot>(Op::kDirGet, wire::encode(q)); }
  base::Result<wire::LogGot> log_get(const wire::LogGet& q) override { return ask<wire::LogGot>(Op::kLogGet, wire::encode(q)); }
  base::Result<wire::Fetched> fetch(const wire::Fetch& q) override { return ask<wire::Fetched>(Op::kFetch, wire::encode(q)); }
  base::Result<wire::Found> search(const wire::Search& q) override { return ask<wire::Found>(Op::kSearch, wire::encode(q)); }
  base::Result<wire::StatusReport> status() override { return ask<wire::StatusReport>(Op::kStatus, wire::encode(wire::StatusQuery{})); }
  base::Result<wire::Witness> witness(const wire::Witness& w) override { return ask<wire::Witness>(Op::kWitness, wire::encode(w)); }
  base::Status credit(std::uint32_t more) override {
    if (!connected()) return base::Error{base::Kind::kBusy, "there is no connection to the hub"};
    line_.submit({Op::kCredit, wire::encode(wire::Credit{more}), {}});
    return {};
  }

  void batch_async(base::Bytes frame, std::function<void(base::Result<Answer>)> done) override {
    send(Op::kBatch, std::move(frame), std::move(done));
  }
  void receipt_async(wire::Receipt r, std::function<void(base::Result<Answer>)> done) override {
    send(Op::kReceipt, wire::encode(r), std::move(done));
  }

 private:
  void send(Op op, base::Bytes payload, std::function<void(base::Result<Answer>)> done) {
    line_.submit({op, std::move(payload), [done = std::move(done)](base::Result<Reply> r) { done(to_answer(std::move(r))); }});
  }

  // The line answers every request sooner or later, so the wait ends.
  base::Result<Reply> call(Op op, base::Bytes payload) {
    auto promise = std::make_shared<std::promise<base::Result<Reply>>>();
    auto answer = promise->get_future();
    line_.submit({op, std::move(payload), [promise](base::Result<Reply> r) { promise->set_value(std::move(r)); }});
    return answer.get();
  }

  template <class T>
  base::Result<T> ask(Op op, base::Bytes payload) {
    TRY_ASSIGN(const Reply reply, call(op, std::move(payload)));
    if (reply.op == op) return wire::decode<T>(reply.payload);
    if (reply.op != Op::kNack) return unexpected();
    TRY_ASSIGN(const auto nack, wire::decode<wire::Nack>(reply.payload));
    const auto kind = nack.code == schemas::NackCode::kBusy ? base::Kind::kBusy : base::Kind::kDenied;
    return base::Error{kind, "the hub answered NACK " + std::to_string(static_cast<int>(nack.code)) + ": " + nack.words};
  }

  Line line_;
};

}  // namespace

base::Result<std::unique_ptr<Client>> Client::start(net::Context& context, const crypto::BoxKey& transport, Options options,
                                                    Pushes pushes) {
  if (options.endpoint.empty()) return base::Error{base::Kind::kUsage, "no address of a hub was given"};
  return std::unique_ptr<Client>(std::make_unique<LineClient>(context, transport, std::move(options), std::move(pushes)));
}

base::Result<std::unique_ptr<Client>> start_following(net::Context& context, const crypto::BoxKey& transport, Options options,
                                                      Pushes pushes, WhichServer server) {
  if (options.endpoint.empty()) return base::Error{base::Kind::kUsage, "no address of a hub was given"};
  return std::unique_ptr<Client>(std::make_unique<LineClient>(context, transport, std::move(options), std::move(pushes), std::move(server)));
}

}  // namespace hub::client
