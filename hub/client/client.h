// Client: how anyone else speaks to a hub. One connection, one thread of its own; calls are thread-safe and block until the answer, or
// their timeout. Reconnects by itself (libzmq) and says HELLO again; what was in flight is answered kBusy so that the caller resends
// the identical bytes. It trusts nothing: verification of what comes back is the caller's (crypto/, courier).
#pragma once

#include <functional>
#include <memory>

#include "hub/net/net.h"
#include "schemas/wire.h"

namespace hub::client {

namespace wire = schemas::wire;

struct Options {
  std::string endpoint;
  crypto::PublicKey server{};         // hub transport key, from the anchor
  std::uint32_t credit = 64;          // groups the hub may push
  std::uint64_t timeout_ms = 10'000;  // for a call
  std::string software = "handoff/0.1";
  // What HELLO says; asked at every (re)connect.
  std::function<std::string()> checkpoint;
  std::function<std::uint64_t()> dir_seq;
  // A second key of the same identity, whose certificate the hub may hold by now (a rotation): the two take turns until one is let in. It
  // outlives the client.
  const crypto::BoxKey* other_key = nullptr;
};
struct Pushes {  // called on the client's thread: hand over and return at once
  std::function<void(base::Bytes deliver_frame)> deliver;
  std::function<void(wire::Receipt)> receipt;
  std::function<void(bool connected, const wire::Hello& hub)> connection;  // after each HELLO, and when the line is lost
};

struct Answer {  // to a BATCH, RECEIPT, DIRPUT, LEDGER: one of the two
  std::optional<wire::Ack> ack;
  std::optional<wire::Nack> nack;
};

class Client {
 public:
  // `transport` must outlive the client. Returns at once; use wait_connected() or Pushes::connection.
  static base::Result<std::unique_ptr<Client>> start(net::Context& context, const crypto::BoxKey& transport, Options options,
                                                     Pushes pushes);
  virtual ~Client() = default;
  virtual bool wait_connected(std::uint64_t timeout_ms) = 0;
  [[nodiscard]] virtual bool connected() const = 0;

  // kBusy: no connection or no answer in time (nothing is known: resend identical bytes). kDenied: the hub answered NACK to a query.
  virtual base::Result<Answer> batch(base::View frame) = 0;
  virtual base::Result<Answer> receipt(const wire::Receipt& r) = 0;
  virtual base::Result<Answer> dir_put(const wire::DirPut& p) = 0;
  virtual base::Result<Answer> ledger(const wire::Ledger& l) = 0;
  virtual base::Result<wire::DirGot> dir_get(const wire::DirGet& q) = 0;
  virtual base::Result<wire::LogGot> log_get(const wire::LogGet& q) = 0;
  virtual base::Result<wire::Fetched> fetch(const wire::Fetch& q) = 0;
  virtual base::Result<wire::Found> search(const wire::Search& q) = 0;
  virtual base::Result<wire::StatusReport> status() = 0;
  virtual base::Result<wire::Witness> witness(const wire::Witness& w) = 0;
  virtual base::Status credit(std::uint32_t more) = 0;

  // Without waiting: for pipelines (courier with several batches in flight, receipts). `done` runs on the client's thread.
  virtual void batch_async(base::Bytes frame, std::function<void(base::Result<Answer>)> done) = 0;
  virtual void receipt_async(wire::Receipt r, std::function<void(base::Result<Answer>)> done) = 0;
};

}  // namespace hub::client
