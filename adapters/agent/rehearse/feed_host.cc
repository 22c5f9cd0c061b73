// Sent, or rehearsed.
#include "adapters/agent/rehearse/feed_host.h"

#include <algorithm>

#include "schemas/body.h"

namespace adapters::agent::rehearse {
namespace {

constexpr std::size_t kRefusals = 1000;
constexpr std::string_view kDelivery = "delivery";

thread_local Watch* watching = nullptr;

std::string kind_of(const Submission& s) {
  return std::string(schemas::name_of(schemas::msg_kinds(), static_cast<std::uint16_t>(schemas::kind_of(s.body.payload))));
}

}  // namespace

Watch* Watch::of_this_thread() { return watching; }
Watch::Scope::Scope(Watch& w) : before_(std::exchange(watching, &w)) {}
Watch::Scope::~Scope() { watching = before_; }

bool passes(base::Kind k) { return k == base::Kind::kBusy || k == base::Kind::kFull || k == base::Kind::kIo; }

base::Result<Submitted> FeedHost::submit(Submission s) {
  Watch* watch = Watch::of_this_thread();
  if (watch != nullptr && watch->kind == Watch::Kind::kRehearse) return try_out(s, watch);
  return modes_.with(adapter_, kind_of(s), [&](bool sends) { return sends ? send(std::move(s), watch) : try_out(s, watch); });
}

base::Result<Submitted> FeedHost::send(Submission s, Watch* watch) {
  auto done = agent_.submit(std::move(s));
  if (watch == nullptr) return done;
  if (done.ok()) {
    ++watch->submitted;
    watch->repeats += done->repeat;
  } else if (passes(done.error().kind)) {
    watch->passing = done.error();
  } else {
    watch->refused = done.error();
  }
  return done;
}

base::Result<Submitted> FeedHost::try_out(const Submission& s, Watch* watch) {
  if (watch != nullptr) {
    Outcome o = rehearse(office_, watch->chain.before(s), s);
    if (o.answer.ok() && !o.answer->repeat) watch->chain.add(s, o.answer->thread_id);
    if (o.answer.ok()) ++watch->rehearsed;
    if (!o.answer.ok()) (passes(o.answer.error().kind) ? watch->passing : watch->refused) = o.answer.error();
    watch->rows.push_back(std::move(o.row));
    return o.answer;
  }
  Outcome o = rehearsed(s);
  const std::uint64_t no = modes_.note(adapter_, std::move(o.row));
  if (!o.answer.ok()) {
    const std::lock_guard lock(mutex_);
    refusals_.push_back({no, o.answer.error().what});
    if (refusals_.size() > kRefusals) refusals_.pop_front();
  }
  return o.answer;
}

Outcome FeedHost::rehearsed(const Submission& s) {
  std::vector<Earlier> before;
  {
    const std::lock_guard lock(mutex_);
    begin_anew();
    before = chain_.before(s);
  }
  Outcome o = rehearse(office_, before, s);
  const std::lock_guard lock(mutex_);
  if (o.answer.ok() && !o.answer->repeat) chain_.add(s, o.answer->thread_id);
  return o;
}

base::Result<std::optional<std::uint64_t>> FeedHost::propose_match(std::string_view adapter, const schemas::Subject& who, Submission s) {
  Watch* watch = Watch::of_this_thread();
  const auto rehearsed = [&]() -> base::Result<std::optional<std::uint64_t>> {
    keep::RehearsedRow row;
    row.at = office_.clock();
    row.format = s.body.source.format;
    row.kind = kind_of(s);
    row.verdict = "match";
    row.what = "a person would be asked which thread it belongs to, if an open one comes near";
    if (watch != nullptr) {
      ++watch->rehearsed;
      watch->rows.push_back(std::move(row));
    } else {
      (void)modes_.note(adapter_, std::move(row));
    }
    return std::optional<std::uint64_t>{};
  };
  if (watch != nullptr && watch->kind == Watch::Kind::kRehearse) return rehearsed();
  return modes_.with(adapter_, kind_of(s), [&](bool sends) {
    if (!sends) return rehearsed();
    auto done = agent_.propose_match(adapter, who, std::move(s));
    if (watch != nullptr && done.ok() && *done) ++watch->submitted;  // it is kept where a person decides
    return done;
  });
}

base::Result<std::uint64_t> FeedHost::quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) {
  if (format == kDelivery) return agent_.quarantine(adapter, format, bytes, why);  // what came from outside is never a rehearsal
  if (Watch* watch = Watch::of_this_thread()) {
    const auto told = std::ranges::find_if(watch->rows, [&](const keep::RehearsedRow& r) { return !r.what.empty() && why.what.starts_with(r.what) && r.where != why.where; });
    if (told == watch->rows.end()) {
      watch->rows.push_back(unread(format, why, office_.clock()));
    } else if (!why.where.empty()) {
      told->where = why.where;
    }
    watch->refused = why;
    return std::uint64_t{0};
  }
  if (const auto before = told_before(why)) {
    if (before->no != 0 && !why.where.empty()) modes_.place(adapter_, before->no, why.where);
    return std::uint64_t{0};
  }
  return modes_.with(adapter_, "", [&](bool sends) -> base::Result<std::uint64_t> {
    if (sends) return agent_.quarantine(adapter, format, bytes, why);
    (void)modes_.note(adapter_, unread(format, why, office_.clock()));
    return std::uint64_t{0};
  });
}

std::optional<FeedHost::Refusal> FeedHost::told_before(const base::Error& why) {
  const std::lock_guard lock(mutex_);
  begin_anew();
  const auto it = std::ranges::find_if(refusals_, [&](const Refusal& r) { return why.what.starts_with(r.what); });
  if (it == refusals_.end()) return std::nullopt;
  Refusal out = std::move(*it);
  refusals_.erase(it);
  return out;
}

void FeedHost::begin_anew() {
  if (modes_.changes() == std::exchange(changes_, modes_.changes())) return;
  chain_.clear();
  refusals_.clear();
}

}  // namespace adapters::agent::rehearse
