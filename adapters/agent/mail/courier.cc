// The courier's thread.
#include "adapters/agent/mail/courier.h"

#include <chrono>

#include "adapters/agent/keep/for_hub.h"
#include "adapters/agent/mail/homecoming.h"
#include "adapters/agent/mail/succession.h"
#include "crypto/log_keys.h"
#include "crypto/note.h"

namespace adapters::agent::mail {
namespace {

constexpr std::uint64_t kIdleMs = 5'000;

std::uint64_t nanos() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

}  // namespace

void Courier::start(hub::client::Client& hub) {
  hub_ = &hub;
  thread_ = std::thread([this] { run(); });
}

void Courier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  something_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Courier::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  something_.notify_one();
}

void Courier::post(Event e) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(e));
  something_.notify_one();
}

void Courier::on_connection(bool up) { post(Connection{up}); }
void Courier::on_receipt(schemas::wire::Receipt r) { post(std::move(r)); }

std::string Courier::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void Courier::run() {
  std::uint64_t wait = 0;
  for (;;) {
    std::deque<Event> events;
    {
      std::unique_lock lock(mutex_);
      something_.wait_for(lock, std::chrono::milliseconds(wait), [&] { return stop_ || woken_ || !events_.empty(); });
      if (stop_) return;
      woken_ = false;
      events.swap(events_);
    }
    wait = step(std::move(events));
  }
}

std::uint64_t Courier::step(std::deque<Event> events) {
  std::vector<schemas::wire::Receipt> receipts;
  for (Event& e : events) {
    if (auto* c = std::get_if<Connection>(&e)) {
      connected_ = c->up;
      fetch_ = c->up;
      not_before_ = {};
    } else if (auto* a = std::get_if<Answered>(&e)) {
      on_answer(std::move(*a));
    } else {
      receipts.push_back(std::move(std::get<schemas::wire::Receipt>(e)));
    }
  }
  if (!receipts.empty()) take_receipts(std::move(receipts));
  if (connected_ && (fetch_ || (missing_ && office_.clock() >= ask_again_))) fetch_receipts();
  if (!connected_ || asked_ || !stopped().empty()) return kIdleMs;
  const base::Instant now = office_.clock();
  if (now < not_before_) return not_before_.ms - now.ms;
  send();
  return asked_ ? kIdleMs : 1'000;  // what waits for a key or a time is looked at again
}

