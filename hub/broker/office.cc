// What the broker's threads share: see office.h.
#include "hub/broker/office.h"

namespace hub::broker {

void Rejects::add(const base::Id& sender, NackCode code) {
  const std::lock_guard lock(mutex_);
  ++minute_[sender][static_cast<std::uint16_t>(code)];
}

Rejects::Minute Rejects::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(minute_, {});
}

Office::Office(const Parts& p, const Options& o) : parts(p), options(o), directory_(p.journal.directory()) {
  for (unsigned i = 0; i < std::max(1u, o.verifiers); ++i) verify.push_back(std::make_unique<Queue<Frame>>());
}

base::Instant Office::now() const { return std::max(parts.clock(), base::Instant{count.hub_time.load()}); }

crypto::Directory Office::directory() const {
  const std::lock_guard lock(mutex_);
  return directory_;
}

base::Status Office::look_up_log() {
  TRY_ASSIGN(const auto snapshot, parts.journal.read());
  const auto reader = snapshot->reader();
  count.size = reader.size();
  const auto note = crypto::parse_note(reader.witnessed());
  const auto witnessed = note.ok() ? crypto::parse_checkpoint(note->text) : base::Result<crypto::Checkpoint>(crypto::Checkpoint{});
  if (note.ok() && witnessed.ok()) count.witnessed_size = witnessed->size, count.witnesses = note->signatures.size() - 1;
  const auto last = count.size > 0 ? reader.entry(count.size - 1) : std::nullopt;
  if (last) {
    TRY_ASSIGN(const auto ent, crypto::parse_ent1(*last));
    count.hub_time = ent.hub_time.ms;
  }
  return {};
}

void Office::directory_changed() {
  auto fresh = parts.journal.directory();
  const std::lock_guard lock(mutex_);
  directory_ = std::move(fresh);
  ++directory_version_;
}

base::Bytes Office::record(std::string_view text) const {
  auto out = base::to_bytes(base::View(parts.random.bytes<32>()));
  base::append(out, base::view(text));
  return out;
}

void Office::send(std::vector<Out> outs) {
  if (outs.empty()) return;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = outs_.empty();
    if (first) {
      outs_ = std::move(outs);
    } else {
      for (auto& o : outs) outs_.push_back(std::move(o));
    }
  }
  if (first) front_waker.wake();
}

void Office::send(Out out) {
  std::vector<Out> one;
  one.push_back(std::move(out));
  send(std::move(one));
}

std::vector<Out> Office::take_outs() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outs_, {});
}

void Office::fail(base::Error e) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(e);
  }
  failed = true;
  front_waker.wake();
  main_waker.wake();
}

std::optional<base::Error> Office::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

const crypto::Member* in_force(const crypto::Directory& d, const base::Id& agent, base::Instant now) {
  const auto* member = d.member(agent);
  return member != nullptr && d.standing_now(member->cert_hash, now) == crypto::Standing::kActive ? member : nullptr;
}

base::Bytes nack_bytes(NackCode code, std::string words, std::uint32_t retry_ms) {
  wire::Nack n;
  n.code = code;
  n.retry_ms = retry_ms;
  n.words = std::move(words);
  return wire::encode(n);
}

Out refusal(const Origin& to, NackCode code, std::string words, std::uint32_t retry_ms) {
  Out o;
  o.to = to;
  o.op = Op::kNack;
  o.payload = nack_bytes(code, std::move(words), retry_ms);
  o.refused = code;
  return o;
}

}  // namespace hub::broker
