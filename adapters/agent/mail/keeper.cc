// The keeper's rounds.
#include "adapters/agent/mail/keeper.h"

#include <algorithm>
#include <chrono>

#include "adapters/agent/blob/incoming.h"
#include "adapters/agent/keep/for_hub.h"
#include "adapters/agent/mail/hand_in.h"
#include "adapters/agent/mail/late.h"
#include "crypto/merkle.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;
namespace wire = schemas::wire;

constexpr std::uint64_t kTickMs = 5'000, kSoonMs = 500;
constexpr std::uint64_t kFactsAlarmMs = 15 * base::kMinute, kGossipAlarmMs = 5 * base::kMinute;
constexpr unsigned kSoon = 20;  // rounds at the quick pace after a connection: who comes up together learns of each other at once

}  // namespace

void Keeper::start(hub::client::Client& hub) {
  hub_ = &hub;
  thread_ = std::thread([this] { run(); });
}

void Keeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  something_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Keeper::on_connection(bool up) {
  const std::lock_guard lock(mutex_);
  connected_ = up;
  woken_ = true;
  something_.notify_one();
}

void Keeper::run() {
  for (;;) {
    bool connected = false;
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
      connected = connected_;
      woken_ = false;
    }
    tick(connected);
    std::unique_lock lock(mutex_);
    if (woken_) rounds_ = 0;
    const std::uint64_t wait = rounds_++ < kSoon ? kSoonMs : kTickMs;
    something_.wait_for(lock, std::chrono::milliseconds(wait), [&] { return stop_ || woken_; });
  }
}

void Keeper::tick(bool connected) {
  if (connected) follow_log();
  if (hand_in(office_, *hub_, connected && !office_.replica.stopped())) follow_log();
  tell_of_offers(office_);
  if (connected && !office_.replica.stopped()) hear_gossip();
  if (each_round_) each_round_(connected);
  const bool ours = connected && !succeeded(office_);  // else nobody takes a note of ours: the next keys sign it
  if (ours && !office_.replica.stopped()) log_ledger();
  if (connected && !office_.replica.stopped()) witness_.round(*hub_, office_.witness_every);
  if (auto s = office_.vault.extend_epochs(office_.clock()); !s) {
    office_.alarms.raise("vault", "new epoch keys cannot be kept: " + s.error().message());
  } else if (ours && !office_.replica.stopped()) {
    publish_epochs();
  }
  destroy_epochs();
  fetch_policy(connected);
  watch(connected);
  sweep();
}

void Keeper::follow_log() {
  if (auto s = office_.replica.sync(*hub_); !s && s.error().kind != base::Kind::kBusy) {
    office_.alarms.raise("scan", "the hub's log cannot be followed: " + s.error().message());
  } else if (s.ok()) {
    office_.alarms.clear("scan");
  }
}

// What peers have seen of the log must be a part of what we are shown, within minutes.
void Keeper::hear_gossip() {
  bool behind = false;
  for (const auto& [sender, heard] : office_.gossip->all()) {
    const base::Status s = office_.replica.sync(*hub_, heard.note);
    if (s.ok() || s.error().kind != base::Kind::kBusy) {
      office_.gossip->settle(sender, heard.note);  // ours too; or a contradiction, which has stopped the replica
    } else if (office_.clock() > heard.at.plus(kGossipAlarmMs)) {
      behind = true;
      office_.alarms.raise("gossip", heard.from + " has seen more of the log than the hub shows this agency: compare with them by telephone");
    }
  }
  if (!behind) office_.alarms.clear("gossip");
}

// Whenever the directory does not hold our newest key as our current one (a new certificate begins without any): a note with all that are
// still to be used.
void Keeper::publish_epochs() {
  const crypto::Directory directory = office_.replica.directory();
  if (directory.cert(office_.cert) == nullptr) return office_.alarms.raise("enrolment", "our certificate is not in the hub's directory yet: the operator imports it");
  office_.alarms.clear("enrolment");
  const base::Instant now = office_.clock();
  const auto taken = [&](std::uint32_t epoch, const crypto::PublicKey& ours) {
    const base::Instant from{(epoch % kEpochRenumber) * kEpochPeriod};
    const crypto::EpochKey* published = directory.usable_epoch(office_.self, from);
    return published != nullptr && published->epoch == epoch && published->key != ours;
  };
  if (auto s = office_.vault.yield_numbers(taken); !s) return office_.alarms.raise("vault", "new epoch keys cannot be kept: " + s.error().message());
  crypto::EpochNote values = office_.vault.epoch_note(office_.cert, directory.last_epoch_note(office_.self).value_or(base::Hash{}), now);
  const auto known = [&](const crypto::EpochKey& k) {
    const crypto::EpochKey* current = directory.usable_epoch(office_.self, k.from);
    return current != nullptr && current->epoch == k.epoch && current->key == k.key;
  };
  if (std::all_of(values.keys.begin(), values.keys.end(), known)) return;
  crypto::Note note;
  note.text = values.text();
  note.sign(crypto::agent_name(directory.anchor().consortium, office_.self), office_.vault.sign());
  const auto answer = hub_->dir_put({note.whole(), {}});
  if (answer.ok() && answer->ack) {
    office_.alarms.clear("epochs");
    return follow_log();
  }
  if (answer.ok() && answer->nack) office_.alarms.raise("epochs", "the hub does not take our epoch keys: " + answer->nack->words);
}

