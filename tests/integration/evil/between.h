// A hub that lies: it stands between real agents and a real hub, holds the hub's transport key and the agents' (the test made all of
// them), reads every frame of the wire, and passes on what its trick says. One thread of its own; calls are thread-safe.
#pragma once

#include "tests/integration/agent_kit.h"

namespace evil {

namespace wire = schemas::wire;
using schemas::Op;

struct Frame {
  std::string agent;  // slug of the line
  bool down = false;  // from the hub to the agent
  Op op{};
  std::uint64_t req = 0;
  base::Bytes payload;
};
enum class Go { kOn, kNowhere, kBack };  // back: to whoever sent it, as the answer
using Trick = std::function<Go(Frame&)>;

class Between {
 public:
  explicit Between(hub_kit::World& world);
  ~Between();
  Between(const Between&) = delete;
  Between& operator=(const Between&) = delete;

  [[nodiscard]] agent_kit::Road road();  // how agents come to speak to this and not to the hub
  void trick(Trick t = {});              // from the next frame on; none: honest
  void push(const std::string& agent, Op op, base::Bytes payload);  // unasked, as a hub does
  void hang_up(const std::string& agent);                           // it dials again and says HELLO
  // Every frame that came of this kind, as it came (before the trick).
  [[nodiscard]] std::vector<base::Bytes> seen(const std::string& agent, bool down, Op op) const;

 private:
  struct Peer {
    std::shared_ptr<const crypto::BoxKey> key;
    base::Bytes route;
    std::optional<hub::net::Dealer> line;  // to the hub
  };
  void admit(const std::string& slug, const std::string& dir);
  void run();
  void up();
  void down(const std::string& slug, Peer& peer);
  void hand_on(Frame f);
  void to_agent(const Frame& f);

  hub_kit::World& world_;
  const std::string hub_endpoint_;  // a hub that is started again keeps it
  hub::net::Context context_;
  mutable std::recursive_mutex mutex_;  // guards all below
  std::map<std::string, Peer> peers_;
  std::vector<Frame> seen_, pushes_;
  Trick trick_;
  std::unique_ptr<hub::net::ZapGate> gate_;
  std::optional<hub::net::Router> router_;
  hub::net::Waker waker_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace evil
