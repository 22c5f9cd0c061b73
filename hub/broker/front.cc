// The I/O thread: see front.h.
#include "hub/broker/front.h"

#include "hub/broker/ops.h"

namespace hub::broker {
namespace {

constexpr int kBurst = 256;  // messages taken before answers get their turn

bool changes_state(Op op) { return op == Op::kBatch || op == Op::kReceipt || op == Op::kDirPut || op == Op::kLedger || op == Op::kSearch; }

}  // namespace

Front::Front(Office& office, net::Router router)
    : office_(office), router_(std::move(router)), directory_(office.directory()), quiet_until_(office.tick() + office.options.quiet_ms) {}

void Front::run() {
  std::vector<net::PollItem> items{{router_.raw()}, {nullptr, office_.front_waker.fd()}};
  bool more = false;
  while (!office_.stopping && !office_.failed) {
    net::poll(items, more ? 0 : 1000);
    if (items[1].readable) office_.front_waker.drain();
    refresh_directory();
    send_outs();
    more = false;
    for (int i = 0; i < kBurst; ++i) {
      auto m = router_.receive();
      if (!m) break;
      more = i + 1 == kBurst;
      take(std::move(*m));
    }
    office_.count.dropped = router_.dropped();
  }
  if (!office_.failed) send_outs();
}

void Front::refresh_directory() {
  if (directory_version_ == office_.directory_version()) return;
  directory_version_ = office_.directory_version();
  directory_ = office_.directory();
  batches_in_flight_ = office_.options.limits.batches_in_flight;
  for (const auto& [name, value] : directory_.anchor().limits) {
    if (name == "in-flight") batches_in_flight_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(batches_in_flight_, value));
  }
}

Peer& Front::peer(const base::Id& agent) { return peers_.try_emplace(agent, office_.options.limits).first->second; }

void Front::take(net::Message m) {
  const auto agent = base::unhex_id(m.user_id);
  if (!agent) return;
  Origin from{*agent, base::fixed<5>(m.route), 0, 0};
  const auto head = wire::decode_head(m.head);
  if (head.ok()) from.req = head->req;
  // The certificate first: who has lost it is told that, and nothing else (protocol section 5).
  if (in_force(directory_, *agent, office_.now()) == nullptr) return nack(from, NackCode::kCert, "the certificate is not in force");
  auto& p = peer(*agent);
  if (p.route == from.route) from.session = p.session;
  const bool formed = head.ok() && head->version == wire::kVersion && (head->req != 0 || head->op == Op::kCredit);
  if (!formed) {
    bad_frame(*agent);
    return nack(from, NackCode::kMalformed, "not a head of this protocol");
  }
  if (!allowed(from, head->op, m.payload.size())) return;
  dispatch(from, head->op, std::move(m.payload));
}

