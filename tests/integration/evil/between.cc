// The thread in the middle.
#include "tests/integration/evil/between.h"

#include "adapters/agent/vault.h"

namespace evil {

Between::Between(hub_kit::World& world) : world_(world), hub_endpoint_(world.hub->endpoint()) {
  auto gate = hub::net::ZapGate::start(context_, [this](const crypto::PublicKey& key) -> std::optional<std::string> {
    const std::lock_guard lock(mutex_);
    for (const auto& [slug, peer] : peers_) {
      if (peer.key->public_key() == key) return slug;
    }
    return std::nullopt;
  });
  REQUIRE(gate.ok());
  gate_ = std::move(*gate);
  auto router = hub::net::Router::bind(context_, world.c.hub_transport(), {.endpoint = "tcp://127.0.0.1:*"});
  REQUIRE(router.ok());
  router_ = std::move(*router);
  thread_ = std::thread([this] { run(); });
}

Between::~Between() {
  stop_ = true;
  waker_.wake();
  thread_.join();
}

agent_kit::Road Between::road() {
  return {router_->endpoint(), [this](const std::string& slug, const std::string& dir) { admit(slug, dir); }};
}

// The agent's own transport key, from its own key file.
void Between::admit(const std::string& slug, const std::string& dir) {
  const auto secret = adapters::agent::unlock_secret({world_.dir.path("pass"), {}, {}}, nullptr);
  REQUIRE(secret.ok());
  const auto vault = adapters::agent::Vault::open(dir, secret->view(), crypto::system_random());
  REQUIRE(vault.ok());
  const std::lock_guard lock(mutex_);
  peers_[slug].key = std::make_shared<crypto::BoxKey>(crypto::BoxKey::from_secret(crypto::Secret<32>(base::fixed<32>((*vault)->transport().secret().view()))));
}

void Between::trick(Trick t) {
  const std::lock_guard lock(mutex_);
  trick_ = std::move(t);
}

void Between::push(const std::string& agent, Op op, base::Bytes payload) {
  {
    const std::lock_guard lock(mutex_);
    pushes_.push_back({agent, true, op, 0, std::move(payload)});
  }
  waker_.wake();
}

void Between::hang_up(const std::string& agent) {
  wire::Nack nack;
  nack.code = schemas::NackCode::kBusy;
  nack.retry_ms = 1;
  push(agent, Op::kNack, wire::encode(nack));
}

std::vector<base::Bytes> Between::seen(const std::string& agent, bool down, Op op) const {
  const std::lock_guard lock(mutex_);
  std::vector<base::Bytes> out;
  for (const Frame& f : seen_) {
    if (f.agent == agent && f.down == down && f.op == op) out.push_back(f.payload);
  }
  return out;
}

void Between::run() {
  while (!stop_) {
    std::vector<hub::net::PollItem> items{{nullptr, waker_.fd()}, {router_->raw()}};
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [slug, peer] : peers_) {
        if (!peer.line) continue;
        items.push_back({peer.line->raw()});
        items.push_back({peer.line->monitor_raw()});
      }
    }
    hub::net::poll(items, 1'000);
    if (items[0].readable) waker_.drain();
    const std::lock_guard lock(mutex_);
    up();
    for (auto& [slug, peer] : peers_) down(slug, peer);
    for (const Frame& f : std::exchange(pushes_, {})) to_agent(f);
  }
}

void Between::up() {
  while (auto m = router_->receive()) {
    const auto head = wire::decode_head(m->head);
    if (!head.ok()) continue;
    Peer& peer = peers_.at(m->user_id);
    peer.route = m->route;
    if (head->op == Op::kHello) {  // a line of its own to the hub, under the agent's own name
      auto line = hub::net::Dealer::connect(context_, hub_endpoint_, world_.c.hub_transport().public_key(), *peer.key);
      if (!line.ok()) continue;
      peer.line = std::move(*line);
    }
    hand_on({m->user_id, false, head->op, head->req, std::move(m->payload)});
  }
}

void Between::down(const std::string& slug, Peer& peer) {
  while (peer.line) {
    auto m = peer.line->receive();
    if (!m) break;
    const auto head = wire::decode_head(m->first);
    if (head.ok()) hand_on({slug, true, head->op, head->req, std::move(m->second)});
  }
  if (peer.line && peer.line->lost()) {
    peer.line.reset();
    hang_up(slug);
  }
}

void Between::hand_on(Frame f) {
  seen_.push_back(f);
  const Go go = trick_ ? trick_(f) : Go::kOn;
  if (go == Go::kNowhere) return;
  if (f.down == (go == Go::kOn)) return to_agent(f);
  Peer& peer = peers_.at(f.agent);
  if (peer.line) (void)peer.line->send(wire::encode(wire::Head{f.op, wire::kVersion, f.req}), f.payload);
}

void Between::to_agent(const Frame& f) { (void)router_->send(peers_.at(f.agent).route, wire::encode(wire::Head{f.op, wire::kVersion, f.req}), f.payload); }

}  // namespace evil
