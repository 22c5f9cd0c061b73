// The writer: the one thread that appends. Whatever arrived while the last block went to disk makes the next one (natural batching).
// A failed append ends the hub: nothing after it is answered (decisions D16).
#include "hub/broker/threads.h"

namespace hub::broker {
namespace {

// The next block: the front of the queue, up to the limits of one commit.
Errand next_block(std::deque<Pending>& waiting, const Limits& limits) {
  Errand block{Errand::What::kCommitted};
  std::uint64_t messages = 0, bytes = 0;
  while (!waiting.empty()) {
    const auto& p = waiting.front();
    const auto size = p.item.content().size() + p.item.blob.size() + 8;
    if (!block.pending.empty() && (messages + p.messages > limits.block_messages || bytes + size > limits.block_bytes)) break;
    messages += p.messages;
    bytes += size;
    block.pending.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  return block;
}

void tally(Office& office, const Errand& block) {
  auto& c = office.count;
  ++c.blocks;
  for (std::size_t i = 0; i < block.outcomes.size(); ++i) {
    if (!block.outcomes[i].accepted || block.outcomes[i].repeat) continue;
    switch (block.pending[i].item.type) {
      case schemas::EntryType::kAccept:
        ++c.batches;
        c.messages += block.pending[i].messages;
        break;
      case schemas::EntryType::kReceipt: ++c.receipts; break;
      case schemas::EntryType::kDir: ++c.notes; break;
      default: break;
    }
  }
}

// A full map must be seen before a commit fails on it: by the bytes that went in, not only by the keeper's clock.
void watch_fill(Office& office, std::uint64_t bytes, std::uint64_t& since) {
  constexpr std::uint64_t kEvery = 4ULL << 20;
  since += bytes;
  if (since < kEvery) return;
  since = 0;
  office.count.fill_ppm = static_cast<std::uint32_t>(office.parts.journal.fill() * 1e6);
}

bool commit(Office& office, Errand block) {
  std::vector<state::Item> items;
  items.reserve(block.pending.size());
  bool notes = false;
  for (const auto& p : block.pending) {
    items.push_back(p.item);  // a verified batch is shared, not copied
    notes |= p.item.type == schemas::EntryType::kDir;
  }
  auto applied = office.parts.journal.append(std::move(items), office.parts.clock());
  if (!applied.ok()) {
    office.fail(applied.error());
    return false;
  }
  office.count.hub_time = applied->hub_time.ms;
  office.count.size = applied->size;
  block.outcomes = std::move(applied->outcomes);
  CHECK(block.outcomes.size() == block.pending.size());
  if (notes) office.directory_changed();
  tally(office, block);
  for (auto& p : block.pending) p.item.verified.reset();  // the frame's memory goes before the answer is made
  office.desk.push(std::move(block));
  office.index_waker.wake();
  return true;
}

}  // namespace

void run_writer(Office& office) {
  std::deque<Pending> waiting;
  std::uint64_t since_fill = 0;
  while (office.write.take_all(waiting, waiting.empty()) || !waiting.empty()) {
    auto block = next_block(waiting, office.options.limits);
    std::uint64_t bytes = 0;
    for (const auto& p : block.pending) bytes += p.item.content().size();
    if (office.failed || !commit(office, std::move(block))) return;
    watch_fill(office, bytes, since_fill);
  }
}

}  // namespace hub::broker
