// REC1 from another hub, and rows of our own tables: no byte of them may do harm. What parses is written back identically, and its
// items are applied to a small hub, which must survive them and still be able to load what it wrote.
#include "hub/journal/memory_kv.h"
#include "hub/state/rows.h"
#include "hub/state/state.h"
#include "tests/kit/consortium.h"

namespace {

struct Hub {
  kit::Consortium c{{{"hospital", "hospital_ed"}, {"crisis", "crisis_center"}}};
  crypto::SignKey key = c.log_key();
  hub::journal::MemoryKv kv;
  Hub() {
    auto state = hub::state::State::load(kv, c.anchor(), key);
    CHECK(state.ok());
    hub::state::Record r{0, kit::kStart, 0, state->root(), {}};
    for (const kit::SignedNote& n : c.notes()) {
      hub::state::Item item;
      item.type = schemas::EntryType::kDir;
      item.bytes = base::to_bytes(n.whole);
      item.blob = n.blob;
      r.items.push_back(std::move(item));
    }
    CHECK(state->apply(kv, r).ok());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Hub hub;
  const base::View in{data, size};
  (void)hub::state::parse_group_row(in);
  (void)hub::state::parse_state_row(in);
  auto record = hub::state::parse_record(in);
  if (!record.ok()) return 0;
  CHECK(base::equal(encode(*record), in));
  hub::journal::MemoryKv kv(hub.kv.share());
  kv.share();  // the rows stay the base state's: this run writes to copies
  auto state = hub::state::State::load(kv, hub.c.anchor(), hub.key);
  CHECK(state.ok());
  record->size = state->size();
  record->root = state->root();
  CHECK(state->apply(kv, *record).ok());
  auto again = hub::state::State::load(kv, hub.c.anchor(), hub.key);
  CHECK(again.ok());
  CHECK(again->root() == state->root());
  return 0;
}
