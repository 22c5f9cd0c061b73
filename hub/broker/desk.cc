// The desk's thread: see desk.h.
#include "hub/broker/desk.h"

namespace hub::broker {
namespace {

constexpr std::size_t kTurn = 32;  // groups for one recipient before the next one's turn
constexpr std::uint64_t kTurnBytes = 4ULL << 20;

}  // namespace

void Desk::run() {
  std::deque<Errand> errands;
  while (office_.desk.take_all(errands, dirty_.empty()) || !dirty_.empty()) {
    if (office_.failed) return;
    const auto snapshot = office_.parts.journal.read();  // newer than every commit in `errands`
    if (!snapshot.ok()) return office_.fail(snapshot.error());
    const auto reader = (*snapshot)->reader();
    for (auto& e : errands) take(e, reader);
    errands.clear();
    const auto directory = office_.directory();
    for (auto turns = dirty_.size(); turns > 0; --turns) {
      const auto id = dirty_.front();
      dirty_.pop_front();
      const auto box = boxes_.find(id);
      if (box == boxes_.end()) continue;
      box->second.dirty = false;
      if (in_force(directory, id, office_.now()) != nullptr) push_mail(box->second, reader);
    }
    office_.send(std::exchange(outs_, {}));
  }
}

void Desk::take(Errand& e, const state::Reader& reader) {
  switch (e.what) {
    case Errand::What::kCommitted:
      for (std::size_t i = 0; i < e.pending.size(); ++i) answer(e.pending[i], e.outcomes[i], reader);
      return;
    case Errand::What::kHello: {
      auto& box = boxes_[e.who.agent];
      const bool queued = box.dirty;
      box = Box{};
      box.to = e.who;
      box.credit = e.n;
      box.dirty = queued;
      return mark(e.who.agent);
    }
    case Errand::What::kGone:
      if (box_of(e.who) != nullptr) boxes_.erase(e.who.agent);
      return;
    case Errand::What::kCredit:
    case Errand::What::kRewind: break;
  }
  auto* box = box_of(e.who);
  if (box == nullptr) return;
  if (e.what == Errand::What::kRewind) return rewind(*box, e);
  box->credit = std::min<std::uint64_t>(box->credit + e.n, office_.options.limits.max_credit);
  for (auto n = e.n; n > 0 && !box->window.empty(); --n) {
    box->window_bytes -= box->window.front();
    box->window.pop_front();
  }
  mark(e.who.agent);
}

// The peer does not read. The first DELIVER that found its queue full takes the cursor back; those behind it in the same push were
// not sent either. The credit is gone: from now on the peer's queue is the window, and each group that it credits back makes room for one.
void Desk::rewind(Box& box, const Errand& e) {
  if (e.epoch == box.epoch) {
    ++box.epoch;
    box.cursor = std::min(box.cursor, e.n - 1);
    box.credit = 0;
  }
  if (!box.window.empty()) {
    box.window_bytes -= box.window.back();
    box.window.pop_back();
  }
  if (box.window.empty())
    box.credit = std::max<std::uint64_t>(box.credit, 1);  // its queue is full of other answers: try again with the next mail
}

Desk::Box* Desk::box_of(const Origin& who) {
  const auto it = boxes_.find(who.agent);
  return it != boxes_.end() && it->second.to.session == who.session ? &it->second : nullptr;
}

void Desk::mark(const base::Id& recipient) {
  const auto it = boxes_.find(recipient);
  if (it == boxes_.end() || it->second.dirty || !may_push(it->second)) return;
  it->second.dirty = true;
  dirty_.push_back(recipient);
}

void Desk::answer(const Pending& p, state::Outcome& o, const state::Reader& reader) {
  if (p.then) p.then(o);
  if (o.accepted) {
    for (const auto& d : o.deliveries) mark(d.recipient);
    if (p.item.type == schemas::EntryType::kReceipt && !o.repeat) forward_receipt(o, reader);
  }
  if (p.from.req == 0) return;
  Out out;
  if (o.accepted) {
    out = ack(p, o, reader);
  } else {
    reader.add_proofs(o);
    wire::Nack n;
    n.code = out.refused = o.code;
    n.retry_ms = o.retry_ms;
    n.payload = std::move(o.payload);
    n.words = std::move(o.words);
    for (auto& g : o.groups) n.groups.push_back({g.group_no, g.code, std::move(g.payload)});
    out.op = Op::kNack;
    out.payload = wire::encode(n);
  }
  out.to = p.from;
  out.house_bytes = p.house_bytes;
  out.batch = p.item.type == schemas::EntryType::kAccept;
  out.messages = out.batch ? p.messages : 0;
  outs_.push_back(std::move(out));
}

Out Desk::ack(const Pending& p, const state::Outcome& o, const state::Reader& reader) {
  Out out;
  // A receipt that was logged before has its entry elsewhere: the ACK is then without one (schemas/wire.h).
  const std::uint32_t n = p.item.type == schemas::EntryType::kReceipt && o.repeat ? 0 : o.n;
  auto made = reader.ack(o.first_index, n, o.batch_hash);
  if (made.ok()) {
    out.op = Op::kAck;
    out.payload = wire::encode(*made);
  } else {  // the store contradicts what it has just committed
    office_.fail(made.error());
  }
  return out;
}

void Desk::forward_receipt(const state::Outcome& o, const state::Reader& reader) {
  const auto it = boxes_.find(o.receipt_for);
  if (it == boxes_.end()) return;  // it FETCHes after its next HELLO
  const auto receipt = reader.receipt(o.first_index);
  if (!receipt.ok()) return office_.fail(receipt.error());
  Out out;
  out.to = it->second.to;
  out.op = Op::kReceipt;
  out.payload = wire::encode(*receipt);
  outs_.push_back(std::move(out));
}

bool Desk::may_push(const Box& box) const { return box.credit > 0 && box.window_bytes < office_.options.limits.window_bytes; }

void Desk::push_mail(Box& box, const state::Reader& reader) {
  const auto started = box.window_bytes;
  const auto waiting = reader.waiting(box.to.agent, box.cursor, std::min<std::uint64_t>(box.credit, kTurn));
  std::size_t done = 0;
  for (const auto& [seq, index] : waiting) {
    if (!may_push(box) || box.window_bytes - started >= kTurnBytes) break;
    ++done;
    box.cursor = seq;
    auto frame = reader.deliver_frame(index);
    if (frame.ok()) push_one(box, seq, std::move(*frame));
  }
  if (done < waiting.size() || waiting.size() == kTurn) mark(box.to.agent);
}

void Desk::push_one(Box& box, std::uint64_t index, base::Bytes frame) {
  --box.credit;
  box.window.push_back(frame.size());
  box.window_bytes += frame.size();
  Out out;
  out.to = box.to;
  out.op = Op::kDeliver;
  out.payload = std::move(frame);
  out.mail_index = index;
  out.epoch = box.epoch;
  outs_.push_back(std::move(out));
}

}  // namespace hub::broker