// Signed under a certificate that has been succeeded, and not answered: it stands in the log before its successor, or nobody takes it any more.
bool Keeper::settle_old_head(ledger::LoggedHead& head) {
  const auto note = crypto::parse_note(head.note);
  const auto parsed = note.ok() ? crypto::parse_ledger(note->text) : base::Result<crypto::LedgerNote>(note.error());
  if (!parsed.ok() || parsed->cert == office_.cert) return false;
  for (std::uint64_t i = office_.replica.size(); i-- > 0;) {
    const auto bytes = office_.replica.entry(i);
    const auto entry = bytes ? crypto::parse_ent1(*bytes) : base::Result<crypto::Ent1>(base::malformed("not here", "log"));
    if (!entry.ok() || entry->hub_time.ms / base::kDay < head.day) break;
    if (entry->subject == note->whole_hash()) head.index = i;
  }
  (void)office_.store.write([&](keep::Tx& tx) {
    head.index == keep::kNoIndex ? ledger::drop(tx, head) : ledger::save(tx, head);
    return base::Status{};
  });
  return true;
}

// On disk before it is handed in: whatever happens in between, it is the same bytes that are handed in again.
void Keeper::log_ledger() {
  const crypto::Directory directory = office_.replica.directory();
  const std::uint64_t day = office_.replica.hub_time().ms / base::kDay;
  if (directory.cert(office_.cert) == nullptr) return;
  std::optional<ledger::LoggedHead> head;
  const auto make = [&](keep::Tx& tx) {
    const auto before = ledger::logged(tx);
    if (!before.empty() && before.back().index == keep::kNoIndex) head = before.back();
    const auto due = head ? std::nullopt : ledger::head_due(tx, office_.cert, day);
    if (!due) return base::Status{};
    crypto::Note note;
    note.text = due->text();
    note.sign(crypto::agent_name(directory.anchor().consortium, office_.self), office_.vault.sign());
    head = ledger::LoggedHead{day, due->size, keep::kNoIndex, due->root, note.whole()};
    return base::Status{};
  };
  if (!office_.store.read(make).ok() || !head) return;
  if (settle_old_head(*head)) return;
  const auto kept = [&](keep::Tx& tx) {
    ledger::save(tx, *head);
    return base::Status{};
  };
  if (!office_.store.write(kept).ok()) return;
  const auto answer = hub_->ledger({head->note});
  if (answer.ok() && answer->nack) return office_.alarms.raise("ledger", "the hub does not take the head of our ledger: " + answer->nack->words);
  if (!answer.ok() || !answer->ack || answer->ack->entries.empty()) return;
  office_.alarms.clear("ledger");
  head->index = answer->ack->entries.front().index;
  (void)office_.store.write(kept);
}

// Only while the own clock agrees with the log's (protocol 3, "Epoch keys"); a wrong clock must not destroy keys.
void Keeper::destroy_epochs() {
  const base::Instant now = office_.clock(), hub = office_.replica.hub_time();
  if (!office_.vault.any_due(now)) return;
  if (now > hub.plus(10 * base::kMinute) || hub > now.plus(10 * base::kMinute)) {
    return office_.alarms.raise("destroy", "old epoch keys are kept: this clock and the log's are more than 10 minutes apart");
  }
  office_.alarms.clear("destroy");
  if (auto s = office_.vault.destroy_due(now); !s) office_.alarms.raise("vault", "old epoch keys cannot be removed: " + s.error().message());
}

