// State: the machine's door. Each item kind is applied in its own file; the loading is in load.cc.
#include "hub/state/state.h"

#include "hub/state/internal/machine.h"

namespace hub::state {
namespace {

base::Status apply_item(Work& w, const Item& item, Outcome& out) {
  switch (item.type) {
    case schemas::EntryType::kAccept: return apply_batch(w, item, out);
    case schemas::EntryType::kReceipt: return apply_receipt(w, item, out);
    case schemas::EntryType::kDir: return apply_dir(w, item, out);
    case schemas::EntryType::kHub:
    case schemas::EntryType::kReject: return apply_record(w, item, out);
    case schemas::EntryType::kErase:
    case schemas::EntryType::kExpire: return apply_end(w, item, out);
    case schemas::EntryType::kAccess: return apply_access(w, item, out);
    case schemas::EntryType::kHead: return apply_head(w, item, out);
  }
  refuse(out, schemas::NackCode::kMalformed, "unknown item type");
  return {};
}

}  // namespace

State::State(std::unique_ptr<Machine> m) : m_(std::move(m)) {}
State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;
State::~State() = default;

base::Result<Applied> State::apply(Kv& kv, const Record& record) {
  if (record.size != size() || record.root != root()) {
    return base::Error{base::Kind::kCorrupt, "the record was proposed on another tree", "REC1",
                       "stop this hub and copy the state of one that agrees with the majority"};
  }
  Applied applied;
  applied.outcomes.resize(record.items.size());
  Work w(*m_, kv, record.t);
  for (std::size_t i = 0; i < record.items.size(); ++i) {
    Outcome& out = applied.outcomes[i];
    const std::uint64_t before = w.size();
    TRY(apply_item(w, record.items[i], out));
    if (out.accepted && !out.repeat) {
      out.first_index = before;
      out.n = static_cast<std::uint32_t>(w.size() - before);
    }
  }
  TRY(w.finish());
  applied.hub_time = w.hub_time;
  applied.size = size();
  applied.root = root();
  applied.checkpoint = m_->checkpoint;
  return applied;
}

const crypto::Directory& State::directory() const { return m_->directory; }
std::uint64_t State::size() const { return m_->frontier.size(); }
base::Hash State::root() const { return m_->frontier.root(); }
base::Instant State::hub_time() const { return m_->hub_time; }
const std::string& State::checkpoint() const { return m_->checkpoint; }

}  // namespace hub::state
