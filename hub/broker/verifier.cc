// The verifiers: everything in protocol section 7 that needs no state, so that the writer only has to look things up. One lane a
// thread and one sender always in the same lane: each sender's order is kept.
#include "hub/broker/threads.h"
#include "schemas/frames.h"

namespace hub::broker {
namespace {

bool deserves_strike(NackCode c) {
  return c == NackCode::kMalformed || c == NackCode::kSignature || c == NackCode::kRoot || c == NackCode::kSize || c == NackCode::kSuite;
}

Out refused(const Frame& f, std::size_t size, NackCode code, std::string words) {
  auto out = refusal(f.from, code, std::move(words));
  out.house_bytes = size + 1;
  out.batch = f.op == Op::kBatch;
  out.strike = deserves_strike(code);
  return out;
}

// The sender named in BST1 must be who the gate says: looked at before anything that costs.
bool own_batch(const Frame& f) {
  const auto parts = schemas::decode_batch(f.bytes);
  return !parts.ok() || parts->bst.size() < 56 || base::equal(parts->bst.subspan(40, 16), f.from.agent);
}

void verify_batch(Office& office, const crypto::Directory& directory, Frame f) {
  const auto size = f.bytes.size();
  if (!own_batch(f)) return office.send(refused(f, size, NackCode::kSenderMismatch, "the batch names another sender"));
  NackCode code = NackCode::kMalformed;
  auto verified = state::State::verify_batch(std::move(f.bytes), directory, &code);
  if (!verified.ok()) return office.send(refused(f, size, code, verified.error().what));
  Pending p;
  p.from = f.from;
  p.item.type = schemas::EntryType::kAccept;
  p.item.verified = std::move(*verified);
  p.messages = 0;
  for (const auto& g : p.item.verified->parsed.groups) p.messages += g.grp.n_msgs;
  p.house_bytes = size + 1;
  office.write.push(std::move(p));
}

void verify_receipt(Office& office, const crypto::Directory& directory, Frame f) {
  const auto size = f.bytes.size();
  NackCode code = NackCode::kMalformed;
  const auto rcp = state::State::verify_receipt(f.bytes, directory, &code);
  if (!rcp.ok()) return office.send(refused(f, size, code, rcp.error().what));
  if (rcp->recipient != f.from.agent)
    return office.send(refused(f, size, NackCode::kSenderMismatch, "the receipt names another recipient"));
  Pending p;
  p.from = f.from;
  p.item.type = schemas::EntryType::kReceipt;
  p.item.bytes = std::move(f.bytes);
  p.item.signature_checked = true;
  p.house_bytes = size + 1;
  office.write.push(std::move(p));
}

}  // namespace

void run_verifier(Office& office, Queue<Frame>& lane) {
  std::deque<Frame> frames;
  while (lane.take_all(frames) && !office.failed) {
    const auto directory = office.directory();
    for (auto& f : frames) {
      if (f.op == Op::kBatch) {
        verify_batch(office, directory, std::move(f));
      } else {
        verify_receipt(office, directory, std::move(f));
      }
    }
    frames.clear();
  }
}

}  // namespace hub::broker