void Keeper::fetch_policy(bool connected) {
  const crypto::Directory directory = office_.replica.directory();
  const crypto::PolicyNote* policy = directory.policy();
  if (policy == nullptr || policy->rules == policy_) return;
  if (!office_.shelf.has_text(policy->rules)) {
    if (!connected) return;
    wire::DirGet q;
    q.blob = policy->rules;
    auto got = hub_->dir_get(q);
    if (!got.ok() || crypto::sha256(got->blob) != policy->rules) return;  // asked again at the next round
    (void)office_.shelf.take(policy->version, got->blob);  // one that cannot be read shows as stale
    if (!office_.shelf.has_text(policy->rules)) return;
  }
  policy_ = policy->rules;
  if (const auto read = office_.shelf.find(*policy)) on_policy_(*read);
  if (office_.wake_courier) office_.wake_courier();
  if (office_.wake_clock) office_.wake_clock();
}

// Parts that no message named, or that were never whole; what was kept for a hub that might lose its disk, long enough.
void Keeper::sweep() {
  const Desk desk = office_.desk();
  if (desk.now < swept_.plus(base::kMinute)) return;
  swept_ = desk.now;
  bool late = false;
  if (!office_.store.read([&](keep::Tx& tx) {
        late = !blob::late(tx, desk).empty() || keep::any_over(tx, desk.now);
        return base::Status{};
      }).ok() || !late) {
    return;
  }
  (void)office_.store.write([&](keep::Tx& tx) {  // a write that fails stops the agent (D16)
    blob::sweep(tx, desk);
    keep::drop_over(tx, desk.now);
    return base::Status{};
  });
}

// Nothing that was sent is waited for in silence (protocol 5, "Sender alarms").
void Keeper::watch_mail() {
  const Desk desk = office_.desk();
  Waiting outbox;
  Late behind;
  if (!office_.store.read([&](keep::Tx& tx) {
        outbox = waiting(tx, desk.now);
        behind = late(tx, desk.now, delivered_within(desk));
        return base::Status{};
      }).ok()) {
    return;
  }
  const auto alarm = [&](bool up, const char* key, const std::string& words) { up ? office_.alarms.raise(key, words) : office_.alarms.clear(key); };
  const auto minutes = [](std::uint64_t ms) { return std::to_string(ms / base::kMinute) + " minutes"; };
  alarm(outbox.facts > 0 && outbox.facts_age_ms > kFactsAlarmMs, "loop-facts", "facts for the coordinator have waited for over " + minutes(outbox.facts_age_ms));
  alarm(behind.unanswered_ms > 0, "no-ack", "the hub has not acknowledged what was sent for over " + std::to_string(behind.unanswered_ms / 1000) + " seconds");
  std::string who;
  std::uint64_t oldest = 0;
  for (const auto& [id, age] : behind.undelivered) {
    const crypto::Member* member = desk.directory.member(id);
    if (member == nullptr || desk.directory.standing_now(member->cert_hash, desk.now) != crypto::Standing::kActive) continue;  // it cannot receipt any more
    who += (who.empty() ? "" : ", ") + member->cert.name;
    oldest = std::max(oldest, age);
  }
  alarm(!who.empty(), "no-delivery", "no receipt for over " + minutes(oldest) + " from: " + who + " (it may be away, or the hub keeps mail or receipts back)");
}

void Keeper::watch(bool connected) {
  const base::Instant now = office_.clock(), hub = office_.replica.hub_time();
  const bool silent = connected && hub.ms != 0 && now > hub.plus(15 * base::kMinute);
  if (silent) office_.alarms.raise("heartbeat", "the hub's log has had no entry for 15 minutes, or this clock is wrong");
  if (!silent) office_.alarms.clear("heartbeat");
  const std::string stale = office_.desk().stale;
  if (!stale.empty()) office_.alarms.raise("policy-stale", stale);
  if (stale.empty()) office_.alarms.clear("policy-stale");
  watch_mail();
  const std::string unwitnessed = witness_.unwitnessed();
  if (unwitnessed.empty()) office_.alarms.clear("unwitnessed");
  else office_.alarms.raise("unwitnessed", unwitnessed);
  if (office_.store.fill() > 0.8) office_.alarms.raise("store", "the store is over 80 percent full");
  const crypto::Directory directory = office_.replica.directory();
  const crypto::Cert* cert = directory.cert(office_.cert);
  if (cert == nullptr) return;
  if (now.plus(30 * base::kDay) > cert->not_after) {
    office_.alarms.raise("cert", "the certificate ends on " + base::rfc3339(cert->not_after).substr(0, 10) + ": renew it with the authority");
  }
  const crypto::Standing standing = directory.standing_now(office_.cert, now);
  if (standing == crypto::Standing::kActive) return office_.alarms.clear("standing");
  office_.alarms.raise("standing", std::string("our certificate is ") + crypto::name(standing));
}

}  // namespace adapters::agent::mail
