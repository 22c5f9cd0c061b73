// Front: the only thread that touches the Router. It knows peers and sessions, meters them, judges what is cheap to judge, hands the
// rest on, and sends what the other threads have answered. Its ops are one file each (on_*.cc).
#pragma once

#include <unordered_map>

#include "hub/broker/office.h"

namespace hub::broker {

struct Peer {  // kept as long as the process: there are as many as agents in the directory
  explicit Peer(const Limits& l) : frames(l.frames), bytes(l.bytes), messages(l.messages), checks(l.signature_checks) {}
  TokenBucket frames, bytes, messages, checks;
  Strikes strikes;
  std::optional<Route> route;  // of the session
  std::uint64_t session = 0;
  std::uint32_t batches = 0, queries = 0;
  std::uint64_t stalled_session = 0;  // whose queue was full at `stalled_epoch`: what was pushed before the rewind is not sent
  std::uint32_t stalled_epoch = 0;
};

class Front {
 public:
  Front(Office& office, net::Router router);
  void run();  // until the office stops or fails
  [[nodiscard]] const std::string& endpoint() const { return router_.endpoint(); }

  // For the ops.
  Office& office() { return office_; }
  Peer& peer(const base::Id& agent);
  [[nodiscard]] const crypto::Directory& directory() const { return directory_; }
  [[nodiscard]] std::uint32_t batches_in_flight() const { return batches_in_flight_; }
  void answer(const Origin& to, Op op, base::View payload);
  void nack(const Origin& to, NackCode code, std::string words, std::uint32_t retry_ms = 0);
  // Admits a frame into the house, or answers NACK 13 and says false. `checks`: signature checks it will cost.
  bool admit(const Origin& from, std::size_t bytes, double checks);
  std::uint64_t bind(const Origin& from);  // HELLO: the peer's session from now on
  void bad_frame(const base::Id& agent);   // a strike, and a line in the REJECT entry of this minute

 private:
  void refresh_directory();
  void take(net::Message m);
  void dispatch(const Origin& from, Op op, base::Bytes payload);
  bool allowed(const Origin& from, Op op, std::size_t bytes);
  void send_outs();
  void send_one(const Out& o);
  void deliver(const Out& o);
  void book(const Out& o);
  void unbind(const Origin& who);
  void strike(const base::Id& agent);

  Office& office_;
  net::Router router_;
  crypto::Directory directory_;
  std::uint64_t directory_version_ = 0, next_session_ = 1;
  std::uint32_t batches_in_flight_ = 0;  // per sender: the anchor's limit, which the configuration may lower
  const std::uint64_t quiet_until_;
  std::unordered_map<base::Id, Peer, base::IdHash> peers_;
};

}  // namespace hub::broker