bool Front::allowed(const Origin& from, Op op, std::size_t bytes) {
  auto& p = peer(from.agent);
  const auto now = office_.tick();
  if (const auto ms = p.strikes.suspended_ms(now)) return nack(from, NackCode::kBusy, "suspended for bad frames", ms), false;
  if (const auto ms = std::max(p.frames.take(1, now), p.bytes.take(static_cast<double>(bytes), now))) {
    return nack(from, NackCode::kBusy, "over the rate of this hub", ms), false;
  }
  if (op == Op::kHello) return true;
  if (from.session == 0) return nack(from, NackCode::kBusy, "say HELLO first", 1000), false;
  if (now < quiet_until_)
    return nack(from, NackCode::kBusy, "starting: only HELLO is heard", static_cast<std::uint32_t>(quiet_until_ - now)), false;
  if (office_.count.read_only && changes_state(op))
    return nack(from, NackCode::kBusy, "read-only: somebody holds a checkpoint that this log cannot explain", 60'000), false;
  return true;
}

void Front::dispatch(const Origin& from, Op op, base::Bytes payload) {
  switch (op) {
    case Op::kHello: return on_hello(*this, from, payload);
    case Op::kBatch: return on_batch(*this, from, std::move(payload));
    case Op::kReceipt: return on_receipt(*this, from, payload);
    case Op::kCredit: return on_credit(*this, from, payload);
    case Op::kDirPut: return on_dirput(*this, from, payload);
    case Op::kLedger: return on_ledger(*this, from, payload);
    case Op::kFetch:
    case Op::kDirGet:
    case Op::kLogGet:
    case Op::kSearch:
    case Op::kWitness:
    case Op::kStatus: return ask(*this, from, op, std::move(payload));
    default: bad_frame(from.agent); return nack(from, NackCode::kMalformed, "not an op that an agent may send");
  }
}

bool Front::admit(const Origin& from, std::size_t bytes, double checks) {
  const auto& l = office_.options.limits;
  auto& c = office_.count;
  if (c.house_bytes + bytes > l.house_bytes || c.house_items >= l.house_items)
    return nack(from, NackCode::kBusy, "the hub is full of work", 50), false;
  if (const auto ms = peer(from.agent).checks.take(checks, office_.tick()))
    return nack(from, NackCode::kBusy, "over the rate of signature checks", ms), false;
  c.house_bytes += bytes;
  ++c.house_items;
  return true;
}

std::uint64_t Front::bind(const Origin& from) {
  auto& p = peer(from.agent);
  if (p.route && *p.route != from.route) {
    Origin old{from.agent, *p.route, p.session, 0};
    nack(old, NackCode::kBusy, "another process of this agent has said HELLO", 60'000);
  }
  if (!p.route) ++office_.count.sessions;
  p.route = from.route;
  return p.session = next_session_++;
}

void Front::unbind(const Origin& who) {
  auto& p = peer(who.agent);
  if (p.route != who.route) return;
  p.route.reset();
  --office_.count.sessions;
  office_.desk.push({Errand::What::kGone, {}, {}, {who.agent, who.route, p.session, 0}, 0});
}

void Front::bad_frame(const base::Id& agent) {
  office_.rejects.add(agent, NackCode::kMalformed);
  strike(agent);
}

void Front::strike(const base::Id& agent) {
  if (peer(agent).strikes.strike(office_.tick())) ++office_.count.suspensions;
}

void Front::answer(const Origin& to, Op op, base::View payload) {
  const auto sent = router_.send(to.route, wire::encode(wire::Head{op, wire::kVersion, to.req}), payload);
  if (!sent.ok() && sent.error().kind == base::Kind::kNotFound) unbind(to);
}

void Front::nack(const Origin& to, NackCode code, std::string words, std::uint32_t retry_ms) {
  ++office_.count.nacks;
  answer(to, Op::kNack, nack_bytes(code, std::move(words), retry_ms));
}

void Front::send_outs() {
  for (const auto& o : office_.take_outs()) {
    if (office_.failed) return;  // after a failed sync nothing is promised any more (D16)
    book(o);
    send_one(o);
  }
}

void Front::book(const Out& o) {
  auto& p = peer(o.to.agent);
  if (o.house_bytes > 0) {
    office_.count.house_bytes -= o.house_bytes;
    --office_.count.house_items;
  }
  if (o.messages > 0) p.messages.charge(o.messages);
  if (o.batch && p.batches > 0) --p.batches;
  if (o.query && p.queries > 0) --p.queries;
  if (o.strike) strike(o.to.agent);
  if (o.op != Op::kNack) return;
  ++office_.count.nacks;
  if (o.batch && o.refused != NackCode::kBusy && o.refused != NackCode::kStorageFull) office_.rejects.add(o.to.agent, o.refused);
}

void Front::send_one(const Out& o) {
  if (in_force(directory_, o.to.agent, office_.now()) == nullptr) {  // revoked meanwhile: NACK 4 is all that it gets
    if (o.to.req != 0) nack(o.to, NackCode::kCert, "the certificate is not in force");
    return;
  }
  if (o.op == Op::kDeliver) return deliver(o);
  answer(o.to, o.op, o.payload);
}

// Mail goes out in order or not at all: once a peer's queue is full, nothing more of this push is sent, and the desk goes back.
void Front::deliver(const Out& o) {
  auto& p = peer(o.to.agent);
  if (p.session != o.to.session || !p.route) return;  // of a session that has ended: the next one starts from the mailbox
  const bool stalled = p.stalled_session == o.to.session && p.stalled_epoch == o.epoch;
  const auto sent = stalled ? base::Status(base::Error{base::Kind::kBusy, "stalled"})
                            : router_.send(o.to.route, wire::encode(wire::Head{o.op, wire::kVersion, 0}), o.payload);
  if (sent.ok()) {
    ++office_.count.delivers;
  } else if (sent.error().kind == base::Kind::kBusy) {
    p.stalled_session = o.to.session;
    p.stalled_epoch = o.epoch;
    office_.desk.push({Errand::What::kRewind, {}, {}, o.to, o.mail_index, o.epoch});
  } else {
    unbind(o.to);
  }
}

}  // namespace hub::broker