// The batch in flight first, byte for byte; else the next.
void Courier::send() {
  if (office_.replica.stopped()) {  // what is in flight stays so: this hub is given nothing more
    office_.alarms.raise("seal", "nothing is sent any more: the hub's log has a fault");
    return later(5'000);
  }
  if (succeeded(office_)) return later(1'000);  // the next keys settle what is in flight, and seal what waits
  if (!home_) {
    if (auto s = come_home(office_, *hub_); !s) {
      const bool busy = s.error().kind == base::Kind::kBusy;
      if (!busy) office_.alarms.raise("restore", "restored from a backup, and nothing is sent: " + s.error().what + "; tell the hub's operator, or ask the authority for a new certificate");
      return later(busy ? 500 : 30'000);
    }
    home_ = true;
  }
  if (!loaded_) {
    const base::Status s = office_.store.read([&](keep::Tx& tx) {
      batch_ = in_flight(tx);
      return base::Status{};
    });
    if (!s) return later(5'000);
    loaded_ = true;
  }
  if (batch_ && sealed_under(*batch_) != office_.cert) return settle_succeeded();
  if (!batch_) {
    if (auto s = seal(); !s) {
      office_.alarms.raise("seal", "messages cannot be sealed: " + s.error().what);
      return later(5'000);
    }
    office_.alarms.clear("seal");
  }
  if (!batch_) return;
  asked_ = true;
  hub_->batch_async(batch_->frame, [this, seq = batch_->batch_seq](base::Result<hub::client::Answer> answer) { post(Answered{seq, std::move(answer)}); });
}

base::Status Courier::seal() {
  bool empty = false;
  TRY(office_.store.read([&](keep::Tx& tx) {
    empty = tx.count(keep::Table::kOut) == 0;
    return base::Status{};
  }));
  if (empty) return {};
  const Desk desk = office_.desk();
  if (desk.directory.cert(desk.cert) == nullptr) return base::Error{base::Kind::kNotFound, "our certificate is not in the hub's directory yet"};
  SealNotes notes;
  std::optional<keep::BatchRow> row;
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    SealNotes said;
    TRY_ASSIGN(row, seal_next(tx, {desk, office_.vault.sign(), {office_.vault.hedge(), office_.random, nanos()}}, said));
    notes = std::move(said);
    return {};
  }));
  batch_ = std::move(row);
  if (notes.waiting.empty()) {
    office_.alarms.clear("epoch");
  } else {
    office_.alarms.raise("epoch", "mail waits: no usable epoch key of " + notes.waiting[0]);
  }
  if (notes.refused > 0) office_.alarms.raise("policy", "the policy changed: messages that waited are no longer allowed (see the inbox)");
  return {};
}

void Courier::on_answer(Answered a) {
  if (!batch_ || a.batch_seq != batch_->batch_seq) return;
  asked_ = false;
  if (!a.answer) {
    if (connected_) office_.alarms.raise("ack", "the hub does not answer: mail is kept and sent again");
    return later(500);
  }
  if (a.answer->ack) return on_ack(*a.answer->ack);
  if (a.answer->nack) return on_nack(*a.answer->nack);
}

void Courier::on_ack(const schemas::wire::Ack& ack) {
  Desk desk = office_.desk();
  auto proved = check_ack(ack, *batch_, crypto::log_of(desk.directory, ack.checkpoint), desk.now);
  if (!proved && office_.replica.sync(*hub_).ok()) {  // an anchor may have come before it, and another log key with it
    desk = office_.desk();
    proved = check_ack(ack, *batch_, crypto::log_of(desk.directory, ack.checkpoint), desk.now);
  }
  if (!proved) {
    office_.alarms.raise("ack", "an acknowledgement of the hub does not hold: " + proved.error().what);
    return later(10'000);
  }
  const keep::BatchRow& row = *batch_;
  const base::Status s = office_.replica.sync(*hub_, ack.checkpoint, ack.entries, [&](keep::Tx& tx) {
    accept(tx, desk, row, {proved->first_index, proved->checkpoint.size, proved->hub_time});
    return base::Status{};
  });
  if (!s) {  // not consistent with what we hold, or the rest of the log could not be read: not acknowledged
    if (s.error().kind != base::Kind::kBusy) office_.alarms.raise("ack", "an acknowledgement of the hub does not hold: " + s.error().what);
    return later(s.error().kind == base::Kind::kBusy ? 500 : 10'000);
  }
  on_accepted();
  office_.alarms.clear("ack");
  office_.alarms.clear("nack");
}

void Courier::on_accepted() {
  batch_.reset();
  repeats_ = 0;
  fetch_ = fetch_ || early_;
  early_ = false;
  if (office_.wake_feed) office_.wake_feed();
}

// Our own certificate's entry has been read here, and with it every place at which the old one could still send: the batch stands in one of
// them, or in none for ever.
void Courier::settle_succeeded() {
  if (auto s = office_.replica.sync(*hub_); !s) return later(500);
  if (office_.replica.directory().cert(office_.cert) == nullptr) return later(1'000);
  if (found_in_log()) return;
  reseal({Plan::Act::kReseal, 0, {}, ""});
}

bool Courier::found_in_log() {
  const auto first = office_.replica.batch_index(batch_->hash);
  if (!first) return false;
  const Desk desk = office_.desk();
  const auto bytes = office_.replica.entry(*first);
  const auto entry = bytes ? crypto::parse_ent1(*bytes) : crypto::parse_ent1({});
  const base::Status s = office_.store.write([&](keep::Tx& tx) {
    accept(tx, desk, *batch_, {*first, office_.replica.size(), entry.ok() ? entry->hub_time : desk.now});
    return base::Status{};
  });
  if (!s.ok()) return false;
  on_accepted();
  return true;
}

void Courier::on_nack(const schemas::wire::Nack& nack) {
  if (auto s = office_.replica.sync(*hub_); !s && s.error().kind == base::Kind::kBusy) return later(500);
  if (found_in_log()) {
    const bool true_of_cert = nack.code == schemas::NackCode::kCert && succeeded(office_);  // it had been taken before, and the answer was lost
    if (!true_of_cert) office_.alarms.raise("hub-lied", "the hub refused a batch that it has logged");
    return;
  }
  const Plan plan = plan_nack(nack, *batch_, office_.desk(), repeats_++);
  if (!plan.alarm.empty()) office_.alarms.raise("nack", plan.alarm);
  switch (plan.act) {
    case Plan::Act::kStop: return halt(plan.alarm);
    case Plan::Act::kResend: return later(plan.wait_ms);
    case Plan::Act::kReseal: return reseal(plan);
  }
}

void Courier::reseal(const Plan& plan) {
  const Desk desk = office_.desk();
  const base::Status s = office_.store.write([&](keep::Tx& tx) {
    take_back(tx, desk, *batch_, plan.verdicts);
    return base::Status{};
  });
  if (s.ok()) batch_.reset();
  if (plan.wait_ms > 0 || !s.ok()) later(std::max<std::uint64_t>(plan.wait_ms, 100));
}

void Courier::take_receipts(std::vector<schemas::wire::Receipt> receipts) {
  const auto mine = office_.replica.turn();
  std::vector<std::string> notes;
  std::vector<schemas::wire::Proven> held;
  for (const auto& r : receipts) {
    notes.push_back(r.checkpoint);
    held.push_back(r.entry);
  }
  auto step = office_.replica.fetch(*hub_, notes, held);
  if (!step) {
    missing_ = true;  // nothing is lost: the hub keeps them
    return later(500);
  }
  const Desk desk = office_.desk();
  const crypto::Directory& directory = step->directory ? *step->directory : desk.directory;
  std::vector<CheckedReceipt> good;
  std::vector<base::Bytes> signed_bytes;
  for (const auto& r : receipts) {
    const auto checked = check_receipt(r, office_.self, directory);
    if (checked.ok()) {
      good.push_back(*checked);
      signed_bytes.push_back(base::concat({r.rcp, r.sig}));
    } else {
      office_.alarms.raise("receipt", "a receipt does not hold: " + checked.error().what);
    }
  }
  std::sort(good.begin(), good.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  Meaning meaning;
  const base::Status s = office_.store.write([&](keep::Tx& tx) {
    Meaning now;
    office_.replica.write(tx, *step);
    for (const CheckedReceipt& r : good) take_receipt(tx, desk, r, now);
    for (const base::Bytes& bytes : signed_bytes) keep::keep_for_hub(tx, desk.now, keep::ForHub::kReceipt, bytes);
    meaning = std::move(now);
    return base::Status{};
  });
  if (!s) return;
  office_.replica.adopt(std::move(*step));
  fetch_ = fetch_ || meaning.fetch;
  missing_ = missing_ || meaning.fetch;
  early_ = early_ || meaning.early;
  for (const std::string& words : meaning.alarms) office_.alarms.raise("delivery", words);
}

void Courier::fetch_receipts() {
  missing_ = false;
  ask_again_ = office_.clock().plus(kIdleMs);
  std::vector<Outstanding> pairs;
  if (!office_.store.read([&](keep::Tx& tx) {
        pairs = outstanding(tx);
        return base::Status{};
      }).ok()) {
    return;
  }
  for (Outstanding& p : pairs) {
    schemas::wire::Fetch q;
    q.what = schemas::wire::Fetch::What::kReceipts;
    q.sender = office_.self;
    q.recipient = p.recipient;
    q.from = p.receipts_from;
    q.limit = 256;
    auto got = hub_->fetch(q);
    if (got.ok() && !got->receipts.empty()) take_receipts(std::move(got->receipts));
  }
  fetch_ = false;  // asked once; what is still missing is asked for again in a while
}

void Courier::halt(std::string why) {
  const std::lock_guard lock(mutex_);
  stopped_ = std::move(why);
}

void Courier::later(std::uint64_t ms) { not_before_ = office_.clock().plus(ms); }

}  // namespace adapters::agent::mail
